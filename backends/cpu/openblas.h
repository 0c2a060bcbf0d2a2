/* OpenBLAS, opened by path when it is first asked for. */
#ifndef BACKENDS_CPU_OPENBLAS_H
#define BACKENDS_CPU_OPENBLAS_H

#include <pthread.h>
#include <stdbool.h>

#include "runtime/base/dynlib.h"
#include "steelyard/backend.h"

/** The functions used, with the C interface's own argument order (CBLAS, 32-bit integers). */
typedef struct sy_cpu_openblas_calls {
    void (*sgemm)(int order, int trans_a, int trans_b, int m, int n, int k, float alpha, const float *a,
        int lda, const float *b, int ldb, float beta, float *c, int ldc);
    void (*dgemm)(int order, int trans_a, int trans_b, int m, int n, int k, double alpha, const double *a,
        int lda, const double *b, int ldb, double beta, double *c, int ldc);
    void (*sgemv)(int order, int trans, int m, int n, float alpha, const float *a, int lda, const float *x,
        int incx, float beta, float *y, int incy);
    void (*dgemv)(int order, int trans, int m, int n, double alpha, const double *a, int lda, const double *x,
        int incx, double beta, double *y, int incy);
    void (*set_num_threads)(int threads);
    int (*get_num_threads)(void);
    char *(*get_config)(void);
} sy_cpu_openblas_calls;

/** The library, or why it is not there. One a backend; filled once, under its lock. */
typedef struct sy_cpu_openblas {
    pthread_mutex_t lock;
    bool is_tried;
    sy_status status;
    sy_error error;
    sy_dynlib library;
    sy_cpu_openblas_calls call;
} sy_cpu_openblas;

/** Nothing opened yet. */
void sy_cpu_openblas_init(sy_cpu_openblas *openblas);

/** The library stays loaded until the process ends: its threads and exit handlers do not survive more. */
void sy_cpu_openblas_release(sy_cpu_openblas *openblas);

/**
 * The functions, after opening the library if nobody did: the path in the host's option "lib.openblas", else
 * Debian's OpenMP build, its pthread build, then what the loader finds. Reports it to the host. Errors:
 * SY_UNAVAILABLE with the reason, the same each time; SY_UNSUPPORTED: a build with 64-bit integers.
 */
sy_status sy_cpu_openblas_get(sy_device *device, const sy_cpu_openblas_calls **out_calls, sy_error *err);

/** Let the library start its threads now: one small product with `threads` threads, while the calling thread
 * may use all the device's processors (its threads inherit that). */
void sy_cpu_openblas_start(sy_device *device, const sy_cpu_openblas_calls *calls);

#endif
