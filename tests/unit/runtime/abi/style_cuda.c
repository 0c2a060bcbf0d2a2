/* In the manner of CUDA: streams, events that order and events that time, capture into a graph. */
#include <stddef.h>

#include "tests/unit/runtime/abi/style.h"

enum { LAUNCHES_MAX = 16 };

struct sy_buffer {
    sy_backend *backend;
    char *address, *host;
};
struct sy_queue {
    sy_backend *backend;
    uint64_t clock_ns; /* the stream's own time */
    sy_graph *capturing;
    sy_status pending; /* reported by the next sync, as a sticky launch error is */
};
struct sy_event {
    sy_backend *backend;
    uint64_t at_ns;
    uint32_t is_recorded;
};
struct sy_timer {
    sy_queue *queue;
    sy_event *start, *stop;
};
struct sy_plan {
    sy_backend *backend;
    uint64_t workspace_bytes;
};
struct sy_binding {
    sy_queue *queue;
    const char *pointers[SY_MAX_TENSORS]; /* kernel arguments, by address */
    const char *workspace;
};
struct sy_graph {
    sy_queue *queue;
    const sy_binding *launches[LAUNCHES_MAX];
    uint32_t count;
};

static sy_status make_buffer(
    sy_device *device, char *address, char *host, sy_buffer **out_buffer, sy_error *err) {
    *out_buffer = style_make(device->backend->seen, sizeof **out_buffer);
    if (*out_buffer == NULL)
        return style_fail(err, SY_OUT_OF_MEMORY, "host memory");
    **out_buffer = (sy_buffer){.backend = device->backend, .address = address, .host = host};
    return SY_OK;
}

static sy_status alloc_buffer(
    sy_device *device, uint32_t kind, uint64_t bytes, sy_buffer **out_buffer, sy_error *err) {
    static char card[1 << 16]; /* stands for device memory; never looked into */
    (void)kind;
    *out_buffer = NULL;
    if (bytes > sizeof card)
        return style_fail(err, SY_OUT_OF_MEMORY, "device memory");
    return make_buffer(device, card, NULL, out_buffer, err);
}

static sy_status import_buffer(
    sy_device *device, void *memory, uint64_t bytes, sy_buffer **out_buffer, sy_error *err) {
    (void)bytes;
    return make_buffer(device, memory, memory, out_buffer, err);
}

static void free_buffer(sy_buffer *buffer) {
    if (buffer != NULL)
        style_drop(buffer->backend->seen, buffer);
}

static void *host_pointer(sy_buffer *buffer) {
    return buffer->host;
}

static sy_status copy(sy_queue *queue, sy_span dst, sy_span src, sy_error *err) {
    (void)err;
    queue->clock_ns += dst.bytes == src.bytes ? 1000 : 0; /* an asynchronous copy on the stream */
    return dst.bytes == src.bytes ? SY_OK : SY_INVALID_ARGUMENT;
}

static sy_status fill(sy_queue *queue, sy_span dst, uint8_t value, sy_error *err) {
    (void)dst, (void)value, (void)err;
    queue->clock_ns += 500;
    return SY_OK;
}

static const sy_memory_api memory_api = {.size = sizeof memory_api,
    .alloc = alloc_buffer,
    .import = import_buffer,
    .free = free_buffer,
    .host_ptr = host_pointer,
    .copy = copy,
    .fill = fill};

static sy_status create_queue(sy_device *device, sy_queue **out_queue, sy_error *err) {
    *out_queue = style_make(device->backend->seen, sizeof **out_queue);
    if (*out_queue == NULL)
        return style_fail(err, SY_OUT_OF_MEMORY, "host memory");
    (*out_queue)->backend = device->backend;
    return SY_OK;
}

static void destroy_queue(sy_queue *queue) {
    if (queue != NULL)
        style_drop(queue->backend->seen, queue);
}

static sy_status sync_queue(sy_queue *queue, uint64_t timeout_ns, sy_error *err) {
    sy_status status = queue->pending;
    (void)timeout_ns; /* a timed wait polls an event; without one it waits for the stream */
    queue->pending = SY_OK;
    return status == SY_OK ? SY_OK : style_fail(err, status, "a launch failed");
}

static sy_status event_create(sy_device *device, sy_event **out_event, sy_error *err) {
    *out_event = style_make(device->backend->seen, sizeof **out_event);
    if (*out_event == NULL)
        return style_fail(err, SY_OUT_OF_MEMORY, "host memory");
    (*out_event)->backend = device->backend;
    return SY_OK;
}

static sy_status event_record(sy_event *event, sy_queue *queue, sy_error *err) {
    (void)err;
    event->at_ns = queue->clock_ns;
    event->is_recorded = 1;
    return SY_OK;
}

static sy_status event_wait(sy_queue *queue, sy_event *event, sy_error *err) {
    (void)err;
    if (event->at_ns > queue->clock_ns)
        queue->clock_ns = event->at_ns;
    return SY_OK;
}

static sy_status event_query(sy_event *event, uint32_t *out_done, sy_error *err) {
    (void)err;
    *out_done = event->is_recorded;
    return SY_OK;
}

static void event_destroy(sy_event *event) {
    if (event != NULL)
        style_drop(event->backend->seen, event);
}

static void timer_destroy(sy_timer *timer) {
    if (timer == NULL)
        return;
    event_destroy(timer->start);
    event_destroy(timer->stop);
    style_drop(timer->queue->backend->seen, timer);
}

static sy_status timer_create(sy_queue *queue, sy_timer **out_timer, sy_error *err) {
    sy_device device = {.backend = queue->backend};
    sy_timer *timer = style_make(queue->backend->seen, sizeof *timer);
    *out_timer = NULL;
    if (timer == NULL)
        return style_fail(err, SY_OUT_OF_MEMORY, "host memory");
    timer->queue = queue;
    if (event_create(&device, &timer->start, err) != SY_OK ||
        event_create(&device, &timer->stop, err) != SY_OK) {
        timer_destroy(timer);
        return SY_OUT_OF_MEMORY;
    }
    *out_timer = timer;
    return SY_OK;
}

static sy_status timer_start(sy_timer *timer, sy_error *err) {
    return event_record(timer->start, timer->queue, err);
}

static sy_status timer_stop(sy_timer *timer, sy_error *err) {
    return event_record(timer->stop, timer->queue, err);
}

static sy_status timer_read(sy_timer *timer, double *out_ns, double *out_resolution_ns, sy_error *err) {
    (void)err;
    *out_ns = (double)(timer->stop->at_ns - timer->start->at_ns);
    *out_resolution_ns =
        500.0; /* elapsed time comes as a float of milliseconds in steps of half a microsecond */
    return SY_OK;
}

static const sy_queue_api queue_api = {.size = sizeof queue_api,
    .create = create_queue,
    .destroy = destroy_queue,
    .sync = sync_queue,
    .event_create = event_create,
    .event_record = event_record,
    .event_wait = event_wait,
    .event_query = event_query,
    .event_destroy = event_destroy,
    .timer_create = timer_create,
    .timer_start = timer_start,
    .timer_stop = timer_stop,
    .timer_read = timer_read,
    .timer_destroy = timer_destroy};

static sy_status algorithm(sy_device *device, const sy_problem *problem, uint32_t index,
    sy_algorithm *out_algorithm, sy_error *err) {
    static const sy_algorithm rows[] = {{.name = "tensor_cores",
                                            .math = SY_MATH_TF32,
                                            .flags = SY_ALGO_CAPTURABLE,
                                            .id = 7,
                                            .workspace_bytes = 4096},
        {.name = "pedantic",
            .math = SY_MATH_STRICT,
            .flags = SY_ALGO_CAPTURABLE,
            .id = 3,
            .workspace_bytes = 256}};
    (void)device;
    if (index >= sizeof rows / sizeof rows[0])
        return SY_UNAVAILABLE;
    style_offer(&rows[index], out_algorithm);
    return problem->op == SY_OP_GEMM ? SY_OK : style_fail(err, SY_UNSUPPORTED, "gemm only");
}

static sy_status plan_create(
    sy_device *device, const sy_problem *problem, uint64_t algorithm_id, sy_plan **out_plan, sy_error *err) {
    (void)problem;
    *out_plan = style_make(device->backend->seen, sizeof **out_plan);
    if (*out_plan == NULL)
        return style_fail(err, SY_OUT_OF_MEMORY, "host memory");
    **out_plan = (sy_plan){.backend = device->backend, .workspace_bytes = algorithm_id == 7 ? 4096 : 256};
    return SY_OK;
}

static void plan_destroy(sy_plan *plan) {
    if (plan != NULL)
        style_drop(plan->backend->seen, plan);
}

static sy_status plan_workspace(sy_plan *plan, uint64_t *out_bytes, sy_error *err) {
    (void)err;
    *out_bytes = plan->workspace_bytes;
    return SY_OK;
}

static sy_status binding_create(sy_plan *plan, sy_queue *queue, const sy_span *operands, uint32_t count,
    sy_span workspace, sy_binding **out_binding, sy_error *err) {
    *out_binding = style_make(plan->backend->seen, sizeof **out_binding);
    if (*out_binding == NULL)
        return style_fail(err, SY_OUT_OF_MEMORY, "host memory");
    (*out_binding)->queue = queue;
    for (uint32_t i = 0; i < count; i++)
        if (operands[i].buffer != NULL)
            (*out_binding)->pointers[i] = operands[i].buffer->address + operands[i].offset;
    if (workspace.bytes >= plan->workspace_bytes)
        (*out_binding)->workspace = workspace.buffer->address + workspace.offset;
    return SY_OK;
}

static void binding_destroy(sy_binding *binding) {
    if (binding != NULL)
        style_drop(binding->queue->backend->seen, binding);
}

static sy_status launch(const sy_binding *binding) {
    style_seen *seen = binding->queue->backend->seen;
    seen->violations += seen->entered == 0 || binding->workspace == NULL || binding->pointers[0] == NULL;
    seen->launches++;
    binding->queue->clock_ns += 2000;
    return SY_OK;
}

/* A launch on a capturing stream goes into the graph. */
static sy_status run(sy_binding *binding) {
    sy_graph *graph = binding->queue->capturing;
    if (graph == NULL)
        return launch(binding);
    if (graph->count == LAUNCHES_MAX)
        return SY_OUT_OF_MEMORY;
    graph->launches[graph->count++] = binding;
    return SY_OK;
}

static sy_status capture_begin(sy_queue *queue, sy_error *err) {
    sy_graph *graph = style_make(queue->backend->seen, sizeof *graph);
    if (graph == NULL)
        return style_fail(err, SY_OUT_OF_MEMORY, "host memory");
    graph->queue = queue;
    queue->capturing = graph;
    return SY_OK;
}

static sy_status capture_end(sy_queue *queue, sy_graph **out_graph, sy_error *err) {
    *out_graph = queue->capturing;
    queue->capturing = NULL;
    return *out_graph != NULL ? SY_OK : style_fail(err, SY_INVALID_ARGUMENT, "nothing is being captured");
}

static sy_status graph_run(sy_graph *graph) {
    for (uint32_t i = 0; i < graph->count; i++)
        launch(graph->launches[i]);
    graph->queue->backend->seen->replays += graph->count;
    return SY_OK;
}

static void graph_destroy(sy_graph *graph) {
    if (graph != NULL)
        style_drop(graph->queue->backend->seen, graph);
}

static const sy_work_api work_api = {.size = sizeof work_api,
    .algorithm = algorithm,
    .layout_bytes = style_no_layouts,
    .plan_create = plan_create,
    .plan_destroy = plan_destroy,
    .plan_workspace = plan_workspace,
    .binding_create = binding_create,
    .binding_destroy = binding_destroy,
    .run = run,
    .capture_begin = capture_begin,
    .capture_end = capture_end,
    .graph_run = graph_run,
    .graph_destroy = graph_destroy};

const sy_backend_api *style_cuda_query(uint16_t host_major, uint16_t host_minor, sy_error *err) {
    static const sy_backend_api api = {.size = sizeof api,
        .abi_major = SY_ABI_MAJOR,
        .abi_minor = SY_ABI_MINOR,
        .name = "style_cuda",
        .version = "1",
        .create = style_create,
        .destroy = style_destroy,
        .device = &style_device,
        .memory = &memory_api,
        .queue = &queue_api,
        .work = &work_api};
    (void)host_minor;
    return host_major == SY_ABI_MAJOR ? &api : (style_fail(err, SY_INCOMPATIBLE, "another ABI"), NULL);
}
