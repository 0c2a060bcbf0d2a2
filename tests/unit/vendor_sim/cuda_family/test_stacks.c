/* Each stack by its own names and numbers, two of them in one process, and what versions lack. */
#include "tests/unit/vendor_sim/cuda_family/rig.h"

typedef struct stack {
    const char *folder, *runtime, *prefix, *blas, *create, *gemm;
    int op_n, f32, compute, algo, invalid;
} stack;

static const stack stacks[] = {
    {"nvidia", "libcudart.so.13", "cuda", "libcublas.so.13", "cublasCreate_v2", "cublasGemmEx", 0, 0, 68, -1,
        7},
    {"nvidia_12", "libcudart.so.12", "cuda", "libcublas.so.12", "cublasCreate_v2", "cublasGemmEx", 0, 0, 68,
        -1, 7},
    {"corex", "libcudart.so.10.2", "cuda", "libcublas.so.10", "cublasCreate_v2", "cublasGemmEx", 0, 0, 0, 99,
        7},
    {"dtk_cuda", "libcudart.so", "cuda", "libcublas.so", "cublasCreate_v2", "cublasGemmEx", 0, 0, 68, 99, 7},
    {"kunlun", "libcudart.so.12", "cuda", "libxpu_blas.so", "cublasCreate_v2", "cublasGemmEx", 0, 0, 68, -1,
        7},
    {"ppu", "libcudart.so", "cuda", "libcublas.so", "cublasCreate_v2", "cublasGemmEx", 0, 0, 68, -1, 7},
    {"musa", "libmusart.so.5", "musa", "libmublas.so.1", "mublasCreate", "mublasGemmEx", 111, 0, 68, 0, 11},
    {"maca", "libmcruntime.so", "mc", "libmcblas.so", "mcblasCreate", "mcblasGemmEx", 0, 0, 68, -1, 7},
    {"hpcc", "libhcruntime.so", "hc", "libhcblas.so", "hcblasCreate", "hcblasGemmEx", 0, 0, 68, -1, 7},
    {"rocm", "libamdhip64.so.6", "hip", "libhipblas.so.2", "hipblasCreate", "hipblasGemmEx", 111, 151, 151,
        160, 3},
    {"rocm", "libamdhip64.so.6", "hip", "libhipblas.so.2", "hipblasCreate", "hipblasGemmEx_v2", 111, 0, 2,
        160, 3},
    {"dtk_hip", "libgalaxyhip.so.5", "hip", "libhipblas.so", "hipblasCreate", "hipblasGemmEx", 111, 151, 151,
        160, 3},
};

typedef int gemm_fn(void *, int, int, int, int, int, const void *, const void *, int, int, const void *, int,
    int, const void *, void *, int, int, int, int);

static int multiply(gemm_fn *gemm, void *handle, float *at, int op, int type, int compute, int algo) {
    const float alpha = 2, beta = 0;
    return gemm(
        handle, op, op, 1, 1, 1, &alpha, at, type, 1, at + 1, type, 1, &beta, at + 2, type, 1, compute, algo);
}

static void check(const stack *one) {
    rig at = rig_open(one->folder, one->runtime, one->prefix, "");
    void *library = rig_library(one->folder, one->blas), *handle;
    int (*create)(void **), (*destroy)(void *);
    char destroy_name[64];
    gemm_fn *gemm;
    snprintf(destroy_name, sizeof destroy_name, "%sDestroy%s",
        strncmp(one->create, "cublas", 6) == 0 ? "cublas" : "",
        strstr(one->create, "_v2") != NULL ? "_v2" : "");
    if (strncmp(one->create, "cublas", 6) != 0)
        snprintf(
            destroy_name, sizeof destroy_name, "%.*sDestroy", (int)(strlen(one->create) - 6), one->create);
    rig_find(library, "", one->create, &create);
    rig_find(library, "", destroy_name, &destroy);
    rig_find(library, "", one->gemm, &gemm);
    const float in[3] = {3, 5, 0};
    float out = 0, *device = rig_upload(&at, in, sizeof in);
    assert_int_equal(create(&handle), 0);
    assert_int_equal(multiply(gemm, handle, device, one->op_n, one->f32, one->compute, one->algo), 0);
    assert_int_equal(at.memcpy(&out, device + 2, sizeof out, TO_HOST), 0);
    assert_true(out == 30);
    assert_int_equal(
        multiply(gemm, handle, device, one->op_n ^ 111, one->f32, one->compute, one->algo), one->invalid);
    assert_int_equal(
        multiply(gemm, handle, device, one->op_n, one->f32 ^ 151, one->compute, one->algo), one->invalid);
    assert_int_equal(multiply(gemm, handle, device, one->op_n, one->f32, 12345, one->algo), one->invalid);
    assert_int_equal(multiply(gemm, handle, device, one->op_n, one->f32, one->compute, 12345), one->invalid);
    at.last_error(); /* some leave theirs behind */
    assert_int_equal(destroy(handle), 0);
    assert_int_equal(at.free(device), 0);
    rig_close(&at, 0);
}

static void test_numbers(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof stacks / sizeof stacks[0]; i++)
        check(&stacks[i]);
}

static void test_worlds_are_apart(void **state) {
    (void)state;
    rig cuda = rig_open("nvidia", "libcudart.so.13", "cuda", "");
    rig musa = rig_open("musa", "libmusart.so.5", "musa", "");
    void *of_cuda, *of_musa;
    assert_int_equal(cuda.malloc(&of_cuda, 8), 0);
    assert_int_equal(musa.malloc(&of_musa, 8), 0);
    assert_int_equal(cuda.alive(), 1);
    assert_int_equal(cuda.free(of_musa), 1);
    assert_int_equal(cuda.free(of_cuda), 0);
    assert_int_equal(musa.free(of_musa), 0);
    rig_close(&cuda, 1);
    rig_close(&musa, 0);
}

static void test_what_versions_lack(void **state) {
    (void)state;
    const struct {
        const char *folder, *file, *lacks, *has;
    } cases[] = {{"nvidia", "libcudart.so.13", "cudaGetDeviceProperties_v2", "cudaGetDeviceProperties"},
        {"nvidia", "libcublas.so.13", "cublasCreate", "cublasSgemm"},
        {"nvidia_12", "libcudart.so.12", "cudaGetDeviceProperties", "cudaGetDeviceProperties_v2"},
        {"nvidia_graph", "libcudnn.so.9", "cudnnConvolutionForward", "cudnnCreate"},
        {"nvidia_meter", "libnvidia-ml.so.1", "nvmlDeviceGetFieldValues", "nvmlDeviceGetPowerUsage"},
        {"corex", "libixml.so", "nvmlDeviceGetTotalEnergyConsumption", "nvmlDeviceGetPowerUsage"},
        {"musa", "libmublas.so.1", "mublasSetWorkspace_v2", "mublasGemmStridedBatchedEx"},
        {"musa", "libmudnn.so.3", "mudnnSetTensor4dDescriptor", "mudnnCreate"},
        {"musa_old", "libmudnn.so.2", "mudnnCreate", "steelyard_vendor_sim"},
        {"rocm", "libamdhip64.so.6", "hipGetDeviceProperties", "hipGetDevicePropertiesR0600"},
        {"dtk_hip", "libhipblas.so", "hipblasGemmEx_v2", "hipblasGemmEx"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        void *library = rig_library(cases[i].folder, cases[i].file);
        assert_null(dlsym(library, cases[i].lacks));
        assert_non_null(dlsym(library, cases[i].has));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_worlds_are_apart), cmocka_unit_test(test_what_versions_lack)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
