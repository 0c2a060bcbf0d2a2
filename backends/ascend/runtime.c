/* CANN's runtime as runtime/card takes it. */
#include "backends/ascend/inside.h"
#include "backends/ascend/numbers.h"
#include "backends/ascend/words.h"

/* Copies inside the device go by themselves only from and to such addresses. */
enum { COPY_ALIGNMENT = 64 };

static int select_device(void *stack, int ordinal) {
    return ((const ascend_libraries *)stack)->runtime.rtSetDevice(ordinal);
}

static int alloc_device(void *stack, uint64_t bytes, void **out_address) {
    return ((const ascend_libraries *)stack)->runtime.rtMalloc(out_address, bytes, ACL_MALLOC_HUGE_FIRST);
}

static int free_device(void *stack, void *address) {
    return ((const ascend_libraries *)stack)->runtime.rtFree(address);
}

static int alloc_pinned(void *stack, uint64_t bytes, void **out_address) {
    return ((const ascend_libraries *)stack)->runtime.rtMallocHost(out_address, bytes);
}

static int free_pinned(void *stack, void *address) {
    return ((const ascend_libraries *)stack)->runtime.rtFreeHost(address);
}

/* Cards with DDR tell 0 of 0 bytes, or fail, when asked for HBM; newer runtimes tell the DDR's. */
static int memory_info(void *stack, uint64_t *out_free, uint64_t *out_total) {
    const ascend_libraries *libraries = stack;
    size_t free_bytes = 0, total = 0;
    int code = libraries->runtime.rtGetMemInfo(ACL_MEMORY_HBM, &free_bytes, &total);
    if (code != 0 || total == 0)
        code = libraries->runtime.rtGetMemInfo(ACL_MEMORY_DDR, &free_bytes, &total);
    *out_free = code == 0 ? free_bytes : 0;
    *out_total = code == 0 ? total : 0;
    return code;
}

/* What is not aligned is copied by the call that waits, in its turn. */
static int copy(
    void *stack, void *to, const void *from, uint64_t bytes, sy_card_way_of_copy way, void *stream) {
    static const int kinds[] = {[SY_CARD_HOST_TO_DEVICE] = ACL_COPY_H2D,
        [SY_CARD_DEVICE_TO_HOST] = ACL_COPY_D2H,
        [SY_CARD_DEVICE_TO_DEVICE] = ACL_COPY_D2D};
    const ascend_runtime_api *api = &((const ascend_libraries *)stack)->runtime;
    bool is_aligned = ((uintptr_t)to | (uintptr_t)from) % COPY_ALIGNMENT == 0;
    if (way != SY_CARD_DEVICE_TO_DEVICE || is_aligned)
        return api->rtMemcpyAsync(to, bytes, from, bytes, kinds[way], stream);
    int code = api->rtSynchronizeStream(stream);
    return code == 0 ? api->rtMemcpy(to, bytes, from, bytes, kinds[way]) : code;
}

static int fill(void *stack, void *address, uint8_t value, uint64_t bytes, void *stream) {
    return ((const ascend_libraries *)stack)->runtime.rtMemsetAsync(address, bytes, value, bytes, stream);
}

static int stream_create(void *stack, void **out_stream) {
    const ascend_runtime_api *api = &((const ascend_libraries *)stack)->runtime;
    return api->rtCreateStreamWithConfig != NULL
               ? api->rtCreateStreamWithConfig(out_stream, 0, ACL_FLAGS_STREAM_FAST)
               : api->rtCreateStream(out_stream);
}

static int stream_destroy(void *stack, void *stream) {
    return ((const ascend_libraries *)stack)->runtime.rtDestroyStream(stream);
}

static int stream_sync(void *stack, void *stream) {
    return ((const ascend_libraries *)stack)->runtime.rtSynchronizeStream(stream);
}

/* A failure of what ran is told by waiting alone: a stream that is done is waited for, which costs nothing.
 */
static int stream_query(void *stack, void *stream) {
    const ascend_runtime_api *api = &((const ascend_libraries *)stack)->runtime;
    int done = ACL_STREAM_DONE, code = 0;
    if (api->rtStreamQuery != NULL)
        code = api->rtStreamQuery(stream, &done);
    if (code != 0)
        return code;
    return done == ACL_STREAM_DONE ? api->rtSynchronizeStream(stream) : SY_CARD_NOT_READY;
}

/* Plain events are for order; they need no reset between records. */
static int event_create(void *stack, bool is_timed, void **out_event) {
    const ascend_runtime_api *api = &((const ascend_libraries *)stack)->runtime;
    return is_timed && api->rtCreateEventWithFlag != NULL
               ? api->rtCreateEventWithFlag(out_event, ACL_FLAG_EVENT_TIMED)
               : api->rtCreateEvent(out_event);
}

static int event_destroy(void *stack, void *event) {
    return ((const ascend_libraries *)stack)->runtime.rtDestroyEvent(event);
}

static int event_record(void *stack, void *event, void *stream) {
    return ((const ascend_libraries *)stack)->runtime.rtRecordEvent(event, stream);
}

static int event_wait(void *stack, void *stream, void *event) {
    return ((const ascend_libraries *)stack)->runtime.rtStreamWaitEvent(stream, event);
}

/* "Done" is 1 of the one call and 0 of the other. */
static int event_query(void *stack, void *event) {
    const ascend_runtime_api *api = &((const ascend_libraries *)stack)->runtime;
    int status = 0;
    bool is_new = api->rtQueryEventStatus != NULL;
    if (!is_new && api->rtQueryEvent == NULL)
        return ASCEND_OWN_NO_FUNCTION;
    int code = is_new ? api->rtQueryEventStatus(event, &status) : api->rtQueryEvent(event, &status);
    if (code != 0)
        return code;
    return status == (is_new ? ACL_RECORDED : ACL_OLD_EVENT_DONE) ? 0 : SY_CARD_NOT_READY;
}

static int event_elapsed(void *stack, void *start, void *stop, double *out_ns) {
    float ms = 0.0f;
    int code = event_query(stack, stop);
    if (code == 0 || code == ASCEND_OWN_NO_FUNCTION)
        code = ((const ascend_libraries *)stack)->runtime.rtEventElapsedTime(&ms, start, stop);
    *out_ns = (double)ms * 1e6;
    return code;
}

/* Time stamps are told in microseconds where they are told; the difference may be finer. */
const sy_card_runtime ascend_runtime = {.judge = ascend_judge,
    .code_text = ascend_code_text,
    .select = select_device,
    .alloc = alloc_device,
    .free = free_device,
    .pinned_alloc = alloc_pinned,
    .pinned_free = free_pinned,
    .memory_info = memory_info,
    .copy = copy,
    .fill = fill,
    .stream_create = stream_create,
    .stream_destroy = stream_destroy,
    .stream_sync = stream_sync,
    .stream_query = stream_query,
    .event_create = event_create,
    .event_destroy = event_destroy,
    .event_record = event_record,
    .event_wait = event_wait,
    .event_query = event_query,
    .event_elapsed = event_elapsed,
    .timer_resolution_ns = 1000.0,
    .no_host_memory = ASCEND_OWN_NO_MEMORY};
