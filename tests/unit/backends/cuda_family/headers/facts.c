/*
 * Numbers and layouts that the backend goes by, against the vendor's headers: one line for each that they
 * contradict, exit status 1 then. Compiled by `check` where the headers are.
 */
#include <cublasLt.h>
#include <cublas_v2.h>
#include <cuda_runtime_api.h>
#include <stddef.h>
#include <stdio.h>

#include "tests/unit/backends/cuda_family/headers/facts.h"

static const fact runtime[] = {{"memcpy host to host", 0, cudaMemcpyHostToHost},
    {"host to device", 1, cudaMemcpyHostToDevice}, {"device to host", 2, cudaMemcpyDeviceToHost},
    {"device to device", 3, cudaMemcpyDeviceToDevice}, {"memcpy default", 4, cudaMemcpyDefault},
    {"event default", 0, cudaEventDefault}, {"event blocking", 1, cudaEventBlockingSync},
    {"event without timing", 2, cudaEventDisableTiming}, {"stream non-blocking", 1, cudaStreamNonBlocking},
    {"not ready", 600, cudaErrorNotReady}, {"no device", 100, cudaErrorNoDevice},
    {"old driver", 35, cudaErrorInsufficientDriver}, {"out of memory", 2, cudaErrorMemoryAllocation},
    {"invalid value", 1, cudaErrorInvalidValue}, {"attribute units", 16, cudaDevAttrMultiProcessorCount},
    {"attribute clock", 13, cudaDevAttrClockRate}, {"attribute memory clock", 36, cudaDevAttrMemoryClockRate},
    {"attribute bus width", 37, cudaDevAttrGlobalMemoryBusWidth},
    {"attribute L2", 38, cudaDevAttrL2CacheSize}, {"attribute ECC", 32, cudaDevAttrEccEnabled},
    {"attribute major", 75, cudaDevAttrComputeCapabilityMajor},
    {"attribute minor", 76, cudaDevAttrComputeCapabilityMinor},
    {"bytes of properties", 1008, sizeof(struct cudaDeviceProp)},
    {"name in properties", 0, offsetof(struct cudaDeviceProp, name)},
    {"bytes of the name", 256, sizeof((struct cudaDeviceProp *)NULL)->name},
    {"capture mode relaxed", 2, cudaStreamCaptureModeRelaxed}};

static const fact types[] = {{"f32", 0, CUDA_R_32F}, {"f64", 1, CUDA_R_64F}, {"f16", 2, CUDA_R_16F},
    {"s8", 3, CUDA_R_8I}, {"complex f32", 4, CUDA_C_32F}, {"u8", 8, CUDA_R_8U}, {"s32", 10, CUDA_R_32I},
    {"u32", 12, CUDA_R_32U}, {"bf16", 14, CUDA_R_16BF}, {"f8e4m3", 28, CUDA_R_8F_E4M3},
    {"f8e5m2", 29, CUDA_R_8F_E5M2}, {"ue8m0", 30, CUDA_R_8F_UE8M0}, {"f4e2m1", 33, CUDA_R_4F_E2M1}};

static const fact blas[] = {{"op N", 0, CUBLAS_OP_N}, {"op T", 1, CUBLAS_OP_T},
    {"compute f16", 64, CUBLAS_COMPUTE_16F}, {"compute f32", 68, CUBLAS_COMPUTE_32F},
    {"compute f32 pedantic", 69, CUBLAS_COMPUTE_32F_PEDANTIC}, {"compute f64", 70, CUBLAS_COMPUTE_64F},
    {"compute s32", 72, CUBLAS_COMPUTE_32I}, {"compute tf32", 77, CUBLAS_COMPUTE_32F_FAST_TF32},
    {"algo default", -1, CUBLAS_GEMM_DEFAULT}, {"algo tensor op", 99, CUBLAS_GEMM_DEFAULT_TENSOR_OP},
    {"success", 0, CUBLAS_STATUS_SUCCESS}, {"not supported", 15, CUBLAS_STATUS_NOT_SUPPORTED},
    {"math pedantic", 2, CUBLAS_PEDANTIC_MATH},
    {"math without reduced precision reduction", 16, CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION}};

static const fact lt[] = {{"desc compute", 0, CUBLASLT_MATMUL_DESC_COMPUTE_TYPE},
    {"desc scale", 1, CUBLASLT_MATMUL_DESC_SCALE_TYPE}, {"desc transa", 3, CUBLASLT_MATMUL_DESC_TRANSA},
    {"desc transb", 4, CUBLASLT_MATMUL_DESC_TRANSB}, {"desc epilogue", 7, CUBLASLT_MATMUL_DESC_EPILOGUE},
    {"desc bias", 8, CUBLASLT_MATMUL_DESC_BIAS_POINTER},
    {"desc a scale", 17, CUBLASLT_MATMUL_DESC_A_SCALE_POINTER},
    {"desc b scale", 18, CUBLASLT_MATMUL_DESC_B_SCALE_POINTER},
    {"desc c scale", 19, CUBLASLT_MATMUL_DESC_C_SCALE_POINTER},
    {"desc d scale", 20, CUBLASLT_MATMUL_DESC_D_SCALE_POINTER},
    {"desc fast accum", 25, CUBLASLT_MATMUL_DESC_FAST_ACCUM},
    {"desc bias type", 26, CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE},
    {"desc a scale mode", 31, CUBLASLT_MATMUL_DESC_A_SCALE_MODE},
    {"desc b scale mode", 32, CUBLASLT_MATMUL_DESC_B_SCALE_MODE},
    {"layout type", 0, CUBLASLT_MATRIX_LAYOUT_TYPE}, {"layout order", 1, CUBLASLT_MATRIX_LAYOUT_ORDER},
    {"layout rows", 2, CUBLASLT_MATRIX_LAYOUT_ROWS}, {"layout columns", 3, CUBLASLT_MATRIX_LAYOUT_COLS},
    {"layout ld", 4, CUBLASLT_MATRIX_LAYOUT_LD}, {"layout batch", 5, CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT},
    {"layout batch offset", 6, CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET},
    {"preference workspace", 1, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES},
    {"preference reductions", 3, CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK},
    {"preference alignment of a", 5, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES},
    {"reduction in place", 1, CUBLASLT_REDUCTION_SCHEME_INPLACE},
    {"reduction in the compute type", 2, CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE},
    {"reduction in the output type", 4, CUBLASLT_REDUCTION_SCHEME_OUTPUT_TYPE},
    {"order by columns", 0, CUBLASLT_ORDER_COL}, {"order by rows", 1, CUBLASLT_ORDER_ROW},
    {"epilogue none", 1, CUBLASLT_EPILOGUE_DEFAULT}, {"epilogue relu", 2, CUBLASLT_EPILOGUE_RELU},
    {"epilogue bias", 4, CUBLASLT_EPILOGUE_BIAS}, {"epilogue gelu", 32, CUBLASLT_EPILOGUE_GELU},
    {"scale per tensor", 0, CUBLASLT_MATMUL_MATRIX_SCALE_SCALAR_32F},
    {"scale of 16 by ue4m3", 1, CUBLASLT_MATMUL_MATRIX_SCALE_VEC16_UE4M3},
    {"scale of 32 by ue8m0", 2, CUBLASLT_MATMUL_MATRIX_SCALE_VEC32_UE8M0},
    {"scale per row", 3, CUBLASLT_MATMUL_MATRIX_SCALE_OUTER_VEC_32F},
    {"scale of 128", 4, CUBLASLT_MATMUL_MATRIX_SCALE_VEC128_32F},
    {"scale of 128x128", 5, CUBLASLT_MATMUL_MATRIX_SCALE_BLK128x128_32F},
    {"algo id", 0, CUBLASLT_ALGO_CONFIG_ID}, {"algo tile", 1, CUBLASLT_ALGO_CONFIG_TILE_ID},
    {"algo split k", 2, CUBLASLT_ALGO_CONFIG_SPLITK_NUM}, {"algo stages", 6, CUBLASLT_ALGO_CONFIG_STAGES_ID},
    {"algo cluster", 8, CUBLASLT_ALGO_CONFIG_CLUSTER_SHAPE_ID},
    {"bytes of an algo", 64, sizeof(cublasLtMatmulAlgo_t)},
    {"bytes of a result", 96, sizeof(cublasLtMatmulHeuristicResult_t)},
    {"algo in a result", 0, offsetof(cublasLtMatmulHeuristicResult_t, algo)},
    {"workspace in a result", 64, offsetof(cublasLtMatmulHeuristicResult_t, workspaceSize)},
    {"state in a result", 72, offsetof(cublasLtMatmulHeuristicResult_t, state)},
    {"waves in a result", 76, offsetof(cublasLtMatmulHeuristicResult_t, wavesCount)}};

int facts_compare(const char *list, const fact *rows, size_t count) {
    int wrong = 0;
    for (size_t i = 0; i < count; i++)
        if (rows[i].ours != rows[i].theirs) {
            printf("%s, %s: we go by %lld, the header says %lld\n", list, rows[i].what, rows[i].ours,
                rows[i].theirs);
            wrong++;
        }
    printf("%s: %zu facts, %d contradicted\n", list, count, wrong);
    return wrong;
}

int main(void) {
    int wrong = FACTS("runtime", runtime) + FACTS("types", types) + FACTS("BLAS", blas) + FACTS("Lt", lt);
    wrong += facts_rows() + facts_dnn() + facts_graph();
    return wrong > 0;
}
