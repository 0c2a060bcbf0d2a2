/*
 * A small thread pool: one function, run in steps of independent parts with a barrier after each step. Its
 * threads are bound to processors, spin for a moment between jobs and then sleep. The caller is thread 0.
 */
#ifndef BACKENDS_CPU_POOL_H
#define BACKENDS_CPU_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "steelyard/status.h"

/** A pool; opaque. */
typedef struct sy_cpu_pool sy_cpu_pool;

/** Work of one part (0 .. parts-1) in one step (0 .. steps-1). Must not call the pool. */
typedef void sy_cpu_pool_fn(void *arg, int64_t step, int part);

/**
 * Start `threads` - 1 threads (the caller of run is the first). Thread i is bound to processor[i] if
 * `is_bound`; a processor that cannot be had is not an error. They block all signals.
 *
 * Owns     *out_pool is the caller's: sy_cpu_pool_destroy(). `processor` is copied (threads entries).
 * Errors   SY_INVALID_ARGUMENT: threads is 0 or above SY_CPU_MAX_THREADS; SY_OUT_OF_MEMORY; SY_UNAVAILABLE:
 *          the system gives no more threads.
 */
sy_status sy_cpu_pool_create(
    const uint32_t *processor, uint32_t threads, bool is_bound, sy_cpu_pool **out_pool, sy_error *err);

/** End and join the threads; gives the calling thread its processors back, as sy_cpu_pool_leave(). */
void sy_cpu_pool_destroy(sy_cpu_pool *pool);

/** Threads, the caller's included. */
int sy_cpu_pool_threads(const sy_cpu_pool *pool);

/**
 * Call fn(arg, step, part) for every part of every step; all parts of a step are over before the next step
 * begins, all of the last when this returns. Part p is always done by thread p mod threads, so memory that a
 * part touched first stays near it. parts = 1 wakes nobody. parts or steps <= 0: nothing.
 *
 * Threads  calls from several threads take turns. The calling thread is bound to the first processor (if the
 *          pool binds) and stays so until sy_cpu_pool_leave().
 * Cost     under a microsecond while the pool still spins.
 */
void sy_cpu_pool_run(sy_cpu_pool *pool, sy_cpu_pool_fn *fn, void *arg, int64_t steps, int parts);

/**
 * Give the calling thread back the processors of the pool's creator and of the pool, if a run bound it. For
 * the end of its work, and before it starts threads of its own, which would inherit the narrow mask.
 */
void sy_cpu_pool_leave(sy_cpu_pool *pool);

#endif
