/* Concat and Split: along every axis, empty parts, channels innermost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/op_text.h"

static const op_text joined[] = {
    {"Concat", 13, "axis=0", {"T[1,2] 1 0", "T[2,2] 0 1 1 1"}, {"T[3,2] 1 0 0 1 1 1"}, 0, NULL},
    {"Concat", 13, "axis=-1", {"T[1,2] 1 0", "T[1,1] 1", "T[1,0]"}, {"T[1,3] 1 0 1"}, 0, NULL},
    {"Concat", 4, "axis=1", {"T[1,2,2,2] 1 0 1 0 0 0 1 1", "T[1,1,2,2] 1 1 1 0"},
        {"T[1,3,2,2] 1 0 1 0 0 0 1 1 1 1 1 0"}, 0, NULL},
    {"Concat", 13, "axis=2", {"T[2,2,1] 1 0 1 0", "T[2,2,2] 0 1 1 1 0 0 1 0"},
        {"T[2,2,3] 1 0 1 0 1 1 1 0 0 0 1 0"}, 0, NULL},
    {"Concat", 13, "axis=0", {"T[2] 1 0"}, {"T[2] 1 0"}, 0, NULL},
    {"Split", 2, "axis=0", {"T[4] 1 0 0 1"}, {"T[2] 1 0", "T[2] 0 1"}, 0, NULL},
    {"Split", 11, "axis=1 split=[1,2]", {"T[2,3] 1 0 1 0 0 1"}, {"T[2,1] 1 0", "T[2,2] 0 1 0 1"}, 0, NULL},
    {"Split", 13, "axis=-1", {"T[2,3] 1 0 1 0 0 1", "@s64[2] 3 0"}, {"T[2,3] 1 0 1 0 0 1", "T[2,0]"}, 0,
        NULL},
    {"Split", 13, "axis=1", {"T[1,3,1,2] 1 0 1 1 0 1", "@s64[2] 2 1"},
        {"T[1,2,1,2] 1 0 1 1", "T[1,1,1,2] 0 1"}, 0, NULL},
    {"Split", 18, "axis=0 num_outputs=3", {"T[7] 1 0 1 0 1 0 1"}, {"T[3] 1 0 1", "T[3] 0 1 0", "T[1] 1"}, 0,
        NULL},
    {"Split", 13, NULL, {"T[4] 1 0 0 1"}, {"-", "T[2] 0 1"}, 0, NULL},
};

static const op_text refused[] = {
    {"Concat", 13, "axis=2", {"f32[1,2]"}, {NULL}, SY_INVALID_ARGUMENT, "axis 2"},
    {"Concat", 13, "axis=0", {"f32[1,2]", "f32[1,3]"}, {NULL}, SY_INVALID_ARGUMENT,
        "input 1, f32[1,3], does not fit"},
    {"Concat", 13, "axis=0", {"f32[1,2]", "s32[1,2]"}, {NULL}, SY_INVALID_ARGUMENT, "does not fit"},
    {"Concat", 13, "axis=0", {"f32[1,2]", "f32[2]"}, {NULL}, SY_INVALID_ARGUMENT, "does not fit"},
    {"Concat", 13, "axis=0", {"f32[]"}, {NULL}, SY_INVALID_ARGUMENT, "axis 0"},
    {"Split", 11, "split=[1,1]", {"f32[3]"}, {"T[1]", "T[1]"}, SY_INVALID_ARGUMENT, "leave 1 of 3"},
    {"Split", 11, "split=[4,-1]", {"f32[3]"}, {"T[1]", "T[1]"}, SY_INVALID_ARGUMENT, "part 0 is 4 of 3"},
    {"Split", 11, "split=[-1,4]", {"f32[3]"}, {"T[1]", "T[1]"}, SY_INVALID_ARGUMENT, "part 0 is -1"},
    {"Split", 11, "split=[1,1,1]", {"f32[3]"}, {"T[1]", "T[1]"}, SY_INVALID_ARGUMENT,
        "3 parts for 2 outputs"},
    {"Split", 11, NULL, {"f32[3]"}, {"T[1]", "T[1]"}, SY_INVALID_ARGUMENT, "cannot be divided into 2"},
    {"Split", 18, "num_outputs=4", {"f32[2]"}, {"T[1]", "T[1]", "T[1]", "T[1]"}, SY_INVALID_ARGUMENT,
        "cannot be divided into 4"},
    {"Split", 13, NULL, {"f32[3]", "s64[2] 1 2"}, {"T[1]", "T[2]"}, SY_UNAVAILABLE, "has to be known"},
};

static void parts_side_by_side(void **state) {
    (void)state;
    op_text_try_types(joined, sizeof joined / sizeof joined[0]);
}

static void what_makes_no_sense_is_refused(void **state) {
    (void)state;
    op_text_try(refused, sizeof refused / sizeof refused[0]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_side_by_side),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
