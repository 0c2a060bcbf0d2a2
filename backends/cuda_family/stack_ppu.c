/*
 * T-Head's PPU: CUDA's names, in CUDA's own folder. Its management library and its number on the bus are not
 * public: cards of a vendor that is known to be another one are not taken for it (identify.h).
 */
#include <stddef.h>

#include "backends/cuda_family/stack_numbers.h"

static const char *const folders[] = {
    "$PPU_SDK/lib", "/usr/local/PPU_SDK/CUDA_SDK/lib64", "/usr/local/cuda/lib64", NULL};

static const cf_blas_row blas = {
    .library = {.option = "cublas",
        .names = {"libcublas.so.13", "libcublas.so.12", "libcublas.so.11", "libcublas.so", NULL},
        .prefix = "cublas",
        .spelling = CF_CUBLAS_SPELLING},
    CF_CUBLAS_OPERATIONS,
    .algo = -1,
    .math_mode = 16,
    CF_CUBLAS_CODES,
    .dtype = CF_CUDA_TYPES,
    .style = CF_COMPUTE_PROBED,
    CF_CUBLAS_COMPUTE,
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
    .dtype = CF_CUDNN_TYPES,
    CF_CUDNN_FORMATS,
    .math_default = 0,
    .math_tensor = 1,
    .math_fma = 3,
    .has_tf32 = true};

const cf_stack cf_stack_ppu = {.name = "ppu",
    .title = "T-Head PPU",
    .vendor = "T-Head",
    .folders = folders,
    .root_variables = "PPU_SDK",
    .visible = "CUDA_VISIBLE_DEVICES",
    .nodes = {NULL},
    .container = "the container runtime of the PPU SDK",
    .is_namesake = true,
    .runtime = {.library = {.option = "cudart",
                    .names = {"libcudart.so.13", "libcudart.so.12", "libcudart.so.11.0", "libcudart.so",
                        NULL},
                    .prefix = "cuda",
                    .spelling = CF_CUDA_SPELLING},
        CF_RUNTIME_CODES,
        CF_CUDA_ATTRIBUTES},
    .blas = &blas,
    .lt = &lt,
    .dnn = &dnn};
