/* What is done by elements and by rows. */
#include "tests/unit/vendor_sim/ascend/rig.h"

#include <math.h>

static uint64_t workspace;
static aclOpExecutor *executor;

static void expect(const aclTensor *out, const float *values, size_t count) {
    float seen[16];
    rig_elements(seen, out, count * sizeof *seen);
    for (size_t i = 0; i < count; i++)
        assert_float_equal(seen[i], values[i], 1e-5);
}

static void sums_and_products(void **state) {
    (void)state;
    rig_open("");
    float two = 2;
    aclScalar *alpha = api.aclCreateScalar(&two, ACL_FLOAT);
    aclTensor *self = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(2, 2), (float[]){1, 2, 3, 4});
    aclTensor *row = rig_tensor(ACL_FLOAT, 1, RIG_DIMS(2), (float[]){10, 20});
    aclTensor *out = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(2, 2), NULL);
    assert_int_equal(
        api.aclnnAddGetWorkspaceSize(self, row, alpha, out, &workspace, &executor), ACLNN_SUCCESS);
    assert_int_equal(rig_run(api.aclnnAdd, workspace, executor), ACLNN_SUCCESS);
    expect(out, (float[]){21, 42, 23, 44}, 4);
    assert_int_equal(
        api.aclnnAddGetWorkspaceSize(self, row, NULL, out, &workspace, &executor), ACLNN_ERR_PARAM_NULLPTR);
    assert_int_equal(
        api.aclnnAddGetWorkspaceSize(self, row, alpha, row, &workspace, &executor), ACLNN_ERR_PARAM_INVALID);
    assert_int_equal(api.aclnnMulGetWorkspaceSize(self, row, out, &workspace, &executor), ACLNN_SUCCESS);
    assert_int_equal(rig_run(api.aclnnMul, workspace, executor), ACLNN_SUCCESS);
    expect(out, (float[]){10, 40, 30, 80}, 4);
    api.aclDestroyScalar(alpha);
    rig_close();
}

static void relu_in_and_out_of_place(void **state) {
    (void)state;
    rig_open("");
    aclTensor *self = rig_tensor(ACL_FLOAT, 1, RIG_DIMS(3), (float[]){-1, 0, 2});
    aclTensor *out = rig_tensor(ACL_FLOAT, 1, RIG_DIMS(3), NULL);
    assert_int_equal(api.aclnnReluGetWorkspaceSize(self, out, &workspace, &executor), ACLNN_SUCCESS);
    assert_int_equal(rig_run(api.aclnnRelu, workspace, executor), ACLNN_SUCCESS);
    expect(out, (float[]){0, 0, 2}, 3);
    expect(self, (float[]){-1, 0, 2}, 3);
    assert_int_equal(api.aclnnInplaceReluGetWorkspaceSize(self, &workspace, &executor), ACLNN_SUCCESS);
    assert_int_equal(rig_run(api.aclnnInplaceRelu, workspace, executor), ACLNN_SUCCESS);
    expect(self, (float[]){0, 0, 2}, 3);
    rig_close();
}

static void types_and_layouts_change(void **state) {
    (void)state;
    uint16_t halves[4];
    rig_open("");
    aclTensor *self = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(2, 2), (float[]){1, 2, 3, 1 + 0x1p-12f});
    aclTensor *out = rig_tensor(ACL_FLOAT16, 2, RIG_DIMS(2, 2), NULL);
    assert_int_equal(
        api.aclnnCastGetWorkspaceSize(self, ACL_FLOAT16, out, &workspace, &executor), ACLNN_SUCCESS);
    assert_int_equal(rig_run(api.aclnnCast, workspace, executor), ACLNN_SUCCESS);
    rig_elements(halves, out, sizeof halves);
    assert_int_equal(halves[1], 0x4000);
    assert_int_equal(halves[3], 0x3c00);
    assert_int_equal(
        api.aclnnCastGetWorkspaceSize(self, ACL_BF16, out, &workspace, &executor), ACLNN_ERR_PARAM_INVALID);
    aclTensor *to = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(2, 2), NULL);
    aclTensor *swapped = rig_view(self, 2, RIG_DIMS(2, 2), RIG_DIMS(1, 2), 0, ACL_FORMAT_ND);
    assert_int_equal(api.aclnnInplaceCopyGetWorkspaceSize(to, swapped, &workspace, &executor), ACLNN_SUCCESS);
    assert_int_equal(rig_run(api.aclnnInplaceCopy, workspace, executor), ACLNN_SUCCESS);
    expect(to, (float[]){1, 3, 2, 1 + 0x1p-12f}, 4);
    assert_int_equal(api.aclnnInplaceCopyGetWorkspaceSize(to, self, &workspace, &executor), ACLNN_SUCCESS);
    assert_int_equal(rig_run(api.aclnnInplaceCopy, workspace, executor), ACLNN_SUCCESS);
    expect(to, (float[]){1, 2, 3, 1 + 0x1p-12f}, 4);
    rig_close();
}

static void softmax_along_any_dimension(void **state) {
    (void)state;
    rig_open("");
    float third = logf(3);
    aclTensor *self = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(2, 2), (float[]){0, third, 0, 0});
    aclTensor *out = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(2, 2), NULL);
    assert_int_equal(api.aclnnSoftmaxGetWorkspaceSize(self, -1, out, &workspace, &executor), ACLNN_SUCCESS);
    assert_int_equal(rig_run(api.aclnnSoftmax, workspace, executor), ACLNN_SUCCESS);
    expect(out, (float[]){0.25f, 0.75f, 0.5f, 0.5f}, 4);
    assert_int_equal(api.aclnnSoftmaxGetWorkspaceSize(self, 0, out, &workspace, &executor), ACLNN_SUCCESS);
    assert_int_equal(rig_run(api.aclnnSoftmax, workspace, executor), ACLNN_SUCCESS);
    expect(out, (float[]){0.5f, 0.75f, 0.5f, 0.25f}, 4);
    assert_int_equal(
        api.aclnnSoftmaxGetWorkspaceSize(self, 2, out, &workspace, &executor), ACLNN_ERR_PARAM_INVALID);
    rig_close();
}

static void rows_are_normalised(void **state) {
    (void)state;
    rig_open("");
    aclTensor *input = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(2, 2), (float[]){1, 3, 10, 30});
    aclTensor *weight = rig_tensor(ACL_FLOAT, 1, RIG_DIMS(2), (float[]){1, 2});
    aclTensor *bias = rig_tensor(ACL_FLOAT, 1, RIG_DIMS(2), (float[]){5, 0});
    aclTensor *out = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(2, 2), NULL);
    aclTensor *mean = rig_tensor(ACL_FLOAT, 2, RIG_DIMS(2, 1), NULL);
    aclIntArray *shape = rig_ints(1, RIG_DIMS(2)), *wrong = rig_ints(1, RIG_DIMS(3));
    assert_int_equal(api.aclnnLayerNormGetWorkspaceSize(
                         input, shape, weight, bias, 0, out, mean, NULL, &workspace, &executor),
        ACLNN_SUCCESS);
    assert_int_equal(rig_run(api.aclnnLayerNorm, workspace, executor), ACLNN_SUCCESS);
    expect(out, (float[]){4, 2, 4, 2}, 4);
    expect(mean, (float[]){2, 20}, 2);
    assert_int_equal(api.aclnnLayerNormGetWorkspaceSize(
                         input, wrong, NULL, NULL, 0, out, NULL, NULL, &workspace, &executor),
        ACLNN_ERR_PARAM_INVALID);
    rig_close();
}

static void bf16_is_not_everywhere(void **state) {
    (void)state;
    rig_open("soc=Ascend310P3");
    aclTensor *self = rig_tensor(ACL_BF16, 1, RIG_DIMS(3), NULL);
    assert_int_equal(
        api.aclnnReluGetWorkspaceSize(self, self, &workspace, &executor), ACLNN_ERR_PARAM_INVALID);
    assert_int_equal(
        api.aclnnSoftmaxGetWorkspaceSize(self, 0, self, &workspace, &executor), ACLNN_ERR_PARAM_INVALID);
    rig_close();
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(sums_and_products),
        cmocka_unit_test(relu_in_and_out_of_place), cmocka_unit_test(types_and_layouts_change),
        cmocka_unit_test(softmax_along_any_dimension), cmocka_unit_test(rows_are_normalised),
        cmocka_unit_test(bf16_is_not_everywhere)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
