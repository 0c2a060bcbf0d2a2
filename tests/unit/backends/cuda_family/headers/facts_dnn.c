/* cuDNN: numbers of the first call shape and of the backend interface. */
#if __has_include(<cudnn.h>)
#include <cudnn.h>
#endif
#include <stdio.h>

#include "tests/unit/backends/cuda_family/headers/facts.h"

#ifdef CUDNN_VERSION
static const fact dnn[] = {{"float", 0, CUDNN_DATA_FLOAT}, {"double", 1, CUDNN_DATA_DOUBLE},
    {"half", 2, CUDNN_DATA_HALF}, {"int8", 3, CUDNN_DATA_INT8}, {"int32", 4, CUDNN_DATA_INT32},
    {"bf16", 9, CUDNN_DATA_BFLOAT16}, {"f8e4m3", 12, CUDNN_DATA_FP8_E4M3},
    {"f8e5m2", 13, CUDNN_DATA_FP8_E5M2}, {"nchw", 0, CUDNN_TENSOR_NCHW}, {"nhwc", 1, CUDNN_TENSOR_NHWC},
    {"convolution", 0, CUDNN_CONVOLUTION}, {"cross-correlation", 1, CUDNN_CROSS_CORRELATION},
    {"math default", 0, CUDNN_DEFAULT_MATH}, {"math tensor", 1, CUDNN_TENSOR_OP_MATH},
    {"math tensor with conversion", 2, CUDNN_TENSOR_OP_MATH_ALLOW_CONVERSION},
    {"math fma", 3, CUDNN_FMA_MATH}, {"implicit gemm", 0, CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_GEMM},
    {"implicit precomp gemm", 1, CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM},
    {"gemm", 2, CUDNN_CONVOLUTION_FWD_ALGO_GEMM}, {"direct", 3, CUDNN_CONVOLUTION_FWD_ALGO_DIRECT},
    {"fft", 4, CUDNN_CONVOLUTION_FWD_ALGO_FFT}, {"fft tiling", 5, CUDNN_CONVOLUTION_FWD_ALGO_FFT_TILING},
    {"winograd", 6, CUDNN_CONVOLUTION_FWD_ALGO_WINOGRAD},
    {"winograd nonfused", 7, CUDNN_CONVOLUTION_FWD_ALGO_WINOGRAD_NONFUSED},
    {"relu", 1, CUDNN_ACTIVATION_RELU}, {"identity", 5, CUDNN_ACTIVATION_IDENTITY},
    {"propagate nan", 1, CUDNN_PROPAGATE_NAN},
    {"bytes of a choice", 48, sizeof(cudnnConvolutionFwdAlgoPerf_t)},
    {"algo in a choice", 0, offsetof(cudnnConvolutionFwdAlgoPerf_t, algo)},
    {"status in a choice", 4, offsetof(cudnnConvolutionFwdAlgoPerf_t, status)},
    {"time in a choice", 8, offsetof(cudnnConvolutionFwdAlgoPerf_t, time)},
    {"bytes in a choice", 16, offsetof(cudnnConvolutionFwdAlgoPerf_t, memory)},
    {"determinism in a choice", 24, offsetof(cudnnConvolutionFwdAlgoPerf_t, determinism)},
    {"math in a choice", 28, offsetof(cudnnConvolutionFwdAlgoPerf_t, mathType)},
    {"reserved in a choice", 32, offsetof(cudnnConvolutionFwdAlgoPerf_t, reserved)}};

static const fact graph[] = {{"convolution", 1, CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR},
    {"engine configuration", 3, CUDNN_BACKEND_ENGINECFG_DESCRIPTOR},
    {"heuristic", 4, CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR},
    {"plan", 5, CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR},
    {"operation", 10, CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR},
    {"graph", 15, CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR},
    {"pack", 16, CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR}, {"tensor", 17, CUDNN_BACKEND_TENSOR_DESCRIPTOR},
    {"tensor alignment", 900, CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT},
    {"tensor type", 901, CUDNN_ATTR_TENSOR_DATA_TYPE},
    {"tensor dimensions", 902, CUDNN_ATTR_TENSOR_DIMENSIONS},
    {"tensor strides", 903, CUDNN_ATTR_TENSOR_STRIDES}, {"tensor id", 906, CUDNN_ATTR_TENSOR_UNIQUE_ID},
    {"convolution type", 100, CUDNN_ATTR_CONVOLUTION_COMP_TYPE},
    {"convolution mode", 101, CUDNN_ATTR_CONVOLUTION_CONV_MODE},
    {"convolution dilations", 102, CUDNN_ATTR_CONVOLUTION_DILATIONS},
    {"convolution strides", 103, CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES},
    {"convolution post paddings", 104, CUDNN_ATTR_CONVOLUTION_POST_PADDINGS},
    {"convolution pre paddings", 105, CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS},
    {"convolution extents", 106, CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS},
    {"operation alpha", 700, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_ALPHA},
    {"operation beta", 701, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_BETA},
    {"operation convolution", 702, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC},
    {"operation w", 703, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W},
    {"operation x", 704, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X},
    {"operation y", 705, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y},
    {"graph handle", 800, CUDNN_ATTR_OPERATIONGRAPH_HANDLE},
    {"graph operations", 801, CUDNN_ATTR_OPERATIONGRAPH_OPS},
    {"heuristic mode", 200, CUDNN_ATTR_ENGINEHEUR_MODE},
    {"heuristic graph", 201, CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH},
    {"heuristic results", 202, CUDNN_ATTR_ENGINEHEUR_RESULTS},
    {"plan handle", 400, CUDNN_ATTR_EXECUTION_PLAN_HANDLE},
    {"plan configuration", 401, CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG},
    {"plan workspace", 402, CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE},
    {"pack ids", 1000, CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS},
    {"pack pointers", 1001, CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS},
    {"pack workspace", 1003, CUDNN_ATTR_VARIANT_PACK_WORKSPACE}, {"mode instant", 0, CUDNN_HEUR_MODE_INSTANT},
    {"mode B", 1, CUDNN_HEUR_MODE_B}, {"mode fallback", 2, CUDNN_HEUR_MODE_FALLBACK},
    {"mode A", 3, CUDNN_HEUR_MODE_A}, {"as handle", 0, CUDNN_TYPE_HANDLE},
    {"as data type", 1, CUDNN_TYPE_DATA_TYPE}, {"as bool", 2, CUDNN_TYPE_BOOLEAN},
    {"as int64", 3, CUDNN_TYPE_INT64}, {"as float", 4, CUDNN_TYPE_FLOAT}, {"as double", 5, CUDNN_TYPE_DOUBLE},
    {"as pointer", 6, CUDNN_TYPE_VOID_PTR}, {"as convolution mode", 7, CUDNN_TYPE_CONVOLUTION_MODE},
    {"as heuristic mode", 8, CUDNN_TYPE_HEUR_MODE}, {"as descriptor", 15, CUDNN_TYPE_BACKEND_DESCRIPTOR},
    {"status success", 0, CUDNN_STATUS_SUCCESS},
    {"status bad parameter's thousand", 2, CUDNN_STATUS_BAD_PARAM / 1000},
    {"status not supported's thousand", 3, CUDNN_STATUS_NOT_SUPPORTED / 1000},
    {"status internal's thousand", 4, CUDNN_STATUS_INTERNAL_ERROR / 1000},
    {"status execution's thousand", 5, CUDNN_STATUS_EXECUTION_FAILED / 1000},
    {"status not initialised's thousand", 1, CUDNN_STATUS_NOT_INITIALIZED / 1000}};

int facts_dnn(void) {
    printf("cuDNN %d.%d.%d\n", CUDNN_MAJOR, CUDNN_MINOR, CUDNN_PATCHLEVEL);
    return FACTS("DNN", dnn) + FACTS("DNN's backend interface", graph);
}
#else
int facts_dnn(void) {
    printf("no cudnn.h: its numbers are not checked\n");
    return 0;
}
#endif
