/*
 * A matrix product on OpenBLAS: f32 and f64, a batch as a loop. What OpenBLAS has not is done by our own
 * kernels inside the run, and so inside the time: posts are a pass over D after the product, and a C that is
 * not D is copied first.
 */
#ifndef BACKENDS_CPU_BLAS_H
#define BACKENDS_CPU_BLAS_H

#include "backends/cpu/device.h"
#include "backends/cpu/product.h"

/** One operand as BLAS wants it: CBLAS's number for (not) transposed, leading dimension in elements. */
typedef struct sy_cpu_blas_matrix {
    int trans, lead;
} sy_cpu_blas_matrix;

/** A product with its forms; a plain value. `pass` and `copy` are products with k = 0. */
typedef struct sy_cpu_blas {
    const sy_cpu_openblas_calls *calls;
    sy_cpu_product product;
    sy_cpu_blas_matrix a, b, d;
    int m, n, k, threads;
    bool has_pass, reads_c;
    sy_gemm_plan pass, copy;
    uint64_t workspace_bytes;
} sy_cpu_blas;

/** Lay out `product`. Errors: SY_UNSUPPORTED: types, strides or sizes that OpenBLAS has no call for;
 * SY_UNAVAILABLE: no library. */
sy_status sy_cpu_blas_init(sy_device *device, const sy_cpu_product *product, uint32_t acc_dtype,
    sy_cpu_blas *out_blas, sy_error *err);

/** Run it on the library's threads, passes on the pool. */
void sy_cpu_blas_run(const sy_cpu_blas *blas, const sy_gemm_args *args, sy_cpu_pool *pool);

#endif
