/* What each library exports: the mark, and what a version lacks. */
#include "tests/unit/vendor_sim/ascend/rig.h"

#include <string.h>

static const char *const files[] = {"ascend/libascendcl.so", "ascend/libnnopbase.so", "ascend/libopapi.so",
    "ascend/libdcmi.so", "ascend_7/libascendcl.so", "ascend_7/libnnopbase.so", "ascend_7/libopapi.so",
    "ascend_7/libdcmi.so", "ascend_9/libacl_rt.so", "ascend_9/libnnopbase.so", "ascend_9/libopapi_nn.so",
    "ascend_9/libopapi_math.so", "ascend_9/libdcmi.so"};

static void all_carry_the_mark(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        void *library = rig_library(files[i]);
        assert_non_null(rig_symbol(library, "steelyard_vendor_sim"));
        assert_non_null(rig_symbol(library, "sim_configure"));
    }
}

static void expect(const char *file, const char *there, const char *missing) {
    void *library = rig_library(file);
    if (rig_symbol(library, there) == NULL)
        fail_msg("%s has no %s", file, there);
    if (rig_symbol(library, missing) != NULL)
        fail_msg("%s has %s", file, missing);
}

static void versions_lack_what_came_later(void **state) {
    (void)state;
    expect("ascend_7/libascendcl.so", "aclrtMalloc", "aclrtEventGetTimestamp");
    expect("ascend_7/libnnopbase.so", "aclCreateTensor", "aclSetAclOpExecutorRepeatable");
    expect("ascend_7/libopapi.so", "aclnnQuantMatmulV3", "aclnnQuantMatmulV4GetWorkspaceSize");
    expect("ascend_7/libdcmi.so", "dcmi_get_card_num_list", "dcmi_get_card_list");
    expect("ascend/libascendcl.so", "aclrtEventGetTimestamp", "aclrtGetDeviceInfo");
    expect("ascend/libopapi.so", "aclnnQuantMatmulV4", "aclnnQuantMatmulV5");
    expect("ascend/libopapi.so", "aclnnAdd", "aclnnMatmulWeightNz");
    expect("ascend/libdcmi.so", "dcmi_init", "dcmiv2_init");
    expect("ascend_9/libacl_rt.so", "aclrtGetDeviceInfo", "aclnnMatmul");
    expect("ascend_9/libopapi_nn.so", "aclnnMatmulWeightNz", "aclnnAdd");
    expect("ascend_9/libopapi_nn.so", "aclnnQuantMatmulV5", "aclnnTransMatmulWeight");
    expect("ascend_9/libopapi_math.so", "aclnnTransMatmulWeight", "aclnnMatmul");
    expect("ascend_9/libopapi_math.so", "aclnnAddGetWorkspaceSize", "aclnnRelu");
    expect("ascend_9/libdcmi.so", "dcmiv2_init", "dcmi_init");
}

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
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_carry_the_mark),
        cmocka_unit_test(versions_lack_what_came_later), cmocka_unit_test(split_libraries_work_together)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
