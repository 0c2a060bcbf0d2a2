/* What each library exports: the mark, and what a version lacks. */
#include "tests/unit/vendor_sim/ascend/rig.h"

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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_carry_the_mark), cmocka_unit_test(versions_lack_what_came_later)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
