/* Gather, GatherND, GatherElements, Scatter in all forms: by index, and indices out of range. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/op_text.h"

static const op_text gathered[] = {
    {"Gather", 1, NULL, {"T[3,2] 1 0 0 1 1 1", "s64[2] 2 0"}, {"T[2,2] 1 1 1 0"}, 0, NULL},
    {"Gather", 11, "axis=1", {"T[2,3] 1 0 0 0 1 1", "s32[1,2] -1 0"}, {"T[2,1,2] 0 1 1 0"}, 0, NULL},
    {"Gather", 13, NULL, {"T[2] 1 0", "s64[] 1"}, {"T[] 0"}, 0, NULL},
    {"Gather", 13, NULL, {"T[2] 1 0", "s64[0]"}, {"T[0]"}, 0, NULL},
    {"Gather", 13, NULL, {"T[0,2]", "s64[0]"}, {"T[0,2]"}, 0, NULL},
    {"GatherND", 11, NULL, {"T[2,2] 1 0 0 1", "s64[2,2] 0 0 1 0"}, {"T[2] 1 0"}, 0, NULL},
    {"GatherND", 11, NULL, {"T[2,2] 1 0 0 1", "s64[1,1] -1"}, {"T[1,2] 0 1"}, 0, NULL},
    {"GatherND", 12, "batch_dims=1", {"T[2,2] 1 0 0 1", "s64[2,1] 1 0"}, {"T[2] 0 0"}, 0, NULL},
    {"GatherElements", 11, "axis=1", {"T[2,2] 1 0 0 1", "s64[2,2] 0 0 1 0"}, {"T[2,2] 1 1 1 0"}, 0, NULL},
    {"GatherElements", 13, "axis=0", {"T[3,2] 1 0 0 1 1 0", "s32[1,2] -1 1"}, {"T[1,2] 1 1"}, 0, NULL},
    {"ScatterElements", 11, "axis=1", {"T[1,3] 0", "s64[1,2] 2 0", "T[1,2] 1 1"}, {"T[1,3] 1 0 1"}, 0, NULL},
    {"Scatter", 9, NULL, {"T[2,2] 0", "s64[1,2] 1 -2", "T[1,2] 1 1"}, {"T[2,2] 0 1 1 0"}, 0, NULL},
    {"ScatterND", 11, NULL, {"T[3,2] 0", "s64[1,1] 1", "T[1,2] 1 1"}, {"T[3,2] 0 0 1 1 0 0"}, 0, NULL},
    {"ScatterND", 13, NULL, {"T[2,2] 0", "s64[2,2] 0 1 -1 0", "T[2] 1 1"}, {"T[2,2] 0 1 1 0"}, 0, NULL},
    {"ScatterElements", 18, "reduction=max", {"T[2] 0 1", "s64[2] 0 1", "T[2] 1 0"}, {"T[2] 1 1"}, 0, NULL},
    {"ScatterElements", 18, "reduction=min", {"T[2] 0 1", "s64[2] 0 1", "T[2] 1 0"}, {"T[2] 0 0"}, 0, NULL},
    {"ScatterElements", 18, "axis=0", {"T[0]", "s64[0]", "T[0]"}, {"T[0]"}, 0, NULL},
};

static const op_text sums[] = {
    {"ScatterElements", 16, "reduction=add", {"f32[2] 1 2", "s64[3] 0 0 1", "f32[3] 10 20 30"},
        {"f32[2] 31 32"}, 0, NULL},
    {"ScatterElements", 16, "reduction=mul", {"s32[2] 1 2", "s64[3] 0 0 1", "s32[3] 10 20 30"},
        {"s32[2] 200 60"}, 0, NULL},
    {"ScatterND", 16, "reduction=add", {"s64[2] 9007199254740993 2", "s64[2,1] 0 0", "s64[2] 1 1"},
        {"s64[2] 9007199254740995 2"}, 0, NULL},
    {"ScatterND", 18, "reduction=max", {"f64[2,1] 1 2", "s64[1,1] 0", "f64[1,1] 5"}, {"f64[2,1] 5 2"}, 0,
        NULL},
};

static const op_text refused[] = {
    {"Gather", 13, NULL, {"f32[2]", "s64[1] 2"}, {"f32[1]"}, SY_INVALID_ARGUMENT, "index 2"},
    {"Gather", 13, NULL, {"f32[2]", "s64[1] -3"}, {"f32[1]"}, SY_INVALID_ARGUMENT, "index -3"},
    {"Gather", 13, NULL, {"f32[0]", "s64[1] 0"}, {"f32[1]"}, SY_INVALID_ARGUMENT, "extent of 0"},
    {"Gather", 13, NULL, {"f32[2]", "f32[1] 0"}, {NULL}, SY_INVALID_ARGUMENT, "must be s32 or s64"},
    {"Gather", 13, "axis=1", {"f32[2]", "s64[1] 0"}, {NULL}, SY_INVALID_ARGUMENT, "axis 1"},
    {"Gather", 13, NULL, {"f32[1,1,1,1,1,1,1,1]", "s64[1,1] 0"}, {NULL}, SY_UNSUPPORTED,
        "rank of more than 8"},
    {"GatherND", 13, NULL, {"f32[2]", "s64[1,2] 0"}, {NULL}, SY_INVALID_ARGUMENT, "indices of 2 numbers"},
    {"GatherND", 13, NULL, {"f32[2]", "s64[1,0]"}, {NULL}, SY_INVALID_ARGUMENT, "indices of 0 numbers"},
    {"GatherND", 13, NULL, {"f32[2]", "s64[1,1] 7"}, {"f32[1]"}, SY_INVALID_ARGUMENT, "index 7"},
    {"GatherND", 13, "batch_dims=1", {"f32[2,2]", "s64[3,1]"}, {NULL}, SY_INVALID_ARGUMENT, "differ: 2, 3"},
    {"GatherND", 13, "batch_dims=-1", {"f32[2,2]", "s64[2,1]"}, {NULL}, SY_INVALID_ARGUMENT,
        "batch_dims is -1"},
    {"GatherElements", 13, NULL, {"f32[2,2]", "s64[2]"}, {NULL}, SY_INVALID_ARGUMENT, "indices of rank 1"},
    {"GatherElements", 13, NULL, {"f32[2,2]", "s64[2,3]"}, {NULL}, SY_INVALID_ARGUMENT,
        "extent 1 of the indices is 3"},
    {"GatherElements", 13, NULL, {"f32[2,2]", "s64[1,1] 2"}, {"f32[1,1]"}, SY_INVALID_ARGUMENT, "index 2"},
    {"ScatterElements", 13, NULL, {"f32[2]", "s64[1] -3", "f32[1]"}, {"f32[2]"}, SY_INVALID_ARGUMENT,
        "index -3"},
    {"ScatterElements", 13, NULL, {"f32[2]", "s64[1]", "f32[2]"}, {NULL}, SY_INVALID_ARGUMENT,
        "updates are f32[2], must be f32[1]"},
    {"ScatterElements", 13, NULL, {"f32[2]", "s64[1]", "s32[1]"}, {NULL}, SY_INVALID_ARGUMENT,
        "updates are s32[1]"},
    {"ScatterElements", 16, "reduction=sub", {"f32[2]", "s64[1]", "f32[1]"}, {NULL}, SY_INVALID_ARGUMENT,
        "reduction is 'sub'"},
    {"ScatterND", 13, NULL, {"f32[2,2]", "s64[1,1] 2", "f32[1,2]"}, {"f32[2,2]"}, SY_INVALID_ARGUMENT,
        "index 2"},
    {"ScatterND", 13, NULL, {"f32[2,2]", "s64[1,3]", "f32[1]"}, {NULL}, SY_INVALID_ARGUMENT, "indices of 3"},
    {"ScatterND", 13, NULL, {"f32[2,2]", "s64[1,1]", "f32[1]"}, {NULL}, SY_INVALID_ARGUMENT, "updates are"},
};

static void elements_by_index(void **state) {
    (void)state;
    op_text_try_types(gathered, sizeof gathered / sizeof gathered[0]);
}

static void several_updates_of_one_element(void **state) {
    (void)state;
    op_text_try(sums, sizeof sums / sizeof sums[0]);
}

static void what_makes_no_sense_is_refused(void **state) {
    (void)state;
    op_text_try(refused, sizeof refused / sizeof refused[0]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_by_index),
        cmocka_unit_test(several_updates_of_one_element),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
