/* The two-phase operators of Ascend: objects (libnnopbase.so) and functions (libopapi.so, from CANN 8.5 on
 * also libopapi_nn.so and libopapi_math.so) as the simulation exports them. */
#ifndef TESTS_VENDOR_SIM_ASCEND_ACLNN_H
#define TESTS_VENDOR_SIM_ASCEND_ACLNN_H

#include <stdbool.h>

#include "tests/vendor_sim/ascend/acl.h"

typedef int32_t aclnnStatus;
typedef struct aclTensor aclTensor;
typedef struct aclScalar aclScalar;
typedef struct aclIntArray aclIntArray;
typedef struct aclOpExecutor aclOpExecutor;

/* Formats. */
enum {
    ACL_FORMAT_UNDEFINED = -1,
    ACL_FORMAT_NCHW = 0,
    ACL_FORMAT_NHWC = 1,
    ACL_FORMAT_ND = 2,
    ACL_FORMAT_FRACTAL_NZ = 29
};

/* What the cube may do to f32. */
enum { KEEP_DTYPE = 0, ALLOW_FP32_DOWN_PRECISION = 1, USE_FP16 = 2, USE_HF32 = 3, USE_FP32_ADD = 4 };

/* Errors. */
enum {
    ACLNN_SUCCESS = 0,
    ACLNN_ERR_PARAM_NULLPTR = 161001,
    ACLNN_ERR_PARAM_INVALID = 161002,
    ACLNN_ERR_RUNTIME_ERROR = 361001,
    ACLNN_ERR_INNER = 561000,
    ACLNN_ERR_INNER_FIND_KERNEL_ERROR = 561003,
    ACLNN_ERR_INNER_NULLPTR = 561103,
    ACLNN_ERR_INNER_OPP_PATH_NOT_FOUND = 561107,
    ACLNN_ERR_INNER_OPP_KERNEL_PKG_NOT_FOUND = 561112
};

#pragma GCC visibility push(default)
aclnnStatus aclnnInit(const char *config);
aclnnStatus aclnnFinalize(void);
aclTensor *aclCreateTensor(const int64_t *dims, uint64_t dim_count, int type, const int64_t *strides,
    int64_t offset, int format, const int64_t *storage_dims, uint64_t storage_dim_count, void *memory);
aclnnStatus aclDestroyTensor(const aclTensor *tensor);
aclScalar *aclCreateScalar(void *value, int type);
aclnnStatus aclDestroyScalar(const aclScalar *scalar);
aclIntArray *aclCreateIntArray(const int64_t *values, uint64_t count);
aclnnStatus aclDestroyIntArray(const aclIntArray *array);
aclnnStatus aclSetAclOpExecutorRepeatable(aclOpExecutor *executor); /* new */
aclnnStatus aclDestroyAclOpExecutor(aclOpExecutor *executor);       /* new */
aclnnStatus aclSetInputTensorAddr(aclOpExecutor *executor, size_t index, aclTensor *tensor, void *memory);
aclnnStatus aclSetOutputTensorAddr(aclOpExecutor *executor, size_t index, aclTensor *tensor, void *memory);
aclnnStatus AclSetInputTensorAddr(aclOpExecutor *executor, size_t index, aclTensor *tensor, void *memory);
aclnnStatus AclSetOutputTensorAddr(aclOpExecutor *executor, size_t index, aclTensor *tensor, void *memory);

/* The second phase of every operator. */
#define AS_PHASE_TWO(name)                                                                                   \
    aclnnStatus name(void *workspace, uint64_t workspace_bytes, aclOpExecutor *executor, aclrtStream stream)

/* Products. */
aclnnStatus aclnnMatmulGetWorkspaceSize(const aclTensor *self, const aclTensor *mat2, aclTensor *out,
    int8_t cube_math, uint64_t *workspace_bytes, aclOpExecutor **executor);
aclnnStatus aclnnMmGetWorkspaceSize(const aclTensor *self, const aclTensor *mat2, aclTensor *out,
    int8_t cube_math, uint64_t *workspace_bytes, aclOpExecutor **executor);
aclnnStatus aclnnBatchMatMulGetWorkspaceSize(const aclTensor *self, const aclTensor *mat2, aclTensor *out,
    int8_t cube_math, uint64_t *workspace_bytes, aclOpExecutor **executor);
aclnnStatus aclnnMatmulWeightNzGetWorkspaceSize(const aclTensor *self, const aclTensor *mat2, aclTensor *out,
    int8_t cube_math, uint64_t *workspace_bytes, aclOpExecutor **executor); /* new */
aclnnStatus aclnnBatchMatMulWeightNzGetWorkspaceSize(const aclTensor *self, const aclTensor *mat2,
    aclTensor *out, int8_t cube_math, uint64_t *workspace_bytes, aclOpExecutor **executor); /* new */
aclnnStatus aclnnAddmmGetWorkspaceSize(const aclTensor *self, const aclTensor *mat1, const aclTensor *mat2,
    const aclScalar *beta, const aclScalar *alpha, aclTensor *out, int8_t cube_math,
    uint64_t *workspace_bytes, aclOpExecutor **executor);
aclnnStatus aclnnGemmGetWorkspaceSize(const aclTensor *a, const aclTensor *b, const aclTensor *c, float alpha,
    float beta, int64_t trans_a, int64_t trans_b, aclTensor *out, int8_t cube_math, uint64_t *workspace_bytes,
    aclOpExecutor **executor);
AS_PHASE_TWO(aclnnMatmul);
AS_PHASE_TWO(aclnnMm);
AS_PHASE_TWO(aclnnBatchMatMul);
AS_PHASE_TWO(aclnnMatmulWeightNz);
AS_PHASE_TWO(aclnnBatchMatMulWeightNz);
AS_PHASE_TWO(aclnnAddmm);
AS_PHASE_TWO(aclnnGemm);

/* Products of s8. */
aclnnStatus aclnnQuantMatmulGetWorkspaceSize(const aclTensor *x1, const aclTensor *x2, const aclTensor *bias,
    float scale, aclTensor *out, uint64_t *workspace_bytes, aclOpExecutor **executor);
aclnnStatus aclnnQuantMatmulV3GetWorkspaceSize(const aclTensor *x1, const aclTensor *x2,
    const aclTensor *scale, const aclTensor *offset, const aclTensor *bias, bool transpose_x1,
    bool transpose_x2, const aclTensor *out, uint64_t *workspace_bytes, aclOpExecutor **executor);
aclnnStatus aclnnQuantMatmulV4GetWorkspaceSize(const aclTensor *x1, const aclTensor *x2,
    const aclTensor *scale, const aclTensor *offset, const aclTensor *row_scale, const aclTensor *bias,
    bool transpose_x1, bool transpose_x2, const aclTensor *out, uint64_t *workspace_bytes,
    aclOpExecutor **executor);
aclnnStatus aclnnQuantMatmulV5GetWorkspaceSize(const aclTensor *x1, const aclTensor *x2,
    const aclTensor *x1_scale, const aclTensor *x2_scale, const aclTensor *y_scale,
    const aclTensor *x1_offset, const aclTensor *x2_offset, const aclTensor *y_offset, const aclTensor *bias,
    bool transpose_x1, bool transpose_x2, int64_t group, aclTensor *out, uint64_t *workspace_bytes,
    aclOpExecutor **executor);
aclnnStatus aclnnTransQuantParamV2GetWorkspaceSize(const aclTensor *scale, const aclTensor *offset,
    aclTensor *out, uint64_t *workspace_bytes, aclOpExecutor **executor);
AS_PHASE_TWO(aclnnQuantMatmul);
AS_PHASE_TWO(aclnnQuantMatmulV3);
AS_PHASE_TWO(aclnnQuantMatmulV4);
AS_PHASE_TWO(aclnnQuantMatmulV5);
AS_PHASE_TWO(aclnnTransQuantParamV2);

/* Weights in FRACTAL_NZ. */
aclnnStatus aclnnCalculateMatmulWeightSizeV2(const aclIntArray *shape, int type, uint64_t *count);
aclnnStatus aclnnTransMatmulWeightGetWorkspaceSize(
    aclTensor *weight, uint64_t *workspace_bytes, aclOpExecutor **executor);
AS_PHASE_TWO(aclnnTransMatmulWeight);

aclnnStatus aclnnConvolutionGetWorkspaceSize(const aclTensor *input, const aclTensor *weight,
    const aclTensor *bias, const aclIntArray *stride, const aclIntArray *padding, const aclIntArray *dilation,
    bool transposed, const aclIntArray *output_padding, int64_t groups, aclTensor *output, int8_t cube_math,
    uint64_t *workspace_bytes, aclOpExecutor **executor);
AS_PHASE_TWO(aclnnConvolution);

/* Of elements and of rows. */
aclnnStatus aclnnAddGetWorkspaceSize(const aclTensor *self, const aclTensor *other, const aclScalar *alpha,
    aclTensor *out, uint64_t *workspace_bytes, aclOpExecutor **executor);
aclnnStatus aclnnMulGetWorkspaceSize(const aclTensor *self, const aclTensor *other, aclTensor *out,
    uint64_t *workspace_bytes, aclOpExecutor **executor);
aclnnStatus aclnnReluGetWorkspaceSize(
    const aclTensor *self, aclTensor *out, uint64_t *workspace_bytes, aclOpExecutor **executor);
aclnnStatus aclnnInplaceReluGetWorkspaceSize(
    aclTensor *self, uint64_t *workspace_bytes, aclOpExecutor **executor);
aclnnStatus aclnnCastGetWorkspaceSize(
    const aclTensor *self, int type, aclTensor *out, uint64_t *workspace_bytes, aclOpExecutor **executor);
aclnnStatus aclnnInplaceCopyGetWorkspaceSize(
    aclTensor *self, const aclTensor *source, uint64_t *workspace_bytes, aclOpExecutor **executor);
aclnnStatus aclnnSoftmaxGetWorkspaceSize(
    const aclTensor *self, int64_t dim, aclTensor *out, uint64_t *workspace_bytes, aclOpExecutor **executor);
aclnnStatus aclnnLayerNormGetWorkspaceSize(const aclTensor *input, const aclIntArray *shape,
    const aclTensor *weight, const aclTensor *bias, double epsilon, aclTensor *out, aclTensor *mean,
    aclTensor *rstd, uint64_t *workspace_bytes, aclOpExecutor **executor);
AS_PHASE_TWO(aclnnAdd);
AS_PHASE_TWO(aclnnMul);
AS_PHASE_TWO(aclnnRelu);
AS_PHASE_TWO(aclnnInplaceRelu);
AS_PHASE_TWO(aclnnCast);
AS_PHASE_TWO(aclnnInplaceCopy);
AS_PHASE_TWO(aclnnSoftmax);
AS_PHASE_TWO(aclnnLayerNorm);
#pragma GCC visibility pop

#endif
