/* Copies and fills. */
#include "tests/vendor_sim/ascend/ascend.h"

#include <string.h>

#include "tests/vendor_sim/common/memory.h"
#include "tests/vendor_sim/common/world.h"

#define COPY_ALIGN 64u

/* from NULL: a fill. */
typedef struct as_copy {
    char *to;
    const char *from;
    size_t bytes;
    int value;
    as_use *use;
} as_copy;

static int run(void *args) {
    const as_copy *copy = args;
    if (copy->from == NULL)
        memset(copy->to, copy->value, copy->bytes);
    else
        memmove(copy->to, copy->from, copy->bytes);
    return 0;
}

static void over(void *args) {
    as_use_end(((as_copy *)args)->use);
}

/* A side of a copy: where its bytes are. Memory of another device is none of this one's. */
static int find_side(
    const as_context *here, const void *address, size_t bytes, int is_device, char **out_view) {
    sim_allocation found;
    bool is_known = sim_memory_find(address, 1, &found);
    bool is_on_device = is_known && found.device >= 0;
    if (is_device >= 0 && (is_device == 1) != is_on_device) {
        sim_misuse("kind_of_copy");
        return as_fail(
            ACL_ERROR_RT_PARAM_INVALID, "an address is %s device memory", is_on_device ? "" : "no");
    }
    *out_view = (char *)(uintptr_t)address;
    if (!is_on_device)
        return ACL_SUCCESS;
    *out_view = sim_memory_view(here->device, address, bytes);
    if (*out_view != NULL)
        return ACL_SUCCESS;
    sim_misuse(found.device == here->device ? "copy_beyond_memory" : "memory_of_other_device");
    return as_fail(ACL_ERROR_RT_PARAM_INVALID, "%zu bytes do not lie in memory of the device", bytes);
}

static int check(const void *to, size_t room, const void *from, size_t bytes, int kind) {
    if (to == NULL || from == NULL)
        return as_fail(ACL_ERROR_INVALID_PARAM, "an address is NULL");
    if (bytes == 0 || bytes > room)
        return as_fail(ACL_ERROR_RT_PARAM_INVALID, "%zu bytes into room for %zu", bytes, room);
    if (kind < ACL_MEMCPY_HOST_TO_HOST || kind > ACL_MEMCPY_DEFAULT)
        return as_fail(ACL_ERROR_RT_PARAM_INVALID, "kind %d", kind);
    if (kind == ACL_MEMCPY_DEFAULT && as_cann() < 8)
        return as_fail(ACL_ERROR_RT_PARAM_INVALID, "kind ACL_MEMCPY_DEFAULT is newer");
    return ACL_SUCCESS;
}

/* What each kind wants of a side: 1 device memory, 0 none, -1 any. */
static int wants_device(int kind, bool is_source) {
    if (kind == ACL_MEMCPY_DEFAULT)
        return -1;
    int from = kind == ACL_MEMCPY_DEVICE_TO_HOST || kind == ACL_MEMCPY_DEVICE_TO_DEVICE;
    int to = kind == ACL_MEMCPY_HOST_TO_DEVICE || kind == ACL_MEMCPY_DEVICE_TO_DEVICE;
    return is_source ? from : to;
}

static int enqueue(sim_stream *queue, as_copy *copy, const void *to, const void *from) {
    copy->use = as_use_begin();
    if (copy->use == NULL)
        return as_fail(ACL_ERROR_BAD_ALLOC, "the host has no memory");
    as_use_add(copy->use, to, copy->bytes, NULL);
    as_use_add(copy->use, from, from != NULL ? copy->bytes : 0, NULL);
    sim_stream_enqueue(queue,
        &(sim_work){
            .run = run, .done = over, .args = copy, .bytes = sizeof *copy, .moved = (double)copy->bytes});
    return ACL_SUCCESS;
}

static int prepare(
    const as_context *here, as_copy *copy, void *to, size_t room, const void *from, size_t bytes, int kind) {
    char *source = NULL;
    copy->bytes = bytes;
    int code = check(to, room, from, bytes, kind);
    if (code == ACL_SUCCESS)
        code = find_side(here, to, bytes, wants_device(kind, false), &copy->to);
    if (code == ACL_SUCCESS)
        code = find_side(here, from, bytes, wants_device(kind, true), &source);
    copy->from = source;
    return code;
}

/* Do it now, on a stream of the device's own. */
static int run_now(as_context *here, as_copy *copy, const void *to, const void *from) {
    sim_stream *queue = sim_stream_default(here->device);
    int code = enqueue(queue, copy, to, from);
    if (code != ACL_SUCCESS)
        return code;
    code = sim_stream_sync(queue);
    return code == ACL_SUCCESS ? code : as_fail(code, "the copy failed");
}

aclError aclrtMemcpy(void *to, size_t room, const void *from, size_t bytes, int kind) {
    as_context *here = NULL;
    as_copy copy = {0};
    int code = as_enter_here(__func__, &here);
    if (code == ACL_SUCCESS)
        code = prepare(here, &copy, to, room, from, bytes, kind);
    return sim_leave(code == ACL_SUCCESS ? run_now(here, &copy, to, from) : code);
}

/* Memory of the host that is not pinned: the call lasts until the copy is done. */
static bool is_pageable(const void *address) {
    sim_allocation found;
    return !sim_memory_find(address, 1, &found);
}

static int check_alignment(const void *to, const void *from, int kind) {
    bool is_aligned = (uintptr_t)to % COPY_ALIGN == 0 && (uintptr_t)from % COPY_ALIGN == 0;
    if (kind != ACL_MEMCPY_DEVICE_TO_DEVICE || is_aligned || !as_is_on("copy_align", true))
        return ACL_SUCCESS;
    return as_fail(ACL_ERROR_RT_PARAM_INVALID, "addresses in a device are not multiples of %u", COPY_ALIGN);
}

static void wait_for(sim_stream *queue) {
    sim_event *event = sim_event_make();
    sim_event_record(event, queue);
    sim_event_sync(event);
    sim_event_destroy(event);
}

aclError aclrtMemcpyAsync(
    void *to, size_t room, const void *from, size_t bytes, int kind, aclrtStream stream) {
    as_context *here = NULL;
    sim_stream *queue = NULL;
    as_copy copy = {0};
    int code = as_enter_here(__func__, &here);
    if (code == ACL_SUCCESS)
        code = as_stream_find(stream, &queue);
    if (code == ACL_SUCCESS)
        code = prepare(here, &copy, to, room, from, bytes, kind);
    if (code == ACL_SUCCESS)
        code = check_alignment(to, from, kind);
    if (code == ACL_SUCCESS)
        code = enqueue(queue, &copy, to, from);
    if (code == ACL_SUCCESS && (is_pageable(to) || is_pageable(from)))
        wait_for(queue);
    return sim_leave(code);
}

static int prepare_fill(
    const as_context *here, as_copy *copy, void *memory, size_t room, int32_t value, size_t bytes) {
    *copy = (as_copy){.bytes = bytes, .value = value};
    if (memory == NULL)
        return as_fail(ACL_ERROR_INVALID_PARAM, "devPtr is NULL");
    if (bytes == 0 || bytes > room)
        return as_fail(ACL_ERROR_RT_PARAM_INVALID, "%zu bytes into room for %zu", bytes, room);
    return find_side(here, memory, bytes, 1, &copy->to);
}

aclError aclrtMemset(void *memory, size_t room, int32_t value, size_t bytes) {
    as_context *here = NULL;
    as_copy copy = {0};
    int code = as_enter_here(__func__, &here);
    if (code == ACL_SUCCESS)
        code = prepare_fill(here, &copy, memory, room, value, bytes);
    return sim_leave(code == ACL_SUCCESS ? run_now(here, &copy, memory, NULL) : code);
}

aclError aclrtMemsetAsync(void *memory, size_t room, int32_t value, size_t bytes, aclrtStream stream) {
    as_context *here = NULL;
    sim_stream *queue = NULL;
    as_copy copy = {0};
    int code = as_enter_here(__func__, &here);
    if (code == ACL_SUCCESS)
        code = as_stream_find(stream, &queue);
    if (code == ACL_SUCCESS)
        code = prepare_fill(here, &copy, memory, room, value, bytes);
    return sim_leave(code == ACL_SUCCESS ? enqueue(queue, &copy, memory, NULL) : code);
}
