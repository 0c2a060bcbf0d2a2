/* The backend's instance and its one device: what was found, what was asked for, and the pool. */
#ifndef BACKENDS_CPU_DEVICE_H
#define BACKENDS_CPU_DEVICE_H

#include <pthread.h>
#include <stdatomic.h>

#include "backends/cpu/blas_library.h"
#include "backends/cpu/isa.h"
#include "backends/cpu/limits.h"
#include "backends/cpu/onednn.h"
#include "backends/cpu/packed.h"
#include "backends/cpu/pool.h"
#include "backends/cpu/topology.h"
#include "steelyard/backend.h"

/** Alignment of every allocation, bytes. */
#define SY_CPU_ALIGNMENT 64u

/**
 * One instance of the backend. Read-only after create(), but for the peers' libraries, which
 * have their own locks.
 *
 * sysroot  root of all readings of /proc and /sys, "" the real one; borrowed from the host.
 * threads  what a device gets when it names no number: the host's option, else one a core within the quota.
 * model, vendor, uuid  of the processor.
 */
struct sy_backend {
    sy_host host;
    const char *sysroot;
    sy_cpu_topology topology;
    sy_cpu_isa isa;
    uint32_t threads;
    char model[128], vendor[64], uuid[48];
    sy_cpu_blas_library blas[SY_CPU_BLAS_COUNT];
    sy_cpu_onednn onednn;
};

/** Most queues of one device. */
#define SY_CPU_MAX_QUEUES 256u

/**
 * An opened device. `packed` holds the private layouts that were offered on it; `pool` the threads of its
 * first queue. A further queue has as many of its own, on the next processors, so that two queues run at
 * once. is_taken[i]: there is a queue with set i of threads.
 */
struct sy_device {
    sy_backend *backend;
    sy_cpu_pool *pool;
    sy_cpu_packed packed;
    bool is_bound;
    atomic_bool is_taken[SY_CPU_MAX_QUEUES];
};

/** The device table. */
extern const sy_device_api sy_cpu_device_api;

/**
 * Threads for a new queue: set *out_slot of them, the device's own or new ones, on processors that no other
 * queue has as far as there are any. Given back by sy_cpu_threads_give(). Any thread. Errors: SY_UNSUPPORTED:
 * SY_CPU_MAX_QUEUES queues; those of sy_cpu_pool_create().
 */
sy_status sy_cpu_threads_take(sy_device *device, uint32_t *out_slot, sy_cpu_pool **out_pool, sy_error *err);
void sy_cpu_threads_give(sy_device *device, uint32_t slot, sy_cpu_pool *pool);

/** Value of a host's option; NULL if it is unset, empty, or the host has no options. */
const char *sy_cpu_option(const sy_backend *backend, const char *key);

/** One line to the host's log, if it has one. */
__attribute__((format(printf, 3, 4))) void sy_cpu_log(
    const sy_backend *backend, uint32_t level, const char *format, ...);

/**
 * Find out everything about the machine; backend->host is set. Errors: SY_INVALID_ARGUMENT or SY_UNSUPPORTED
 * for an option that cannot be followed; SY_UNAVAILABLE.
 */
sy_status sy_cpu_machine_read(sy_backend *backend, sy_error *err);

/** Check a number of threads asked for by `text` against the processors there are. */
sy_status sy_cpu_threads_parse(
    const sy_backend *backend, const char *text, uint32_t *out_threads, sy_error *err);

#endif
