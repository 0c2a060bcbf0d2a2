/* Memory and copies. */
#include <stdbool.h>
#include <string.h>

#include "tests/vendor_sim/cambricon/cnrt.h"
#include "tests/vendor_sim/cambricon/mlu.h"
#include "tests/vendor_sim/common/memory.h"
#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/common/world.h"

cnrtRet_t cnrtMalloc(void **memory, size_t bytes) {
    cnrtRet_t code = cnrt_enter(__func__);
    if (code == cnrtSuccess && (memory == NULL || bytes == 0))
        code = cnrtErrorArgsInvalid;
    if (code == cnrtSuccess && (*memory = sim_memory_alloc(mlu_current(), bytes)) == NULL)
        code = cnrtErrorNoMem;
    return cnrt_leave(code);
}

cnrtRet_t cnrtHostMalloc(void **memory, size_t bytes) {
    cnrtRet_t code = cnrt_enter(__func__);
    if (code == cnrtSuccess && (memory == NULL || bytes == 0))
        code = cnrtErrorArgsInvalid;
    if (code == cnrtSuccess && (*memory = sim_memory_alloc_pinned(bytes)) == NULL)
        code = cnrtErrorSysNoMem;
    return cnrt_leave(code);
}

/* What works on the memory is waited for; a trap of that stays. */
static cnrtRet_t free_it(void *memory, bool is_pinned) {
    sim_allocation found;
    if (!sim_memory_find(memory, 1, &found)) {
        sim_misuse("free_of_nothing");
        return cnrtErrorArgsInvalid;
    }
    int device = found.device >= 0 ? found.device : mlu_current();
    if (device >= 0)
        cnrt_after(device, sim_device_sync(device));
    return sim_memory_free(memory, is_pinned) ? cnrtSuccess : cnrtErrorArgsInvalid;
}

cnrtRet_t cnrtFree(void *memory) {
    cnrtRet_t code = cnrt_enter_apart(__func__);
    return cnrt_leave(code == cnrtSuccess ? free_it(memory, false) : code);
}

cnrtRet_t cnrtFreeHost(void *memory) {
    cnrtRet_t code = cnrt_enter_apart(__func__);
    return cnrt_leave(code == cnrtSuccess ? free_it(memory, true) : code);
}

cnrtRet_t cnrtMemGetInfo(size_t *free_bytes, size_t *total_bytes) {
    cnrtRet_t code = cnrt_enter(__func__);
    if (code == cnrtSuccess && (free_bytes == NULL || total_bytes == NULL))
        code = cnrtErrorArgsInvalid;
    if (code == cnrtSuccess) {
        *free_bytes = sim_memory_free_bytes(mlu_current());
        *total_bytes = sim_memory_total_bytes(mlu_current());
    }
    return cnrt_leave(code);
}

typedef struct move {
    char *to;
    const char *from;
    size_t bytes;
} move;

static int run_move(void *args) {
    const move *one = args;
    memmove(one->to, one->from, one->bytes);
    return 0;
}

typedef struct place {
    char *view;
    bool is_of_device, is_pageable;
} place;

/* Where an end of a copy really lies. False: partly in somebody's memory. */
static bool find_place(const void *address, size_t bytes, place *out_place) {
    sim_allocation found;
    *out_place = (place){.view = (char *)(uintptr_t)address, .is_pageable = true};
    if (sim_memory_find(address, bytes, &found)) {
        out_place->is_of_device = found.device >= 0;
        out_place->is_pageable = false;
        out_place->view = found.view + ((const char *)address - found.address);
        return true;
    }
    return !sim_memory_find(address, 1, &found);
}

static bool is_direction_right(int direction, bool is_from_device, bool is_to_device) {
    switch (direction) {
    case cnrtMemcpyHostToDev: return !is_from_device && is_to_device;
    case cnrtMemcpyDevToHost: return is_from_device && !is_to_device;
    case cnrtMemcpyPeerToPeer:
    case cnrtMemcpyDevToDev: return is_from_device && is_to_device;
    case cnrtMemcpyHostToHost: return !is_from_device && !is_to_device;
    default: return direction == cnrtMemcpyNoDirection;
    }
}

/* The copy on a stream; *out_waits: it goes through a buffer of the driver, so that the call lasts as long.
 */
static cnrtRet_t enqueue_move(
    sim_stream *stream, void *to, const void *from, size_t bytes, int direction, bool *out_waits) {
    place target, source;
    *out_waits = false;
    if (to == NULL || from == NULL || bytes == 0)
        return cnrtErrorArgsInvalid;
    if (!find_place(to, bytes, &target) || !find_place(from, bytes, &source)) {
        sim_misuse("copy_beyond_allocation");
        return cnrtErrorArgsInvalid;
    }
    if (!is_direction_right(direction, source.is_of_device, target.is_of_device)) {
        sim_misuse("wrong_direction");
        return cnrtErrorMemcpyDirectionInvalid;
    }
    move one = {.to = target.view, .from = source.view, .bytes = bytes};
    sim_work work = {.run = run_move, .args = &one, .bytes = sizeof one, .moved = (double)bytes};
    sim_stream_enqueue(stream, &work);
    *out_waits = (target.is_pageable || source.is_pageable) && sim_number(-1, "pageable_async", 0) == 0;
    return cnrtSuccess;
}

cnrtRet_t cnrtMemcpy(void *to, void *from, size_t bytes, int direction) {
    bool waits;
    cnrtRet_t code = cnrt_enter(__func__);
    sim_stream *stream = code == cnrtSuccess ? sim_stream_default(mlu_current()) : NULL;
    if (code == cnrtSuccess)
        code = enqueue_move(stream, to, from, bytes, direction, &waits);
    if (code == cnrtSuccess)
        code = cnrt_after(mlu_current(), sim_stream_sync(stream));
    return cnrt_leave(code);
}

/* Begin what is enqueued on a queue: its stream. */
static cnrtRet_t enter_queue(
    const char *function, cnrtQueue_t queue, sim_stream **out_stream, int *out_device) {
    cnrtRet_t code = cnrt_enter(function);
    if (code != cnrtSuccess)
        return code;
    *out_stream = mlu_stream(queue, out_device);
    if (*out_stream == NULL)
        return cnrtErrorInvalidResourceHandle;
    sim_thread_is_on(*out_device);
    return mlu_trap_of(*out_device);
}

static cnrtRet_t copy_async(
    const char *function, void *to, void *from, size_t bytes, cnrtQueue_t queue, int direction) {
    sim_stream *stream;
    int device;
    bool waits;
    cnrtRet_t code = enter_queue(function, queue, &stream, &device);
    if (code == cnrtSuccess)
        code = enqueue_move(stream, to, from, bytes, direction, &waits);
    if (code == cnrtSuccess && waits)
        code = cnrt_after(device, sim_stream_sync(stream));
    return cnrt_leave(code);
}

cnrtRet_t cnrtMemcpyAsync(void *to, void *from, size_t bytes, cnrtQueue_t queue, int direction) {
    return copy_async(__func__, to, from, bytes, queue, direction);
}

#ifndef CNRT_SIM_6_0
cnrtRet_t cnrtMemcpyAsync_V2(void *to, void *from, size_t bytes, cnrtQueue_t queue, int direction) {
    return copy_async(__func__, to, from, bytes, queue, direction);
}

cnrtRet_t cnrtMemcpyAsync_V3(void *to, void *from, size_t bytes, cnrtQueue_t queue, int direction) {
    return copy_async(__func__, to, from, bytes, queue, direction);
}
#endif

typedef struct fill {
    char *to;
    int byte;
    size_t bytes;
} fill;

static int run_fill(void *args) {
    const fill *one = args;
    memset(one->to, one->byte, one->bytes);
    return 0;
}

static cnrtRet_t enqueue_fill(sim_stream *stream, int device, void *memory, int byte, size_t bytes) {
    fill one = {.to = sim_memory_view(device, memory, bytes), .byte = byte, .bytes = bytes};
    if (bytes == 0 || one.to == NULL)
        return cnrtErrorArgsInvalid;
    sim_work work = {.run = run_fill, .args = &one, .bytes = sizeof one, .moved = (double)bytes};
    sim_stream_enqueue(stream, &work);
    return cnrtSuccess;
}

cnrtRet_t cnrtMemset(void *memory, int byte, size_t bytes) {
    cnrtRet_t code = cnrt_enter(__func__);
    int device = mlu_current();
    if (code == cnrtSuccess)
        code = enqueue_fill(sim_stream_default(device), device, memory, byte, bytes);
    if (code == cnrtSuccess)
        code = cnrt_after(device, sim_stream_sync(sim_stream_default(device)));
    return cnrt_leave(code);
}

cnrtRet_t cnrtMemsetAsync(void *memory, int byte, size_t bytes, cnrtQueue_t queue) {
    sim_stream *stream;
    int device;
    cnrtRet_t code = enter_queue(__func__, queue, &stream, &device);
    if (code == cnrtSuccess)
        code = enqueue_fill(stream, device, memory, byte, bytes);
    return cnrt_leave(code);
}
