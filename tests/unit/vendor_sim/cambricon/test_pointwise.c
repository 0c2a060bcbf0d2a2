/* CNNL 2.x: transposes, sums, activations, and tensors with strides. */
#include "tests/unit/vendor_sim/cambricon/rig.h"

#include <string.h>

static void test_transpose(void **state) {
    (void)state;
    rig_begin("");
    const int permute[4] = {0, 2, 3, 1}, twice[4] = {0, 2, 2, 1};
    float in[12], out[12];
    size_t bytes = 0;
    rig_numbers(in, 12, 1);
    cnnlTensorDescriptor_t x = rig_tensor(CNNL_LAYOUT_NCHW, CNNL_DTYPE_FLOAT, 1, 2, 3, 2);
    cnnlTensorDescriptor_t y = rig_tensor(CNNL_LAYOUT_NHWC, CNNL_DTYPE_FLOAT, 1, 3, 2, 2);
    cnnlTransposeDescriptor_t desc;
    assert_int_equal(CNNL(cnnlCreateTransposeDescriptor)(&desc), 0);
    assert_int_equal(CNNL(cnnlSetTransposeDescriptor)(desc, 4, twice), CNNL_STATUS_BAD_PARAM);
    assert_int_equal(CNNL(cnnlSetTransposeDescriptor)(desc, 4, permute), 0);
    assert_int_equal(CNNL(cnnlGetTransposeWorkspaceSize)(rig.handle, x, desc, &bytes), 0);
    void *from = rig_upload(in, sizeof in), *to = rig_workspace(sizeof out),
         *workspace = rig_workspace(bytes);
    assert_int_equal(
        CNNL(cnnlTranspose_v2)(rig.handle, desc, x, from, x, to, workspace, bytes), CNNL_STATUS_BAD_PARAM);
    assert_int_equal(CNNL(cnnlTranspose_v2)(rig.handle, desc, x, from, y, to, workspace, bytes), 0);
    rig_sync();
    rig_download(out, to, sizeof out);
    for (int c = 0; c < 2; c++)
        for (int point = 0; point < 6; point++)
            assert_true(out[point * 2 + c] == in[c * 6 + point]);
    rig_free(from);
    rig_free(to);
    rig_free(workspace);
    rig_tensor_free(x);
    rig_tensor_free(y);
    assert_int_equal(CNNL(cnnlDestroyTransposeDescriptor)(desc), 0);
    rig_end(0);
}

/* 2 a OP 3 b over [2, 2] and [1, 2]. */
static cnnlStatus_t operate(int32_t operation, float out[4]) {
    const float two = 2, three = 3, zero = 0, a[4] = {1, 2, 3, 4}, b[2] = {10, 20};
    cnnlOpTensorDescriptor_t desc;
    size_t bytes = 0;
    cnnlTensorDescriptor_t square = rig_tensor(CNNL_LAYOUT_ARRAY, CNNL_DTYPE_FLOAT, 2, 2, 0, 0);
    cnnlTensorDescriptor_t row = rig_tensor(CNNL_LAYOUT_ARRAY, CNNL_DTYPE_FLOAT, 1, 2, 0, 0);
    void *a_memory = rig_upload(a, sizeof a), *b_memory = rig_upload(b, sizeof b), *c = rig_workspace(16);
    assert_int_equal(CNNL(cnnlCreateOpTensorDescriptor)(&desc), 0);
    cnnlStatus_t status = CNNL(cnnlSetOpTensorDescriptor)(desc, operation, CNNL_DTYPE_FLOAT, 0);
    assert_int_equal(
        CNNL(cnnlGetOpTensorWorkspaceSize_v3)(rig.handle, &two, square, &three, row, &zero, square, &bytes),
        0);
    void *workspace = rig_workspace(bytes);
    if (status == 0)
        status = CNNL(cnnlOpTensor)(rig.handle, desc, &two, square, a_memory, &three, row, b_memory,
            workspace, bytes, &zero, square, c);
    rig_sync();
    rig_download(out, c, 16);
    rig_free(a_memory);
    rig_free(b_memory);
    rig_free(c);
    rig_free(workspace);
    rig_tensor_free(square);
    rig_tensor_free(row);
    assert_int_equal(CNNL(cnnlDestroyOpTensorDescriptor)(desc), 0);
    return status;
}

static void test_sums_by_uncertain_numbers(void **state) {
    (void)state;
    float out[4];
    rig_begin("");
    assert_int_equal(operate(0, out), 0);
    assert_true(out[0] == 32 && out[3] == 68);
    assert_int_equal(operate(1, out), 0);
    assert_true(out[0] == -28);
    assert_int_equal(operate(2, out), 0);
    assert_true(out[3] == 480);
    assert_int_equal(operate(3, out), CNNL_STATUS_BAD_PARAM);
    rig_end(0);
    rig_begin("op_add=1;op_sub=0");
    assert_int_equal(operate(1, out), 0);
    assert_true(out[0] == 32);
    rig_end(0);
}

static float activate(int32_t mode) {
    const float in = -2;
    float out = 7;
    cnnlActivationDescriptor_t desc;
    cnnlTensorDescriptor_t x = rig_tensor(CNNL_LAYOUT_ARRAY, CNNL_DTYPE_FLOAT, 1, 0, 0, 0);
    void *from = rig_upload(&in, 4), *to = rig_upload(&out, 4);
    assert_int_equal(CNNL(cnnlCreateActivationDescriptor)(&desc), 0);
    if (CNNL(cnnlSetActivationDescriptor_v6)(desc, mode, 0, 0, 0, 0, 0, 0, false, false) == 0)
        assert_int_equal(CNNL(cnnlActivationForward)(rig.handle, desc, NULL, x, from, NULL, x, to), 0);
    rig_sync();
    rig_download(&out, to, 4);
    rig_free(from);
    rig_free(to);
    rig_tensor_free(x);
    assert_int_equal(CNNL(cnnlDestroyActivationDescriptor)(desc), 0);
    return out;
}

static void test_relu_has_some_number(void **state) {
    (void)state;
    rig_begin("");
    assert_true(activate(1) == 0);
    assert_true(activate(0) > 0 && activate(0) < 1);
    assert_true(activate(8) == 7); /* refused */
    rig_end(0);
    rig_begin("relu=3");
    assert_true(activate(3) == 0);
    assert_true(activate(1) > 0);
    rig_end(0);
}

static void test_descriptors(void **state) {
    (void)state;
    rig_begin("");
    const int dims[9] = {2, 2, 1, 1, 1, 1, 1, 1, 1}, negative[2] = {2, -1}, strides[2] = {8, 1};
    const int64_t wide[2] = {INT64_C(1) << 32, 2}, wide_strides[2] = {2, 1};
    cnnlTensorDescriptor_t desc = NULL;
    assert_int_equal(CNNL(cnnlCreateTensorDescriptor)(NULL), CNNL_STATUS_BAD_PARAM);
    assert_int_equal(CNNL(cnnlCreateTensorDescriptor)(&desc), 0);
    assert_int_equal(CNNL(cnnlSetTensorDescriptor)(NULL, 4, 2, 2, dims), CNNL_STATUS_BAD_PARAM);
    assert_int_equal(CNNL(cnnlSetTensorDescriptor)(desc, 4, 2, 9, dims), CNNL_STATUS_BAD_PARAM);
    assert_int_equal(CNNL(cnnlSetTensorDescriptor)(desc, 4, 2, 2, NULL), CNNL_STATUS_BAD_PARAM);
    assert_int_equal(CNNL(cnnlSetTensorDescriptor)(desc, 11, 2, 2, dims), CNNL_STATUS_BAD_PARAM);
    assert_int_equal(CNNL(cnnlSetTensorDescriptor)(desc, 4, 0, 2, dims), CNNL_STATUS_BAD_PARAM);
    assert_int_equal(CNNL(cnnlSetTensorDescriptor)(desc, 4, 2, 2, negative), CNNL_STATUS_BAD_PARAM);
    assert_int_equal(CNNL(cnnlSetTensorDescriptorEx)(desc, 4, 2, 2, dims, NULL), CNNL_STATUS_BAD_PARAM);
    assert_int_equal(CNNL(cnnlSetTensorDescriptorEx)(desc, 4, 2, 2, dims, strides), 0);
    assert_int_equal(CNNL(cnnlSetTensorDescriptor_v2)(desc, 4, 2, 2, wide), 0);
    assert_int_equal(CNNL(cnnlSetTensorDescriptorEx_v2)(desc, 4, 2, 2, wide, wide_strides), 0);
    assert_int_equal(CNNL(sim_misuses)("descriptor_set_again"), 2);
    assert_int_equal(
        CNNL(cnnlDestroyTensorDescriptor)((cnnlTensorDescriptor_t)rig.handle), CNNL_STATUS_BAD_PARAM);
    assert_int_equal(CNNL(sim_misuses)("wrong_handle"), 1);
    rig_tensor_free(desc);
    rig_end(3);
}

static void test_handles(void **state) {
    (void)state;
    rig_begin("devices=2");
    cnrtQueue_t queue = NULL, of_other;
    cnnlHandle_t handle;
    assert_int_equal(CNNL(cnnlGetQueue)(rig.handle, &queue), 0);
    assert_ptr_equal(queue, rig.queue);
    assert_int_equal(CNRT(cnrtSetDevice)(1), 0);
    assert_int_equal(CNRT(cnrtQueueCreate)(&of_other), 0);
    assert_int_equal(CNNL(cnnlCreate)(&handle), 0);
    assert_int_equal(CNNL(cnnlSetQueue)(handle, rig.queue), CNNL_STATUS_BAD_PARAM);
    assert_int_equal(CNNL(cnnlSetQueue)(handle, of_other), 0);
    assert_int_equal(CNNL(cnnlDestroy)(handle), 0);
    assert_int_equal(CNNL(cnnlDestroy)(handle), CNNL_STATUS_BAD_PARAM);
    assert_int_equal(CNRT(cnrtQueueDestroy)(of_other), 0);
    assert_int_equal(CNRT(cnrtSetDevice)(0), 0);
    assert_int_equal(CNNL(cnnlCreate)(NULL), CNNL_STATUS_BAD_PARAM);
    assert_string_equal(CNNL(cnnlGetErrorString)(3), "CNNL_STATUS_BAD_PARAM");
    assert_string_equal(CNNL(cnnlGetErrorString)(99), "unknown status");
    rig_end(1);
}

int main(void) {
    rig_open("cambricon");
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_transpose),
        cmocka_unit_test(test_sums_by_uncertain_numbers), cmocka_unit_test(test_relu_has_some_number),
        cmocka_unit_test(test_descriptors), cmocka_unit_test(test_handles)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
