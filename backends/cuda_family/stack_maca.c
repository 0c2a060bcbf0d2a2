/*
 * MetaX: MACA (mc...), and its twin HPCC (hc...). cuBLAS' numbers; f32 under the plain compute type is
 * rounded to tf32, only the pedantic one (NVIDIA's number, not seen in use there) is f32. mcDNN's numbers,
 * and which of its two modes does not turn the filter over, are tried.
 */
#include <stddef.h>

#include "backends/cuda_family/stack_numbers.h"

static const char *const maca_folders[] = {"", "$MACA_PATH/lib", "/opt/maca/lib", NULL};
static const char *const hpcc_folders[] = {"", "$HPCC_PATH/lib", "/opt/hpcc/lib", NULL};

#define BLAS_NUMBERS                                                                                         \
    CF_CUBLAS_OPERATIONS, .algo = -1, .math_mode = CF_NONE, CF_CUBLAS_CODES, .dtype = CF_CUDA_TYPES,         \
                          .style = CF_COMPUTE_PROBED, CF_CUBLAS_COMPUTE, .compute_tf32 = 77,                 \
                          .is_f32_lowered = true, .compute_pedantic = 69
#define DNN_NUMBERS                                                                                          \
    .dtype = CF_CUDNN_TYPES, CF_CUDNN_FORMATS, .math_default = 0, .math_tensor = 1, .math_fma = 3,           \
    .is_probed = true

static const cf_blas_row mcblas = {
    .library = {.option = "mcblas", .names = {"libmcblas.so", NULL}, .prefix = "mcblas"}, BLAS_NUMBERS};
static const cf_blas_row hcblas = {
    .library = {.option = "hcblas", .names = {"libhcblas.so", NULL}, .prefix = "hcblas"}, BLAS_NUMBERS};
static const cf_blas_row lt_numbers = {.library = {.option = "mcblaslt"}, BLAS_NUMBERS};
static const cf_lt_row mcblaslt = {
    .library = {.option = "mcblaslt", .names = {"libmcblasLt.so", NULL}, .prefix = "mcblasLt"},
    .numbers = &lt_numbers,
    CF_CUBLASLT_NUMBERS};
static const cf_dnn_row mcdnn = {
    .library = {.option = "mcdnn", .names = {"libmcdnn.so", NULL}, .prefix = "mcdnn"}, DNN_NUMBERS};
static const cf_dnn_row hcdnn = {
    .library = {.option = "hcdnn", .names = {"libhcdnn.so", NULL}, .prefix = "hcdnn"}, DNN_NUMBERS};

#define NODES                                                                                                \
    .nodes = {"/dev/mxcd"}, .container = "docker's --device=/dev/mxcd --device=/dev/dri --group-add video"

const cf_stack cf_stack_maca = {.name = "maca",
    .title = "MetaX MACA",
    .vendor = "MetaX",
    .folders = maca_folders,
    .root_variables = "MACA_PATH, LD_LIBRARY_PATH",
    .visible = "MACA_VISIBLE_DEVICES",
    NODES,
    .meter = &cf_meter_mxsml,
    .runtime = {.library = {.option = "mcruntime", .names = {"libmcruntime.so", NULL}, .prefix = "mc"},
        CF_RUNTIME_CODES,
        CF_NO_ATTRIBUTES},
    .blas = &mcblas,
    .lt = &mcblaslt,
    .dnn = &mcdnn};

const cf_stack cf_stack_hpcc = {.name = "hpcc",
    .title = "MetaX HPCC",
    .vendor = "MetaX",
    .folders = hpcc_folders,
    .root_variables = "HPCC_PATH, LD_LIBRARY_PATH",
    .visible = "HPCC_VISIBLE_DEVICES",
    NODES,
    .meter = &cf_meter_mxsml,
    .runtime = {.library = {.option = "hcruntime", .names = {"libhcruntime.so", NULL}, .prefix = "hc"},
        CF_RUNTIME_CODES,
        CF_NO_ATTRIBUTES},
    .blas = &hcblas,
    .dnn = &hcdnn};
