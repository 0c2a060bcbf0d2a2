/*
 * In the manner of OpenCL: buffers are objects without an address, a kernel object carries its arguments (so
 * one is made per binding), and device time comes from the profile of commands.
 */
#include <stddef.h>

#include "tests/unit/runtime/abi/style.h"

/* The vendor's side. */
typedef struct vendor_kernel {
    const sy_buffer *argument[4];
    uint64_t offset[4];
    uint32_t is_set; /* a bit an argument */
} vendor_kernel;

/* A finished command's profile. */
typedef struct vendor_profile {
    uint64_t start_ns, end_ns;
} vendor_profile;

struct sy_buffer {
    style_seen *seen;
    void *host; /* end of a copy alone; the device's own buffers have none */
};
struct sy_queue {
    style_seen *seen;
    uint64_t clock_ns;
};
struct sy_timer {
    sy_queue *queue;
    vendor_profile start, stop; /* of two marker commands */
};
struct sy_plan {
    style_seen *seen;
    uint32_t program; /* compiled for this problem's shapes and type */
};
struct sy_binding {
    sy_queue *queue;
    vendor_kernel *kernel;
};

static sy_status make_buffer(sy_device *device, void *host, sy_buffer **out_buffer, sy_error *err) {
    style_seen *seen = device->backend->seen;
    *out_buffer = style_make(seen, sizeof **out_buffer);
    if (*out_buffer == NULL)
        return style_fail(err, SY_OUT_OF_MEMORY, "host memory");
    **out_buffer = (sy_buffer){.seen = seen, .host = host};
    return SY_OK;
}

static sy_status alloc_buffer(
    sy_device *device, uint32_t kind, uint64_t bytes, sy_buffer **out_buffer, sy_error *err) {
    (void)kind, (void)bytes;
    return make_buffer(device, NULL, out_buffer, err);
}

static sy_status import_buffer(
    sy_device *device, void *memory, uint64_t bytes, sy_buffer **out_buffer, sy_error *err) {
    (void)bytes;
    return make_buffer(device, memory, out_buffer, err);
}

static void free_buffer(sy_buffer *buffer) {
    if (buffer != NULL)
        style_drop(buffer->seen, buffer);
}

static void *host_pointer(sy_buffer *buffer) {
    return buffer->host;
}

/* Every command has a profile of its own. */
static vendor_profile enqueue(sy_queue *queue, uint64_t ns) {
    vendor_profile profile = {.start_ns = queue->clock_ns, .end_ns = queue->clock_ns + ns};
    queue->clock_ns = profile.end_ns;
    return profile;
}

/* Write, read or copy command, as the ends are; two host ends are none. */
static sy_status copy(sy_queue *queue, sy_span dst, sy_span src, sy_error *err) {
    if (dst.buffer->host != NULL && src.buffer->host != NULL)
        return style_fail(err, SY_INVALID_ARGUMENT, "no end on the device");
    enqueue(queue, 1000);
    return SY_OK;
}

static sy_status fill(sy_queue *queue, sy_span dst, uint8_t value, sy_error *err) {
    (void)dst, (void)value, (void)err;
    enqueue(queue, 400);
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
    (*out_queue)->seen = device->backend->seen; /* created with profiling on */
    return SY_OK;
}

static void destroy_queue(sy_queue *queue) {
    if (queue != NULL)
        style_drop(queue->seen, queue);
}

static sy_status sync_queue(sy_queue *queue, uint64_t timeout_ns, sy_error *err) {
    (void)queue, (void)timeout_ns, (void)err;
    return SY_OK;
}

static sy_status timer_create(sy_queue *queue, sy_timer **out_timer, sy_error *err) {
    *out_timer = style_make(queue->seen, sizeof **out_timer);
    if (*out_timer == NULL)
        return style_fail(err, SY_OUT_OF_MEMORY, "host memory");
    (*out_timer)->queue = queue;
    return SY_OK;
}

/* A marker in an in-order queue ends when what came before it has ended. */
static sy_status timer_start(sy_timer *timer, sy_error *err) {
    (void)err;
    timer->start = enqueue(timer->queue, 0);
    return SY_OK;
}

static sy_status timer_stop(sy_timer *timer, sy_error *err) {
    (void)err;
    timer->stop = enqueue(timer->queue, 0);
    return SY_OK;
}

static sy_status timer_read(sy_timer *timer, double *out_ns, double *out_resolution_ns, sy_error *err) {
    (void)err;
    *out_ns = (double)(timer->stop.end_ns - timer->start.end_ns);
    *out_resolution_ns = 80.0; /* the vendor's device property */
    return SY_OK;
}

static void timer_destroy(sy_timer *timer) {
    if (timer != NULL)
        style_drop(timer->queue->seen, timer);
}

static const sy_queue_api queue_api = {.size = sizeof queue_api,
    .create = create_queue,
    .destroy = destroy_queue,
    .sync = sync_queue,
    .timer_create = timer_create,
    .timer_start = timer_start,
    .timer_stop = timer_stop,
    .timer_read = timer_read,
    .timer_destroy = timer_destroy};

static sy_status algorithm(sy_device *device, const sy_problem *problem, uint32_t index,
    sy_algorithm *out_algorithm, sy_error *err) {
    const uint32_t packed = SY_LAYOUT_PRIVATE | 1u;
    sy_algorithm offered = {.name = "tiled", .n_layout = problem->n_in + problem->n_out};
    (void)device;
    if (index > 0)
        return SY_UNAVAILABLE;
    for (uint32_t i = 0; i < offered.n_layout; i++) {
        bool is_weight = (problem->tensor[i].flags & SY_TENSOR_CONST) != 0;
        offered.layout[i] = is_weight ? packed : problem->tensor[i].layout;
    }
    style_offer(&offered, out_algorithm);
    return problem->op == SY_OP_GEMM || problem->op == SY_OP_REORDER
               ? SY_OK
               : style_fail(err, SY_UNSUPPORTED, "gemm and reorder only");
}

/* Packed weights: columns padded to whole tiles of 64. */
static sy_status layout_bytes(
    sy_device *device, const sy_tensor *tensor, uint64_t *out_bytes, sy_error *err) {
    (void)device, (void)err;
    *out_bytes = (uint64_t)(tensor->dim[0] * tensor->dim[1] * ((tensor->dim[2] + 63) / 64 * 64)) * 4;
    return SY_OK;
}

static sy_status plan_create(
    sy_device *device, const sy_problem *problem, uint64_t algorithm_id, sy_plan **out_plan, sy_error *err) {
    (void)problem, (void)algorithm_id;
    *out_plan = style_make(device->backend->seen, sizeof **out_plan);
    if (*out_plan == NULL)
        return style_fail(err, SY_OUT_OF_MEMORY, "host memory");
    **out_plan = (sy_plan){.seen = device->backend->seen, .program = 1};
    return SY_OK;
}

static void plan_destroy(sy_plan *plan) {
    if (plan != NULL)
        style_drop(plan->seen, plan);
}

static sy_status plan_workspace(sy_plan *plan, uint64_t *out_bytes, sy_error *err) {
    (void)plan, (void)err;
    *out_bytes = 0;
    return SY_OK;
}

static void set_argument(vendor_kernel *kernel, uint32_t index, sy_span span) {
    kernel->argument[index] = span.buffer;
    kernel->offset[index] = span.offset; /* handed to the kernel as a number: no sub-buffers */
    kernel->is_set |= span.buffer != NULL ? 1u << index : 0u;
}

static sy_status binding_create(sy_plan *plan, sy_queue *queue, const sy_span *operands, uint32_t count,
    sy_span workspace, sy_binding **out_binding, sy_error *err) {
    (void)workspace;
    *out_binding = NULL;
    vendor_kernel *kernel = style_make(plan->seen, sizeof *kernel);
    sy_binding *binding = style_make(plan->seen, sizeof *binding);
    if (kernel == NULL || binding == NULL) {
        style_drop(plan->seen, kernel);
        style_drop(plan->seen, binding);
        return style_fail(err, SY_OUT_OF_MEMORY, "host memory");
    }
    for (uint32_t i = 0; i < count && i < 4; i++)
        set_argument(kernel, i, operands[i]);
    *binding = (sy_binding){.queue = queue, .kernel = kernel};
    *out_binding = binding;
    return SY_OK;
}

static void binding_destroy(sy_binding *binding) {
    if (binding == NULL)
        return;
    style_seen *seen = binding->queue->seen;
    style_drop(seen, binding->kernel);
    style_drop(seen, binding);
}

/* enqueue_kernel(queue, kernel): the arguments are in the kernel already. */
static sy_status run(sy_binding *binding) {
    style_seen *seen = binding->queue->seen;
    seen->violations += (binding->kernel->is_set & 3u) != 3u;
    seen->launches++;
    enqueue(binding->queue, 3000);
    return SY_OK;
}

static const sy_work_api work_api = {.size = sizeof work_api,
    .algorithm = algorithm,
    .layout_bytes = layout_bytes,
    .plan_create = plan_create,
    .plan_destroy = plan_destroy,
    .plan_workspace = plan_workspace,
    .binding_create = binding_create,
    .binding_destroy = binding_destroy,
    .run = run};

const sy_backend_api *style_opencl_query(uint16_t host_major, uint16_t host_minor, sy_error *err) {
    static const sy_backend_api api = {.size = sizeof api,
        .abi_major = SY_ABI_MAJOR,
        .abi_minor = SY_ABI_MINOR,
        .name = "style_opencl",
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
