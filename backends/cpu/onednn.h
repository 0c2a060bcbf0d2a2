/* oneDNN, opened by path when it is first asked for; 2.x and 3.x, and the layouts it wanted. */
#ifndef BACKENDS_CPU_ONEDNN_H
#define BACKENDS_CPU_ONEDNN_H

#include <pthread.h>
#include <stdbool.h>

#include "backends/cpu/onednn_api.h"
#include "backends/cpu/onednn_layout.h"
#include "backends/cpu/pool.h"
#include "runtime/base/dynlib.h"
#include "steelyard/backend.h"

/**
 * The library, or why it is not there. One a backend; filled once, under its lock, and read-only from then on
 * but for `layouts`, which has its own.
 */
typedef struct sy_cpu_onednn {
    pthread_mutex_t lock;
    bool is_tried;
    sy_status status;
    sy_error error;
    sy_dynlib library;
    sy_onednn_calls call;
    const sy_onednn_dialect *dialect;
    sy_onednn_engine *engine;
    sy_onednn_layouts layouts;
    unsigned runtime; /* SY_ONEDNN_OMP ... */
} sy_cpu_onednn;

/** Nothing opened yet. */
void sy_cpu_onednn_init(sy_cpu_onednn *onednn);

/** Forget the layouts. The library and its engine stay until the process ends, as its threads do. */
void sy_cpu_onednn_release(sy_cpu_onednn *onednn);

/**
 * The library, after opening it if nobody did: the path in the host's option "lib.onednn", else Debian's name
 * of 3.x, then of 2.x. Reports it to the host with version, instruction set and threading. Errors, the same
 * each time: SY_UNAVAILABLE with the reason; SY_INCOMPATIBLE: functions are missing; SY_UNSUPPORTED: a major
 * version other than 2 and 3, or a build whose threads cannot be set from outside (TBB, SYCL, a thread pool
 * of the caller's, or none where the device has several).
 */
sy_status sy_cpu_onednn_get(sy_device *device, sy_cpu_onednn **out_onednn, sy_error *err);

/** Before each call that plans or runs: the library takes as many threads as the pool has, and the calling
 * thread may use all their processors, which threads that are started now inherit. */
void sy_cpu_onednn_enter(const sy_cpu_onednn *onednn, sy_cpu_pool *pool);

/** Bytes of a checked tensor in one of oneDNN's layouts. Errors: SY_INVALID_ARGUMENT: no such layout. */
sy_status sy_cpu_onednn_layout_bytes(
    sy_device *device, const sy_tensor *tensor, uint64_t *out_bytes, sy_error *err);

/** SY_OK, or what oneDNN's status means with `what` was tried. */
sy_status sy_cpu_onednn_check(int status, const char *what, sy_error *err);

#endif
