/* NVIDIA: numbers out of CUDA 13.0's and cuDNN 9's headers; older ones have the same. */
#include "backends/cuda_family/stack_numbers.h"

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
    .no_memory = 3,
    .not_supported = 15,
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
    .numbers = &blas,
    CF_CUBLASLT_NUMBERS};

static const cf_dnn_row dnn = {.library = {.option = "cudnn",
                                   .names = {"libcudnn.so.9", "libcudnn.so.8", "libcudnn.so", NULL},
                                   .prefix = "cudnn"},
    .dtype = {CF_NONE, 1, 0, 2, 9, 12, 13, 3, 6, 4},
    .nchw = 0,
    .nhwc = 1,
    .cross_correlation = 1,
    .math_default = 0,
    .math_tensor = 1,
    .math_fma = 3,
    .has_tf32 = true};

/* The first forces tf32 on or off whatever the calls say; the others put emulated products in their place. */
static const char *const lowering[] = {"NVIDIA_TF32_OVERRIDE", "CUBLAS_EMULATE_SINGLE_PRECISION",
    "CUBLAS_EMULATE_DOUBLE_PRECISION", "CUBLAS_EMULATION_STRATEGY", NULL};

static const cf_stack *const namesakes[] = {&cf_stack_corex, &cf_stack_dtk, &cf_stack_xre, NULL};

const cf_stack cf_stack_cuda = {.name = "cuda",
    .title = "NVIDIA CUDA",
    .vendor = "NVIDIA",
    .folders = folders,
    .root_variables = "LD_LIBRARY_PATH",
    .visible = "CUDA_VISIBLE_DEVICES",
    .nodes = {"/dev/nvidiactl", "/dev/nvidia0"},
    .container = "docker's --gpus all, or NVIDIA_VISIBLE_DEVICES=all with "
                 "NVIDIA_DRIVER_CAPABILITIES=compute,utility",
    .lowering = lowering,
    .isa = "sm_",
    .meter = &cf_meter_nvml,
    .is_namesake = true,
    .namesakes = namesakes,
    .is_proven = true,
    .runtime = {.library = {.option = "cudart",
                    .names = {"libcudart.so.13", "libcudart.so.12", "libcudart.so.11.0", "libcudart.so.10.2",
                        "libcudart.so", NULL},
                    .prefix = "cuda",
                    .spelling = {{"GetDeviceProperties", "cudaGetDeviceProperties_v2", true}}},
        CF_RUNTIME_CODES,
        CF_CUDA_ATTRIBUTES,
        .graph_arguments = 3,
        .graph_version = 12000},
    .blas = &blas,
    .lt = &lt,
    .dnn = &dnn};
