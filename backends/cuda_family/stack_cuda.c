/* NVIDIA: numbers out of CUDA 13.0's and cuDNN 9's headers; older ones have the same. */
#include "backends/cuda_family/stack.h"

#include <stddef.h>

static const char *const folders[] = {"", "/usr/local/cuda/lib64", "/usr/local/cuda/targets/x86_64-linux/lib",
    "/usr/local/cuda/targets/sbsa-linux/lib", "/usr/lib/x86_64-linux-gnu", "/usr/local/lib", NULL};

static const cf_blas_row blas = {
    .library = {.option = "cublas",
        .names = {"libcublas.so.13", "libcublas.so.12", "libcublas.so.11", "libcublas.so", NULL},
        .prefix = "cublas",
        .spelling = {{"Create", "cublasCreate_v2", false}, {"Destroy", "cublasDestroy_v2", false},
            {"SetStream", "cublasSetStream_v2", false}, {"GetVersion", "cublasGetVersion_v2", false}}},
    .op_n = 0,
    .op_t = 1,
    .algo = -1,
    .math_mode = 16,
    .dtype = {CF_NONE, 1, 0, 2, 14, 28, 29, 3, 8, 10},
    .style = CF_COMPUTE_OWN,
    .compute_f32 = 68,
    .compute_f16 = 64,
    .compute_f64 = 70,
    .compute_s32 = 72,
    .compute_tf32 = 77};

static const cf_lt_row lt = {
    .library = {.option = "cublaslt",
        .names = {"libcublasLt.so.13", "libcublasLt.so.12", "libcublasLt.so.11", "libcublasLt.so", NULL},
        .prefix = "cublasLt"},
    .trans_a = 3,
    .trans_b = 4,
    .epilogue = 7,
    .bias_pointer = 8,
    .bias_type = 26,
    .a_scale = 17,
    .b_scale = 18,
    .fast_accum = 25,
    .batch_count = 5,
    .batch_offset = 6,
    .max_workspace = 1,
    .algo_bytes = 64,
    .result_bytes = 96,
    .workspace_offset = 64,
    .state_offset = 72};

static const cf_dnn_row dnn = {.library = {.option = "cudnn",
                                   .names = {"libcudnn.so.9", "libcudnn.so.8", "libcudnn.so", NULL},
                                   .prefix = "cudnn"},
    .dtype = {CF_NONE, 1, 0, 2, 9, 12, 13, 3, 6, 4},
    .nchw = 0,
    .nhwc = 1,
    .cross_correlation = 1,
    .math_default = 0,
    .math_tensor = 1,
    .math_fma = 3};

const cf_stack cf_stack_cuda = {.name = "cuda",
    .title = "NVIDIA CUDA",
    .vendor = "NVIDIA",
    .folders = folders,
    .root_variables = "LD_LIBRARY_PATH",
    .visible = "CUDA_VISIBLE_DEVICES",
    .is_proven = true,
    .runtime = {.library = {.option = "cudart",
                    .names = {"libcudart.so.13", "libcudart.so.12", "libcudart.so.11.0", "libcudart.so",
                        NULL},
                    .prefix = "cuda",
                    .spelling = {{"GetDeviceProperties", "cudaGetDeviceProperties_v2", true}}},
        .not_ready = 600,
        .out_of_memory = 2,
        .no_device = 100,
        .old_driver = 35,
        .attribute_units = 16,
        .attribute_clock_khz = 13,
        .attribute_l2 = 38,
        .attribute_major = 75,
        .attribute_minor = 76,
        .graph_arguments = 3,
        .graph_version = 12000},
    .blas = &blas,
    .lt = &lt,
    .dnn = &dnn};
