/* Rows against a data sheet: the right peak, its confidence beside it, and none for what is not certain or
 * real. */
#include "tests/unit/bench/run/whole_run.h"

#include <math.h>

#include "bench/run/datasheet.h"

static const sy_catalogue_device made_up = {.head = {"made-up", "Made Up", NULL},
    .peak = {[SY_PEAK_F64] = {.value = NAN},
        [SY_PEAK_F32] = {.value = 2.0, .confidence = SY_CONFIDENCE_PRESS},
        [SY_PEAK_TF32] = {.value = 8.0, .confidence = SY_CONFIDENCE_VENDOR},
        [SY_PEAK_F16] = {.value = NAN},
        [SY_PEAK_BF16] = {.value = 16.0, .confidence = SY_CONFIDENCE_ESTIMATE},
        [SY_PEAK_F8] = {.value = NAN},
        [SY_PEAK_S8] = {.value = NAN}}};

static sy_spec spec_of(const char *problem) {
    sy_spec spec;
    sy_error err = SY_ERROR_INIT;
    if (sy_spec_parse(problem, NULL, &spec, &err) != SY_OK)
        fail_msg("%s", err.text);
    return spec;
}

static void a_fraction_is_of_the_peak_delivered(void **state) {
    (void)state;
    static const struct {
        const char *problem;
        uint32_t math;
        double fraction; /* of 1e9 FLOP in 1 ms; NaN: none */
        const char *confidence;
    } rows[] = {{"gemm:m=8,n=8,k=8,dtype=f32", SY_MATH_STRICT, 0.5, "press"},
        {"gemm:m=8,n=8,k=8,dtype=f32,math=any", SY_MATH_STRICT, 0.5, "press"},
        {"gemm:m=8,n=8,k=8,dtype=f32,math=any", SY_MATH_TF32, 0.125, "vendor"},
        {"gemm:m=8,n=8,k=8,dtype=f32,math=any", SY_MATH_BF16X3, NAN, NULL},
        {"gemm:m=8,n=8,k=8,dtype=f32,math=any", SY_MATH_UNKNOWN, NAN, NULL},
        {"gemm:m=8,n=8,k=8,dtype=bf16", SY_MATH_STRICT, 0.0625, "estimate"},
        {"gemm:m=8,n=8,k=8,dtype=f16", SY_MATH_STRICT, NAN, NULL},
        {"conv2d:n=1,c=8,h=8,w=8,k=8,r=3,s=3,dtype=f32", SY_MATH_STRICT, 0.5, "press"},
        {"peak:flop=1000,dtype=f32", SY_MATH_STRICT, NAN, NULL},
        {"stream:bytes=1024,kind=read", SY_MATH_STRICT, NAN, NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sy_spec spec = spec_of(rows[i].problem);
        const char *confidence = "unset";
        double is = sy_datasheet_fraction(&made_up, &spec, rows[i].math, 1000000000, 1e-3, &confidence);
        bool is_right = isnan(rows[i].fraction) ? isnan(is) : fabs(is - rows[i].fraction) < 1e-12;
        if (!is_right || (confidence == NULL) != (rows[i].confidence == NULL))
            fail_msg("%s: %g (%s)", rows[i].problem, is, confidence != NULL ? confidence : "no confidence");
        if (confidence != NULL)
            assert_string_equal(confidence, rows[i].confidence);
    }
}

static void without_work_time_or_sheet_there_is_none(void **state) {
    (void)state;
    sy_spec spec = spec_of("gemm:m=8,n=8,k=8,dtype=f32");
    const char *confidence = "unset";
    assert_true(isnan(sy_datasheet_fraction(NULL, &spec, SY_MATH_STRICT, 1000, 1.0, &confidence)));
    assert_null(confidence);
    assert_true(isnan(sy_datasheet_fraction(&made_up, &spec, SY_MATH_STRICT, 0, 1.0, &confidence)));
    assert_true(isnan(sy_datasheet_fraction(&made_up, &spec, SY_MATH_STRICT, 1000, 0.0, &confidence)));
    assert_true(isnan(sy_datasheet_fraction(&made_up, &spec, SY_MATH_STRICT, 1000, NAN, &confidence)));
}

static void only_a_real_device_that_is_certain_has_one(void **state) {
    (void)state;
    static const char *const folders[] = {"results/reference"};
    static const sy_reference_places places = {.folder = folders, .count = 1};
    sy_catalogue catalogue = {0};
    sy_target target[6] = {0};
    sy_targets targets = {.target = target, .count = 6};
    assert_int_equal(sy_catalogue_load(&places, &catalogue, NULL), SY_OK);
    for (size_t i = 0; i < 6; i++) {
        snprintf(target[i].info.name, sizeof target[i].info.name, "%s",
            i == 4 ? "MetaX C500" : "NVIDIA H100 80GB HBM3");
        target[i].info.units = i == 4 ? 0 : 132;
    }
    target[1].simulated = true;
    target[2].info.flags = SY_DEVICE_HOST_PROCESSOR;
    target[3].status = SY_UNAVAILABLE;
    target[5].info.units = 60;
    sy_datasheets_find(&targets, &catalogue);
    assert_non_null(target[0].datasheet);
    assert_string_equal(target[0].datasheet->head.id, "h100-sxm");
    for (size_t i = 1; i < 6; i++)
        assert_null(target[i].datasheet);
    sy_catalogue none = {0};
    sy_datasheets_find(&targets, &none);
    assert_null(target[0].datasheet);
    sy_catalogue_release(&catalogue);
}

static void rows_carry_it_with_its_confidence(void **state) {
    (void)state;
    static const char *const options[] = {"--rounds", "1", "--max-time", "100ms", NULL};
    whole_run it;
    start(&it, "", 2, options);
    it.r.targets.target[0].datasheet = &made_up;
    assert_int_equal(sy_schedule_run(&it.schedule, NULL), SY_OK);
    for (size_t i = 0; i < 2; i++) {
        const sy_row *row = row_of(&it, i);
        assert_string_equal(row->rate.datasheet_confidence, "press");
        double flop =
            (double)row->rate.flop * (isnan(row->subject.flop_ratio) ? 1.0 : row->subject.flop_ratio);
        double wanted = flop / (row->time.host.median_ns * 1e-9) / 2e12;
        assert_true(fabs(row->rate.of_datasheet / wanted - 1.0) < 1e-9);
    }
    end(&it);
    start(&it, "", 1, options);
    assert_null(it.r.targets.target[0].datasheet);
    assert_int_equal(sy_schedule_run(&it.schedule, NULL), SY_OK);
    assert_true(isnan(row_of(&it, 0)->rate.of_datasheet));
    assert_null(row_of(&it, 0)->rate.datasheet_confidence);
    end(&it);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_fraction_is_of_the_peak_delivered),
        cmocka_unit_test(without_work_time_or_sheet_there_is_none),
        cmocka_unit_test(only_a_real_device_that_is_certain_has_one),
        cmocka_unit_test(rows_carry_it_with_its_confidence)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
