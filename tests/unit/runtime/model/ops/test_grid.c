/* GridSample, RoiAlign, MaxRoiPool, Det, Einsum. Larger cases are those of ONNX. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/op_text.h"

static const op_text sampled[] = {
    {"GridSample", 16, "align_corners=1", {"f32[1,1,2,2] 1 2 3 4", "f32[1,1,3,2] -1 -1 0 0 1 1"},
        {"f32[1,1,1,3] 1 2.5 4"}, 0, NULL},
    {"GridSample", 16, "mode=nearest padding_mode=border",
        {"f32[1,1,2,2] 1 2 3 4", "f32[1,1,3,2] -9 -9 9 9 nan nan"}, {"f32[1,1,1,3] 1 4 1"}, 0, NULL},
    {"GridSample", 16, "mode=nearest", {"f32[1,1,2,2] 1 2 3 4", "f32[1,1,2,2] -9 -9 0.5 0.5"},
        {"f32[1,1,1,2] 0 4"}, 0, NULL},
    {"GridSample", 20, "mode=linear padding_mode=reflection", {"f64[1,1,2] 1 2", "f32[1,2,1] -1 3"},
        {"f64[1,1,2] 1 1"}, 0, NULL},
    {"GridSample", 16, "mode=bicubic padding_mode=reflection",
        {"f32[1,1,1,1] 7", "f32[1,1,2,2] 1e30 -1e30 0 0"}, {"f32[1,1,1,2] 7 7"}, 0, NULL},
    {"RoiAlign", 16, "output_height=1 output_width=1 sampling_ratio=1",
        {"f32[1,1,2,2] 1 2 3 4", "f32[1,4] 0 0 2 2", "s64[1] 0"}, {"f32[1,1,1,1] 2.5"}, 0, NULL},
    {"RoiAlign", 10, "output_height=1 output_width=2",
        {"f32[2,1,1,2] 0 0 1 3", "f32[1,4] 0 0 2 1", "s64[1] -1"}, {"f32[1,1,1,2] 2 3"}, 0, NULL},
    {"RoiAlign", 16, "mode=max", {"f32[1,1,1,1] 5", "f32[0,4]", "s64[0]"}, {"f32[0,1,1,1]"}, 0, NULL},
    {"MaxRoiPool", 1, "pooled_shape=[1,2]", {"f32[1,1,2,4] 1 2 3 4 5 6 7 8", "f32[1,5] 0 0 0 3 1"},
        {"f32[1,1,1,2] 6 8"}, 0, NULL},
    {"MaxRoiPool", 1, "pooled_shape=[1,1]", {"f32[1,1,1,1] -3", "f32[1,5] 0 7 7 9 9"}, {"f32[1,1,1,1] 0"}, 0,
        NULL},
    {"Det", 11, NULL, {"f32[2,2] 1 2 3 4"}, {"f32[] -2"}, 0, NULL},
    {"Det", 11, NULL, {"f64[2,2,2] 0 1 1 0 1 2 2 4"}, {"f64[2] -1 0"}, 0, NULL},
    {"Det", 11, NULL, {"f32[0,0]"}, {"f32[] 1"}, 0, NULL},
    {"Einsum", 12, "equation=ij,jk->ik", {"f32[2,2] 1 2 3 4", "f32[2,1] 1 10"}, {"f32[2,1] 21 43"}, 0, NULL},
    {"Einsum", 12, "equation=ii->i", {"f32[2,2] 1 2 3 4"}, {"f32[2] 1 4"}, 0, NULL},
    {"Einsum", 12, "equation=ij", {"f32[2,2] 1 2 3 4"}, {"f32[2,2] 1 2 3 4"}, 0, NULL},
    {"Einsum", 12, "equation=ba", {"f32[2,2] 1 2 3 4"}, {"f32[2,2] 1 3 2 4"}, 0, NULL},
    {"Einsum", 12, "equation=...ij->...ji", {"s32[1,2,2] 1 2 3 4"}, {"s32[1,2,2] 1 3 2 4"}, 0, NULL},
    {"Einsum", 12, "equation=...,...->...", {"f32[2,1] 1 2", "f32[3] 1 2 3"}, {"f32[2,3] 1 2 3 2 4 6"}, 0,
        NULL},
    {"Einsum", 12, "equation=i,i->", {"f32[3] 1 2 3", "f32[3] 1 2 3"}, {"f32[] 14"}, 0, NULL},
    {"Einsum", 12, "equation=ij->j", {"f32[0,2]"}, {"f32[2] 0 0"}, 0, NULL},
};

static const op_text refused[] = {
    {"GridSample", 16, "mode=area", {"f32[1,1,2,2]", "f32[1,1,1,2]"}, {NULL}, SY_INVALID_ARGUMENT,
        "mode is 'area'"},
    {"GridSample", 16, NULL, {"f32[1,1,2,2]", "f32[2,1,1,2]"}, {NULL}, SY_INVALID_ARGUMENT, "for 1 images"},
    {"GridSample", 16, NULL, {"f32[1,1,2,2]", "f32[1,1,1,3]"}, {NULL}, SY_INVALID_ARGUMENT, "2 coordinates"},
    {"GridSample", 16, NULL, {"f32[1,1,2,2]", "s32[1,1,1,2]"}, {NULL}, SY_INVALID_ARGUMENT, "floating-point"},
    {"GridSample", 16, NULL, {"f32[1,1,0,2]", "f32[1,1,1,2]"}, {NULL}, SY_INVALID_ARGUMENT, "empty"},
    {"GridSample", 16, NULL, {"f32[2,2]", "f32[1,2]"}, {NULL}, SY_INVALID_ARGUMENT, "rank 2"},
    {"RoiAlign", 16, "output_height=0", {"f32[1,1,2,2]", "f32[1,4]", "s64[1]"}, {NULL}, SY_INVALID_ARGUMENT,
        "0 x 1"},
    {"RoiAlign", 16, "sampling_ratio=-1", {"f32[1,1,2,2]", "f32[1,4]", "s64[1]"}, {NULL}, SY_INVALID_ARGUMENT,
        "sampling_ratio -1"},
    {"RoiAlign", 16, "mode=min", {"f32[1,1,2,2]", "f32[1,4]", "s64[1]"}, {NULL}, SY_INVALID_ARGUMENT,
        "mode 'min'"},
    {"RoiAlign", 16, NULL, {"f32[1,1,2,2]", "f32[1,5]", "s64[1]"}, {NULL}, SY_INVALID_ARGUMENT,
        "4 numbers each"},
    {"RoiAlign", 16, NULL, {"f32[1,1,2,2]", "f32[1,4]", "s64[2]"}, {NULL}, SY_INVALID_ARGUMENT,
        "index for each"},
    {"RoiAlign", 16, NULL, {"f32[1,1,2,2]", "f32[1,4]", "s64[1] 1"}, {"f32[1,1,1,1]"}, SY_INVALID_ARGUMENT,
        "index 1"},
    {"RoiAlign", 16, NULL, {"f32[1,1,2,2]", "f32[1,4] 0 0 1e30 1", "s64[1] 0"}, {"f32[1,1,1,1]"},
        SY_INVALID_ARGUMENT, "part 0"},
    {"RoiAlign", 16, NULL, {"f32[1,1,2,2]", "f32[1,4] 0 0 nan 1", "s64[1] 0"}, {"f32[1,1,1,1]"},
        SY_INVALID_ARGUMENT, "part 0"},
    {"MaxRoiPool", 1, NULL, {"f32[1,1,2,2]", "f32[1,5]"}, {NULL}, SY_INVALID_ARGUMENT, "two numbers"},
    {"MaxRoiPool", 1, "pooled_shape=[1,0]", {"f32[1,1,2,2]", "f32[1,5]"}, {NULL}, SY_INVALID_ARGUMENT,
        "1 x 0"},
    {"MaxRoiPool", 1, "pooled_shape=[1,1]", {"f32[1,1,2,2]", "f32[1,5] nan"}, {"f32[1,1,1,1]"},
        SY_INVALID_ARGUMENT, "of image nan"},
    {"Det", 11, NULL, {"f32[2,3]"}, {NULL}, SY_INVALID_ARGUMENT, "square"},
    {"Det", 11, NULL, {"s32[2,2]"}, {NULL}, SY_INVALID_ARGUMENT, "floating-point"},
    {"Einsum", 12, "equation=ij,jk->il", {"f32[2,2]", "f32[2,2]"}, {NULL}, SY_INVALID_ARGUMENT,
        "does not fit"},
    {"Einsum", 12, "equation=ij,jk->ik", {"f32[2,3]", "f32[2,2]"}, {NULL}, SY_INVALID_ARGUMENT,
        "does not fit"},
    {"Einsum", 12, "equation=ijk->i", {"f32[2,3]"}, {NULL}, SY_INVALID_ARGUMENT, "does not fit"},
    {"Einsum", 12, "equation=ij->ii", {"f32[2,3]"}, {NULL}, SY_INVALID_ARGUMENT, "does not fit"},
    {"Einsum", 12, "equation=ij->i,", {"f32[2,3]"}, {NULL}, SY_INVALID_ARGUMENT, "does not fit"},
    {"Einsum", 12, "equation=i1->i", {"f32[2,3]"}, {NULL}, SY_INVALID_ARGUMENT, "does not fit"},
    {"Einsum", 12, NULL, {"f32[2,3]"}, {NULL}, SY_INVALID_ARGUMENT, "does not fit"},
    {"Einsum", 12, "equation=i,i", {"f32[2]", "f64[2]"}, {NULL}, SY_INVALID_ARGUMENT, "one type"},
};

static void small_cases_by_hand(void **state) {
    (void)state;
    op_text_try(sampled, sizeof sampled / sizeof sampled[0]);
}

static void what_makes_no_sense_is_refused(void **state) {
    (void)state;
    op_text_try(refused, sizeof refused / sizeof refused[0]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_cases_by_hand),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
