/*
 * Functions of the libraries, as prototypes of our own: handles are void pointers, enumerations int. Fields
 * are named as the functions are without their prefix. A field is NULL if the library has no such function.
 */
#ifndef BACKENDS_CUDA_FAMILY_API_H
#define BACKENDS_CUDA_FAMILY_API_H

#include <stddef.h>
#include <stdint.h>

/** The runtime ("cuda", "hip", "musa", "mc" ...). */
typedef struct cf_runtime_api {
    int (*GetDeviceCount)(int *count);
    int (*SetDevice)(int device);
    int (*GetDeviceProperties)(void *properties, int device); /* writes a struct of unknown size: see below */
    int (*DeviceGetPCIBusId)(char *text, int capacity, int device);
    int (*DeviceGetAttribute)(int *value, int attribute, int device);
    int (*Malloc)(void **address, size_t bytes);
    int (*Free)(void *address);
    int (*MallocHost)(void **address, size_t bytes);
    int (*FreeHost)(void *address);
    int (*HostMalloc)(void **address, size_t bytes, unsigned flags); /* HIP's names for the two */
    int (*HostFree)(void *address);
    int (*MemcpyAsync)(void *to, const void *from, size_t bytes, int kind, void *stream);
    int (*MemsetAsync)(void *address, int value, size_t bytes, void *stream);
    int (*MemGetInfo)(size_t *free_bytes, size_t *total_bytes);
    int (*StreamCreateWithFlags)(void **stream, unsigned flags);
    int (*StreamDestroy)(void *stream);
    int (*StreamSynchronize)(void *stream);
    int (*StreamQuery)(void *stream);
    int (*StreamWaitEvent)(void *stream, void *event, unsigned flags);
    int (*EventCreateWithFlags)(void **event, unsigned flags);
    int (*EventDestroy)(void *event);
    int (*EventRecord)(void *event, void *stream);
    int (*EventQuery)(void *event);
    int (*EventElapsedTime)(float *ms, void *start, void *stop);
    int (*GetLastError)(void);
    const char *(*GetErrorString)(int code);
    int (*RuntimeGetVersion)(int *version);
    int (*DriverGetVersion)(int *version);
    int (*StreamBeginCapture)(void *stream, int mode);
    int (*StreamEndCapture)(void *stream, void **graph);
    void (*GraphInstantiate)(void); /* two, three or five arguments: by the row */
    int (*GraphLaunch)(void *executable, void *stream);
    int (*GraphExecDestroy)(void *executable);
    int (*GraphDestroy)(void *graph);
} cf_runtime_api;

/** Room for GetDeviceProperties: 1008 bytes in CUDA 13, more or less elsewhere. Begins with the name. */
enum { CF_PROPERTIES_BYTES = 16384, CF_DEVICE_NAME_BYTES = 256 };

/** BLAS with cuBLAS' argument orders. */
typedef struct cf_blas_api {
    int (*Create)(void **handle);
    int (*Destroy)(void *handle);
    int (*SetStream)(void *handle, void *stream);
    int (*SetMathMode)(void *handle, int mode);
    int (*GetVersion)(void *handle, int *version);
    int (*GemmEx)(void *handle, int op_a, int op_b, int m, int n, int k, const void *alpha, const void *a,
        int type_a, int lda, const void *b, int type_b, int ldb, const void *beta, void *c, int type_c,
        int ldc, int compute, int algo);
    int (*GemmStridedBatchedEx)(void *handle, int op_a, int op_b, int m, int n, int k, const void *alpha,
        const void *a, int type_a, int lda, long long stride_a, const void *b, int type_b, int ldb,
        long long stride_b, const void *beta, void *c, int type_c, int ldc, long long stride_c, int batch,
        int compute, int algo);
    /** C = alpha op(A) + beta op(B), column-major. */
    int (*Sgeam)(void *handle, int op_a, int op_b, int m, int n, const float *alpha, const float *a, int lda,
        const float *beta, const float *b, int ldb, float *c, int ldc);
    /* rocBLAS' own shape of the two products */
    int (*gemm_ex)(void *handle, int op_a, int op_b, int m, int n, int k, const void *alpha, const void *a,
        int type_a, int lda, const void *b, int type_b, int ldb, const void *beta, const void *c, int type_c,
        int ldc, void *d, int type_d, int ldd, int compute, int algo, int32_t solution, uint32_t flags);
    int (*gemm_strided_batched_ex)(void *handle, int op_a, int op_b, int m, int n, int k, const void *alpha,
        const void *a, int type_a, int lda, int64_t stride_a, const void *b, int type_b, int ldb,
        int64_t stride_b, const void *beta, const void *c, int type_c, int ldc, int64_t stride_c, void *d,
        int type_d, int ldd, int64_t stride_d, int batch, int compute, int algo, int32_t solution,
        uint32_t flags);
} cf_blas_api;

/** The library of products with descriptors (cuBLASLt's shape). */
typedef struct cf_lt_api {
    int (*Create)(void **handle);
    int (*Destroy)(void *handle);
    size_t (*GetVersion)(void);
    int (*MatmulDescCreate)(void **desc, int compute, int scale_type);
    int (*MatmulDescDestroy)(void *desc);
    int (*MatmulDescSetAttribute)(void *desc, int attribute, const void *value, size_t bytes);
    int (*MatrixLayoutCreate)(void **layout, int type, uint64_t rows, uint64_t columns, int64_t ld);
    int (*MatrixLayoutDestroy)(void *layout);
    int (*MatrixLayoutSetAttribute)(void *layout, int attribute, const void *value, size_t bytes);
    int (*MatmulPreferenceCreate)(void **preference);
    int (*MatmulPreferenceDestroy)(void *preference);
    int (*MatmulPreferenceSetAttribute)(void *preference, int attribute, const void *value, size_t bytes);
    int (*MatmulAlgoGetHeuristic)(void *handle, void *desc, void *a, void *b, void *c, void *d,
        void *preference, int wanted, void *results, int *count);
    int (*Matmul)(void *handle, void *desc, const void *alpha, const void *a, void *layout_a, const void *b,
        void *layout_b, const void *beta, const void *c, void *layout_c, void *d, void *layout_d,
        const void *algo, void *workspace, size_t workspace_bytes, void *stream);
    int (*MatmulAlgoConfigGetAttribute)(
        const void *algo, int attribute, void *value, size_t bytes, size_t *written);
} cf_lt_api;

#endif
