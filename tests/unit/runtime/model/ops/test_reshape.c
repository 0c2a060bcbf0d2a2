/* Reshape, Flatten, Squeeze, Unsqueeze, Identity, Dropout, Shape, Size, Constant, ConstantOfShape. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/op_text.h"

static const op_text views[] = {
    {"Reshape", 5, NULL, {"T[2,3] 0 1 1 0 1 1", "@s64[2] 3 2"}, {"T[3,2] 0 1 1 0 1 1"}, 0, NULL},
    {"Reshape", 13, NULL, {"T[2,3,1] 0 1 1 0 1 1", "@s64[2] 0 -1"}, {"T[2,3] 0 1 1 0 1 1"}, 0, NULL},
    {"Reshape", 13, NULL, {"T[1] 1", "@s64[0]"}, {"T[] 1"}, 0, NULL},
    {"Reshape", 14, "allowzero=1", {"T[0,3]", "@s64[2] 3 0"}, {"T[3,0]"}, 0, NULL},
    {"Reshape", 14, NULL, {"T[0,3]", "@s64[2] -1 7"}, {"T[0,7]"}, 0, NULL},
    {"Reshape", 1, "shape=[2,-1]", {"T[4] 1 0 0 1"}, {"T[2,2] 1 0 0 1"}, 0, NULL},
    {"Flatten", 9, NULL, {"T[2,1,2] 1 0 0 1"}, {"T[2,2] 1 0 0 1"}, 0, NULL},
    {"Flatten", 11, "axis=-1", {"T[2,1,2] 1 0 0 1"}, {"T[2,2] 1 0 0 1"}, 0, NULL},
    {"Flatten", 13, "axis=0", {"T[2,1,2] 1 0 0 1"}, {"T[1,4] 1 0 0 1"}, 0, NULL},
    {"Flatten", 13, "axis=3", {"T[2,1,2] 1 0 0 1"}, {"T[4,1] 1 0 0 1"}, 0, NULL},
    {"Flatten", 13, "axis=0", {"T[] 1"}, {"T[1,1] 1"}, 0, NULL},
    {"Flatten", 13, NULL, {"T[0,4]"}, {"T[0,4]"}, 0, NULL},
    {"Squeeze", 11, "axes=[0,-1]", {"T[1,2,1] 1 0"}, {"T[2] 1 0"}, 0, NULL},
    {"Squeeze", 11, NULL, {"T[1,2,1] 1 0"}, {"T[2] 1 0"}, 0, NULL},
    {"Squeeze", 13, NULL, {"T[1,2,1] 1 0", "@s64[1] 0"}, {"T[2,1] 1 0"}, 0, NULL},
    {"Squeeze", 13, NULL, {"T[1,2,1] 1 0", "@s64[0]"}, {"T[1,2,1] 1 0"}, 0, NULL},
    {"Unsqueeze", 11, "axes=[0,2]", {"T[2] 1 0"}, {"T[1,2,1] 1 0"}, 0, NULL},
    {"Unsqueeze", 13, NULL, {"T[2] 1 0", "@s64[2] -1 0"}, {"T[1,2,1] 1 0"}, 0, NULL},
    {"Unsqueeze", 13, NULL, {"T[] 1", "@s64[1] 0"}, {"T[1] 1"}, 0, NULL},
    {"Identity", 13, NULL, {"T[2] 1 0"}, {"T[2] 1 0"}, 0, NULL},
    {"Dropout", 7, "ratio=0.5", {"T[2] 1 0"}, {"T[2] 1 0"}, 0, NULL},
    {"Dropout", 12, NULL, {"T[2] 1 0", "f32[] 0.5"}, {"T[2] 1 0", "bool[2] 1 1"}, 0, NULL},
    {"Dropout", 13, NULL, {"T[2] 1 0", "f32[] 0.5", "@bool[] 0"}, {"T[2] 1 0", "-"}, 0, NULL},
    {"Dropout", 13, NULL, {"T[2] 1 0", "@f32[] 0", "bool[] 1"}, {"T[2] 1 0"}, 0, NULL},
};

static const op_text values[] = {
    {"Shape", 13, NULL, {"f32[2,0,3]"}, {"s64[3] 2 0 3"}, 0, NULL},
    {"Shape", 13, NULL, {"f32[] 1"}, {"s64[0]"}, 0, NULL},
    {"Shape", 15, "start=-2 end=-1", {"f32[2,4,3]"}, {"s64[1] 4"}, 0, NULL},
    {"Shape", 15, "start=-9223372036854775808 end=9223372036854775807", {"f32[2,3]"}, {"s64[2] 2 3"}, 0,
        NULL},
    {"Shape", 15, "start=2 end=1", {"f32[2,4,3]"}, {"s64[0]"}, 0, NULL},
    {"Size", 13, NULL, {"u8[2,5]"}, {"s64[] 10"}, 0, NULL},
    {"Size", 13, NULL, {"u8[2,0]"}, {"s64[] 0"}, 0, NULL},
    {"Constant", 9, "value={f32[2] 1.5 2}", {NULL}, {"f32[2] 1.5 2"}, 0, NULL},
    {"Constant", 12, "value_int=-7", {NULL}, {"s64[] -7"}, 0, NULL},
    {"Constant", 12, "value_ints=[1,2]", {NULL}, {"s64[2] 1 2"}, 0, NULL},
    {"Constant", 12, "value_float=0.5", {NULL}, {"f32[] 0.5"}, 0, NULL},
    {"Constant", 12, "value_floats=[0.5,2.0]", {NULL}, {"f32[2] 0.5 2"}, 0, NULL},
    {"ConstantOfShape", 9, NULL, {"@s64[2] 2 1"}, {"f32[2,1] 0 0"}, 0, NULL},
    {"ConstantOfShape", 9, NULL, {"@s64[0]"}, {"f32[] 0"}, 0, NULL},
    {"ConstantOfShape", 9, "value={s64[1] 7}", {"@s64[1] 40000"}, {"s64[40000] 7"}, 0, NULL},
    {"ConstantOfShape", 9, "value={u8[1] 7}", {"@s64[2] 0 3"}, {"u8[0,3]"}, 0, NULL},
};

static const op_text refused[] = {
    {"Dropout", 13, NULL, {"f32[2]", "@f32[] 0.5", "@bool[] 1"}, {NULL}, SY_UNSUPPORTED, "only inference"},
    {"Dropout", 13, NULL, {"f32[2]", "-", "bool[] 0"}, {NULL}, SY_UNAVAILABLE, "input 2 decides"},
    {"Dropout", 13, NULL, {"f32[2]", "-", "@bool[2] 0"}, {NULL}, SY_INVALID_ARGUMENT, "one bool"},
    {"Reshape", 13, NULL, {"f32[2,3]", "@s64[1] 5"}, {NULL}, SY_INVALID_ARGUMENT, "do not fit"},
    {"Reshape", 13, NULL, {"f32[2,3]", "@s64[2] -1 -1"}, {NULL}, SY_INVALID_ARGUMENT, "-1 once"},
    {"Reshape", 13, NULL, {"f32[2,3]", "@s64[2] -1 4"}, {NULL}, SY_INVALID_ARGUMENT, "do not fit"},
    {"Reshape", 13, NULL, {"f32[2,3]", "@s64[1] -2"}, {NULL}, SY_INVALID_ARGUMENT, "extent 0 is -2"},
    {"Reshape", 13, NULL, {"f32[6]", "@s64[2] 6 0"}, {NULL}, SY_INVALID_ARGUMENT, "extent 1 is 0"},
    {"Reshape", 13, NULL, {"f32[6]", "@s64[3] 4611686018427387904 4 4"}, {NULL}, SY_OVERFLOW, "too large"},
    {"Reshape", 13, NULL, {"f32[6]", "@s64[17] 1"}, {NULL}, SY_INVALID_ARGUMENT, "at most 16"},
    {"Reshape", 13, NULL, {"f32[6]", "@s64[9] 1"}, {NULL}, SY_INVALID_ARGUMENT, "at most 8"},
    {"Reshape", 13, NULL, {"f32[6]", "@f32[1] 6"}, {NULL}, SY_INVALID_ARGUMENT, "must be s64 or s32"},
    {"Reshape", 13, NULL, {"f32[6]", "s64[1] 6"}, {NULL}, SY_UNAVAILABLE, "has to be known"},
    {"Reshape", 13, NULL, {"f32[6]"}, {NULL}, SY_INVALID_ARGUMENT, "needs extents"},
    {"Flatten", 13, "axis=3", {"f32[2,3]"}, {NULL}, SY_INVALID_ARGUMENT, "axis 3"},
    {"Squeeze", 13, NULL, {"f32[2,3]", "@s64[1] 0"}, {NULL}, SY_INVALID_ARGUMENT, "only 1 can be dropped"},
    {"Squeeze", 13, NULL, {"f32[1,3]", "@s64[2] 0 -2"}, {NULL}, SY_INVALID_ARGUMENT, "named twice"},
    {"Squeeze", 11, "axes=[4]", {"f32[1,3]"}, {NULL}, SY_INVALID_ARGUMENT, "axis 4"},
    {"Unsqueeze", 13, NULL, {"f32[1]"}, {NULL}, SY_INVALID_ARGUMENT, "at least one"},
    {"Unsqueeze", 11, "axes=[0,1,2,3,4,5,6,7]", {"f32[1]"}, {NULL}, SY_INVALID_ARGUMENT, "rank of at most 8"},
    {"Unsqueeze", 11, "axes=[9223372036854775807]", {"f32[1]"}, {NULL}, SY_INVALID_ARGUMENT, "axis"},
    {"Constant", 12, "value_string=x", {NULL}, {NULL}, SY_UNSUPPORTED, "not done"},
    {"ConstantOfShape", 9, NULL, {"@s64[2] 2 -1"}, {NULL}, SY_INVALID_ARGUMENT, "extent 1 is -1"},
    {"ConstantOfShape", 9, "value={f32[2] 1}", {"@s64[1] 2"}, {NULL}, SY_INVALID_ARGUMENT, "one number"},
    {"ConstantOfShape", 9, NULL, {"@s64[9] 1"}, {NULL}, SY_UNSUPPORTED, "at most 8"},
    {"ConstantOfShape", 9, NULL, {"@s64[2] 2000000000000 2"}, {NULL}, SY_OVERFLOW, "more than"},
};

static void bytes_stay_in_their_order(void **state) {
    (void)state;
    op_text_try_types(views, sizeof views / sizeof views[0]);
}

static void extents_and_constants_as_values(void **state) {
    (void)state;
    op_text_try(values, sizeof values / sizeof values[0]);
}

static void what_makes_no_sense_is_refused(void **state) {
    (void)state;
    op_text_try(refused, sizeof refused / sizeof refused[0]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_stay_in_their_order),
        cmocka_unit_test(extents_and_constants_as_values),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
