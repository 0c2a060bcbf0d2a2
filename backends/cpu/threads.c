/* Sets of threads of a device: one a queue. */
#include <string.h>

#include "backends/cpu/device.h"
#include "runtime/base/error.h"

sy_status sy_cpu_threads_take(sy_device *device, uint32_t *out_slot, sy_cpu_pool **out_pool, sy_error *err) {
    uint32_t slot = 0;
    while (slot < SY_CPU_MAX_QUEUES && atomic_exchange(&device->is_taken[slot], true))
        slot++;
    *out_slot = slot;
    *out_pool = device->pool;
    if (slot == 0)
        return SY_OK;
    if (slot == SY_CPU_MAX_QUEUES)
        return sy_error_set(err, SY_UNSUPPORTED, "cpu: at most %u queues of a device", SY_CPU_MAX_QUEUES);
    const sy_cpu_topology *topology = &device->backend->topology;
    uint32_t threads = (uint32_t)sy_cpu_pool_threads(device->pool), processor[SY_CPU_MAX_THREADS];
    for (uint32_t i = 0; i < threads; i++)
        processor[i] = topology->processor[(slot * threads + i) % topology->processors];
    /* More threads than processors are left to the scheduler. */
    bool is_bound = device->is_bound && (uint64_t)(slot + 1) * threads <= topology->processors;
    sy_status status = sy_cpu_pool_create(processor, threads, is_bound, out_pool, err);
    if (status != SY_OK)
        atomic_store(&device->is_taken[slot], false);
    return status;
}

void sy_cpu_threads_give(sy_device *device, uint32_t slot, sy_cpu_pool *pool) {
    if (slot > 0)
        sy_cpu_pool_destroy(pool);
    atomic_store(&device->is_taken[slot], false);
}
