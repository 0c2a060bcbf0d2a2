/* Range, EyeLike, Trilu, OneHot. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/op_text.h"

static const op_text made[] = {
    {"Range", 11, NULL, {"@s64[] 1", "@s64[] 10", "@s64[] 3"}, {"s64[3] 1 4 7"}, 0, NULL},
    {"Range", 11, NULL, {"@s32[] 3", "@s32[] 0", "@s32[] -2"}, {"s32[2] 3 1"}, 0, NULL},
    {"Range", 11, NULL, {"@f32[] 0", "@f32[] 1", "@f32[] 0.25"}, {"f32[4] 0 0.25 0.5 0.75"}, 0, NULL},
    {"Range", 11, NULL, {"@s16[] 3", "@s16[] 3", "@s16[] 1"}, {"s16[0]"}, 0, NULL},
    {"Range", 11, NULL, {"@f64[] 0", "@f64[] -1", "@f64[] 1"}, {"f64[0]"}, 0, NULL},
    {"Range", 11, NULL,
        {"@s64[] -9223372036854775808", "@s64[] 9223372036854775807", "@s64[] 9223372036854775807"},
        {"s64[3] -9223372036854775808 -1 9223372036854775806"}, 0, NULL},
    {"EyeLike", 9, NULL, {"s32[2,3] 5"}, {"s32[2,3] 1 0 0 0 1 0"}, 0, NULL},
    {"EyeLike", 9, "dtype=1 k=1", {"s32[2,2] 5"}, {"f32[2,2] 0 1 0 0"}, 0, NULL},
    {"EyeLike", 9, "k=-9223372036854775808", {"f32[2,2] 5"}, {"f32[2,2] 0"}, 0, NULL},
    {"EyeLike", 9, "k=-1", {"f32[2,2] 5"}, {"f32[2,2] 0 0 1 0"}, 0, NULL},
    {"Trilu", 14, NULL, {"f32[2,2] 1 2 3 4"}, {"f32[2,2] 1 2 0 4"}, 0, NULL},
    {"Trilu", 14, "upper=0", {"f32[2,2] 1 2 3 4"}, {"f32[2,2] 1 0 3 4"}, 0, NULL},
    {"Trilu", 14, NULL, {"u8[2,2,3] 1 2 3 4 5 6 7 8 9 10 11 12", "s64[] 1"},
        {"u8[2,2,3] 0 2 3 0 0 6 0 8 9 0 0 12"}, 0, NULL},
    {"Trilu", 14, NULL, {"f32[2,2] 1 2 3 4", "s64[] 9223372036854775807"}, {"f32[2,2] 0"}, 0, NULL},
    {"Trilu", 14, "upper=0", {"f32[2,2] 1 2 3 4", "s64[] -9223372036854775808"}, {"f32[2,2] 0"}, 0, NULL},
    {"Trilu", 14, NULL, {"f32[0,2]"}, {"f32[0,2]"}, 0, NULL},
    {"OneHot", 9, NULL, {"s64[3] 0 -1 7", "@s64[] 3", "f32[2] 2 5"}, {"f32[3,3] 5 2 2 2 2 5 2 2 2"}, 0, NULL},
    {"OneHot", 11, "axis=0", {"f32[2] 1 0", "@f32[] 2", "s32[2] 0 1"}, {"s32[2,2] 0 1 1 0"}, 0, NULL},
    {"OneHot", 11, NULL, {"s64[] 1", "@s64[1] 2", "s32[2] 0 1"}, {"s32[2] 0 1"}, 0, NULL},
};

static const op_text refused[] = {
    {"Range", 11, NULL, {"@s64[] 1", "@s64[] 10", "@s64[] 0"}, {NULL}, SY_INVALID_ARGUMENT, "steps of 0"},
    {"Range", 11, NULL, {"@f32[] 1", "@f32[] inf", "@f32[] 1"}, {NULL}, SY_INVALID_ARGUMENT,
        "no limit is reached"},
    {"Range", 11, NULL, {"@f32[] 1", "@f32[] nan", "@f32[] 1"}, {NULL}, SY_INVALID_ARGUMENT,
        "no limit is reached"},
    {"Range", 11, NULL, {"@s64[] 1", "@s64[] 9223372036854775807", "@s64[] 1"}, {NULL}, SY_INVALID_ARGUMENT,
        "no limit is reached"},
    {"Range", 11, NULL, {"@s64[] 1", "s64[] 10", "@s64[] 1"}, {NULL}, SY_UNAVAILABLE, "input 1 decides"},
    {"Range", 11, NULL, {"@s64[] 1", "@s32[] 10", "@s64[] 1"}, {NULL}, SY_INVALID_ARGUMENT,
        "input 1 must be one s64"},
    {"Range", 11, NULL, {"@u8[] 1", "@u8[] 10", "@u8[] 1"}, {NULL}, SY_INVALID_ARGUMENT, "type u8"},
    {"EyeLike", 9, NULL, {"f32[2]"}, {NULL}, SY_INVALID_ARGUMENT, "rank 1"},
    {"EyeLike", 9, "dtype=8", {"f32[2,2]"}, {NULL}, SY_UNSUPPORTED, "dtype is 8"},
    {"EyeLike", 9, "dtype=-1", {"f32[2,2]"}, {NULL}, SY_UNSUPPORTED, "dtype is -1"},
    {"Trilu", 14, NULL, {"f32[2]"}, {NULL}, SY_INVALID_ARGUMENT, "rank 1"},
    {"Trilu", 14, NULL, {"f32[2,2]", "f32[] 1"}, {NULL}, SY_INVALID_ARGUMENT, "must be one s64"},
    {"OneHot", 11, NULL, {"s64[1] 0", "@s64[] 0", "f32[2]"}, {NULL}, SY_INVALID_ARGUMENT, "depth is 0"},
    {"OneHot", 11, NULL, {"s64[1] 0", "s64[] 2", "f32[2]"}, {NULL}, SY_UNAVAILABLE, "has to be known"},
    {"OneHot", 11, NULL, {"s64[1] 0", "@s64[] 2", "f32[3]"}, {NULL}, SY_INVALID_ARGUMENT, "input 2 two"},
    {"OneHot", 11, NULL, {"s64[1] 0", "@s64[] 4611686018427387904", "f32[2]"}, {NULL}, SY_OVERFLOW,
        "more than"},
    {"OneHot", 11, "axis=2", {"s64[1] 0", "@s64[] 2", "f32[2]"}, {NULL}, SY_INVALID_ARGUMENT, "axis 2"},
};

static void values_that_follow_from_places(void **state) {
    (void)state;
    op_text_try(made, sizeof made / sizeof made[0]);
}

static void what_makes_no_sense_is_refused(void **state) {
    (void)state;
    op_text_try(refused, sizeof refused / sizeof refused[0]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_that_follow_from_places),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
