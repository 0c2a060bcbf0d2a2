/* The library of 2022: convolutions round to TF32 and cannot be told not to; there is no bf16. */
#define CNRT_SIM_6_0
#define CNNL_SIM_1
#define CNNL_SIM_EARLY
#define CNDEV_SIM_OLD
#include "tests/unit/vendor_sim/cambricon/rig.h"

static float convolve_one(void) {
    const int pad[4] = {0}, ones[2] = {1, 1};
    const float in = 1 + 1.0f / 4096, filter = 1;
    float out = 0;
    int32_t algo = -1;
    cnnlConvolutionDescriptor_t desc;
    cnnlTensorDescriptor_t x = rig_tensor(CNNL_LAYOUT_NHWC, CNNL_DTYPE_FLOAT, 1, 1, 1, 1);
    void *x_memory = rig_upload(&in, 4), *w_memory = rig_upload(&filter, 4), *y_memory = rig_workspace(4);
    assert_int_equal(CNNL(cnnlCreateConvolutionDescriptor)(&desc), 0);
    assert_int_equal(CNNL(cnnlSetConvolutionDescriptor)(desc, 4, pad, ones, ones, 1), 0);
    assert_int_equal(CNNL(cnnlGetConvolutionForwardAlgorithm)(rig.handle, desc, x, x, x, 0, &algo), 0);
    assert_int_equal(CNNL(cnnlConvolutionForward)(rig.handle, desc, algo, NULL, x, x_memory, x, w_memory,
                         NULL, NULL, NULL, 0, NULL, x, y_memory),
        0);
    rig_sync();
    rig_download(&out, y_memory, 4);
    rig_free(x_memory);
    rig_free(w_memory);
    rig_free(y_memory);
    rig_tensor_free(x);
    assert_int_equal(CNNL(cnnlDestroyConvolutionDescriptor)(desc), 0);
    return out;
}

static void test_tf32_is_as_it_is(void **state) {
    (void)state;
    rig_begin("workspace=0");
    assert_true(convolve_one() == 1);
    rig_end(0);
    rig_begin("workspace=0;tf32_default=0");
    assert_true(convolve_one() > 1);
    rig_end(0);
}

static cnnlStatus_t ask_for_bf16(void) {
    int count = 0;
    cnnlMatMulDescriptor_t desc;
    cnnlMatMulHeuristicResult_t result;
    cnnlTensorDescriptor_t x = rig_tensor(CNNL_LAYOUT_ARRAY, CNNL_DTYPE_BFLOAT16, 1, 1, 0, 0);
    assert_int_equal(CNNL(cnnlMatMulDescCreate)(&desc), 0);
    assert_int_equal(CNNL(cnnlCreateMatMulHeuristicResult)(&result), 0);
    cnnlStatus_t status =
        CNNL(cnnlGetMatMulAlgoHeuristic)(rig.handle, desc, x, x, x, x, NULL, 1, &result, &count);
    assert_int_equal(CNNL(cnnlDestroyMatMulHeuristicResult)(result), 0);
    assert_int_equal(CNNL(cnnlMatMulDescDestroy)(desc), 0);
    rig_tensor_free(x);
    return status;
}

static void test_bf16(void **state) {
    (void)state;
    rig_begin("");
    assert_int_equal(ask_for_bf16(), CNNL_STATUS_NOT_SUPPORTED);
    rig_end(0);
    rig_begin("cnnl_bf16=1");
    assert_int_equal(ask_for_bf16(), 0);
    rig_end(0);
}

int main(void) {
    rig_open("cambricon_early");
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_tf32_is_as_it_is), cmocka_unit_test(test_bf16)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
