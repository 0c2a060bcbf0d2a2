/* Slice: ranges, steps, clamping, channels innermost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/op_text.h"

static const op_text slices[] = {
    {"Slice", 1, "starts=[1] ends=[3]", {"T[4] 1 0 1 0"}, {"T[2] 0 1"}, 0, NULL},
    {"Slice", 1, "axes=[1] starts=[-2] ends=[100]", {"T[2,3] 1 0 1 0 1 1"}, {"T[2,2] 0 1 1 1"}, 0, NULL},
    {"Slice", 10, NULL, {"T[4] 1 0 0 1", "@s64[1] 0", "@s64[1] 4", "@s64[1] 0", "@s64[1] 2"}, {"T[2] 1 0"}, 0,
        NULL},
    {"Slice", 11, NULL,
        {"T[4] 1 0 1 1", "@s64[1] -1", "@s64[1] -9223372036854775808", "@s64[1] 0", "@s64[1] -1"},
        {"T[4] 1 1 0 1"}, 0, NULL},
    {"Slice", 11, NULL, {"T[5] 1 0 0 1 1", "@s32[1] 4", "@s32[1] 0", "@s32[1] 0", "@s32[1] -2"}, {"T[2] 1 0"},
        0, NULL},
    {"Slice", 13, NULL, {"T[4] 1 0 1 1", "@s64[1] 3", "@s64[1] 1"}, {"T[0]"}, 0, NULL},
    {"Slice", 13, NULL, {"T[4] 1 0 1 1", "@s64[1] 10", "@s64[1] 20"}, {"T[0]"}, 0, NULL},
    {"Slice", 13, NULL, {"T[0]", "@s64[1] -1", "@s64[1] -5", "@s64[1] 0", "@s64[1] -1"}, {"T[0]"}, 0, NULL},
    {"Slice", 13, NULL,
        {"T[4] 1 0 1 1", "@s64[1] 1", "@s64[1] 4", "@s64[1] 0", "@s64[1] 9223372036854775807"}, {"T[1] 0"}, 0,
        NULL},
    {"Slice", 13, NULL,
        {"T[4] 1 0 1 1", "@s64[1] 2", "@s64[1] -9", "@s64[1] 0", "@s64[1] -9223372036854775808"}, {"T[1] 1"},
        0, NULL},
    {"Slice", 13, NULL, {"T[1,3,2,2] 1 0 0 0 0 1 0 0 1 1 0 1", "@s64[2] 1 0", "@s64[2] 3 1", "@s64[2] 1 -1"},
        {"T[1,2,2,1] 0 0 1 0"}, 0, NULL},
    {"Slice", 13, NULL, {"T[2,2] 1 0 0 1", "@s64[0]", "@s64[0]"}, {"T[2,2] 1 0 0 1"}, 0, NULL},
};

static const op_text refused[] = {
    {"Slice", 1, "starts=[1]", {"f32[4]"}, {NULL}, SY_INVALID_ARGUMENT, "ends has 0 numbers"},
    {"Slice", 1, "starts=[1,0] ends=[2,1]", {"f32[4]"}, {NULL}, SY_INVALID_ARGUMENT, "at most the rank, 1"},
    {"Slice", 13, NULL, {"f32[4]", "@s64[1] 0", "@s64[1] 4", "@s64[1] 0", "@s64[1] 0"}, {NULL},
        SY_INVALID_ARGUMENT, "step 0 is 0"},
    {"Slice", 13, NULL, {"f32[4]", "@s64[1] 0", "@s64[1] 4", "@s64[1] 1"}, {NULL}, SY_INVALID_ARGUMENT,
        "axis 1"},
    {"Slice", 13, NULL, {"f32[4,4]", "@s64[2] 0", "@s64[2] 4", "@s64[2] 1 -1"}, {NULL}, SY_INVALID_ARGUMENT,
        "named twice"},
    {"Slice", 13, NULL, {"f32[4]", "s64[1] 0", "@s64[1] 4"}, {NULL}, SY_UNAVAILABLE, "input 1 decides"},
    {"Slice", 13, NULL, {"f32[4]", "@f32[1] 0", "@s64[1] 4"}, {NULL}, SY_INVALID_ARGUMENT,
        "must be s64 or s32"},
};

static void every_form_of_range(void **state) {
    (void)state;
    op_text_try_types(slices, sizeof slices / sizeof slices[0]);
}

static void what_makes_no_sense_is_refused(void **state) {
    (void)state;
    op_text_try(refused, sizeof refused / sizeof refused[0]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_of_range),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
