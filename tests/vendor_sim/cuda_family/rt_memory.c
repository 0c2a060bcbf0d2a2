/* Memory of the runtime, and copies. */
#include <string.h>

#include "tests/vendor_sim/cuda_family/rt.h"

enum { HOST_TO_HOST = 0, HOST_TO_DEVICE = 1, DEVICE_TO_HOST = 2, DEVICE_TO_DEVICE = 3, BY_ADDRESS = 4 };

SIM_API int RT(Malloc)(void **out_address, size_t bytes) {
    int code = rt_enter(__func__);
    if (code == RT_OK)
        code = out_address == NULL ? RT_INVALID_VALUE : rt_refuse_capture();
    if (code == RT_OK) {
        *out_address = bytes > 0 ? sim_memory_alloc(family_device(), bytes) : NULL;
        code = bytes > 0 && *out_address == NULL ? RT_OUT_OF_MEMORY : RT_OK;
    }
    return rt_leave(code);
}

static int malloc_host(int code, void **out_address, size_t bytes) {
    if (code == RT_OK && out_address == NULL)
        code = RT_INVALID_VALUE;
    if (code == RT_OK) {
        *out_address = bytes > 0 ? sim_memory_alloc_pinned(bytes) : NULL;
        code = bytes > 0 && *out_address == NULL ? RT_OUT_OF_MEMORY : RT_OK;
    }
    return rt_leave(code);
}

SIM_API int RT(MallocHost)(void **out_address, size_t bytes) {
    return malloc_host(rt_enter(__func__), out_address, bytes);
}

SIM_API int RT(HostAlloc)(void **out_address, size_t bytes, unsigned flags) {
    int code = rt_enter(__func__);
    return malloc_host(code == RT_OK && flags > 7 ? RT_INVALID_VALUE : code, out_address, bytes);
}

SIM_API int RT(HostMalloc)(void **out_address, size_t bytes, unsigned flags) {
    int code = rt_enter(__func__);
    return malloc_host(code == RT_OK && flags > 7 ? RT_INVALID_VALUE : code, out_address, bytes);
}

/* Freeing waits for the device; what failed meanwhile is still told by the next call that waits. */
static int release(int code, void *address, bool is_pinned) {
    if (code != RT_OK || address == NULL)
        return rt_leave(code);
    sim_allocation one;
    bool is_known = sim_memory_find(address, 1, &one);
    for (int i = 0; is_known && i < sim_devices(); i++)
        if (is_pinned || i == one.device) {
            int failed = rt_code_of_work(sim_device_sync(i));
            if (failed >= 700 && failed < 800)
                *sim_slot("sticky") = failed;
            else if (failed != 0)
                *sim_slot("left_behind") = failed;
        }
    return rt_leave(sim_memory_free(address, is_pinned) ? RT_OK : RT_INVALID_VALUE);
}

SIM_API int RT(Free)(void *address) {
    return release(rt_enter_apart(__func__), address, false);
}

SIM_API int RT(FreeHost)(void *address) {
    return release(rt_enter_apart(__func__), address, true);
}

SIM_API int RT(HostFree)(void *address) {
    return release(rt_enter_apart(__func__), address, true);
}

/* more_free_than_total: some drivers do tell such. */
SIM_API int RT(MemGetInfo)(size_t *out_free, size_t *out_total) {
    int code = rt_enter(__func__);
    if (code == RT_OK && (out_free == NULL || out_total == NULL))
        code = RT_INVALID_VALUE;
    if (code == RT_OK) {
        *out_total = sim_memory_total_bytes(family_device());
        *out_free = sim_memory_free_bytes(family_device());
        if (sim_number(SIM_NO_DEVICE, "more_free_than_total", 0) != 0)
            *out_free = *out_total + 4096;
    }
    return rt_leave(code);
}

typedef struct copy {
    void *to;
    const void *from;
    size_t bytes;
} copy;

static int run_copy(void *args) {
    const copy *one = args;
    memcpy(one->to, one->from, one->bytes);
    return 0;
}

static bool is_device(const void *address) {
    sim_allocation one;
    return sim_memory_find(address, 1, &one) && one.device >= 0;
}

static bool is_pageable(const void *address) {
    sim_allocation one;
    return !sim_memory_find(address, 1, &one);
}

/* Where one end's bytes are; NULL: it is not what the kind says. */
static void *end_of(const void *address, size_t bytes, bool wants_device) {
    if (wants_device)
        return sim_memory_view(-1, address, bytes);
    return address == NULL || is_device(address) ? NULL : (void *)(uintptr_t)address;
}

/* out_waits: pageable memory is staged, so the call waits. */
static int enqueue_copy(
    const family_queue *queue, void *to, const void *from, size_t bytes, int kind, bool *out_waits) {
    if (kind < HOST_TO_HOST || kind > BY_ADDRESS)
        return RT_INVALID_DIRECTION;
    if (bytes == 0)
        return RT_OK;
    bool to_device = kind == BY_ADDRESS ? is_device(to) : kind == HOST_TO_DEVICE || kind == DEVICE_TO_DEVICE;
    bool from_device =
        kind == BY_ADDRESS ? is_device(from) : kind == DEVICE_TO_HOST || kind == DEVICE_TO_DEVICE;
    copy one = {end_of(to, bytes, to_device), end_of(from, bytes, from_device), bytes};
    if (one.to == NULL || one.from == NULL) {
        sim_misuse("copy_of_wrong_kind");
        return RT_INVALID_VALUE;
    }
    *out_waits = (!to_device && is_pageable(to)) || (!from_device && is_pageable(from));
    double moved = (double)bytes * (to_device && from_device ? 2 : 1);
    family_enqueue(queue, &(sim_work){.run = run_copy, .args = &one, .bytes = sizeof one, .moved = moved});
    return RT_OK;
}

SIM_API int RT(Memcpy)(void *to, const void *from, size_t bytes, int kind) {
    int code = rt_enter(__func__);
    family_queue queue;
    bool waits;
    if (code == RT_OK)
        code = rt_refuse_capture();
    if (code == RT_OK && family_queue_of(NULL, &queue)) {
        code = enqueue_copy(&queue, to, from, bytes, kind, &waits);
        if (code == RT_OK)
            code = rt_code_of_work(sim_stream_sync(queue.stream));
    }
    return rt_leave(code);
}

SIM_API int RT(MemcpyAsync)(void *to, const void *from, size_t bytes, int kind, void *stream) {
    int code = rt_enter(__func__);
    family_queue queue;
    bool waits = false;
    if (code == RT_OK && !family_queue_of(stream, &queue))
        code = RT_INVALID_HANDLE;
    if (code == RT_OK)
        code = enqueue_copy(&queue, to, from, bytes, kind, &waits);
    if (code == RT_OK && waits && *sim_slot("capturing") == 0)
        code = rt_code_of_work(sim_stream_sync(queue.stream));
    return rt_leave(code);
}

static int enqueue_fill(const family_queue *queue, void *to, int value, size_t bytes) {
    sim_fill fill = {
        .data = sim_memory_view(-1, to, bytes), .count = bytes, .bytes = 1, .value = {(char)value}};
    if (bytes == 0)
        return RT_OK;
    if (fill.data == NULL) {
        sim_misuse("operand_not_on_device");
        return RT_INVALID_VALUE;
    }
    family_enqueue(
        queue, &(sim_work){.run = sim_fill_run, .args = &fill, .bytes = sizeof fill, .moved = (double)bytes});
    return RT_OK;
}

SIM_API int RT(MemsetAsync)(void *to, int value, size_t bytes, void *stream) {
    int code = rt_enter(__func__);
    family_queue queue;
    if (code == RT_OK && !family_queue_of(stream, &queue))
        code = RT_INVALID_HANDLE;
    if (code == RT_OK && sim_stream_device(queue.stream) != family_device()) {
        sim_misuse("wrong_device_on_thread");
        code = RT_INVALID_HANDLE;
    }
    if (code == RT_OK)
        code = enqueue_fill(&queue, to, value, bytes);
    return rt_leave(code);
}

SIM_API int RT(Memset)(void *to, int value, size_t bytes) {
    int code = rt_enter(__func__);
    family_queue queue;
    if (code == RT_OK)
        code = rt_refuse_capture();
    if (code == RT_OK && family_queue_of(NULL, &queue))
        code = enqueue_fill(&queue, to, value, bytes);
    return rt_leave(code);
}
