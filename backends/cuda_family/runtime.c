/* The runtime's calls as runtime/card takes them. */
#include <stdio.h>
#include <string.h>

#include "backends/cuda_family/family.h"
#include "backends/cuda_family/words.h"

/* Numbers that all stacks share (CUDA's, taken over by the others). */
enum { COPY_H2D = 1, COPY_D2H = 2, COPY_D2D = 3, STREAM_NON_BLOCKING = 1, EVENT_UNTIMED = 2 };

/* A failure stays with the context until it is asked for. */
static int done(const cf_libraries *libraries, int code) {
    if (code != 0 && libraries->runtime.GetLastError != NULL)
        (void)libraries->runtime.GetLastError();
    return code;
}

static int not_ready(const cf_libraries *libraries, int code) {
    if (code != libraries->stack->runtime.not_ready)
        return done(libraries, code);
    if (libraries->runtime.GetLastError != NULL)
        (void)libraries->runtime.GetLastError();
    return SY_CARD_NOT_READY;
}

static int select_device(void *stack, int ordinal) {
    const cf_libraries *libraries = stack;
    return done(libraries, libraries->runtime.SetDevice(ordinal));
}

static int alloc_device(void *stack, uint64_t bytes, void **out_address) {
    const cf_libraries *libraries = stack;
    return done(libraries, libraries->runtime.Malloc(out_address, bytes));
}

static int free_device(void *stack, void *address) {
    const cf_libraries *libraries = stack;
    return done(libraries, libraries->runtime.Free(address));
}

static int alloc_pinned(void *stack, uint64_t bytes, void **out_address) {
    const cf_libraries *libraries = stack;
    if (libraries->runtime.MallocHost == NULL)
        return done(libraries, libraries->runtime.HostMalloc(out_address, bytes, 0));
    return done(libraries, libraries->runtime.MallocHost(out_address, bytes));
}

static int free_pinned(void *stack, void *address) {
    const cf_libraries *libraries = stack;
    if (libraries->runtime.FreeHost == NULL)
        return done(libraries, libraries->runtime.HostFree(address));
    return done(libraries, libraries->runtime.FreeHost(address));
}

/* One driver was seen to report more free memory than there is. */
static int memory_info(void *stack, uint64_t *out_free, uint64_t *out_total) {
    const cf_libraries *libraries = stack;
    size_t free_bytes = 0, total = 0;
    *out_free = *out_total = 0;
    if (libraries->runtime.MemGetInfo == NULL)
        return 0;
    int code = done(libraries, libraries->runtime.MemGetInfo(&free_bytes, &total));
    *out_free = free_bytes < total ? free_bytes : total;
    *out_total = total;
    return code;
}

static int copy(
    void *stack, void *to, const void *from, uint64_t bytes, sy_card_way_of_copy way, void *stream) {
    static const int kinds[] = {[SY_CARD_HOST_TO_DEVICE] = COPY_H2D,
        [SY_CARD_DEVICE_TO_HOST] = COPY_D2H,
        [SY_CARD_DEVICE_TO_DEVICE] = COPY_D2D};
    const cf_libraries *libraries = stack;
    return done(libraries, libraries->runtime.MemcpyAsync(to, from, bytes, kinds[way], stream));
}

static int fill(void *stack, void *address, uint8_t value, uint64_t bytes, void *stream) {
    const cf_libraries *libraries = stack;
    return done(libraries, libraries->runtime.MemsetAsync(address, value, bytes, stream));
}

/* Streams that do not wait for the default one. */
static int stream_create(void *stack, void **out_stream) {
    const cf_libraries *libraries = stack;
    return done(libraries, libraries->runtime.StreamCreateWithFlags(out_stream, STREAM_NON_BLOCKING));
}

static int stream_destroy(void *stack, void *stream) {
    const cf_libraries *libraries = stack;
    return done(libraries, libraries->runtime.StreamDestroy(stream));
}

static int stream_sync(void *stack, void *stream) {
    const cf_libraries *libraries = stack;
    return done(libraries, libraries->runtime.StreamSynchronize(stream));
}

/* Without a query the stream is waited for. */
static int stream_query(void *stack, void *stream) {
    const cf_libraries *libraries = stack;
    if (libraries->runtime.StreamQuery == NULL)
        return stream_sync(stack, stream);
    return not_ready(libraries, libraries->runtime.StreamQuery(stream));
}

static int event_create(void *stack, bool is_timed, void **out_event) {
    const cf_libraries *libraries = stack;
    return done(libraries, libraries->runtime.EventCreateWithFlags(out_event, is_timed ? 0u : EVENT_UNTIMED));
}

static int event_destroy(void *stack, void *event) {
    const cf_libraries *libraries = stack;
    return done(libraries, libraries->runtime.EventDestroy(event));
}

static int event_record(void *stack, void *event, void *stream) {
    const cf_libraries *libraries = stack;
    return done(libraries, libraries->runtime.EventRecord(event, stream));
}

static int event_wait(void *stack, void *stream, void *event) {
    const cf_libraries *libraries = stack;
    if (libraries->runtime.StreamWaitEvent == NULL)
        return CF_CODE_OWN + CF_OWN_NO_FUNCTION;
    return done(libraries, libraries->runtime.StreamWaitEvent(stream, event, 0));
}

static int event_query(void *stack, void *event) {
    const cf_libraries *libraries = stack;
    return not_ready(libraries, libraries->runtime.EventQuery(event));
}

static int event_elapsed(void *stack, void *start, void *stop, double *out_ns) {
    const cf_libraries *libraries = stack;
    float ms = 0.0f;
    int code = not_ready(libraries, libraries->runtime.EventElapsedTime(&ms, start, stop));
    *out_ns = (double)ms * 1e6;
    return code;
}

/* Recordings are of this thread alone: others may allocate meanwhile, as a sensor's library does. */
enum { CAPTURE_THREAD_LOCAL = 1 };

/* Of GraphInstantiate before a stack's present form. */
enum { OLD_ARGUMENTS = 5 };

/* How many arguments GraphInstantiate has; 0: that cannot be known. */
static uint32_t arguments_of(const cf_libraries *libraries) {
    const cf_runtime_row *row = &libraries->stack->runtime;
    if (row->graph_version == 0)
        return row->graph_arguments;
    if (libraries->runtime_version == 0)
        return 0;
    return libraries->runtime_version >= row->graph_version ? row->graph_arguments : OLD_ARGUMENTS;
}

static const char *capture_lacks(void *stack) {
    const cf_libraries *libraries = stack;
    const cf_runtime_api *runtime = &libraries->runtime;
    if (libraries->stack->runtime.graph_arguments == 0)
        return "how this stack makes graphs is not known";
    if (runtime->StreamBeginCapture == NULL || runtime->StreamEndCapture == NULL ||
        runtime->GraphInstantiate == NULL || runtime->GraphLaunch == NULL ||
        runtime->GraphExecDestroy == NULL || runtime->GraphDestroy == NULL)
        return "the runtime library lacks functions of graphs";
    return arguments_of(libraries) > 0 ? NULL
                                       : "the runtime does not tell its version, by which graphs are made";
}

static int capture_begin(void *stack, void *stream) {
    const cf_libraries *libraries = stack;
    return done(libraries, libraries->runtime.StreamBeginCapture(stream, CAPTURE_THREAD_LOCAL));
}

static int instantiate(const cf_libraries *libraries, void **out_executable, void *graph) {
    void (*function)(void) = libraries->runtime.GraphInstantiate;
    switch (arguments_of(libraries)) {
    case 2: return ((int (*)(void **, void *))function)(out_executable, graph);
    case 3: return ((int (*)(void **, void *, unsigned long long))function)(out_executable, graph, 0);
    default:
        return ((int (*)(void **, void *, void **, char *, size_t))function)(
            out_executable, graph, NULL, NULL, 0);
    }
}

/* What is handed on as a graph is the executable made of it. */
static int capture_end(void *stack, void *stream, void **out_graph) {
    const cf_libraries *libraries = stack;
    void *graph = NULL;
    *out_graph = NULL;
    int code = done(libraries, libraries->runtime.StreamEndCapture(stream, &graph));
    if (code == 0)
        code = done(libraries, instantiate(libraries, out_graph, graph));
    if (graph != NULL)
        (void)done(libraries, libraries->runtime.GraphDestroy(graph));
    if (code != 0)
        *out_graph = NULL;
    return code;
}

static int graph_run(void *stack, void *graph, void *stream) {
    const cf_libraries *libraries = stack;
    return done(libraries, libraries->runtime.GraphLaunch(graph, stream));
}

static int graph_destroy(void *stack, void *graph) {
    const cf_libraries *libraries = stack;
    return done(libraries, libraries->runtime.GraphExecDestroy(graph));
}

const sy_card_runtime cf_runtime = {.judge = cf_judge,
    .code_text = cf_code_text,
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
    .capture_lacks = capture_lacks,
    .capture_begin = capture_begin,
    .capture_end = capture_end,
    .graph_run = graph_run,
    .graph_destroy = graph_destroy,
    .no_host_memory = CF_CODE_OWN + CF_OWN_NO_MEMORY,
    .timer_resolution_ns = 500.0};
