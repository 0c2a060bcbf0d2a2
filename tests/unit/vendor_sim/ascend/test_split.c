/* CANN 9's libraries. In a program of its own: a process has one library of a name. */
#include "tests/unit/vendor_sim/ascend/rig.h"

/* Operators of two libraries, on one runtime by its new name. */
static void split_libraries_work_together(void **state) {
    (void)state;
    void *acl = rig_library("ascend_9/libacl_rt.so"), *nn = rig_library("ascend_9/libopapi_nn.so");
    void *math = rig_library("ascend_9/libopapi_math.so");
#define OF(library, name) ((__typeof__(name) *)rig_symbol(library, #name))
    OF(acl, sim_configure)("workspace=0");
    size_t free_bytes = 0, total = 0;
    void *memory = NULL;
    aclOpExecutor *executor = NULL;
    uint64_t workspace = 0;
    float two = 2, seen = 0;
    assert_int_equal(OF(acl, aclInit)(NULL), ACL_SUCCESS);
    assert_int_equal(OF(acl, aclrtSetDevice)(0), ACL_SUCCESS);
    assert_int_equal(OF(acl, aclrtGetMemInfo)(ACL_DDR_MEM, &free_bytes, &total), ACL_SUCCESS);
    assert_int_equal(OF(acl, aclrtMalloc)(&memory, 4, 0), ACL_SUCCESS);
    assert_int_equal(OF(acl, aclrtMemcpy)(memory, 4, &two, 4, ACL_MEMCPY_DEFAULT), ACL_SUCCESS);
    aclTensor *x =
        OF(nn, aclCreateTensor)(RIG_DIMS(1, 1), 2, ACL_FLOAT, NULL, 0, ACL_FORMAT_ND, RIG_DIMS(1), 1, memory);
    assert_int_equal(OF(nn, aclnnMmGetWorkspaceSize)(x, x, x, 4, &workspace, &executor), ACLNN_SUCCESS);
    assert_int_equal(OF(nn, aclnnMm)(NULL, 0, executor, NULL), ACLNN_SUCCESS);
    assert_int_equal(OF(math, aclnnMulGetWorkspaceSize)(x, x, x, &workspace, &executor), ACLNN_SUCCESS);
    assert_int_equal(OF(math, aclnnMul)(NULL, 0, executor, NULL), ACLNN_SUCCESS);
    assert_int_equal(OF(acl, aclrtSynchronizeDevice)(), ACL_SUCCESS);
    assert_int_equal(OF(acl, aclrtMemcpy)(&seen, 4, memory, 4, ACL_MEMCPY_DEVICE_TO_HOST), ACL_SUCCESS);
    assert_true(seen == 16);
    assert_int_equal(OF(nn, aclDestroyTensor)(x), ACLNN_SUCCESS);
    assert_int_equal(OF(acl, aclrtFree)(memory), ACL_SUCCESS);
    assert_int_equal(OF(acl, aclrtResetDevice)(0), ACL_SUCCESS);
    uint64_t left = 9;
    assert_int_equal(OF(acl, aclFinalizeReference)(&left), ACL_SUCCESS);
    assert_int_equal(left, 0);
    assert_int_equal(OF(acl, sim_alive_total)(), 0);
#undef OF
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(split_libraries_work_together)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
