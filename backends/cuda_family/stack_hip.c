/*
 * HIP: AMD's ROCm, and Hygon's DTK, whose runtime has a name of its own and goes first. rocBLAS is the first
 * BLAS, because its interface has stayed; hipBLAS stands beside it. hipBLAS 2 has two sets of numbers: its
 * functions with _v2 take those of hipBLASLt; of the plain ones it is not sure, and is probed.
 */
#include <stddef.h>

#include "backends/cuda_family/stack_numbers.h"

static const char *const folders[] = {"", "$DTK_ROOT/lib", "$DTK_ROOT/hip/lib", "/opt/dtk/lib",
    "/opt/dtk/hip/lib", "$ROCM_PATH/lib", "/opt/rocm/lib", NULL};

/* Types of 150 and more, which are compute types as well. */
#define OLD_NUMBERS                                                                                          \
    .has_atomics = true, .op_n = 111, .op_t = 112, .math_mode = CF_NONE,                                     \
    .dtype = {CF_NONE, 152, 151, 150, 168, CF_NONE, CF_NONE, 160, 161, 162}, .style = CF_COMPUTE_IS_TYPE,    \
    .compute_f32 = 151, .compute_f16 = 150, .compute_f64 = 152, .compute_s32 = 162, .compute_tf32 = CF_NONE
#define NEW_NUMBERS                                                                                          \
    .has_atomics = true, .op_n = 111, .op_t = 112, .algo = 160, .math_mode = CF_NONE, .no_memory = 2,        \
    .not_supported = 7, .compute_f32 = 2, .compute_f16 = 0, .compute_f64 = 7, .compute_s32 = 9,              \
    .compute_tf32 = CF_NONE

static const cf_blas_row rocblas = {
    .library = {.option = "rocblas",
        .names = {"librocblas.so.5", "librocblas.so.4", "librocblas.so.3", "librocblas.so", NULL},
        .prefix = "rocblas_"},
    .is_rocblas = true,
    OLD_NUMBERS,
    .algo = 0,
    .no_memory = 5,
    .not_supported = 2};

static const cf_blas_row hipblas_old = {
    .library = {.option = "hipblas"}, OLD_NUMBERS, .algo = 160, .no_memory = 2, .not_supported = 7};

static const cf_blas_row hipblas = {
    .library = {.option = "hipblas",
        .names = {"libhipblas.so.3", "libhipblas.so.2", "libhipblas.so.1", "libhipblas.so.0", "libhipblas.so",
            NULL},
        .prefix = "hipblas",
        .spelling = {{"GemmEx", "hipblasGemmEx_v2", true},
            {"GemmStridedBatchedEx", "hipblasGemmStridedBatchedEx_v2", true}}},
    NEW_NUMBERS,
    .dtype = CF_CUDA_TYPES,
    .style = CF_COMPUTE_PROBED,
    .or_else = &hipblas_old};

static const cf_blas_row hipblaslt_numbers = {
    .library = {.option = "hipblaslt"}, NEW_NUMBERS, .dtype = {CF_NONE, 1, 0, 2, 14, 28, 29, 3, CF_NONE, 10}};

static const cf_lt_row hipblaslt = {
    .library = {.option = "hipblaslt",
        .names = {"libhipblaslt.so.1", "libhipblaslt.so.0", "libhipblaslt.so", NULL},
        .prefix = "hipblasLt"},
    .numbers = &hipblaslt_numbers,
    .trans_a = 0,
    .trans_b = 1,
    .epilogue = 2,
    .bias_pointer = 3,
    .bias_type = 4,
    .a_scale = 5,
    .b_scale = 6,
    .fast_accum = CF_NONE,
    .batch_count = 0,
    .batch_offset = 1,
    .max_workspace = 1,
    .algo_bytes = 24,
    .result_bytes = 56,
    .workspace_offset = 24,
    .state_offset = 32};

static const cf_dnn_row miopen = {
    .library = {.option = "miopen", .names = {"libMIOpen.so.1", "libMIOpen.so", NULL}, .prefix = "miopen"},
    .is_miopen = true,
    .dtype = {CF_NONE, CF_NONE, 1, 0, 5, CF_NONE, CF_NONE, 3, CF_NONE, 2},
    .nchw = 0,
    .nhwc = 1,
    .cross_correlation = 0,
    .math_default = CF_NONE,
    .math_tensor = CF_NONE,
    .math_fma = CF_NONE};

const cf_stack cf_stack_hip = {.name = "hip",
    .title = "HIP",
    .vendor = "AMD or Hygon",
    .folders = folders,
    .root_variables = "ROCM_PATH, DTK_ROOT, LD_LIBRARY_PATH",
    .visible = "HIP_VISIBLE_DEVICES or ROCR_VISIBLE_DEVICES",
    .nodes = {"/dev/kfd"},
    .container = "docker's --device=/dev/kfd --device=/dev/dri --group-add video",
    .meter = &cf_meter_rsmi,
    .runtime = {.library = {.option = "hip",
                    .names = {"libgalaxyhip.so.5", "libgalaxyhip.so", "libamdhip64.so.7", "libamdhip64.so.6",
                        "libamdhip64.so.5", "libamdhip64.so", NULL},
                    .prefix = "hip",
                    .spelling = {{"GetDeviceProperties", "hipGetDevicePropertiesR0600", true}}},
        CF_RUNTIME_CODES,
        .attribute_units = 63,
        .attribute_clock_khz = 5,
        .attribute_l2 = 19,
        .attribute_major = 23,
        .attribute_minor = CF_NONE},
    .blas = &rocblas,
    .blas_other = &hipblas,
    .lt = &hipblaslt,
    .dnn = &miopen};
