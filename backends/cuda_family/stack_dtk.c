/*
 * Hygon's DTK by its CUDA layer; the same cards are driven by its HIP, too (stack_hip.c). Which of the two
 * conventions of compute types it has, public callers disagree on.
 */
#include <stddef.h>

#include "backends/cuda_family/stack_numbers.h"

static const char *const folders[] = {"$DTK_ROOT/cuda/lib64", "$DTK_ROOT/cuda/cuda/lib64",
    "$DTK_ROOT/cuda/cuda-12/lib64", "$DTK_ROOT/cuda/cuda-11/lib64", "/opt/dtk/cuda/lib64",
    "/opt/dtk/cuda/cuda/lib64", "/opt/dtk/cuda/cuda-12/lib64", "/opt/dtk/cuda/cuda-11/lib64", NULL};

static const cf_blas_row blas = {.library = {.option = "cublas",
                                     .names = {"libcublas.so.12", "libcublas.so.11", "libcublas.so", NULL},
                                     .prefix = "cublas",
                                     .spelling = CF_CUBLAS_SPELLING},
    CF_CUBLAS_OPERATIONS,
    .algo = 99,
    .math_mode = 16,
    CF_CUBLAS_CODES,
    .dtype = CF_CUDA_TYPES,
    .style = CF_COMPUTE_PROBED,
    CF_CUBLAS_COMPUTE,
    .compute_tf32 = CF_NONE};

static const cf_lt_row lt = {.library = {.option = "cublaslt",
                                 .names = {"libcublasLt.so.12", "libcublasLt.so.11", "libcublasLt.so", NULL},
                                 .prefix = "cublasLt"},
    .numbers = &blas,
    CF_CUBLASLT_NUMBERS};

static const cf_dnn_row dnn = {.library = {.option = "cudnn",
                                   .names = {"libcudnn.so.9", "libcudnn.so.8", "libcudnn.so", NULL},
                                   .prefix = "cudnn"},
    .dtype = CF_CUDNN_TYPES,
    CF_CUDNN_FORMATS,
    .math_default = 0,
    .math_tensor = 1,
    .math_fma = 3};

const cf_stack cf_stack_dtk = {.name = "dtk",
    .title = "Hygon DTK (CUDA layer)",
    .vendor = "Hygon",
    .folders = folders,
    .root_variables = "DTK_ROOT",
    .visible = "CUDA_VISIBLE_DEVICES or HIP_VISIBLE_DEVICES",
    .nodes = {"/dev/kfd", "/dev/mkfd"},
    .container = "docker's --device=/dev/kfd --device=/dev/mkfd --device=/dev/dri --group-add video",
    .meter = &cf_meter_rsmi,
    .is_namesake = true,
    .runtime = {.library = {.option = "cudart",
                    .names = {"libcudart.so.12", "libcudart.so.11.0", "libcudart.so", NULL},
                    .prefix = "cuda",
                    .spelling = CF_CUDA_SPELLING},
        CF_RUNTIME_CODES,
        CF_CUDA_ATTRIBUTES},
    .blas = &blas,
    .lt = &lt,
    .dnn = &dnn};
