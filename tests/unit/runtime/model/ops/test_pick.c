/* NonZero, Compress, Unique, TopK, ReverseSequence, NonMaxSuppression. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/op_text.h"

static const op_text selected[] = {
    {"NonZero", 9, NULL, {"@bool[2,2] 1 0 0 1"}, {"s64[2,2] 0 1 0 1"}, 0, NULL},
    {"NonZero", 13, NULL, {"@f32[3] 0"}, {"s64[1,0]"}, 0, NULL},
    {"Compress", 9, "axis=0", {"f32[3,1] 1 2 3", "@bool[3] 0 1 1"}, {"f32[2,1] 2 3"}, 0, NULL},
    {"Compress", 11, NULL, {"f32[2,2] 1 2 3 4", "@bool[5] 1 0 0 1 1"}, {"f32[2] 1 4"}, 0, NULL},
    {"Compress", 11, "axis=-1", {"f32[2,2] 1 2 3 4", "@bool[1] 1"}, {"f32[2,1] 1 3"}, 0, NULL},
    {"Unique", 11, NULL, {"@f32[6] 2 1 1 3 4 3"},
        {"f32[4] 1 2 3 4", "s64[4] 1 0 3 4", "s64[6] 1 0 0 2 3 2", "s64[4] 2 1 2 1"}, 0, NULL},
    {"Unique", 11, "sorted=0", {"@s64[6] 2 1 1 3 4 3"}, {"s64[4] 2 1 3 4", "-", "-", "s64[4] 1 2 2 1"}, 0,
        NULL},
    {"Unique", 11, "axis=0", {"@s32[3,2] 1 0 1 0 2 3"}, {"s32[2,2] 1 0 2 3"}, 0, NULL},
    {"Unique", 11, NULL, {"@s32[0]"}, {"s32[0]", "s64[0]", "s64[0]", "s64[0]"}, 0, NULL},
    {"TopK", 1, "k=2", {"f32[4] 1 4 2 4"}, {"f32[2] 4 4", "s64[2] 1 3"}, 0, NULL},
    {"TopK", 10, "axis=0", {"f32[3,2] 1 6 2 5 3 4", "@s64[1] 1"}, {"f32[1,2] 3 6", "s64[1,2] 2 0"}, 0, NULL},
    {"TopK", 11, "largest=0", {"s32[5] 5 -1 3 -1 9", "@s64[1] 3"}, {"s32[3] -1 -1 3", "s64[3] 1 3 2"}, 0,
        NULL},
    {"TopK", 11, NULL, {"s64[3] 9007199254740993 9007199254740992 9007199254740994", "@s64[1] 3"},
        {"s64[3] 9007199254740994 9007199254740993 9007199254740992", "s64[3] 2 0 1"}, 0, NULL},
    {"TopK", 11, NULL, {"f32[3] -0 0 -1", "@s64[1] 2"}, {"f32[2] 0 0", "s64[2] 0 1"}, 0, NULL},
    {"TopK", 11, NULL, {"f16[2,0]", "@s64[1] 0"}, {"f16[2,0]", "s64[2,0]"}, 0, NULL},
    {"TopK", 11, NULL, {"f32[2] 1 2", "@s64[1] 0"}, {"f32[0]", "-"}, 0, NULL},
    {"ReverseSequence", 10, NULL, {"f32[3,2] 0 3 1 4 2 5", "s64[2] 2 3"}, {"f32[3,2] 1 5 0 4 2 3"}, 0, NULL},
    {"ReverseSequence", 10, "batch_axis=0 time_axis=1", {"u8[2,3] 0 1 2 3 4 5", "s64[2] 0 2"},
        {"u8[2,3] 0 1 2 4 3 5"}, 0, NULL},
    {"NonMaxSuppression", 10, NULL,
        {"@f32[1,3,4] 0 0 1 1 0 0.1 1 1.1 0 10 1 11", "@f32[1,1,3] 0.8 0.9 0.7", "@s64[1] 3", "@f32[1] 0.5"},
        {"s64[2,3] 0 0 1 0 0 2"}, 0, NULL},
    {"NonMaxSuppression", 10, "center_point_box=1",
        {"@f32[1,2,4] 0.5 0.5 1 1 0.5 0.5 1 1", "@f32[1,1,2] 0.8 0.9", "@s64[1] 3", "@f32[1] 0.5",
            "@f32[1] 0.85"},
        {"s64[1,3] 0 0 1"}, 0, NULL},
    {"NonMaxSuppression", 10, NULL, {"@f32[1,0,4]", "@f32[1,1,0]"}, {"s64[0,3]"}, 0, NULL},
};

static const op_text refused[] = {
    {"NonZero", 13, NULL, {"f32[3] 0"}, {NULL}, SY_UNAVAILABLE, "has to be known"},
    {"Compress", 9, NULL, {"f32[3]", "bool[3] 0"}, {NULL}, SY_UNAVAILABLE, "input 1 decides"},
    {"Compress", 9, NULL, {"f32[3]", "@u8[3] 0"}, {NULL}, SY_INVALID_ARGUMENT, "list of bool"},
    {"Compress", 9, "axis=1", {"f32[3]", "@bool[3] 0"}, {NULL}, SY_INVALID_ARGUMENT, "axis 1"},
    {"Unique", 11, NULL, {"f32[3]"}, {NULL}, SY_UNAVAILABLE, "has to be known"},
    {"Unique", 11, "axis=1", {"@f32[3]"}, {NULL}, SY_INVALID_ARGUMENT, "axis 1"},
    {"TopK", 11, NULL, {"f32[3]", "@s64[1] 4"}, {NULL}, SY_INVALID_ARGUMENT, "k is 4"},
    {"TopK", 11, NULL, {"f32[3]", "@s64[1] -1"}, {NULL}, SY_INVALID_ARGUMENT, "k is -1"},
    {"TopK", 11, NULL, {"f32[3]", "s64[1] 1"}, {NULL}, SY_UNAVAILABLE, "has to be known"},
    {"TopK", 11, NULL, {"f32[3]", "@s64[0]"}, {NULL}, SY_INVALID_ARGUMENT, "one number"},
    {"TopK", 1, NULL, {"f32[3]"}, {NULL}, SY_INVALID_ARGUMENT, "k is -1"},
    {"TopK", 11, NULL, {"f32[]", "@s64[1] 1"}, {NULL}, SY_INVALID_ARGUMENT, "axis -1"},
    {"ReverseSequence", 10, NULL, {"f32[3,2]", "s64[2] 4 0"}, {"f32[3,2]"}, SY_INVALID_ARGUMENT,
        "length 4 of 3"},
    {"ReverseSequence", 10, NULL, {"f32[3,2]", "s64[2] -1 0"}, {"f32[3,2]"}, SY_INVALID_ARGUMENT,
        "length -1"},
    {"ReverseSequence", 10, NULL, {"f32[3,2]", "s64[3] 0"}, {NULL}, SY_INVALID_ARGUMENT, "2 lengths"},
    {"ReverseSequence", 10, "batch_axis=2", {"f32[3,2]", "s64[3] 0"}, {NULL}, SY_INVALID_ARGUMENT,
        "must be 0 and 1"},
    {"NonMaxSuppression", 10, NULL, {"f32[1,0,4]", "@f32[1,1,0]"}, {NULL}, SY_UNAVAILABLE, "input 0 decides"},
    {"NonMaxSuppression", 10, NULL, {"@f32[1,2,4]", "@f32[1,1,3]"}, {NULL}, SY_INVALID_ARGUMENT,
        "score for each"},
    {"NonMaxSuppression", 10, NULL, {"@f32[1,2,3]", "@f32[1,1,2]"}, {NULL}, SY_INVALID_ARGUMENT,
        "four numbers"},
};

static void what_values_select(void **state) {
    (void)state;
    op_text_try(selected, sizeof selected / sizeof selected[0]);
}

static void what_makes_no_sense_is_refused(void **state) {
    (void)state;
    op_text_try(refused, sizeof refused / sizeof refused[0]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_values_select),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
