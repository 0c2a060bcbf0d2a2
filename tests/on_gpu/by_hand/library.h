/*
 * The vendor's libraries, opened at run time; every pointer has the type of the vendor's own declaration.
 * Fields are called as the functions are.
 */
#ifndef STEELYARD_BY_HAND_LIBRARY_H
#define STEELYARD_BY_HAND_LIBRARY_H

#include <cublasLt.h>
#include <cuda_runtime_api.h>
#include <stdbool.h>

#if __has_include(<cudnn.h>)
#include <cudnn.h>
#define BY_HAND_CUDNN 1
#else
#define BY_HAND_CUDNN 0
#endif

#define BY_HAND_RUNTIME(X)                                                                                   \
    X(cudaSetDevice)                                                                                         \
    X(cudaGetDeviceProperties)                                                                               \
    X(cudaDeviceGetAttribute)                                                                                \
    X(cudaDeviceGetPCIBusId)                                                                                 \
    X(cudaRuntimeGetVersion)                                                                                 \
    X(cudaDriverGetVersion)                                                                                  \
    X(cudaGetErrorString)                                                                                    \
    X(cudaGetLastError)                                                                                      \
    X(cudaMemGetInfo)                                                                                        \
    X(cudaMalloc)                                                                                            \
    X(cudaFree)                                                                                              \
    X(cudaMallocHost)                                                                                        \
    X(cudaFreeHost)                                                                                          \
    X(cudaMemcpy)                                                                                            \
    X(cudaMemcpyAsync)                                                                                       \
    X(cudaMemsetAsync)                                                                                       \
    X(cudaStreamCreateWithFlags)                                                                             \
    X(cudaStreamSynchronize)                                                                                 \
    X(cudaStreamBeginCapture)                                                                                \
    X(cudaStreamEndCapture)                                                                                  \
    X(cudaGraphInstantiate)                                                                                  \
    X(cudaGraphLaunch)                                                                                       \
    X(cudaGraphExecDestroy)                                                                                  \
    X(cudaGraphDestroy)                                                                                      \
    X(cudaEventCreateWithFlags)                                                                              \
    X(cudaEventRecord)                                                                                       \
    X(cudaEventSynchronize)                                                                                  \
    X(cudaEventElapsedTime)

#define BY_HAND_LT(X)                                                                                        \
    X(cublasLtCreate)                                                                                        \
    X(cublasLtGetVersion)                                                                                    \
    X(cublasLtMatmulDescCreate)                                                                              \
    X(cublasLtMatmulDescDestroy)                                                                             \
    X(cublasLtMatmulDescSetAttribute)                                                                        \
    X(cublasLtMatrixLayoutCreate)                                                                            \
    X(cublasLtMatrixLayoutDestroy)                                                                           \
    X(cublasLtMatrixLayoutSetAttribute)                                                                      \
    X(cublasLtMatmulPreferenceCreate)                                                                        \
    X(cublasLtMatmulPreferenceDestroy)                                                                       \
    X(cublasLtMatmulPreferenceSetAttribute)                                                                  \
    X(cublasLtMatmulAlgoGetHeuristic)                                                                        \
    X(cublasLtMatmul)

#define BY_HAND_DNN(X)                                                                                       \
    X(cudnnCreate)                                                                                           \
    X(cudnnGetVersion)                                                                                       \
    X(cudnnSetStream)                                                                                        \
    X(cudnnCreateTensorDescriptor)                                                                           \
    X(cudnnDestroyTensorDescriptor)                                                                          \
    X(cudnnSetTensor4dDescriptor)                                                                            \
    X(cudnnCreateFilterDescriptor)                                                                           \
    X(cudnnDestroyFilterDescriptor)                                                                          \
    X(cudnnSetFilter4dDescriptor)                                                                            \
    X(cudnnCreateConvolutionDescriptor)                                                                      \
    X(cudnnDestroyConvolutionDescriptor)                                                                     \
    X(cudnnSetConvolution2dDescriptor)                                                                       \
    X(cudnnSetConvolutionMathType)                                                                           \
    X(cudnnSetConvolutionGroupCount)                                                                         \
    X(cudnnGetConvolution2dForwardOutputDim)                                                                 \
    X(cudnnGetConvolutionForwardAlgorithm_v7)                                                                \
    X(cudnnGetConvolutionForwardWorkspaceSize)                                                               \
    X(cudnnConvolutionForward)

#define BY_HAND_FIELD(name) __typeof__(&name) name;

typedef struct library {
    BY_HAND_RUNTIME(BY_HAND_FIELD)
    BY_HAND_LT(BY_HAND_FIELD)
    BY_HAND_FIELD(cublasLtMatmulAlgoConfigGetAttribute) /* NULL in a library that only looks like cuBLASLt */
#if BY_HAND_CUDNN
    BY_HAND_DNN(BY_HAND_FIELD)
#endif
    char runtime_path[512], lt_path[512], dnn_path[512];
    bool has_dnn;
    char reason[512]; /* why not, where something is missing */
} library;

/** Open the runtime and cublasLt (false without them), and cuDNN where it is there. */
bool library_open(library *lib);

#endif
