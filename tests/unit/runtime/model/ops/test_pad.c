/* Pad: modes, negative pads, axes, channels innermost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/op_text.h"

static const op_text padded[] = {
    {"Pad", 2, "pads=[1,2]", {"T[2] 1 1"}, {"T[5] 0 1 1 0 0"}, 0, NULL},
    {"Pad", 2, "pads=[1,0] value=1.0", {"T[2] 0 0"}, {"T[3] 1 0 0"}, 0, NULL},
    {"Pad", 11, NULL, {"T[1,2] 1 1", "@s64[4] 0 1 1 0"}, {"T[2,3] 0 1 1 0 0 0"}, 0, NULL},
    {"Pad", 11, NULL, {"T[1] 0", "@s64[2] 1 1", "T[] 1"}, {"T[3] 1 0 1"}, 0, NULL},
    {"Pad", 11, "mode=reflect", {"T[3] 1 0 0", "@s64[2] 2 2"}, {"T[7] 0 0 1 0 0 0 1"}, 0, NULL},
    {"Pad", 11, "mode=reflect", {"T[2] 1 0", "@s64[2] 3 0"}, {"T[5] 0 1 0 1 0"}, 0, NULL},
    {"Pad", 11, "mode=reflect", {"T[1] 1", "@s64[2] 1 1"}, {"T[3] 1"}, 0, NULL},
    {"Pad", 11, "mode=edge", {"T[2,2] 1 0 0 1", "@s64[4] 1 0 0 1"}, {"T[3,3] 1 0 0 1 0 0 0 1 1"}, 0, NULL},
    {"Pad", 19, "mode=wrap", {"T[3] 1 0 0", "@s64[2] 2 4"}, {"T[9] 0 0 1 0 0 1 0 0 1"}, 0, NULL},
    {"Pad", 13, NULL, {"T[4] 1 0 0 1", "@s64[2] -1 -1"}, {"T[2] 0 0"}, 0, NULL},
    {"Pad", 13, NULL, {"T[4] 1 0 0 1", "@s64[2] -3 2"}, {"T[3] 1 0 0"}, 0, NULL},
    {"Pad", 13, "mode=edge", {"T[3] 0 1 0", "@s64[2] -1 2"}, {"T[4] 1 0 0 0"}, 0, NULL},
    {"Pad", 13, NULL, {"T[0]", "@s64[2] 1 1"}, {"T[2] 0 0"}, 0, NULL},
    {"Pad", 13, NULL, {"T[] 1", "@s64[0]"}, {"T[] 1"}, 0, NULL},
    {"Pad", 13, NULL, {"T[2] 1 1", "@s64[2] -2 0"}, {"T[0]"}, 0, NULL},
    {"Pad", 18, NULL, {"T[1,2] 1 1", "@s64[2] 1 0", "-", "@s64[1] -1"}, {"T[1,3] 0 1 1"}, 0, NULL},
    {"Pad", 13, NULL, {"T[1,2,1,2] 1 0 1 1", "@s64[8] 0 0 1 1 0 0 0 0"},
        {"T[1,2,2,3] 0 0 0 0 1 0 0 0 0 0 1 1"}, 0, NULL},
    {"Pad", 13, "mode=reflect", {"T[1,1,2,2] 1 0 0 0", "@s64[8] 0 0 1 1 0 0 0 0"},
        {"T[1,1,3,3] 0 0 0 0 1 0 0 0 0"}, 0, NULL},
    {"Pad", 13, NULL, {"T[1,1,1] 1", "@s64[6] 0 1 0 0 1 0"}, {"T[1,3,1] 0 1 0"}, 0, NULL},
};

static const op_text refused[] = {
    {"Pad", 2, "pads=[1]", {"f32[2]"}, {NULL}, SY_INVALID_ARGUMENT, "1 pads for 1 dimensions"},
    {"Pad", 13, NULL, {"f32[2]", "@s64[2] -3 0"}, {NULL}, SY_INVALID_ARGUMENT, "leave nothing sensible"},
    {"Pad", 13, NULL, {"f32[2]", "@s64[2] 9223372036854775807 9223372036854775807"}, {NULL},
        SY_INVALID_ARGUMENT, "leave nothing sensible"},
    {"Pad", 13, NULL, {"f32[2]", "@s64[2] -9223372036854775808 9223372036854775807"}, {NULL},
        SY_INVALID_ARGUMENT, "leave nothing sensible"},
    {"Pad", 13, NULL, {"f32[2]", "@s64[2] 1000000000000 1"}, {NULL}, SY_OVERFLOW, "more than"},
    {"Pad", 13, "mode=edge", {"f32[0]", "@s64[2] 1 1"}, {NULL}, SY_INVALID_ARGUMENT,
        "nothing to pad it with"},
    {"Pad", 13, "mode=mirror", {"f32[2]", "@s64[2] 1 1"}, {NULL}, SY_INVALID_ARGUMENT, "mode is 'mirror'"},
    {"Pad", 13, NULL, {"f32[2]", "@s64[2] 1 1", "s32[] 1"}, {NULL}, SY_INVALID_ARGUMENT, "must be one f32"},
    {"Pad", 13, NULL, {"f32[2]", "s64[2] 1 1"}, {NULL}, SY_UNAVAILABLE, "input 1 decides"},
    {"Pad", 18, NULL, {"f32[2]", "@s64[2] 1 1", "-", "@s64[1] 1"}, {NULL}, SY_INVALID_ARGUMENT, "axis 1"},
};

static void every_mode(void **state) {
    (void)state;
    op_text_try_types(padded, sizeof padded / sizeof padded[0]);
}

static void what_makes_no_sense_is_refused(void **state) {
    (void)state;
    op_text_try(refused, sizeof refused / sizeof refused[0]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_mode),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
