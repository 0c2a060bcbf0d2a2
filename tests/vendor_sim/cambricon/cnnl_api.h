/*
 * What the simulated libcnnl.so exports: the names of CNNL 2.x, or those of 1.x where CNNL_SIM_1 is defined
 * (CNNL_SIM_EARLY besides: of 2022, without int64 dimensions and without a TF32 switch of convolutions).
 * Orders are the vendor's; so are the numbers that are known, see the README for the others.
 */
#ifndef TESTS_VENDOR_SIM_CAMBRICON_CNNL_API_H
#define TESTS_VENDOR_SIM_CAMBRICON_CNNL_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/vendor_sim/cambricon/cnrt_api.h"

#pragma GCC visibility push(default)

typedef int32_t cnnlStatus_t;
typedef int32_t cnnlDataType_t;
typedef int32_t cnnlTensorLayout_t;
typedef struct cnnlContext *cnnlHandle_t;
typedef struct cnnlTensorStruct *cnnlTensorDescriptor_t;
typedef struct cnnlMatMulStruct *cnnlMatMulDescriptor_t;
typedef struct cnnlMatMulAlgoStruct *cnnlMatMulAlgo_t;
typedef struct cnnlMatMulHeuristicStruct *cnnlMatMulHeuristicResult_t;
typedef struct cnnlMatMulPreferStruct *cnnlMatMulPrefer_t;
typedef struct cnnlConvolutionStruct *cnnlConvolutionDescriptor_t;
typedef struct cnnlTransposeStruct *cnnlTransposeDescriptor_t;
typedef struct cnnlOpTensorStruct *cnnlOpTensorDescriptor_t;
typedef struct cnnlActivationStruct *cnnlActivationDescriptor_t;

enum {
    CNNL_STATUS_SUCCESS = 0,
    CNNL_STATUS_NOT_INITIALIZED = 1,
    CNNL_STATUS_ALLOC_FAILED = 2,
    CNNL_STATUS_BAD_PARAM = 3,
    CNNL_STATUS_INTERNAL_ERROR = 4,
    CNNL_STATUS_ARCH_MISMATCH = 5,
    CNNL_STATUS_EXECUTION_FAILED = 6,
    CNNL_STATUS_NOT_SUPPORTED = 7,
    CNNL_STATUS_NUMERICAL_OVERFLOW = 8
};

enum {
    CNNL_LAYOUT_NCHW = 0,
    CNNL_LAYOUT_NHWC = 1,
    CNNL_LAYOUT_HWCN = 2,
    CNNL_LAYOUT_NDHWC = 3,
    CNNL_LAYOUT_ARRAY = 4,
    CNNL_LAYOUT_NCL = 10 /* the last one */
};

enum {
    CNNL_DTYPE_HALF = 1,
    CNNL_DTYPE_FLOAT = 2,
    CNNL_DTYPE_INT8 = 3,
    CNNL_DTYPE_INT32 = 6,
    CNNL_DTYPE_UINT8 = 7,
    CNNL_DTYPE_DOUBLE = 14,
    CNNL_DTYPE_BFLOAT16 = 17
};

enum {
    CNNL_MATMUL_DESC_COMPUTE_TYPE = 0,
    CNNL_MATMUL_DESC_SCALE_TYPE = 1,
    CNNL_MATMUL_DESC_POINTER_MODE = 2,
    CNNL_MATMUL_DESC_TRANSA = 3,
    CNNL_MATMUL_DESC_TRANSB = 4,
    CNNL_MATMUL_ALLOW_TF32 = 10,
    CNNL_MATMUL_USE_BETA = 11,
    CNNL_MATMUL_DESC_USE_STRIDE = 13,
    CNNL_MATMUL_ATTRIBUTES = 14
};

#define CNNL_DIM_MAX 8

void cnnlGetLibVersion(int *major, int *minor, int *patch);
const char *cnnlGetErrorString(cnnlStatus_t status);
cnnlStatus_t cnnlCreate(cnnlHandle_t *handle);
cnnlStatus_t cnnlDestroy(cnnlHandle_t handle);
cnnlStatus_t cnnlSetQueue(cnnlHandle_t handle, cnrtQueue_t queue);
cnnlStatus_t cnnlGetQueue(cnnlHandle_t handle, cnrtQueue_t *queue);

cnnlStatus_t cnnlCreateTensorDescriptor(cnnlTensorDescriptor_t *desc);
cnnlStatus_t cnnlDestroyTensorDescriptor(cnnlTensorDescriptor_t desc);
cnnlStatus_t cnnlSetTensorDescriptor(cnnlTensorDescriptor_t desc, cnnlTensorLayout_t layout,
    cnnlDataType_t dtype, int count, const int dims[]);
cnnlStatus_t cnnlSetTensorDescriptorEx(cnnlTensorDescriptor_t desc, cnnlTensorLayout_t layout,
    cnnlDataType_t dtype, int count, const int dims[], const int strides[]);
#ifndef CNNL_SIM_EARLY
cnnlStatus_t cnnlSetTensorDescriptor_v2(cnnlTensorDescriptor_t desc, cnnlTensorLayout_t layout,
    cnnlDataType_t dtype, int count, const int64_t dims[]);
cnnlStatus_t cnnlSetTensorDescriptorEx_v2(cnnlTensorDescriptor_t desc, cnnlTensorLayout_t layout,
    cnnlDataType_t dtype, int count, const int64_t dims[], const int64_t strides[]);
#endif
#ifdef CNNL_SIM_1
cnnlStatus_t cnnlSetTensorDescriptorOnchipDataType(cnnlTensorDescriptor_t desc, cnnlDataType_t dtype);
cnnlStatus_t cnnlSetTensorDescriptorPosition(cnnlTensorDescriptor_t desc, int position);
cnnlStatus_t cnnlSetTensorDescriptorPositionAndScale(cnnlTensorDescriptor_t desc, int position, float scale);
cnnlStatus_t cnnlSetTensorDescriptorPositionScaleAndOffset(
    cnnlTensorDescriptor_t desc, int position, float scale, int offset);
#endif

#ifdef CNNL_SIM_1
cnnlStatus_t cnnlMatMulDescCreate(cnnlMatMulDescriptor_t *desc);
cnnlStatus_t cnnlMatMulDescDestroy(cnnlMatMulDescriptor_t desc);
cnnlStatus_t cnnlMatMulAlgoCreate(cnnlMatMulAlgo_t *algo);
cnnlStatus_t cnnlMatMulAlgoDestroy(cnnlMatMulAlgo_t algo);
#else
cnnlStatus_t cnnlCreateMatMulDescriptor(cnnlMatMulDescriptor_t *desc);
cnnlStatus_t cnnlDestroyMatMulDescriptor(cnnlMatMulDescriptor_t desc);
cnnlStatus_t cnnlCreateMatMulAlgo(cnnlMatMulAlgo_t *algo);
cnnlStatus_t cnnlDestroyMatMulAlgo(cnnlMatMulAlgo_t algo);
#endif
cnnlStatus_t cnnlSetMatMulDescAttr(
    cnnlMatMulDescriptor_t desc, int32_t attribute, const void *value, size_t bytes);
cnnlStatus_t cnnlCreateMatMulHeuristicResult(cnnlMatMulHeuristicResult_t *result);
cnnlStatus_t cnnlDestroyMatMulHeuristicResult(cnnlMatMulHeuristicResult_t result);
cnnlStatus_t cnnlGetMatMulAlgoHeuristic(cnnlHandle_t handle, cnnlMatMulDescriptor_t desc,
    cnnlTensorDescriptor_t a, cnnlTensorDescriptor_t b, cnnlTensorDescriptor_t c, cnnlTensorDescriptor_t d,
    cnnlMatMulPrefer_t prefer, int requested, cnnlMatMulHeuristicResult_t results[], int *returned);
cnnlStatus_t cnnlGetMatMulHeuristicResult(
    cnnlMatMulHeuristicResult_t result, cnnlMatMulAlgo_t algo, size_t *workspace_bytes);
cnnlStatus_t cnnlMatMul_v2(cnnlHandle_t handle, cnnlMatMulDescriptor_t desc, cnnlMatMulAlgo_t algo,
    const void *alpha, cnnlTensorDescriptor_t a_desc, const void *a, cnnlTensorDescriptor_t b_desc,
    const void *b, const void *beta, cnnlTensorDescriptor_t c_desc, void *c, void *workspace,
    size_t workspace_bytes, cnnlTensorDescriptor_t d_desc, void *d);
#ifdef CNNL_SIM_1
cnnlStatus_t cnnlMatMul(cnnlHandle_t handle, bool trans_a, bool trans_b, const void *alpha,
    cnnlTensorDescriptor_t a_desc, const void *a, cnnlTensorDescriptor_t b_desc, const void *b,
    const void *beta, cnnlTensorDescriptor_t c_desc, void *c);
cnnlStatus_t cnnlGetBatchMatMulAlgoHeuristic(cnnlHandle_t handle, cnnlMatMulDescriptor_t desc,
    cnnlTensorDescriptor_t a, cnnlTensorDescriptor_t b, cnnlTensorDescriptor_t c, cnnlMatMulPrefer_t prefer,
    int requested, cnnlMatMulHeuristicResult_t results[], int *returned);
cnnlStatus_t cnnlGetBatchMatMulHeuristicResult(
    cnnlMatMulHeuristicResult_t result, cnnlMatMulAlgo_t algo, size_t *workspace_bytes);
cnnlStatus_t cnnlBatchMatMulBCast_v2(cnnlHandle_t handle, cnnlMatMulDescriptor_t desc, cnnlMatMulAlgo_t algo,
    const void *alpha, cnnlTensorDescriptor_t a_desc, const void *a, cnnlTensorDescriptor_t b_desc,
    const void *b, const void *beta, cnnlTensorDescriptor_t c_desc, void *c, void *workspace,
    size_t workspace_bytes);
#else
cnnlStatus_t cnnlGetBatchMatMulExAlgoHeuristic(cnnlHandle_t handle, cnnlMatMulDescriptor_t desc,
    cnnlTensorDescriptor_t a, cnnlTensorDescriptor_t b, cnnlTensorDescriptor_t c, cnnlMatMulPrefer_t prefer,
    int requested, cnnlMatMulHeuristicResult_t results[], int *returned);
cnnlStatus_t cnnlGetBatchMatMulExHeuristicResult(
    cnnlMatMulHeuristicResult_t result, cnnlMatMulAlgo_t algo, size_t *workspace_bytes);
cnnlStatus_t cnnlBatchMatMulEx(cnnlHandle_t handle, cnnlMatMulDescriptor_t desc, cnnlMatMulAlgo_t algo,
    const void *alpha, cnnlTensorDescriptor_t a_desc, const void *a, cnnlTensorDescriptor_t b_desc,
    const void *b, const void *beta, cnnlTensorDescriptor_t c_desc, void *c, void *workspace,
    size_t workspace_bytes);
#endif

cnnlStatus_t cnnlCreateConvolutionDescriptor(cnnlConvolutionDescriptor_t *desc);
cnnlStatus_t cnnlDestroyConvolutionDescriptor(cnnlConvolutionDescriptor_t desc);
#ifdef CNNL_SIM_EARLY
cnnlStatus_t cnnlSetConvolutionDescriptor(cnnlConvolutionDescriptor_t desc, int count, const int pad[],
    const int stride[], const int dilation[], int groups);
#else
cnnlStatus_t cnnlSetConvolutionDescriptor(cnnlConvolutionDescriptor_t desc, int count, const int pad[],
    const int stride[], const int dilation[], int groups, cnnlDataType_t compute);
cnnlStatus_t cnnlSetConvolutionDescriptorAllowTF32(cnnlConvolutionDescriptor_t desc, int allow);
#endif
#ifdef CNNL_SIM_1
cnnlStatus_t cnnlGetConvolutionForwardAlgorithm(cnnlHandle_t handle, cnnlConvolutionDescriptor_t desc,
    cnnlTensorDescriptor_t x, cnnlTensorDescriptor_t w, cnnlTensorDescriptor_t y, int32_t preference,
    int32_t *algo);
#endif
cnnlStatus_t cnnlGetConvolutionForwardWorkspaceSize(cnnlHandle_t handle, cnnlTensorDescriptor_t x,
    cnnlTensorDescriptor_t w, cnnlTensorDescriptor_t y, cnnlTensorDescriptor_t bias,
    cnnlConvolutionDescriptor_t desc, int32_t algo, size_t *bytes);
cnnlStatus_t cnnlConvolutionForward(cnnlHandle_t handle, cnnlConvolutionDescriptor_t desc, int32_t algo,
    const void *alpha, cnnlTensorDescriptor_t x_desc, const void *x, cnnlTensorDescriptor_t w_desc,
    const void *w, cnnlTensorDescriptor_t bias_desc, const void *bias, void *workspace,
    size_t workspace_bytes, const void *beta, cnnlTensorDescriptor_t y_desc, void *y);

cnnlStatus_t cnnlCreateTransposeDescriptor(cnnlTransposeDescriptor_t *desc);
cnnlStatus_t cnnlDestroyTransposeDescriptor(cnnlTransposeDescriptor_t desc);
cnnlStatus_t cnnlSetTransposeDescriptor(cnnlTransposeDescriptor_t desc, int count, const int permute[]);
cnnlStatus_t cnnlGetTransposeWorkspaceSize(
    cnnlHandle_t handle, cnnlTensorDescriptor_t x, cnnlTransposeDescriptor_t desc, size_t *bytes);
cnnlStatus_t cnnlTranspose_v2(cnnlHandle_t handle, cnnlTransposeDescriptor_t desc,
    cnnlTensorDescriptor_t x_desc, const void *x, cnnlTensorDescriptor_t y_desc, void *y, void *workspace,
    size_t workspace_bytes);

cnnlStatus_t cnnlCreateOpTensorDescriptor(cnnlOpTensorDescriptor_t *desc);
cnnlStatus_t cnnlDestroyOpTensorDescriptor(cnnlOpTensorDescriptor_t desc);
cnnlStatus_t cnnlSetOpTensorDescriptor(
    cnnlOpTensorDescriptor_t desc, int32_t operation, cnnlDataType_t compute, int32_t nan);
#ifdef CNNL_SIM_1
cnnlStatus_t cnnlGetOpTensorWorkspaceSize_v2(cnnlHandle_t handle, cnnlOpTensorDescriptor_t desc,
    const void *alpha1, cnnlTensorDescriptor_t a_desc, const void *a, const void *alpha2,
    cnnlTensorDescriptor_t b_desc, const void *b, const void *beta, cnnlTensorDescriptor_t c_desc, void *c,
    size_t *bytes);
#else
cnnlStatus_t cnnlGetOpTensorWorkspaceSize_v3(cnnlHandle_t handle, const void *alpha1,
    cnnlTensorDescriptor_t a_desc, const void *alpha2, cnnlTensorDescriptor_t b_desc, const void *beta,
    cnnlTensorDescriptor_t c_desc, size_t *bytes);
#endif
cnnlStatus_t cnnlOpTensor(cnnlHandle_t handle, cnnlOpTensorDescriptor_t desc, const void *alpha1,
    cnnlTensorDescriptor_t a_desc, const void *a, const void *alpha2, cnnlTensorDescriptor_t b_desc,
    const void *b, void *workspace, size_t workspace_bytes, const void *beta, cnnlTensorDescriptor_t c_desc,
    void *c);

cnnlStatus_t cnnlCreateActivationDescriptor(cnnlActivationDescriptor_t *desc);
cnnlStatus_t cnnlDestroyActivationDescriptor(cnnlActivationDescriptor_t desc);
#ifdef CNNL_SIM_1
cnnlStatus_t cnnlSetActivationDescriptor_v5(cnnlActivationDescriptor_t desc, int32_t mode, int32_t prefer,
    int32_t nan, float coefficient, int sliced_dim, float gamma, float scale, bool is_result);
#else
cnnlStatus_t cnnlSetActivationDescriptor_v6(cnnlActivationDescriptor_t desc, int32_t mode, int32_t prefer,
    int32_t nan, float coefficient, int sliced_dim, float gamma, float scale, bool is_result,
    bool is_approximate);
#endif
cnnlStatus_t cnnlActivationForward(cnnlHandle_t handle, cnnlActivationDescriptor_t desc, const void *alpha,
    cnnlTensorDescriptor_t x_desc, const void *x, const void *beta, cnnlTensorDescriptor_t y_desc, void *y);

#pragma GCC visibility pop

#endif
