/* Numbers that other stacks took over from NVIDIA: initialisers for their rows. */
#ifndef BACKENDS_CUDA_FAMILY_STACK_NUMBERS_H
#define BACKENDS_CUDA_FAMILY_STACK_NUMBERS_H

#include "backends/cuda_family/stack.h"

/** Codes, of all runtimes. */
#define CF_RUNTIME_CODES .not_ready = 600, .out_of_memory = 2, .no_device = 100, .old_driver = 35

#define CF_CUDA_ATTRIBUTES                                                                                   \
    .attribute_units = 16, .attribute_clock_khz = 13, .attribute_l2 = 38, .attribute_major = 75,             \
    .attribute_minor = 76
#define CF_NO_ATTRIBUTES                                                                                     \
    .attribute_units = CF_NONE, .attribute_clock_khz = CF_NONE, .attribute_l2 = CF_NONE,                     \
    .attribute_major = CF_NONE, .attribute_minor = CF_NONE

/** Struct of unknown size, see api.h; which of the two names there is depends on the version. */
#define CF_CUDA_SPELLING                                                                                     \
    {                                                                                                        \
        { "GetDeviceProperties", "cudaGetDeviceProperties_v2", true }                                        \
    }
#define CF_CUBLAS_SPELLING                                                                                   \
    {                                                                                                        \
        {"Create", "cublasCreate_v2", true}, {"Destroy", "cublasDestroy_v2", true},                          \
            {"SetStream", "cublasSetStream_v2", true}, {                                                     \
            "GetVersion", "cublasGetVersion_v2", true                                                        \
        }                                                                                                    \
    }

/* Element types: none, f64, f32, f16, bf16, f8e4m3, f8e5m2, s8, u8, s32. */
#define CF_CUDA_TYPES                                                                                        \
    { CF_NONE, 1, 0, 2, 14, CF_NONE, CF_NONE, 3, 8, 10 }
#define CF_CUDNN_TYPES                                                                                       \
    { CF_NONE, 1, 0, 2, 9, CF_NONE, CF_NONE, 3, CF_NONE, 4 }

#define CF_CUBLAS_OPERATIONS .op_n = 0, .op_t = 1
#define CF_CUBLAS_CODES .no_memory = 3, .not_supported = 15
#define CF_CUBLAS_COMPUTE .compute_f32 = 68, .compute_f16 = 64, .compute_f64 = 70, .compute_s32 = 72
#define CF_CUBLASLT_NUMBERS                                                                                  \
    .trans_a = 3, .trans_b = 4, .epilogue = 7, .bias_pointer = 8, .bias_type = 26, .a_scale = 17,            \
    .b_scale = 18, .fast_accum = 25, .batch_count = 5, .batch_offset = 6, .max_workspace = 1,                \
    .algo_bytes = 64, .result_bytes = 96, .workspace_offset = 64, .state_offset = 72

#define CF_CUDNN_FORMATS .nchw = 0, .nhwc = 1, .cross_correlation = 1

#endif
