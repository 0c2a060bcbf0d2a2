/*
 * Iluvatar CoreX: CUDA's names at the level of CUDA 10.2, where a compute type was a data type; cuDNN 7,
 * without bf16 and without a way to forbid tensor units (f32 is f32 there). Its Lt is there, but no public
 * caller of it.
 */
#include <stddef.h>

#include "backends/cuda_family/stack_numbers.h"

static const char *const folders[] = {
    "$COREX_HOME/lib64", "/usr/local/corex/lib64", "/usr/local/corex/lib", "/opt/corex/lib64", NULL};

static const cf_blas_row blas = {.library = {.option = "cublas",
                                     .names = {"libcublas.so.10", "libcublas.so.10.2", "libcublas.so", NULL},
                                     .prefix = "cublas",
                                     .spelling = CF_CUBLAS_SPELLING},
    CF_CUBLAS_OPERATIONS,
    .algo = 99,
    .math_mode = CF_NONE,
    CF_CUBLAS_CODES,
    .dtype = CF_CUDA_TYPES,
    .style = CF_COMPUTE_PROBED,
    CF_CUBLAS_COMPUTE,
    .compute_tf32 = CF_NONE};

static const cf_dnn_row dnn = {
    .library = {.option = "cudnn", .names = {"libcudnn.so.7", "libcudnn.so", NULL}, .prefix = "cudnn"},
    .dtype = {CF_NONE, 1, 0, 2, CF_NONE, CF_NONE, CF_NONE, 3, CF_NONE, 4},
    CF_CUDNN_FORMATS,
    .math_default = 0,
    .math_tensor = 1,
    .math_fma = 0};

const cf_stack cf_stack_corex = {.name = "corex",
    .title = "Iluvatar CoreX",
    .vendor = "Iluvatar",
    .folders = folders,
    .root_variables = "COREX_HOME",
    .visible = "CUDA_VISIBLE_DEVICES",
    .nodes = {"/dev/iluvatar0"},
    .container = "docker's --device=/dev/iluvatar0, one for each card",
    .meter = &cf_meter_ixml,
    .is_namesake = true,
    .runtime = {.library = {.option = "cudart",
                    .names = {"libcudart.so.10.2", "libcudart.so", NULL},
                    .prefix = "cuda",
                    .spelling = CF_CUDA_SPELLING},
        CF_RUNTIME_CODES,
        CF_CUDA_ATTRIBUTES},
    .blas = &blas,
    .dnn = &dnn};
