/* Matrix multiplication of the BLAS libraries: rules that GemmEx, Lt and rocBLAS share. */
#ifndef TESTS_VENDOR_SIM_CUDA_FAMILY_GEMM_H
#define TESTS_VENDOR_SIM_CUDA_FAMILY_GEMM_H

#include "tests/vendor_sim/cuda_family/family.h"

/* What a library makes of a call; status_of() gives its number. */
typedef enum verdict {
    VERDICT_OK,
    VERDICT_UNINITIALIZED,
    VERDICT_ALLOC,
    VERDICT_INVALID,
    VERDICT_EXECUTION,
    VERDICT_UNSUPPORTED
} verdict;

/** The number of the table ("blas": keys blas.invalid ...). */
int status_of(const char *table, verdict said);

/* What a compute type says. */
typedef enum compute_kind {
    COMPUTE_NONE,
    COMPUTE_F16,
    COMPUTE_F32,
    COMPUTE_F32_PEDANTIC,
    COMPUTE_TF32,
    COMPUTE_F64,
    COMPUTE_S32
} compute_kind;

/** Meaning of a compute type; `types` is the table of element types, for stacks (ct=10) that pass one. */
compute_kind compute_of(const char *computes, const char *types, int64_t number);
/** Type of alpha and beta. */
uint32_t scalar_dtype(compute_kind compute);
/** Whether A, B and D of these types go with it (C is like D); f8 never. */
bool types_go_together(uint32_t a, uint32_t b, uint32_t d, compute_kind compute);
/** `refuse=f16,bf16`: what this version of the library does not have. */
bool is_refused(const char *setting, uint32_t dtype);

/** A handle of a BLAS library. */
typedef struct blas_handle {
    int device, math;
    void *stream; /* its handle */
    void *workspace;
    size_t workspace_bytes;
} blas_handle;

/** A column-major matrix as it is passed. */
typedef struct passed_matrix {
    const void *address;
    int type;
    int64_t ld, stride;
} passed_matrix;

typedef struct gemm_call {
    const char *types, *computes;
    int op_a, op_b, compute, algo;
    int64_t m, n, k, batch;
    const void *alpha, *beta;
    passed_matrix a, b, c, d;
} gemm_call;

/** The handle's stream, checked as all calls that compute do. */
verdict blas_queue_of(const blas_handle *handle, family_queue *out_queue);
/** Check it all and enqueue it. */
verdict gemm_enqueue(const blas_handle *handle, const gemm_call *call);

#endif
