/* The backend's own row of NVIDIA's stack, number by number. */
#include <cublasLt.h>
#include <cublas_v2.h>
#include <cuda_runtime_api.h>

#if __has_include(<cudnn.h>)
#include <cudnn.h>
#endif

#include "backends/cuda_family/stack.h"
#include "tests/unit/backends/cuda_family/headers/facts.h"

static int compare_runtime(const cf_runtime_row *row) {
    const fact facts[] = {{"not ready", row->not_ready, cudaErrorNotReady},
        {"out of memory", row->out_of_memory, cudaErrorMemoryAllocation},
        {"no device", row->no_device, cudaErrorNoDevice},
        {"old driver", row->old_driver, cudaErrorInsufficientDriver},
        {"units", row->attribute_units, cudaDevAttrMultiProcessorCount},
        {"clock", row->attribute_clock_khz, cudaDevAttrClockRate},
        {"L2", row->attribute_l2, cudaDevAttrL2CacheSize},
        {"major", row->attribute_major, cudaDevAttrComputeCapabilityMajor},
        {"minor", row->attribute_minor, cudaDevAttrComputeCapabilityMinor}};
    return FACTS("row of the runtime", facts);
}

static int compare_blas(const cf_blas_row *row) {
    const fact facts[] = {{"op N", row->op_n, CUBLAS_OP_N}, {"op T", row->op_t, CUBLAS_OP_T},
        {"algo", row->algo, CUBLAS_GEMM_DEFAULT},
        {"math mode", row->math_mode, CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION},
        {"f64", row->dtype[SY_F64], CUDA_R_64F}, {"f32", row->dtype[SY_F32], CUDA_R_32F},
        {"f16", row->dtype[SY_F16], CUDA_R_16F}, {"bf16", row->dtype[SY_BF16], CUDA_R_16BF},
        {"f8e4m3", row->dtype[SY_F8E4M3], CUDA_R_8F_E4M3}, {"f8e5m2", row->dtype[SY_F8E5M2], CUDA_R_8F_E5M2},
        {"s8", row->dtype[SY_S8], CUDA_R_8I}, {"u8", row->dtype[SY_U8], CUDA_R_8U},
        {"s32", row->dtype[SY_S32], CUDA_R_32I}, {"compute f32", row->compute_f32, CUBLAS_COMPUTE_32F},
        {"compute f16", row->compute_f16, CUBLAS_COMPUTE_16F},
        {"compute f64", row->compute_f64, CUBLAS_COMPUTE_64F},
        {"compute s32", row->compute_s32, CUBLAS_COMPUTE_32I},
        {"compute tf32", row->compute_tf32, CUBLAS_COMPUTE_32F_FAST_TF32}};
    return FACTS("row of BLAS", facts);
}

static int compare_lt(const cf_lt_row *row) {
    const fact facts[] = {{"transa", row->trans_a, CUBLASLT_MATMUL_DESC_TRANSA},
        {"transb", row->trans_b, CUBLASLT_MATMUL_DESC_TRANSB},
        {"epilogue", row->epilogue, CUBLASLT_MATMUL_DESC_EPILOGUE},
        {"bias", row->bias_pointer, CUBLASLT_MATMUL_DESC_BIAS_POINTER},
        {"bias type", row->bias_type, CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE},
        {"a scale", row->a_scale, CUBLASLT_MATMUL_DESC_A_SCALE_POINTER},
        {"b scale", row->b_scale, CUBLASLT_MATMUL_DESC_B_SCALE_POINTER},
        {"fast accum", row->fast_accum, CUBLASLT_MATMUL_DESC_FAST_ACCUM},
        {"batch", row->batch_count, CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT},
        {"batch offset", row->batch_offset, CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET},
        {"workspace", row->max_workspace, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES},
        {"bytes of an algo", row->algo_bytes, sizeof(cublasLtMatmulAlgo_t)},
        {"bytes of a result", row->result_bytes, sizeof(cublasLtMatmulHeuristicResult_t)},
        {"workspace's place", row->workspace_offset,
            offsetof(cublasLtMatmulHeuristicResult_t, workspaceSize)},
        {"state's place", row->state_offset, offsetof(cublasLtMatmulHeuristicResult_t, state)}};
    return FACTS("row of Lt", facts);
}

#ifdef CUDNN_VERSION
static int compare_dnn(const cf_dnn_row *row) {
    const fact facts[] = {{"f64", row->dtype[SY_F64], CUDNN_DATA_DOUBLE},
        {"f32", row->dtype[SY_F32], CUDNN_DATA_FLOAT}, {"f16", row->dtype[SY_F16], CUDNN_DATA_HALF},
        {"bf16", row->dtype[SY_BF16], CUDNN_DATA_BFLOAT16},
        {"f8e4m3", row->dtype[SY_F8E4M3], CUDNN_DATA_FP8_E4M3},
        {"f8e5m2", row->dtype[SY_F8E5M2], CUDNN_DATA_FP8_E5M2}, {"s8", row->dtype[SY_S8], CUDNN_DATA_INT8},
        {"u8", row->dtype[SY_U8], CUDNN_DATA_UINT8}, {"s32", row->dtype[SY_S32], CUDNN_DATA_INT32},
        {"nchw", row->nchw, CUDNN_TENSOR_NCHW}, {"nhwc", row->nhwc, CUDNN_TENSOR_NHWC},
        {"mode", row->cross_correlation, CUDNN_CROSS_CORRELATION},
        {"math default", row->math_default, CUDNN_DEFAULT_MATH},
        {"math tensor", row->math_tensor, CUDNN_TENSOR_OP_MATH}, {"math fma", row->math_fma, CUDNN_FMA_MATH}};
    return FACTS("row of DNN", facts);
}
#else
static int compare_dnn(const cf_dnn_row *row) {
    (void)row;
    return 0;
}
#endif

int facts_rows(void) {
    return compare_runtime(&cf_stack_cuda.runtime) + compare_blas(cf_stack_cuda.blas) +
           compare_lt(cf_stack_cuda.lt) + compare_dnn(cf_stack_cuda.dnn);
}
