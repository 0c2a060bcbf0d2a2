/*
 * Prototypes of our own for CANN's libraries: the runtime (libascendcl.so), the objects of its two-phase
 * operators (libnnopbase.so), the operators themselves (libopapi.so, or its parts). Handles are pointers that
 * nobody here looks into. Functions return the vendor's code, 0 for success, unless they return a pointer.
 */
#ifndef BACKENDS_ASCEND_API_H
#define BACKENDS_ASCEND_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The runtime. Fields are named without "acl"; (optional) may be NULL. */
typedef struct ascend_runtime_api {
    int (*Init)(const char *config);
    int (*rtGetVersion)(
        int32_t *major, int32_t *minor, int32_t *patch); /* (optional) of the interface, not of CANN */
    const char *(*GetRecentErrMsg)(void);                /* (optional) and clears it; of this thread */
    int (*rtGetDeviceCount)(uint32_t *count);
    int (*rtSetDevice)(int32_t device);  /* of this thread */
    int (*rtGetDevice)(int32_t *device); /* (optional) of this thread; fails if none was set */
    const char *(*rtGetSocName)(void);
    int (*rtGetMemInfo)(int attribute, size_t *free_bytes, size_t *total_bytes);
    int (*GetDeviceCapability)(uint32_t device, int what, int64_t *value);       /* (optional) */
    int (*rtGetDeviceInfo)(uint32_t device, int attribute, int64_t *value);      /* (optional) from 8.5 on */
    int (*rtDeviceGetPCIBusId)(int32_t device, char *text, int32_t capacity);    /* (optional) from 9.2 on */
    int (*rtGetLogicDevIdByUserDevId)(const int32_t user, int32_t *const logic); /* (optional) newer */
    int (*rtMalloc)(void **memory, size_t bytes, int policy);
    int (*rtFree)(void *memory);
    int (*rtMallocHost)(void **memory, size_t bytes);
    int (*rtFreeHost)(void *memory);
    int (*rtMemcpy)(void *to, size_t room, const void *from, size_t bytes, int kind);
    int (*rtMemcpyAsync)(void *to, size_t room, const void *from, size_t bytes, int kind, void *stream);
    int (*rtMemsetAsync)(void *memory, size_t room, int32_t value, size_t bytes, void *stream);
    int (*rtCreateStream)(void **stream);
    int (*rtCreateStreamWithConfig)(void **stream, uint32_t priority, uint32_t flags); /* (optional) */
    int (*rtDestroyStream)(void *stream);
    int (*rtSynchronizeStream)(void *stream);
    int (*rtStreamQuery)(void *stream, int *status); /* (optional) */
    int (*rtStreamWaitEvent)(void *stream, void *event);
    int (*rtCreateEvent)(void **event);
    int (*rtCreateEventWithFlag)(void **event, uint32_t flags); /* (optional) */
    int (*rtDestroyEvent)(void *event);
    int (*rtRecordEvent)(void *event, void *stream);
    int (*rtQueryEventStatus)(void *event, int *status); /* (optional) one of these two */
    int (*rtQueryEvent)(void *event, int *status);       /* (optional) */
    int (*rtEventElapsedTime)(float *ms, void *start, void *stop);
} ascend_runtime_api;

/** Objects of operators. */
typedef struct ascend_base_api {
    void *(*CreateTensor)(const int64_t *dims, uint64_t rank, int type, const int64_t *strides,
        int64_t offset, int format, const int64_t *storage_dims, uint64_t storage_rank, void *memory);
    int (*DestroyTensor)(const void *tensor);
    void *(*CreateScalar)(void *value, int type);
    int (*DestroyScalar)(const void *scalar);
    void *(*CreateIntArray)(const int64_t *values, uint64_t count);
    int (*DestroyIntArray)(const void *array);
    int (*SetAclOpExecutorRepeatable)(void *executor); /* (optional) from CANN 8 on, these two */
    int (*DestroyAclOpExecutor)(void *executor);       /* (optional) */
} ascend_base_api;

/** Phase two of every operator. */
typedef int ascend_phase_two(void *workspace, uint64_t bytes, void *executor, void *stream);

/* Phase one, a shape each. */
typedef int ascend_matmul_fn(
    const void *self, const void *mat2, void *out, int8_t cube, uint64_t *bytes, void **executor);
typedef int ascend_addmm_fn(const void *self, const void *mat1, const void *mat2, const void *beta,
    const void *alpha, void *out, int8_t cube, uint64_t *bytes, void **executor);
typedef int ascend_quant3_fn(const void *x1, const void *x2, const void *scale, const void *offset,
    const void *bias, bool transpose_x1, bool transpose_x2, const void *out, uint64_t *bytes,
    void **executor);
typedef int ascend_quant4_fn(const void *x1, const void *x2, const void *scale, const void *offset,
    const void *row_scale, const void *bias, bool transpose_x1, bool transpose_x2, const void *out,
    uint64_t *bytes, void **executor);
typedef int ascend_quant5_fn(const void *x1, const void *x2, const void *x1_scale, const void *x2_scale,
    const void *y_scale, const void *x1_offset, const void *x2_offset, const void *y_offset, const void *bias,
    bool transpose_x1, bool transpose_x2, int64_t group, void *out, uint64_t *bytes, void **executor);
typedef int ascend_conv_fn(const void *input, const void *weight, const void *bias, const void *stride,
    const void *padding, const void *dilation, bool transposed, const void *output_padding, int64_t groups,
    void *output, int8_t cube, uint64_t *bytes, void **executor);
typedef int ascend_add_fn(
    const void *self, const void *other, const void *alpha, void *out, uint64_t *bytes, void **executor);
typedef int ascend_copy_fn(void *self, const void *source, uint64_t *bytes, void **executor);

/** Operators, indexes of ascend_libraries.op. */
typedef enum ascend_op {
    ASCEND_OP_MATMUL,
    ASCEND_OP_MM,
    ASCEND_OP_BATCH_MATMUL,
    ASCEND_OP_ADDMM,
    ASCEND_OP_QUANT_V3,
    ASCEND_OP_QUANT_V4,
    ASCEND_OP_QUANT_V5,
    ASCEND_OP_CONV,
    ASCEND_OP_ADD,
    ASCEND_OP_COPY,
    ASCEND_OPS
} ascend_op;

/** An operator's two functions; NULL: the libraries have none. */
typedef struct ascend_operator {
    const char *name; /* "aclnnMatmul" */
    void (*phase_one)(void);
    ascend_phase_two *phase_two;
} ascend_operator;

#endif
