/* The synchronous queue: what is enqueued is done on return; an error waits for the next sync. */
#ifndef BACKENDS_CPU_QUEUE_H
#define BACKENDS_CPU_QUEUE_H

#include "backends/cpu/pool.h"
#include "steelyard/backend.h"

/** A queue with its threads (those of the device for the first one, which it does not own) and the first
 * failure since its last sync. */
struct sy_queue {
    sy_device *device;
    sy_cpu_pool *pool;
    uint32_t slot; /* which of the device's sets of threads */
    sy_status failure;
    sy_error error;
};

/** The queue table: events are there (and always over), timers are not: the CPU has no second clock. */
extern const sy_queue_api sy_cpu_queue_api;

#endif
