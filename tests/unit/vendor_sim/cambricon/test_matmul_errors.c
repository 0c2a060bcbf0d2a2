/* CNNL 2.x: what is wrong with products, and what happens then. */
#include "tests/unit/vendor_sim/cambricon/product.h"

static cnnlStatus_t run(const product_objects *all, const void *a, void *c, void *workspace, size_t bytes) {
    const float alpha = 1, beta = 0;
    return CNNL(cnnlMatMul_v2)(rig.handle, all->desc, all->algo, &alpha, all->a, a, all->b, c, &beta, all->c,
        c, workspace, bytes, all->c, c);
}

static void test_what_is_wrong_is_refused(void **state) {
    (void)state;
    rig_begin("");
    product one = product_plain, other = product_plain;
    other.n = 8;
    product_objects all = product_make(&one), others = product_make(&other);
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
    product_objects mixed = all;
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
    product_unmake(&others);
    product_unmake(&all);
    rig_end(6);
}

static void test_factors(void **state) {
    (void)state;
    rig_begin("workspace=0");
    product one = product_plain;
    product_objects all = product_make(&one);
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
    product_unmake(&all);
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
        product one = product_plain;
        one.m = one.n = one.k = 2;
        product_objects all = product_make(&one);
        cnnlTensorDescriptor_t apart;
        size_t bytes;
        assert_int_equal(CNNL(cnnlCreateTensorDescriptor)(&apart), 0);
        assert_int_equal(
            CNNL(cnnlSetTensorDescriptorEx)(apart, CNNL_LAYOUT_ARRAY, CNNL_DTYPE_FLOAT, 2, dims, strides), 0);
        product_set(all.desc, CNNL_MATMUL_DESC_USE_STRIDE, is_told);
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
        product_unmake(&all);
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
    product one = product_plain;
    product_objects all = product_make(&one);
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
    product_unmake(&all);
    rig_end(0);
}

int main(void) {
    rig_open("cambricon");
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_what_is_wrong_is_refused),
        cmocka_unit_test(test_factors), cmocka_unit_test(test_strides_must_be_told),
        cmocka_unit_test(test_attributes_may_have_other_numbers), cmocka_unit_test(test_faults)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
