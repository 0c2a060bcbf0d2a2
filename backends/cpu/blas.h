/*
 * A matrix product on a BLAS library: f32, f64 and, where it has that, bf16 into f32; a batch as a loop. What
 * BLAS has not is done by our own kernels inside the run, and so inside the time: posts are a pass over D
 * after the product, and a C that is not D is copied first.
 */
#ifndef BACKENDS_CPU_BLAS_H
#define BACKENDS_CPU_BLAS_H

#include "backends/cpu/device.h"
#include "backends/cpu/product.h"
#include "backends/cpu/work.h"

/** One operand as BLAS wants it: CBLAS's number for (not) transposed, leading dimension in elements. */
typedef struct sy_cpu_blas_matrix {
    int trans, lead;
} sy_cpu_blas_matrix;

/** A product with its forms; a plain value. `pass` and `copy` are products with k = 0. */
typedef struct sy_cpu_blas {
    const sy_cpu_blas_library *library;
    sy_cpu_product product;
    sy_cpu_blas_matrix a, b, d;
    int m, n, k, threads;
    bool has_pass, reads_c;
    sy_gemm_plan pass, copy;
    uint64_t workspace_bytes;
} sy_cpu_blas;

/** A task as one product. Errors: SY_UNSUPPORTED: it is none. */
typedef sy_status sy_cpu_blas_fn(
    sy_device *device, const sy_task *task, sy_cpu_product *out_product, sy_error *err);

/* The steps of a row, for library `which` (SY_CPU_OPENBLAS ...). Errors: of `read`; SY_UNSUPPORTED: types,
 * strides or sizes that BLAS has no call for; SY_UNAVAILABLE: no library. */
sy_status sy_cpu_blas_offer(sy_device *device, const sy_task *task, int which, sy_cpu_blas_fn *read,
    sy_algorithm *out_algorithm, sy_error *err);
sy_status sy_cpu_blas_prepare(sy_device *device, const sy_task *task, int which, sy_cpu_blas_fn *read,
    void *state, uint64_t *out_workspace_bytes, sy_error *err);
sy_status sy_cpu_blas_bind(sy_binding *binding, sy_error *err);
void sy_cpu_blas_run(sy_binding *binding);

#endif
