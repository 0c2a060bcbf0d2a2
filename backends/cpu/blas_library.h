/*
 * Libraries with the C interface of BLAS (CBLAS, 32-bit integers), opened by path when they are first asked
 * for. One row a library in blas_library.c; what is particular to it lies in the file of its name.
 */
#ifndef BACKENDS_CPU_BLAS_LIBRARY_H
#define BACKENDS_CPU_BLAS_LIBRARY_H

#include <pthread.h>
#include <stdbool.h>

#include "runtime/base/dynlib.h"
#include "steelyard/backend.h"

/* Which library. */
enum { SY_CPU_OPENBLAS, SY_CPU_BLIS, SY_CPU_BLAS_COUNT };

/* CBLAS's numbers. */
enum { SY_BLAS_ROW_MAJOR = 101, SY_BLAS_NO_TRANS = 111, SY_BLAS_TRANS = 112 };

/**
 * The functions used, with the interface's own argument order. sbgemm multiplies bf16 into f32 and is NULL
 * where a library has it not. Of the functions for threads a library has the narrow or the wide pair.
 */
typedef struct sy_cpu_blas_calls {
    void (*sgemm)(int order, int trans_a, int trans_b, int m, int n, int k, float alpha, const float *a,
        int lda, const float *b, int ldb, float beta, float *c, int ldc);
    void (*dgemm)(int order, int trans_a, int trans_b, int m, int n, int k, double alpha, const double *a,
        int lda, const double *b, int ldb, double beta, double *c, int ldc);
    void (*sgemv)(int order, int trans, int m, int n, float alpha, const float *a, int lda, const float *x,
        int incx, float beta, float *y, int incy);
    void (*dgemv)(int order, int trans, int m, int n, double alpha, const double *a, int lda, const double *x,
        int incx, double beta, double *y, int incy);
    void (*sbgemm)(int order, int trans_a, int trans_b, int m, int n, int k, float alpha, const uint16_t *a,
        int lda, const uint16_t *b, int ldb, float beta, float *c, int ldc);
    void (*set_num_threads)(int threads);
    int (*get_num_threads)(void);
    void (*set_num_threads_wide)(int64_t threads);
    int64_t (*get_num_threads_wide)(void);
    /* OpenBLAS */
    const char *(*get_config)(void);
    const char *(*get_corename)(void);
    /* BLIS */
    const char *(*get_version)(void);
    int (*get_arch)(void);
    const char *(*name_arch)(int arch);
    int64_t (*get_int_bits)(void);
} sy_cpu_blas_calls;

/** A library, or why it is not there. Filled once, under its lock, read-only from then on. */
typedef struct sy_cpu_blas_library {
    const char *name;
    pthread_mutex_t lock;
    bool is_tried;
    sy_status status;
    sy_error error;
    sy_dynlib library;
    sy_cpu_blas_calls call;
} sy_cpu_blas_library;

/** Nothing opened yet; all of them. */
void sy_cpu_blas_libraries_init(sy_cpu_blas_library libraries[SY_CPU_BLAS_COUNT]);

/** The libraries stay loaded until the process ends: their threads and exit handlers do not survive more. */
void sy_cpu_blas_libraries_release(sy_cpu_blas_library libraries[SY_CPU_BLAS_COUNT]);

/**
 * Library `which` after opening it if nobody did: the path in the host's option "lib.<name>", else where
 * Debian puts it, then what the loader finds. Reports it to the host with version and instruction set.
 * Errors, the same each time: SY_UNAVAILABLE with the reason; SY_INCOMPATIBLE: functions are missing;
 * SY_UNSUPPORTED: a build with 64-bit integers.
 */
sy_status sy_cpu_blas_library_get(
    sy_device *device, int which, const sy_cpu_blas_library **out_library, sy_error *err);

/** Let the library take as many threads as the pool has, if it has another number, and give the calling
 * thread all their processors, which threads started now inherit. */
void sy_cpu_blas_library_enter(const sy_cpu_blas_library *library, sy_device *device);

/** Let it start its threads now, by one small product. */
void sy_cpu_blas_library_start(const sy_cpu_blas_library *library, sy_device *device);

/* How each is opened: fill `library->library` and `library->call`, report to the host. */
sy_status sy_cpu_openblas_open(const sy_backend *backend, sy_cpu_blas_library *library);
sy_status sy_cpu_blis_open(const sy_backend *backend, sy_cpu_blas_library *library);

/** Tell the host of an opened library. */
void sy_cpu_blas_library_report(
    const sy_backend *backend, const sy_cpu_blas_library *library, const char *version);

#endif
