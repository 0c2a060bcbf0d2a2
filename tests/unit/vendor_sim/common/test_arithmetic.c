/* What is computed: layouts, types, scales, epilogues. */
#include "tests/vendor_sim/common/arithmetic.h"

#include <math.h>

#include "tests/unit/vendor_sim/common/rig.h"

/* 2 x 3 times 3 x 2, A column-major, B transposed, D row-major; [1 2 3; 4 5 6] [1 4; 2 5; 3 6]. */
static void test_gemm_layouts(void **state) {
    (void)state;
    sim_configure("");
    float a[6] = {1, 4, 2, 5, 3, 6}, b[6] = {1, 2, 3, 4, 5, 6}, d[4], bias[2] = {-40, 1}, scale = 0.5f;
    sim_gemm gemm = {.batch = 1,
        .m = 2,
        .n = 2,
        .k = 3,
        .a = {a, SY_F32, {0, 1, 2}, NULL},
        .b = {b, SY_F32, {0, 1, 3}, NULL},
        .d = {d, SY_F32, {0, 2, 1}, NULL},
        .alpha = 1};
    assert_int_equal(sim_gemm_run(&gemm), 0);
    float want[4] = {14, 32, 32, 77};
    assert_memory_equal(d, want, sizeof want);
    gemm.c = gemm.d;
    gemm.beta = -1;
    gemm.alpha = 2;
    gemm.a.scale = &scale;
    gemm.bias = (sim_tensor){bias, SY_F32, {0, 0, 1}, NULL}; /* a value a column */
    gemm.activation = SIM_ACTIVATION_RELU;
    assert_int_equal(sim_gemm_run(&gemm), 0);
    float zero[4] = {0, 1, 0, 1};
    assert_memory_equal(d, zero, sizeof zero);
    assert_true(sim_gemm_flop(&gemm) == 24);
}

static void test_gemm_types(void **state) {
    (void)state;
    sim_configure("");
    int8_t a[2] = {127, 127}, b[2] = {127, -1};
    int32_t d;
    sim_gemm gemm = {.batch = 1,
        .m = 1,
        .n = 1,
        .k = 2,
        .a = {a, SY_S8, {0, 2, 1}, NULL},
        .b = {b, SY_S8, {0, 1, 1}, NULL},
        .d = {&d, SY_S32, {0, 1, 1}, NULL},
        .alpha = 1};
    assert_int_equal(sim_gemm_run(&gemm), 0);
    assert_int_equal(d, 127 * 127 - 127);
    gemm.alpha = 300000; /* 4800600000 */
    assert_int_equal(sim_gemm_run(&gemm), 0);
    assert_int_equal(d, INT32_MAX);
    gemm.wraps = true;
    assert_int_equal(sim_gemm_run(&gemm), 0);
    assert_int_equal(d, (int32_t)(300000LL * 16002 % 4294967296LL));
}

static void test_rounding(void **state) {
    (void)state;
    sim_configure("");
    float a = 1 + 0x1p-11f, b = 1, d;
    sim_gemm gemm = {.batch = 1,
        .m = 1,
        .n = 1,
        .k = 1,
        .a = {.data = &a, .dtype = SY_F32},
        .b = {.data = &b, .dtype = SY_F32},
        .d = {.data = &d, .dtype = SY_F32},
        .alpha = 1};
    const struct {
        uint32_t rounding;
        float want;
    } cases[] = {{SIM_ROUND_NONE, 1 + 0x1p-11f}, {SIM_ROUND_TF32, 1}, {SIM_ROUND_HF32, 1 + 0x1p-11f},
        {SIM_ROUND_BF16, 1}, {SIM_ROUND_F16, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        gemm.rounding = cases[i].rounding;
        assert_int_equal(sim_gemm_run(&gemm), 0);
        assert_true(d == cases[i].want);
    }
}

/* Image 1 2 3 4 ... 9, filter 1 2 3 4, padding of 1 on the left and above, stride 2. */
static void test_conv(void **state) {
    (void)state;
    sim_configure("");
    float x[9] = {1, 2, 3, 4, 5, 6, 7, 8, 9}, w[4] = {1, 2, 3, 4}, y[4];
    sim_conv conv = {.n = 1,
        .c = 1,
        .h = 3,
        .w = 3,
        .k = 1,
        .r = 2,
        .s = 2,
        .p = 2,
        .q = 2,
        .stride = {2, 2},
        .dilation = {1, 1},
        .pad = {1, 1},
        .groups = 1,
        .x = {x, SY_F32, {9, 9, 3, 1}, NULL},
        .filter = {w, SY_F32, {4, 4, 2, 1}, NULL},
        .y = {y, SY_F32, {4, 4, 2, 1}, NULL},
        .alpha = 1};
    assert_int_equal(sim_conv_run(&conv), 0);
    const float want[4] = {4, 18, 2 * 4 + 4 * 7, 5 + 12 + 24 + 36};
    assert_memory_equal(y, want, sizeof want);
    conv.flips = true;
    assert_int_equal(sim_conv_run(&conv), 0);
    assert_true(y[0] == 1 && y[1] == 2 * 2 + 3 * 1);
    assert_true(sim_conv_flop(&conv) == 2 * 4 * 4);
}

static void test_bad_results(void **state) {
    (void)state;
    float a = 1, d = 3;
    sim_gemm gemm = {.batch = 1,
        .m = 1,
        .n = 1,
        .k = 1,
        .a = {.data = &a, .dtype = SY_F32},
        .b = {.data = &a, .dtype = SY_F32},
        .d = {.data = &d, .dtype = SY_F32},
        .alpha = 1};
    sim_configure("skip=1");
    assert_int_equal(sim_gemm_run(&gemm), 0);
    assert_true(d == 3);
    sim_configure("nan=1");
    assert_int_equal(sim_gemm_run(&gemm), 0);
    assert_true(isnan(d));
}

static void test_copy_and_fill(void **state) {
    (void)state;
    sim_configure("");
    float from[6] = {1, 2, 3, 4, 5, 6}, to[6] = {10, 10, 10, 10, 10, 10};
    sim_copy copy = {
        {1, 1, 2, 3}, {to, SY_F32, {0, 0, 1, 2}, NULL}, {from, SY_F32, {0, 0, 3, 1}, NULL}, 2, 1};
    assert_int_equal(sim_copy_run(&copy), 0);
    const float want[6] = {12, 18, 14, 20, 16, 22};
    assert_memory_equal(to, want, sizeof want);
    sim_fill fill = {to, 3, 4, {1, 2, 3, 4}};
    assert_int_equal(sim_fill_run(&fill), 0);
    assert_memory_equal(to, "\1\2\3\4\1\2\3\4\1\2\3\4", 12);
    assert_true(to[3] == 20);
    int64_t dim[2] = {2, 3}, stride[2] = {10, 1};
    assert_int_equal(sim_extent(SY_F16, 2, dim, stride), 26);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_gemm_layouts), cmocka_unit_test(test_gemm_types),
        cmocka_unit_test(test_rounding), cmocka_unit_test(test_conv), cmocka_unit_test(test_bad_results),
        cmocka_unit_test(test_copy_and_fill)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
