/*
 * Moore Threads MUSA. muBLAS counts transpositions from 111 and leaves a refusal behind in the context, where
 * the next call of the runtime finds it. Old SDKs pass a data type as the compute type. muDNN has functions
 * for C since about SDK 5; the numbers of its types and formats are not public: cuDNN's are tried, and taken
 * if a convolution by them is right.
 */
#include <stddef.h>

#include "backends/cuda_family/stack_numbers.h"

static const char *const folders[] = {
    "", "$MUSA_HOME/lib", "/usr/local/musa/lib", "/usr/lib/x86_64-linux-gnu/musa", NULL};

#define NUMBERS                                                                                              \
    .op_n = 111, .op_t = 112, .math_mode = CF_NONE, .no_memory = 5, .not_supported = 2,                      \
    .dtype = CF_CUDA_TYPES, CF_CUBLAS_COMPUTE, .compute_tf32 = 77

static const cf_blas_row blas = {
    .library = {.option = "mublas", .names = {"libmublas.so.1", "libmublas.so", NULL}, .prefix = "mublas"},
    NUMBERS,
    .algo = 0,
    .style = CF_COMPUTE_PROBED};

static const cf_blas_row lt_numbers = {.library = {.option = "mublaslt"}, NUMBERS};

static const cf_lt_row lt = {.library = {.option = "mublaslt",
                                 .names = {"libmublasLt.so.1", "libmublasLt.so", NULL},
                                 .prefix = "mublasLt"},
    .numbers = &lt_numbers,
    CF_CUBLASLT_NUMBERS};

static const cf_dnn_row dnn = {.library = {.option = "mudnn",
                                   .names = {"libmudnn.so.3", "libmudnn.so.2", "libmudnn.so", NULL},
                                   .prefix = "mudnn"},
    .dtype = CF_CUDNN_TYPES,
    CF_CUDNN_FORMATS,
    .math_default = 0,
    .math_tensor = 1,
    .math_fma = 3,
    .is_probed = true};

const cf_stack cf_stack_musa = {.name = "musa",
    .title = "Moore Threads MUSA",
    .vendor = "Moore Threads",
    .folders = folders,
    .root_variables = "MUSA_HOME, LD_LIBRARY_PATH",
    .visible = "MUSA_VISIBLE_DEVICES",
    .nodes = {"/dev/mtgpu.0"},
    .container = "the container runtime mthreads with MTHREADS_VISIBLE_DEVICES=all",
    .meter = &cf_meter_mtml,
    .runtime = {.library = {.option = "musart",
                    .names = {"libmusart.so.5", "libmusart.so.4", "libmusart.so.1.5", "libmusart.so.1.0",
                        "libmusart.so", NULL},
                    .prefix = "musa"},
        CF_RUNTIME_CODES,
        CF_NO_ATTRIBUTES,
        .is_error_sticky = true},
    .blas = &blas,
    .lt = &lt,
    .dnn = &dnn};
