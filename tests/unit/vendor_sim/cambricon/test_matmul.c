/* CNNL 2.x: products of matrices. */
#include "tests/unit/vendor_sim/cambricon/product.h"

/* The same with plain loops, in f64. */
static void expect(const product *one, const float *a, const float *b, const float *old, float *out) {
    int batches = one->batch > 0 ? one->batch : 1;
    for (int i = 0; i < batches * one->m * one->n; i++) {
        int batch = i / (one->m * one->n), row = i / one->n % one->m, column = i % one->n;
        const float *a_one = a + (one->a_batch > 1 ? batch * one->m * one->k : 0);
        const float *b_one = b + (one->b_batch > 1 ? batch * one->n * one->k : 0);
        double sum = 0;
        for (int k = 0; k < one->k; k++)
            sum += (double)a_one[one->trans_a ? k * one->m + row : row * one->k + k] *
                   (double)b_one[one->trans_b ? column * one->k + k : k * one->n + column];
        out[i] = (float)((double)one->alpha * sum + (one->use_beta ? (double)(one->beta * old[i]) : 0));
    }
}

static void check(product one) {
    float a[256], b[256], c[256], right[256];
    rig_numbers(a, 256, 1);
    rig_numbers(b, 256, 2);
    rig_numbers(c, 256, 3);
    expect(&one, a, b, c, right);
    product_run(&one, a, b, c);
    assert_int_equal(one.found, 0);
    assert_int_equal(one.done, 0);
    int count = (one.batch > 0 ? one.batch : 1) * one.m * one.n;
    for (int i = 0; i < count; i++)
        assert_true(c[i] == right[i]);
}

static void test_row_major_and_transposed(void **state) {
    (void)state;
    rig_begin("");
    for (int i = 0; i < 4; i++) {
        product one = product_plain;
        one.trans_a = i & 1;
        one.trans_b = i >> 1;
        check(one);
        one.alpha = 2;
        one.beta = 3;
        one.use_beta = 1;
        check(one);
        one.dtype = one.out_dtype = CNNL_DTYPE_HALF;
        check(one);
        one.dtype = one.out_dtype = CNNL_DTYPE_BFLOAT16;
        one.alpha = 1;
        one.beta = 0;
        check(one);
        one.out_dtype = CNNL_DTYPE_FLOAT;
        check(one);
    }
    rig_end(0);
}

static void test_batches(void **state) {
    (void)state;
    rig_begin("lazy=1");
    for (int i = 0; i < 4; i++) {
        product one = product_plain;
        one.batch = 3;
        one.a_batch = i == 1 ? 1 : 3;
        one.b_batch = i == 2 ? 1 : 3;
        one.trans_b = i == 3;
        check(one);
    }
    rig_end(0);
}

/* 1 + 2^-12 is 1 in TF32. */
static float product_of_small_steps(int32_t tf32) {
    product one = product_plain;
    one.m = one.n = one.k = 1;
    one.tf32 = tf32;
    float a = 1 + 1.0f / 4096, b = 1, c = 0;
    product_run(&one, &a, &b, &c);
    return c;
}

static void test_tf32_rounds_where_it_is_allowed_and_there(void **state) {
    (void)state;
    const float whole = 1 + 1.0f / 4096;
    rig_begin("");
    assert_true(product_of_small_steps(0) == whole);
    assert_true(product_of_small_steps(1) == 1);
    assert_true(product_of_small_steps(-1) == 1);
    rig_end(0);
    rig_begin("tf32_default=0");
    assert_true(product_of_small_steps(-1) == whole);
    rig_end(0);
    rig_begin("model=mlu370");
    assert_true(product_of_small_steps(1) == whole);
    rig_end(0);
}

/* 64 ones and halves of the last place: sums in half lose what is added late. */
static float sum_of_small(int32_t compute) {
    product one = product_plain;
    one.dtype = one.out_dtype = CNNL_DTYPE_HALF;
    one.m = one.n = 1;
    one.k = 256;
    one.compute = compute;
    float a[256], b[256], c = 0;
    for (int i = 0; i < 256; i++) {
        a[i] = i < 16 ? 128 : 0.03125f;
        b[i] = 1;
    }
    product_run(&one, a, b, &c);
    return c;
}

static void test_half_sums_in_half_unless_asked(void **state) {
    (void)state;
    rig_begin("");
    assert_true(sum_of_small(CNNL_DTYPE_FLOAT) == 2056); /* 2048 + 7.5, rounded once */
    assert_true(sum_of_small(CNNL_DTYPE_HALF) == 2048);
    assert_true(sum_of_small(-1) == 2048);
    rig_end(0);
    rig_begin("half_accumulate=0");
    assert_true(sum_of_small(-1) == 2056);
    rig_end(0);
}

static product refuse(int32_t dtype, int32_t out_dtype) {
    product one = product_plain;
    float a[64], b[64], c[64] = {0};
    rig_numbers(a, 64, 1);
    rig_numbers(b, 64, 2);
    one.dtype = dtype;
    one.out_dtype = out_dtype;
    one.compute = -1;
    product_run(&one, a, b, c);
    return one;
}

static void test_types_that_are_not_there(void **state) {
    (void)state;
    rig_begin("");
    assert_int_equal(refuse(CNNL_DTYPE_INT8, CNNL_DTYPE_INT32).found, CNNL_STATUS_NOT_SUPPORTED);
    assert_int_equal(refuse(CNNL_DTYPE_INT8, CNNL_DTYPE_FLOAT).found, CNNL_STATUS_NOT_SUPPORTED);
    assert_int_equal(refuse(CNNL_DTYPE_FLOAT, CNNL_DTYPE_HALF).found, CNNL_STATUS_NOT_SUPPORTED);
    rig_end(0);
    rig_begin("s8=1;s8_s32=1;half_f32=0");
    assert_int_equal(refuse(CNNL_DTYPE_INT8, CNNL_DTYPE_INT32).found, 0);
    assert_int_equal(refuse(CNNL_DTYPE_INT8, CNNL_DTYPE_HALF).found, 0);
    assert_int_equal(refuse(CNNL_DTYPE_HALF, CNNL_DTYPE_FLOAT).found, CNNL_STATUS_NOT_SUPPORTED);
    rig_end(0);
    rig_begin("model=mlu370");
    assert_int_equal(refuse(CNNL_DTYPE_BFLOAT16, CNNL_DTYPE_BFLOAT16).found, CNNL_STATUS_ARCH_MISMATCH);
    rig_end(0);
    rig_begin("bf16_dtype=10");
    assert_int_equal(refuse(10, 10).found, 0);
    assert_int_equal(refuse(17, 17).found, CNNL_STATUS_NOT_SUPPORTED);
    rig_end(0);
    rig_begin("heuristic=0");
    assert_int_equal(refuse(CNNL_DTYPE_FLOAT, CNNL_DTYPE_FLOAT).count, 0);
    rig_end(0);
    rig_begin("heuristic_refusal=zero");
    product one = refuse(CNNL_DTYPE_INT8, CNNL_DTYPE_INT32);
    assert_int_equal(one.found, 0);
    assert_int_equal(one.count, 0);
    rig_end(0);
}

int main(void) {
    rig_open("cambricon");
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_row_major_and_transposed),
        cmocka_unit_test(test_batches), cmocka_unit_test(test_tf32_rounds_where_it_is_allowed_and_there),
        cmocka_unit_test(test_half_sums_in_half_unless_asked),
        cmocka_unit_test(test_types_that_are_not_there)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
