/* Resize and Upsample: modes, roundings, coordinates, what is refused. Larger cases are those of ONNX. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/op_text.h"

static const op_text nearest[] = {
    {"Upsample", 7, "mode=nearest scales=[1.0,1.0,1.0,2.0]", {"T[1,1,1,2] 1 0"}, {"T[1,1,1,4] 1 1 0 0"}, 0,
        NULL},
    {"Upsample", 9, NULL, {"T[1,2,1,1] 1 0", "@f32[4] 1 1 2 2"}, {"T[1,2,2,2] 1 1 1 1 0 0 0 0"}, 0, NULL},
    {"Resize", 10, NULL, {"T[1,1,1,4] 1 0 0 1", "@f32[4] 1 1 1 0.5"}, {"T[1,1,1,2] 1 0"}, 0, NULL},
    {"Resize", 11, "coordinate_transformation_mode=asymmetric nearest_mode=floor",
        {"T[1,2,2,1] 1 0 0 1", "-", "-", "@s64[4] 1 2 4 1"}, {"T[1,2,4,1] 1 1 0 0 0 0 1 1"}, 0, NULL},
    {"Resize", 13, NULL, {"T[2] 1 0", "-", "@f32[1] 1.5"}, {"T[3] 1 1 0"}, 0, NULL},
    {"Resize", 13, "nearest_mode=ceil coordinate_transformation_mode=asymmetric",
        {"T[2] 1 0", "-", "@f32[1] 2"}, {"T[4] 1 0 0 0"}, 0, NULL},
    {"Resize", 18, "axes=[1]", {"T[1,2] 1 0", "-", "-", "@s64[1] 4"}, {"T[1,4] 1 1 0 0"}, 0, NULL},
    {"Resize", 13, NULL, {"T[3] 1 0 1", "-", "@f32[1] 1"}, {"T[3] 1 0 1"}, 0, NULL},
    {"Resize", 13, NULL, {"T[3] 1 0 1", "-", "-", "@s64[1] 0"}, {"T[0]"}, 0, NULL},
    {"Resize", 11, "coordinate_transformation_mode=tf_crop_and_resize extrapolation_value=1.0",
        {"T[2] 0 0", "@f32[2] 0 2", "-", "@s64[1] 3"}, {"T[3] 0 0 1"}, 0, NULL},
};

static const op_text weighted[] = {
    {"Resize", 10, "mode=linear", {"f32[1,1,1,2] 0 4", "@f32[4] 1 1 1 2"}, {"f32[1,1,1,4] 0 2 4 4"}, 0, NULL},
    {"Resize", 13, "mode=linear", {"f32[2] 0 4", "-", "@f32[1] 2"}, {"f32[4] 0 1 3 4"}, 0, NULL},
    {"Resize", 13, "mode=linear", {"f16[2] 0 4", "-", "@f32[1] 2"}, {"f16[4] 0 1 3 4"}, 0, NULL},
    {"Resize", 13, "mode=linear", {"u8[1,1,1,2] 0 4", "-", "@f32[4] 1 1 1 2"}, {"u8[1,1,1,4] 0 1 3 4"}, 0,
        NULL},
    {"Resize", 13, "mode=linear coordinate_transformation_mode=align_corners",
        {"f32[1,2,1,2] 0 3 3 0", "-", "-", "@s64[4] 1 2 1 4"}, {"f32[1,2,1,4] 0 1 2 3 3 2 1 0"}, 0, NULL},
    {"Resize", 13, "mode=linear coordinate_transformation_mode=align_corners",
        {"f32[3] 5 6 7", "-", "-", "@s64[1] 1"}, {"f32[1] 5"}, 0, NULL},
    {"Resize", 13, "mode=linear coordinate_transformation_mode=pytorch_half_pixel",
        {"f32[3] 5 6 7", "-", "-", "@s64[1] 1"}, {"f32[1] 5"}, 0, NULL},
    {"Resize", 13, "mode=linear", {"f32[1,1,2,2] 0 4 8 12", "-", "@f32[4] 1 1 2 2"},
        {"f32[1,1,4,4] 0 1 3 4 2 3 5 6 6 7 9 10 8 9 11 12"}, 0, NULL},
    {"Resize", 13, "mode=linear", {"f32[1,2,2,2] 0 4 8 12 1 1 1 1", "-", "@f32[4] 1 1 0.5 1"},
        {"f32[1,2,1,2] 4 8 1 1"}, 0, NULL},
    {"Resize", 13, "mode=linear", {"f32[1,2,1,1] 0 4", "-", "@f32[4] 1 2 1 1"}, {"f32[1,4,1,1] 0 1 3 4"}, 0,
        NULL},
    {"Resize", 18, "mode=linear antialias=1", {"f32[4] 0 2 4 6", "-", "@f32[1] 0.5"}, {"f32[2] 1.25 4.75"}, 0,
        NULL},
    {"Resize", 13, "mode=cubic", {"f32[4] 1 1 1 1", "-", "@f32[1] 0.5"}, {"f32[2] 1 1"}, 0, NULL},
    {"Resize", 13, "mode=cubic exclude_outside=1", {"f32[2] 3 3", "-", "@f32[1] 2"}, {"f32[4] 3 3 3 3"}, 0,
        NULL},
    {"Resize", 18, "mode=linear keep_aspect_ratio_policy=not_larger", {"f32[2,4] 1", "-", "-", "@s64[2] 4 4"},
        {"f32[2,4] 1"}, 0, NULL},
    {"Resize", 18, "mode=linear keep_aspect_ratio_policy=not_smaller",
        {"f32[2,4] 1", "-", "-", "@s64[2] 4 4"}, {"f32[4,8] 1"}, 0, NULL},
    {"Resize", 11, "mode=linear coordinate_transformation_mode=tf_crop_and_resize extrapolation_value=9.0",
        {"f32[2,2] 1 2 3 4", "@f32[4] 0 0 2 1", "-", "@s64[2] 3 2"}, {"f32[3,2] 1 2 3 4 9 9"}, 0, NULL},
};

static const op_text refused[] = {
    {"Resize", 13, NULL, {"f32[2]"}, {NULL}, SY_INVALID_ARGUMENT, "either scales or sizes"},
    {"Resize", 13, NULL, {"f32[2]", "-", "@f32[1] 1", "@s64[1] 2"}, {NULL}, SY_INVALID_ARGUMENT,
        "either scales or sizes"},
    {"Resize", 13, NULL, {"f32[2]", "-", "@f32[2] 1"}, {NULL}, SY_INVALID_ARGUMENT, "must have 1 numbers"},
    {"Resize", 13, NULL, {"f32[2]", "-", "@f32[1] -1"}, {NULL}, SY_INVALID_ARGUMENT, "scale 0 is -1"},
    {"Resize", 13, NULL, {"f32[2]", "-", "@f32[1] nan"}, {NULL}, SY_INVALID_ARGUMENT, "scale 0"},
    {"Resize", 13, NULL, {"f32[2]", "-", "@f32[1] inf"}, {NULL}, SY_INVALID_ARGUMENT, "scale 0"},
    {"Resize", 13, NULL, {"f32[2]", "-", "@f32[1] 1e11"}, {NULL}, SY_UNSUPPORTED, "must be 1 to"},
    {"Resize", 13, NULL, {"f32[2]", "-", "@f32[1] 1e12"}, {NULL}, SY_INVALID_ARGUMENT, "scale 0"},
    {"Resize", 13, NULL, {"f32[2,2]", "-", "@f32[2] 1e6 1e6"}, {NULL}, SY_OVERFLOW, "too large"},
    {"Resize", 13, NULL, {"f32[2]", "-", "-", "@s64[1] -5"}, {NULL}, SY_INVALID_ARGUMENT, "size 0 is -5"},
    {"Resize", 13, NULL, {"f32[0]", "-", "-", "@s64[1] 5"}, {NULL}, SY_UNSUPPORTED, "from 0 to 5"},
    {"Resize", 13, NULL, {"f32[2]", "-", "f32[1] 2"}, {NULL}, SY_UNAVAILABLE, "input 2 decides"},
    {"Resize", 13, "mode=area", {"f32[2]", "-", "@f32[1] 2"}, {NULL}, SY_INVALID_ARGUMENT, "mode is 'area'"},
    {"Resize", 13, "nearest_mode=up", {"f32[2]", "-", "@f32[1] 2"}, {NULL}, SY_INVALID_ARGUMENT,
        "nearest_mode is 'up'"},
    {"Resize", 13, "coordinate_transformation_mode=x", {"f32[2]", "-", "@f32[1] 2"}, {NULL},
        SY_INVALID_ARGUMENT, "which is not known"},
    {"Resize", 18, "axes=[1]", {"f32[2]", "-", "@f32[1] 2"}, {NULL}, SY_INVALID_ARGUMENT, "axis 1"},
    {"Resize", 18, "keep_aspect_ratio_policy=x", {"f32[2]", "-", "-", "@s64[1] 2"}, {NULL},
        SY_INVALID_ARGUMENT, "keep_aspect_ratio_policy"},
    {"Resize", 18, "keep_aspect_ratio_policy=not_larger", {"f32[0]", "-", "-", "@s64[1] 2"}, {NULL},
        SY_INVALID_ARGUMENT, "scale 0"},
    {"Upsample", 7, "mode=nearest", {"f32[2]"}, {NULL}, SY_INVALID_ARGUMENT, "attribute scales"},
    {"Upsample", 7, "mode=nearest scales=[1.0]", {"f32[]"}, {NULL}, SY_INVALID_ARGUMENT, "no scalar"},
};

static void nearest_moves_elements_of_any_type(void **state) {
    (void)state;
    op_text_try_types(nearest, sizeof nearest / sizeof nearest[0]);
}

static void weights_of_neighbours(void **state) {
    (void)state;
    op_text_try(weighted, sizeof weighted / sizeof weighted[0]);
}

static void what_makes_no_sense_is_refused(void **state) {
    (void)state;
    op_text_try(refused, sizeof refused / sizeof refused[0]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nearest_moves_elements_of_any_type),
        cmocka_unit_test(weights_of_neighbours),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
