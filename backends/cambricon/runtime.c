/* CNRT's calls as runtime/card takes them. */
#include "backends/cambricon/inside.h"
#include "backends/cambricon/words.h"

/* Directions of copies: the last two are the other way round than elsewhere. */
enum { COPY_H2D = 0, COPY_D2D = 1, COPY_D2H = 2, NOTIFIER_UNTIMED = 2 };

/* A failure stays with the thread until it is asked for. */
static int done(const cambricon_libraries *libraries, int code) {
    if (code != 0 && libraries->cnrt.GetLastError != NULL)
        (void)libraries->cnrt.GetLastError();
    return code;
}

static int not_ready(const cambricon_libraries *libraries, int code) {
    (void)done(libraries, code);
    return code == CAMBRICON_BUSY || code == CAMBRICON_NOT_READY ? SY_CARD_NOT_READY : code;
}

static int select_device(void *stack, int ordinal) {
    const cambricon_libraries *libraries = stack;
    return done(libraries, libraries->cnrt.SetDevice(ordinal));
}

static int alloc_device(void *stack, uint64_t bytes, void **out_address) {
    const cambricon_libraries *libraries = stack;
    return done(libraries, libraries->cnrt.Malloc(out_address, bytes));
}

static int free_device(void *stack, void *address) {
    const cambricon_libraries *libraries = stack;
    return done(libraries, libraries->cnrt.Free(address));
}

static int alloc_pinned(void *stack, uint64_t bytes, void **out_address) {
    const cambricon_libraries *libraries = stack;
    return done(libraries, libraries->cnrt.HostMalloc(out_address, bytes));
}

static int free_pinned(void *stack, void *address) {
    const cambricon_libraries *libraries = stack;
    return done(libraries, libraries->cnrt.FreeHost(address));
}

static int memory_info(void *stack, uint64_t *out_free, uint64_t *out_total) {
    const cambricon_libraries *libraries = stack;
    size_t free_bytes = 0, total = 0;
    *out_free = *out_total = 0;
    if (libraries->cnrt.MemGetInfo == NULL)
        return 0;
    int code = done(libraries, libraries->cnrt.MemGetInfo(&free_bytes, &total));
    *out_free = free_bytes;
    *out_total = total;
    return code;
}

/* What is copied from is not written to, though CNRT does not promise it by its types. */
static int copy(
    void *stack, void *to, const void *from, uint64_t bytes, sy_card_way_of_copy way, void *stream) {
    static const int directions[] = {[SY_CARD_HOST_TO_DEVICE] = COPY_H2D,
        [SY_CARD_DEVICE_TO_HOST] = COPY_D2H,
        [SY_CARD_DEVICE_TO_DEVICE] = COPY_D2D};
    const cambricon_libraries *libraries = stack;
    return done(
        libraries, libraries->cnrt.MemcpyAsync(to, (void *)(uintptr_t)from, bytes, stream, directions[way]));
}

static int fill(void *stack, void *address, uint8_t value, uint64_t bytes, void *stream) {
    const cambricon_libraries *libraries = stack;
    return done(libraries, libraries->cnrt.MemsetAsync(address, value, bytes, stream));
}

static int stream_create(void *stack, void **out_stream) {
    const cambricon_libraries *libraries = stack;
    return done(libraries, libraries->cnrt.QueueCreate(out_stream));
}

static int stream_destroy(void *stack, void *stream) {
    const cambricon_libraries *libraries = stack;
    return done(libraries, libraries->cnrt.QueueDestroy(stream));
}

static int stream_sync(void *stack, void *stream) {
    const cambricon_libraries *libraries = stack;
    return done(libraries, libraries->cnrt.QueueSync(stream));
}

static int stream_query(void *stack, void *stream) {
    const cambricon_libraries *libraries = stack;
    return not_ready(libraries, libraries->cnrt.QueueQuery(stream));
}

static int event_create(void *stack, bool is_timed, void **out_event) {
    const cambricon_libraries *libraries = stack;
    if (is_timed || libraries->cnrt.NotifierCreateWithFlags == NULL)
        return done(libraries, libraries->cnrt.NotifierCreate(out_event));
    return done(libraries, libraries->cnrt.NotifierCreateWithFlags(out_event, NOTIFIER_UNTIMED));
}

static int event_destroy(void *stack, void *event) {
    const cambricon_libraries *libraries = stack;
    return done(libraries, libraries->cnrt.NotifierDestroy(event));
}

static int event_record(void *stack, void *event, void *stream) {
    const cambricon_libraries *libraries = stack;
    return done(libraries, libraries->cnrt.PlaceNotifier(event, stream));
}

static int event_wait(void *stack, void *stream, void *event) {
    const cambricon_libraries *libraries = stack;
    if (libraries->cnrt.QueueWaitNotifier == NULL)
        return CAMBRICON_OWN_NO_FUNCTION;
    return done(libraries, libraries->cnrt.QueueWaitNotifier(event, stream, 0));
}

static int event_query(void *stack, void *event) {
    const cambricon_libraries *libraries = stack;
    return not_ready(libraries, libraries->cnrt.QueryNotifier(event));
}

/* The card's own stamps where the library has them, in us; those of software otherwise, in ms. A notifier
 * before its time would be a failure of the driver there, so it is asked for first. */
static int event_elapsed(void *stack, void *start, void *stop, double *out_ns) {
    const cambricon_libraries *libraries = stack;
    float time = 0.0f;
    int code = event_query(stack, start);
    if (code == 0)
        code = event_query(stack, stop);
    if (code != 0)
        return code;
    bool is_hardware = libraries->cnrt.NotifierDuration != NULL;
    code = is_hardware ? libraries->cnrt.NotifierDuration(start, stop, &time)
                       : libraries->cnrt.NotifierElapsedTime(start, stop, &time);
    *out_ns = (double)time * (is_hardware ? 1e3 : 1e6);
    return done(libraries, code);
}

const sy_card_runtime cambricon_runtime = {.judge = cambricon_judge,
    .code_text = cambricon_code_text,
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
    .no_host_memory = CAMBRICON_OWN_NO_MEMORY};
