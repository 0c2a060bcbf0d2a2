/* CNNL 2.x: products of matrices. */
#include "tests/unit/vendor_sim/cambricon/rig.h"

#include <stdlib.h>
#include <string.h>

#include "runtime/base/convert.h"
#include "steelyard/types.h"

/* A product through the heuristic: its operands, and what the calls returned. */
typedef struct product {
    int32_t dtype, out_dtype, trans_a, trans_b, tf32, use_beta, compute; /* tf32, compute -1: not set */
    float alpha, beta;
    int m, n, k, batch, a_batch, b_batch; /* batch 0: no batched product */
    cnnlStatus_t found, done;
    int count;
} product;

static const product plain = {.dtype = CNNL_DTYPE_FLOAT,
    .out_dtype = CNNL_DTYPE_FLOAT,
    .tf32 = 0,
    .compute = CNNL_DTYPE_FLOAT,
    .alpha = 1,
    .m = 3,
    .n = 4,
    .k = 5};

static uint32_t type_of(int32_t dtype) {
    switch (dtype) {
    case CNNL_DTYPE_FLOAT: return SY_F32;
    case CNNL_DTYPE_HALF: return SY_F16;
    case CNNL_DTYPE_INT8: return SY_S8;
    case CNNL_DTYPE_INT32: return SY_S32;
    default: return SY_BF16;
    }
}

static void *upload_as(int32_t dtype, const float *values, int count) {
    uint32_t type = type_of(dtype);
    size_t bytes = (size_t)count * sy_dtype_size(type);
    char *packed = malloc(bytes);
    for (int i = 0; i < count; i++) {
        double value = (double)values[i];
        sy_convert_from_f64(type, &value, 1, packed + (size_t)i * sy_dtype_size(type));
    }
    void *memory = rig_upload(packed, bytes);
    free(packed);
    return memory;
}

static void download_as(int32_t dtype, void *memory, float *out, int count) {
    uint32_t type = type_of(dtype);
    char *packed = malloc((size_t)count * sy_dtype_size(type));
    rig_download(packed, memory, (size_t)count * sy_dtype_size(type));
    for (int i = 0; i < count; i++) {
        double value;
        sy_convert_to_f64(type, packed + (size_t)i * sy_dtype_size(type), 1, &value);
        out[i] = (float)value;
    }
    free(packed);
}

static void set(cnnlMatMulDescriptor_t desc, int32_t attribute, int32_t value) {
    assert_int_equal(CNNL(cnnlSetMatMulDescAttr)(desc, attribute, &value, sizeof value), 0);
}

static cnnlMatMulDescriptor_t describe(const product *one) {
    cnnlMatMulDescriptor_t desc;
    assert_int_equal(CNNL(cnnlCreateMatMulDescriptor)(&desc), 0);
    set(desc, CNNL_MATMUL_DESC_TRANSA, one->trans_a);
    set(desc, CNNL_MATMUL_DESC_TRANSB, one->trans_b);
    set(desc, CNNL_MATMUL_USE_BETA, one->use_beta);
    if (one->compute >= 0)
        set(desc, CNNL_MATMUL_DESC_COMPUTE_TYPE, one->compute);
    if (one->tf32 >= 0)
        set(desc, CNNL_MATMUL_ALLOW_TF32, one->tf32);
    return desc;
}

static cnnlTensorDescriptor_t matrix(int batch, int rows, int columns, int32_t dtype) {
    return batch > 0 ? rig_tensor(CNNL_LAYOUT_ARRAY, dtype, batch, rows, columns, 0)
                     : rig_tensor(CNNL_LAYOUT_ARRAY, dtype, rows, columns, 0, 0);
}

typedef struct objects {
    cnnlMatMulDescriptor_t desc;
    cnnlMatMulAlgo_t algo;
    cnnlMatMulHeuristicResult_t result;
    cnnlTensorDescriptor_t a, b, c;
    size_t workspace_bytes;
} objects;

static objects make(product *one) {
    objects all = {.desc = describe(one)};
    all.a = matrix(one->a_batch, one->trans_a ? one->k : one->m, one->trans_a ? one->m : one->k, one->dtype);
    all.b = matrix(one->b_batch, one->trans_b ? one->n : one->k, one->trans_b ? one->k : one->n, one->dtype);
    all.c = matrix(one->batch, one->m, one->n, one->out_dtype);
    assert_int_equal(CNNL(cnnlCreateMatMulAlgo)(&all.algo), 0);
    assert_int_equal(CNNL(cnnlCreateMatMulHeuristicResult)(&all.result), 0);
    one->count = -1;
    one->found = one->batch > 0 ? CNNL(cnnlGetBatchMatMulExAlgoHeuristic)(rig.handle, all.desc, all.a, all.b,
                                      all.c, NULL, 1, &all.result, &one->count)
                                : CNNL(cnnlGetMatMulAlgoHeuristic)(rig.handle, all.desc, all.a, all.b, all.c,
                                      all.c, NULL, 1, &all.result, &one->count);
    if (one->found == 0 && one->count > 0)
        assert_int_equal(CNNL(cnnlGetMatMulHeuristicResult)(all.result, all.algo, &all.workspace_bytes), 0);
    return all;
}

static void unmake(const objects *all) {
    rig_tensor_free(all->a);
    rig_tensor_free(all->b);
    rig_tensor_free(all->c);
    assert_int_equal(CNNL(cnnlDestroyMatMulHeuristicResult)(all->result), 0);
    assert_int_equal(CNNL(cnnlDestroyMatMulAlgo)(all->algo), 0);
    assert_int_equal(CNNL(cnnlDestroyMatMulDescriptor)(all->desc), 0);
}

/* All of it; c is read and written. */
static void multiply(product *one, const float *a, const float *b, float *c) {
    objects all = make(one);
    int batches = one->batch > 0 ? one->batch : 1, c_count = batches * one->m * one->n;
    int a_count = (one->a_batch > 0 ? one->a_batch : 1) * one->m * one->k;
    int b_count = (one->b_batch > 0 ? one->b_batch : 1) * one->n * one->k;
    void *a_memory = upload_as(one->dtype, a, a_count), *b_memory = upload_as(one->dtype, b, b_count);
    void *c_memory = upload_as(one->out_dtype, c, c_count), *workspace = rig_workspace(all.workspace_bytes);
    if (one->found == 0 && one->count > 0) {
        one->done =
            one->batch > 0
                ? CNNL(cnnlBatchMatMulEx)(rig.handle, all.desc, all.algo, &one->alpha, all.a, a_memory, all.b,
                      b_memory, &one->beta, all.c, c_memory, workspace, all.workspace_bytes)
                : CNNL(cnnlMatMul_v2)(rig.handle, all.desc, all.algo, &one->alpha, all.a, a_memory, all.b,
                      b_memory, &one->beta, all.c, c_memory, workspace, all.workspace_bytes, all.c, c_memory);
        rig_sync();
        download_as(one->out_dtype, c_memory, c, c_count);
    }
    rig_free(workspace);
    rig_free(c_memory);
    rig_free(b_memory);
    rig_free(a_memory);
    unmake(&all);
}

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
    multiply(&one, a, b, c);
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
        product one = plain;
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
        product one = plain;
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
    product one = plain;
    one.m = one.n = one.k = 1;
    one.tf32 = tf32;
    float a = 1 + 1.0f / 4096, b = 1, c = 0;
    multiply(&one, &a, &b, &c);
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
    product one = plain;
    one.dtype = one.out_dtype = CNNL_DTYPE_HALF;
    one.m = one.n = 1;
    one.k = 256;
    one.compute = compute;
    float a[256], b[256], c = 0;
    for (int i = 0; i < 256; i++) {
        a[i] = i < 16 ? 128 : 0.03125f;
        b[i] = 1;
    }
    multiply(&one, a, b, &c);
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
    product one = plain;
    float a[64], b[64], c[64] = {0};
    rig_numbers(a, 64, 1);
    rig_numbers(b, 64, 2);
    one.dtype = dtype;
    one.out_dtype = out_dtype;
    one.compute = -1;
    multiply(&one, a, b, c);
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

static cnnlStatus_t run(const objects *all, const void *a, void *c, void *workspace, size_t bytes) {
    const float alpha = 1, beta = 0;
    return CNNL(cnnlMatMul_v2)(rig.handle, all->desc, all->algo, &alpha, all->a, a, all->b, c, &beta, all->c,
        c, workspace, bytes, all->c, c);
}

static void test_what_is_wrong_is_refused(void **state) {
    (void)state;
    rig_begin("");
    product one = plain, other = plain;
    other.n = 8;
    objects all = make(&one), others = make(&other);
    float host[64] = {0};
    void *a = rig_upload(host, sizeof host), *c = rig_upload(host, sizeof host), *small = rig_workspace(8);
    void *workspace = rig_workspace(all.workspace_bytes);
    size_t bytes = all.workspace_bytes;
    assert_int_equal(run(&all, a, c, workspace, bytes), 0);
    assert_int_equal(run(&all, a, c, NULL, 0), CNNL_STATUS_BAD_PARAM);
    assert_int_equal(run(&all, a, c, small, bytes), CNNL_STATUS_BAD_PARAM);
    assert_int_equal(run(&all, a, c, workspace, bytes - 1), CNNL_STATUS_BAD_PARAM);
    assert_int_equal(CNNL(sim_misuses)("workspace_too_small"), 3);
    assert_int_equal(run(&all, host, c, workspace, bytes), CNNL_STATUS_BAD_PARAM);
    assert_int_equal(CNNL(sim_misuses)("host_pointer"), 1);
    assert_int_equal(run(&all, small, c, workspace, bytes), CNNL_STATUS_BAD_PARAM);
    assert_int_equal(CNNL(sim_misuses)("tensor_beyond_memory"), 1);
    objects mixed = all;
    mixed.algo = others.algo;
    assert_int_equal(run(&mixed, a, c, workspace, bytes), CNNL_STATUS_BAD_PARAM);
    assert_int_equal(CNNL(sim_misuses)("algorithm_of_another_problem"), 1);
    mixed = all;
    mixed.b = others.b;
    assert_int_equal(run(&mixed, a, c, workspace, bytes), CNNL_STATUS_BAD_PARAM);
    char flag = 1;
    assert_int_equal(
        CNNL(cnnlSetMatMulDescAttr)(all.desc, CNNL_MATMUL_DESC_TRANSA, &flag, 1), CNNL_STATUS_BAD_PARAM);
    int32_t word = 1;
    assert_int_equal(CNNL(cnnlSetMatMulDescAttr)(all.desc, 14, &word, 4), CNNL_STATUS_BAD_PARAM);
    assert_int_equal(CNNL(cnnlSetMatMulDescAttr)(all.desc, 5, &word, 4), CNNL_STATUS_NOT_SUPPORTED);
    rig_free(workspace);
    rig_free(small);
    rig_free(c);
    rig_free(a);
    unmake(&others);
    unmake(&all);
    rig_end(6);
}

static void test_factors(void **state) {
    (void)state;
    rig_begin("workspace=0");
    product one = plain;
    objects all = make(&one);
    float host[64] = {0}, two = 2;
    void *a = rig_upload(host, sizeof host), *c = rig_upload(host, sizeof host);
    const void *const alphas[3] = {&two, NULL, a};
    static const cnnlStatus_t right[3] = {0, CNNL_STATUS_BAD_PARAM, CNNL_STATUS_BAD_PARAM};
    for (int i = 0; i < 3; i++) /* beta is 2 as well, and not to be used */
        assert_int_equal(CNNL(cnnlMatMul_v2)(rig.handle, all.desc, all.algo, alphas[i], all.a, a, all.b, a,
                             &two, all.c, c, NULL, 0, all.c, c),
            right[i]);
    assert_int_equal(CNNL(sim_misuses)("device_pointer_as_factor"), 1);
    assert_int_equal(CNNL(sim_misuses)("beta_without_use_beta"), 1);
    rig_sync();
    rig_free(c);
    rig_free(a);
    unmake(&all);
    rig_end(2);
}

/* Rows of 2 that lie 3 apart, if the descriptor is told that there are strides. */
static void test_strides_must_be_told(void **state) {
    (void)state;
    const int dims[2] = {2, 2}, strides[2] = {3, 1};
    const float identity[6] = {1, 0, 9, 0, 1, 9}, alpha = 1, beta = 0;
    float out[4];
    for (int is_told = 0; is_told < 2; is_told++) {
        rig_begin("workspace=0");
        product one = plain;
        one.m = one.n = one.k = 2;
        objects all = make(&one);
        cnnlTensorDescriptor_t apart;
        size_t bytes;
        assert_int_equal(CNNL(cnnlCreateTensorDescriptor)(&apart), 0);
        assert_int_equal(
            CNNL(cnnlSetTensorDescriptorEx)(apart, CNNL_LAYOUT_ARRAY, CNNL_DTYPE_FLOAT, 2, dims, strides), 0);
        set(all.desc, CNNL_MATMUL_DESC_USE_STRIDE, is_told);
        assert_int_equal(CNNL(cnnlGetMatMulAlgoHeuristic)(rig.handle, all.desc, apart, apart, all.c, all.c,
                             NULL, 1, &all.result, &one.count),
            is_told ? 0 : CNNL_STATUS_BAD_PARAM);
        void *a = rig_upload(identity, sizeof identity - 4), *c = rig_workspace(sizeof out);
        assert_int_equal(CNNL(cnnlGetMatMulHeuristicResult)(all.result, all.algo, &bytes), 0);
        assert_int_equal(CNNL(cnnlMatMul_v2)(rig.handle, all.desc, all.algo, &alpha, apart, a, apart, a,
                             &beta, all.c, c, NULL, 0, all.c, c),
            is_told ? 0 : CNNL_STATUS_BAD_PARAM);
        rig_sync();
        rig_download(out, c, sizeof out);
        if (is_told)
            assert_memory_equal(out, ((const float[]){1, 0, 0, 1}), sizeof out);
        rig_free(c);
        rig_free(a);
        rig_tensor_free(apart);
        unmake(&all);
        rig_end(0);
    }
}

static void test_attributes_may_have_other_numbers(void **state) {
    (void)state;
    rig_begin("attr_shift=1");
    int32_t word = 0;
    cnnlMatMulDescriptor_t desc;
    assert_int_equal(CNNL(cnnlCreateMatMulDescriptor)(&desc), 0);
    assert_int_equal(CNNL(cnnlSetMatMulDescAttr)(desc, 0, &word, 4), CNNL_STATUS_BAD_PARAM);
    assert_int_equal(CNNL(cnnlSetMatMulDescAttr)(desc, 14, &word, 4), 0);
    assert_int_equal(CNNL(cnnlDestroyMatMulDescriptor)(desc), 0);
    rig_end(0);
}

static void test_faults(void **state) {
    (void)state;
    rig_begin("lost=1000:100132;workspace=0");
    product one = plain;
    objects all = make(&one);
    assert_int_equal(all.workspace_bytes, 0);
    float host[64] = {0};
    void *a = rig_upload(host, sizeof host), *c = rig_upload(host, sizeof host);
    rig_fail("cnnlMatMul_v2", 1, CNNL_STATUS_INTERNAL_ERROR);
    assert_int_equal(run(&all, a, c, NULL, 0), CNNL_STATUS_INTERNAL_ERROR);
    CNNL(sim_fail_async)("cnnlMatMul_v2", 1, cnrtErrorKernelTrap);
    assert_int_equal(run(&all, a, c, NULL, 0), 0);
    assert_int_equal(CNRT(cnrtQueueSync)(rig.queue), cnrtErrorKernelTrap);
    assert_int_equal(run(&all, a, c, NULL, 0), CNNL_STATUS_EXECUTION_FAILED);
    assert_int_equal(CNRT(cnrtDeviceReset)(), 0);
    rig_fail("cnnlMatMul_v2", 1, cnrtErrorKernelTrap); /* no code of this library */
    assert_int_equal(run(&all, a, c, NULL, 0), CNNL_STATUS_EXECUTION_FAILED);
    rig_free(c);
    rig_free(a);
    unmake(&all);
    rig_end(0);
}

int main(void) {
    rig_open("cambricon");
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_row_major_and_transposed),
        cmocka_unit_test(test_batches), cmocka_unit_test(test_tf32_rounds_where_it_is_allowed_and_there),
        cmocka_unit_test(test_half_sums_in_half_unless_asked),
        cmocka_unit_test(test_types_that_are_not_there), cmocka_unit_test(test_what_is_wrong_is_refused),
        cmocka_unit_test(test_attributes_may_have_other_numbers), cmocka_unit_test(test_faults),
        cmocka_unit_test(test_factors), cmocka_unit_test(test_strides_must_be_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
