/* The libraries of older Neuware: other names, and what is different behind them. */
#define CNRT_SIM_6_0
#define CNNL_SIM_1
#define CNDEV_SIM_OLD
#include "tests/unit/vendor_sim/cambricon/rig.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

/* A symbol, and the folders that have it: bits of these. */
enum { TODAY = 1, ONE = 2, EARLY = 4, LEGACY = 8, ALL = TODAY | ONE | EARLY };
static const char *const folders[] = {"cambricon", "cambricon_1", "cambricon_early", "cambricon_legacy"};

static const struct {
    const char *file, *name;
    int folders;
} symbols[] = {
    {"libcnrt.so", "steelyard_vendor_sim", ALL | LEGACY},
    {"libcnrt.so", "cnrtQueueCreate", ALL},
    {"libcnrt.so", "cnrtCreateQueue", LEGACY},
    {"libcnrt.so", "cnrtMemcpyAsync", ALL},
    {"libcnrt.so", "cnrtMemcpyAsync_V2", TODAY},
    {"libcnrt.so", "cnrtMemcpyAsync_V3", TODAY},
    {"libcnrt.so", "cnrtGetDeviceProperties_V3", TODAY},
    {"libcnrt.so", "cnrtNotifierDuration", TODAY},
    {"libcnrt.so", "cnrtNotifierElapsedTime", ALL},
    {"libcnnl.so", "steelyard_vendor_sim", ALL},
    {"libcnnl.so", "cnnlMatMul_v2", ALL},
    {"libcnnl.so", "cnnlCreateMatMulDescriptor", TODAY},
    {"libcnnl.so", "cnnlMatMulDescCreate", ONE | EARLY},
    {"libcnnl.so", "cnnlCreateMatMulAlgo", TODAY},
    {"libcnnl.so", "cnnlMatMulAlgoCreate", ONE | EARLY},
    {"libcnnl.so", "cnnlBatchMatMulEx", TODAY},
    {"libcnnl.so", "cnnlBatchMatMulBCast_v2", ONE | EARLY},
    {"libcnnl.so", "cnnlSetTensorDescriptorOnchipDataType", ONE | EARLY},
    {"libcnnl.so", "cnnlSetTensorDescriptor_v2", TODAY | ONE},
    {"libcnnl.so", "cnnlSetConvolutionDescriptorAllowTF32", TODAY | ONE},
    {"libcnnl.so", "cnnlGetConvolutionForwardAlgorithm", ONE | EARLY},
    {"libcnnl.so", "cnnlGetOpTensorWorkspaceSize_v2", ONE | EARLY},
    {"libcnnl.so", "cnnlGetOpTensorWorkspaceSize_v3", TODAY},
    {"libcnnl.so", "cnnlSetActivationDescriptor_v5", ONE | EARLY},
    {"libcnnl.so", "cnnlSetActivationDescriptor_v6", TODAY},
    {"libcndev.so", "steelyard_vendor_sim", ALL},
    {"libcndev.so", "cndevGetDevicePowerInfo", TODAY},
    {"libcndev.so", "cndevGetPowerInfo", ONE | EARLY},
    {"libcndev.so", "cndevGetMemoryUsageV2", TODAY},
    {"libcndev.so", "cndevGetMemoryUsage", ONE | EARLY},
    {"libcndev.so", "cndevGetDeviceHandleByIndex", TODAY},
    {"libcndev.so", "cndevGetPCIeInfo", ALL},
};

/* Whether the file itself says so, whatever else is loaded. */
static int has_symbol(const char *folder, const char *file, const char *name) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s/%s", SIM_FOLDER, folder, file);
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL)
        return 0;
    void *symbol = dlsym(library, name);
    Dl_info info;
    int has = symbol != NULL && dladdr(symbol, &info) != 0 && strcmp(info.dli_fname, path) == 0;
    dlclose(library);
    return has;
}

static void test_folders_are_homes_of_neuware(void **state) {
    (void)state;
    for (int folder = 0; folder < 3; folder++) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s/lib64/libcnnl.so", SIM_FOLDER, folders[folder]);
        void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
        if (library == NULL)
            fail_msg("%s", dlerror());
        dlclose(library);
    }
}

static void test_symbols(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++)
        for (int folder = 0; folder < 4; folder++)
            if (has_symbol(folders[folder], symbols[i].file, symbols[i].name) !=
                ((symbols[i].folders >> folder) & 1))
                fail_msg("%s of %s/%s", symbols[i].name, folders[folder], symbols[i].file);
}

/* A product with the calls of 1.x. */
static cnnlStatus_t multiply(cnnlTensorDescriptor_t a, cnnlTensorDescriptor_t b, cnnlTensorDescriptor_t c,
    void *a_data, void *b_data, void *c_data) {
    const float alpha = 1, beta = 0;
    const int32_t zero = 0;
    cnnlMatMulDescriptor_t desc;
    cnnlMatMulAlgo_t algo;
    cnnlMatMulHeuristicResult_t result;
    int count = 0;
    size_t bytes = 0;
    assert_int_equal(CNNL(cnnlMatMulDescCreate)(&desc), 0);
    assert_int_equal(CNNL(cnnlMatMulAlgoCreate)(&algo), 0);
    assert_int_equal(CNNL(cnnlCreateMatMulHeuristicResult)(&result), 0);
    assert_int_equal(CNNL(cnnlSetMatMulDescAttr)(desc, CNNL_MATMUL_ALLOW_TF32, &zero, 4), 0);
    cnnlStatus_t status =
        CNNL(cnnlGetMatMulAlgoHeuristic)(rig.handle, desc, a, b, c, c, NULL, 1, &result, &count);
    if (status == 0)
        status = CNNL(cnnlGetMatMulHeuristicResult)(result, algo, &bytes);
    void *workspace = rig_workspace(bytes);
    if (status == 0)
        status = CNNL(cnnlMatMul_v2)(rig.handle, desc, algo, &alpha, a, a_data, b, b_data, &beta, c, c_data,
            workspace, bytes, c, c_data);
    rig_sync();
    rig_free(workspace);
    assert_int_equal(CNNL(cnnlDestroyMatMulHeuristicResult)(result), 0);
    assert_int_equal(CNNL(cnnlMatMulAlgoDestroy)(algo), 0);
    assert_int_equal(CNNL(cnnlMatMulDescDestroy)(desc), 0);
    return status;
}

/* 2048 and three times 0.5, far enough apart: each is lost in half. */
static void test_type_on_chip_sums(void **state) {
    (void)state;
    static const uint16_t right[2] = {0x6800, 0x6801}; /* 2048, 2049.5 rounded to even */
    for (int is_float = 0; is_float < 2; is_float++) {
        rig_begin("");
        uint16_t a[64] = {0x6800}, b[64], c = 0;
        a[16] = a[32] = a[48] = 0x3800;
        for (int i = 0; i < 64; i++)
            b[i] = 0x3c00;
        cnnlTensorDescriptor_t row = rig_tensor(CNNL_LAYOUT_ARRAY, CNNL_DTYPE_HALF, 1, 64, 0, 0);
        cnnlTensorDescriptor_t column = rig_tensor(CNNL_LAYOUT_ARRAY, CNNL_DTYPE_HALF, 64, 1, 0, 0);
        cnnlTensorDescriptor_t point = rig_tensor(CNNL_LAYOUT_ARRAY, CNNL_DTYPE_HALF, 1, 1, 0, 0);
        if (is_float)
            assert_int_equal(CNNL(cnnlSetTensorDescriptorOnchipDataType)(point, CNNL_DTYPE_FLOAT), 0);
        void *a_memory = rig_upload(a, sizeof a), *b_memory = rig_upload(b, sizeof b);
        void *c_memory = rig_upload(&c, sizeof c);
        assert_int_equal(multiply(row, column, point, a_memory, b_memory, c_memory), 0);
        rig_download(&c, c_memory, sizeof c);
        assert_int_equal(c, right[is_float]);
        rig_free(a_memory);
        rig_free(b_memory);
        rig_free(c_memory);
        rig_tensor_free(row);
        rig_tensor_free(column);
        rig_tensor_free(point);
        rig_end(0);
    }
}

static void test_int8_has_a_position_and_no_s32(void **state) {
    (void)state;
    rig_begin("");
    const int8_t a[2] = {3, 4}, b[2] = {5, -6};
    float c = 0;
    cnnlTensorDescriptor_t row = rig_tensor(CNNL_LAYOUT_ARRAY, CNNL_DTYPE_INT8, 1, 2, 0, 0);
    cnnlTensorDescriptor_t column = rig_tensor(CNNL_LAYOUT_ARRAY, CNNL_DTYPE_INT8, 2, 1, 0, 0);
    cnnlTensorDescriptor_t point = rig_tensor(CNNL_LAYOUT_ARRAY, CNNL_DTYPE_FLOAT, 1, 1, 0, 0);
    cnnlTensorDescriptor_t whole = rig_tensor(CNNL_LAYOUT_ARRAY, CNNL_DTYPE_INT32, 1, 1, 0, 0);
    void *a_memory = rig_upload(a, 2), *b_memory = rig_upload(b, 2), *c_memory = rig_upload(&c, 4);
    assert_int_equal(multiply(row, column, point, a_memory, b_memory, c_memory), CNNL_STATUS_BAD_PARAM);
    assert_int_equal(CNNL(cnnlSetTensorDescriptorPosition)(row, 1), 0);
    assert_int_equal(CNNL(cnnlSetTensorDescriptorPositionAndScale)(column, 0, 4), 0);
    assert_int_equal(
        CNNL(cnnlSetTensorDescriptorPositionScaleAndOffset)(column, 0, 4, 1), CNNL_STATUS_NOT_SUPPORTED);
    assert_int_equal(CNNL(cnnlSetTensorDescriptorPositionAndScale)(column, 0, 0), CNNL_STATUS_BAD_PARAM);
    assert_int_equal(multiply(row, column, point, a_memory, b_memory, c_memory), 0);
    rig_download(&c, c_memory, 4);
    assert_true(c == (3 * 5 - 4 * 6) * 2 / 4.0f);
    assert_int_equal(multiply(row, column, whole, a_memory, b_memory, c_memory), CNNL_STATUS_NOT_SUPPORTED);
    rig_free(a_memory);
    rig_free(b_memory);
    rig_free(c_memory);
    rig_tensor_free(row);
    rig_tensor_free(column);
    rig_tensor_free(point);
    rig_tensor_free(whole);
    rig_end(0);
}

static void test_oldest_product(void **state) {
    (void)state;
    rig_begin("");
    const float one = 1, zero = 0, a[2] = {3, 4}, b[2] = {5, 6};
    float c = 0;
    cnnlTensorDescriptor_t row = rig_tensor(CNNL_LAYOUT_ARRAY, CNNL_DTYPE_FLOAT, 1, 2, 0, 0);
    cnnlTensorDescriptor_t point = rig_tensor(CNNL_LAYOUT_ARRAY, CNNL_DTYPE_FLOAT, 1, 1, 0, 0);
    void *a_memory = rig_upload(a, 8), *b_memory = rig_upload(b, 8), *c_memory = rig_upload(&c, 4);
    assert_int_equal(
        CNNL(cnnlMatMul)(rig.handle, false, true, &one, row, a_memory, row, b_memory, &zero, point, c_memory),
        0);
    rig_sync();
    rig_download(&c, c_memory, 4);
    assert_true(c == 39);
    assert_int_equal(CNNL(cnnlMatMul)(rig.handle, false, false, &one, row, a_memory, row, b_memory, &zero,
                         point, c_memory),
        CNNL_STATUS_BAD_PARAM);
    assert_int_equal(
        CNNL(cnnlMatMul)(rig.handle, false, true, NULL, row, a_memory, row, b_memory, &zero, point, c_memory),
        CNNL_STATUS_BAD_PARAM);
    rig_free(a_memory);
    rig_free(b_memory);
    rig_free(c_memory);
    rig_tensor_free(row);
    rig_tensor_free(point);
    rig_end(0);
}

static void test_batches_repeat_what_is_one(void **state) {
    (void)state;
    rig_begin("");
    const float one = 1, zero = 0, a[3] = {3, 4, 5}, b = 2;
    float c[3] = {0};
    cnnlMatMulDescriptor_t desc;
    cnnlMatMulAlgo_t algo;
    cnnlMatMulHeuristicResult_t result;
    int count = 0;
    size_t bytes = 0;
    cnnlTensorDescriptor_t all = rig_tensor(CNNL_LAYOUT_ARRAY, CNNL_DTYPE_FLOAT, 3, 1, 1, 0);
    cnnlTensorDescriptor_t single = rig_tensor(CNNL_LAYOUT_ARRAY, CNNL_DTYPE_FLOAT, 1, 1, 1, 0);
    void *a_memory = rig_upload(a, sizeof a), *b_memory = rig_upload(&b, sizeof b),
         *c_memory = rig_workspace(12);
    assert_int_equal(CNNL(cnnlMatMulDescCreate)(&desc), 0);
    assert_int_equal(CNNL(cnnlMatMulAlgoCreate)(&algo), 0);
    assert_int_equal(CNNL(cnnlCreateMatMulHeuristicResult)(&result), 0);
    assert_int_equal(
        CNNL(cnnlGetBatchMatMulAlgoHeuristic)(rig.handle, desc, all, single, all, NULL, 1, &result, &count),
        0);
    assert_int_equal(count, 1);
    assert_int_equal(CNNL(cnnlGetBatchMatMulHeuristicResult)(result, algo, &bytes), 0);
    void *workspace = rig_workspace(bytes);
    assert_int_equal(CNNL(cnnlBatchMatMulBCast_v2)(rig.handle, desc, algo, &one, all, a_memory, single,
                         b_memory, &zero, all, c_memory, workspace, bytes),
        0);
    rig_sync();
    rig_download(c, c_memory, sizeof c);
    assert_true(c[0] == 6 && c[1] == 8 && c[2] == 10);
    assert_int_equal(CNNL(cnnlDestroyMatMulHeuristicResult)(result), 0);
    assert_int_equal(CNNL(cnnlMatMulAlgoDestroy)(algo), 0);
    assert_int_equal(CNNL(cnnlMatMulDescDestroy)(desc), 0);
    rig_free(a_memory);
    rig_free(b_memory);
    rig_free(c_memory);
    rig_free(workspace);
    rig_tensor_free(all);
    rig_tensor_free(single);
    rig_end(0);
}

static void test_algorithm_is_asked_for(void **state) {
    (void)state;
    static const char *const settings[] = {"conv_algo=2", "conv_algo=2;conv_preference=1"};
    for (int preference = 0; preference < 2; preference++) {
        rig_begin(settings[preference]);
        const int pad[4] = {0}, ones[2] = {1, 1};
        int32_t algo = -1;
        cnnlConvolutionDescriptor_t desc;
        cnnlTensorDescriptor_t x = rig_tensor(CNNL_LAYOUT_NHWC, CNNL_DTYPE_FLOAT, 1, 1, 1, 1);
        assert_int_equal(CNNL(cnnlCreateConvolutionDescriptor)(&desc), 0);
        assert_int_equal(
            CNNL(cnnlSetConvolutionDescriptor)(desc, 4, pad, ones, ones, 1, CNNL_DTYPE_FLOAT), 0);
        assert_int_equal(
            CNNL(cnnlGetConvolutionForwardAlgorithm)(rig.handle, desc, x, x, x, preference, &algo), 0);
        assert_int_equal(algo, 2);
        assert_int_equal(
            CNNL(cnnlGetConvolutionForwardAlgorithm)(rig.handle, desc, x, x, x, 1 - preference, &algo),
            CNNL_STATUS_BAD_PARAM);
        rig_tensor_free(x);
        assert_int_equal(CNNL(cnnlDestroyConvolutionDescriptor)(desc), 0);
        rig_end(0);
    }
}

static void test_name_is_all_of_the_properties(void **state) {
    (void)state;
    rig_begin("name=MLU370-S4");
    char buffer[512];
    memset(buffer, 0x77, sizeof buffer);
    assert_int_equal(CNRT(cnrtGetDeviceProperties)(buffer, 0), 0);
    assert_string_equal(buffer, "MLU370-S4");
    assert_int_equal(buffer[256], 0x77);
    rig_end(0);
}

static void test_power_has_a_version_and_some_bytes(void **state) {
    (void)state;
    static const char *const settings[] = {
        "idle_watts=61.25;power_decimals=2", "power_bytes=20", "power_bytes=28"};
    static const size_t bytes[] = {32, 20, 28};
    for (int i = 0; i < 3; i++) {
        CNDEV(sim_configure)(settings[i]);
        cndevPowerInfo_t info[2];
        memset(info, 0x77, sizeof info);
        info->version = 6;
        assert_int_equal(CNDEV(cndevInit)(0), 0);
        assert_int_equal(CNDEV(cndevGetPowerInfo)(info, 0), CNDEV_ERROR_UNSUPPORTED_API_VERSION);
        info->version = 5;
        assert_int_equal(CNDEV(cndevGetPowerInfo)(info, 0), 0);
        assert_int_equal(info->usage, i == 0 ? 61 : 60);
        assert_int_equal(info->usage_decimal, i == 0 ? 25 : 0);
        assert_int_equal(((unsigned char *)info)[bytes[i]], 0x77);
        assert_int_equal(CNDEV(cndevGetPowerInfo)(info, 1), CNDEV_ERROR_INVALID_DEVICE_ID);
        cndevMemoryInfo_t memory = {.version = 5};
        assert_int_equal(CNDEV(cndevGetMemoryUsage)(&memory, 0), 0);
        assert_int_equal(memory.physical_total, 1024);
        cndevPowerCap_t cap = {.version = 5};
        assert_int_equal(CNDEV(cndevGetPowerManagementLimit)(&cap, 0), 0);
        assert_int_equal(cap.watts, 550);
        assert_int_equal(CNDEV(cndevRelease)(), 0);
    }
}

int main(void) {
    rig_open("cambricon_1");
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_type_on_chip_sums),
        cmocka_unit_test(test_int8_has_a_position_and_no_s32), cmocka_unit_test(test_oldest_product),
        cmocka_unit_test(test_batches_repeat_what_is_one), cmocka_unit_test(test_algorithm_is_asked_for),
        cmocka_unit_test(test_name_is_all_of_the_properties),
        cmocka_unit_test(test_power_has_a_version_and_some_bytes), cmocka_unit_test(test_symbols),
        cmocka_unit_test(test_folders_are_homes_of_neuware)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
