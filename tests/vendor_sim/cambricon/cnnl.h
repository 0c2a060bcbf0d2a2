/*
 * What the files of the simulated libcnnl.so share: what lies behind the handles, how functions begin and
 * end, and what operands are checked for. Objects of handles are found by cnnl_get().
 */
#ifndef TESTS_VENDOR_SIM_CAMBRICON_CNNL_H
#define TESTS_VENDOR_SIM_CAMBRICON_CNNL_H

#include "tests/vendor_sim/cambricon/cnnl_api.h"
#include "tests/vendor_sim/common/arithmetic.h"
#include "tests/vendor_sim/common/stream.h"

/* Kinds of objects. */
#define CNNL_HANDLE "cnnl_handle"
#define CNNL_TENSOR "tensor_descriptor"
#define CNNL_MATMUL "matmul_descriptor"
#define CNNL_ALGO "matmul_algo"
#define CNNL_RESULT "matmul_heuristic"
#define CNNL_CONV "convolution_descriptor"
#define CNNL_TRANSPOSE "transpose_descriptor"
#define CNNL_OP_TENSOR "op_tensor_descriptor"
#define CNNL_ACTIVATION "activation_descriptor"

/** queue: NULL is the default queue. */
typedef struct cnnl_handle {
    int device;
    cnrtQueue_t queue;
} cnnl_handle;

/** onchip, position, scale: of CNNL 1.x; onchip 0: not told. */
typedef struct cnnl_tensor {
    bool is_set, has_position;
    int32_t layout, dtype, onchip;
    int count, position;
    float scale;
    int64_t dim[CNNL_DIM_MAX], stride[CNNL_DIM_MAX];
} cnnl_tensor;

/** Begin an exported function that no handle is needed for; cnnl_leave() must follow. Codes of other
 * libraries (of a lost device) become EXECUTION_FAILED. */
cnnlStatus_t cnnl_enter(const char *function);
/** The same with a handle, whose device may not be in a trap; counts it if the thread is on another device.
 */
cnnlStatus_t cnnl_enter_on(const char *function, cnnlHandle_t handle, cnnl_handle **out_handle);
cnnlStatus_t cnnl_leave(cnnlStatus_t status);

/** The object, or NULL: BAD_PARAM is what to answer. A misuse unless the handle is NULL. */
void *cnnl_get(const void *handle, const char *kind);

/** Whole functions: an object behind a new handle; and its end. */
cnnlStatus_t cnnl_create(const char *function, const char *kind, size_t bytes, void *out_handle);
cnnlStatus_t cnnl_destroy(const char *function, const char *kind, const void *handle);

/** A descriptor that was filled in; NULL: none, or not yet. */
const cnnl_tensor *cnnl_described(cnnlTensorDescriptor_t desc);
/** Whether the elements lie one after the other, the last dimension innermost. */
bool cnnl_is_dense(const cnnl_tensor *tensor);
/** Whether two have the same dims. */
bool cnnl_is_alike(const cnnl_tensor *one, const cnnl_tensor *other);

/** Whether int8 says what its 1 is worth, where the library (1.x) wants it; and what that is. */
bool cnnl_is_quantized(const cnnl_tensor *tensor);
double cnnl_unit(const cnnl_tensor *tensor);

/** The SY_ type of a dtype: 0, NOT_SUPPORTED by the library, ARCH_MISMATCH by the card (`arch_code`). */
cnnlStatus_t cnnl_type(int device, int32_t dtype, uint32_t *out_type);

/** Bytes behind an operand: BAD_PARAM if they are not of the device, or too few (misuse "host_pointer",
 * "tensor_beyond_memory"). */
cnnlStatus_t cnnl_view(int device, const cnnl_tensor *tensor, const void *pointer, void **out_view);

/** A workspace of that many bytes: BAD_PARAM if it is too small, or none (misuse "workspace_too_small"). */
cnnlStatus_t cnnl_check_workspace(int device, const void *workspace, size_t bytes, size_t needed);
/** Bytes that the algorithm of that number wants: `workspace` (4096 by default) each. */
size_t cnnl_workspace(int device, int number);

/** A factor that the host holds. Where it may be left out, NULL is `fallback`. */
cnnlStatus_t cnnl_factor(const void *pointer, double *out_factor);
cnnlStatus_t cnnl_factor_or(const void *pointer, double fallback, double *out_factor);

/** The queue's stream, NULL if it is none any more, or of another device. */
sim_stream *cnnl_stream(const cnnl_handle *handle);
/** Enqueue work on the handle's queue. */
cnnlStatus_t cnnl_enqueue(const cnnl_handle *handle, const sim_work *work);

#endif
