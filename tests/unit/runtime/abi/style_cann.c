/*
 * In the manner of CANN: every operator is called in two phases. The first takes the tensors with their
 * addresses and answers with the workspace's size and an executor; the second runs the executor. Addresses
 * are baked in: a repeatable executor belongs to one binding. The current device is a property of the thread.
 */
#include <stddef.h>

#include "tests/unit/runtime/abi/style.h"

/* The vendor's side: a tensor is a shape with an address, an executor holds them. */
typedef struct vendor_tensor {
    int64_t dim[3];
    uint64_t address;
} vendor_tensor;

typedef struct vendor_executor {
    vendor_tensor a, b, out;
    uint32_t is_repeatable;
} vendor_executor;

struct sy_buffer {
    style_seen *seen;
    uint64_t address;
    void *host;
};
struct sy_queue {
    style_seen *seen;
    uint32_t pending;
};
struct sy_plan {
    style_seen *seen;
    vendor_tensor a, b, out; /* shapes alone */
    uint64_t workspace_bytes;
};
struct sy_binding {
    sy_queue *queue;
    vendor_executor *executor;
    uint64_t workspace;
};

static uint64_t next_address(uint64_t bytes) {
    static uint64_t card = 0x1000; /* device addresses: numbers that nobody dereferences */
    uint64_t address = card;
    card += (bytes + 511) / 512 * 512;
    return address;
}

/* Phase one. The size depends on shapes alone, so that a plan may ask with addresses that are not there yet.
 */
static uint64_t get_workspace_size(style_seen *seen, const vendor_tensor *a, const vendor_tensor *b,
    const vendor_tensor *out, vendor_executor **out_executor) {
    *out_executor = style_make(seen, sizeof **out_executor);
    if (*out_executor != NULL)
        **out_executor = (vendor_executor){.a = *a, .b = *b, .out = *out};
    return (uint64_t)(a->dim[1] * a->dim[2]) * 4 + 32;
}

/* Phase two. */
static sy_status execute(
    style_seen *seen, const vendor_executor *executor, uint64_t workspace, sy_queue *stream) {
    seen->violations += seen->entered == 0 || executor->is_repeatable == 0 || workspace == 0 ||
                        executor->a.address == 0 || executor->out.address == 0;
    seen->launches++;
    stream->pending++;
    return SY_OK;
}

static sy_status make_buffer(
    sy_device *device, uint64_t bytes, void *host, sy_buffer **out_buffer, sy_error *err) {
    style_seen *seen = device->backend->seen;
    *out_buffer = style_make(seen, sizeof **out_buffer);
    if (*out_buffer == NULL)
        return style_fail(err, SY_OUT_OF_MEMORY, "host memory");
    **out_buffer = (sy_buffer){.seen = seen, .address = next_address(bytes), .host = host};
    return SY_OK;
}

static sy_status alloc_buffer(
    sy_device *device, uint32_t kind, uint64_t bytes, sy_buffer **out_buffer, sy_error *err) {
    (void)kind;
    return make_buffer(device, bytes, NULL, out_buffer, err);
}

static sy_status import_buffer(
    sy_device *device, void *memory, uint64_t bytes, sy_buffer **out_buffer, sy_error *err) {
    return make_buffer(device, bytes, memory, out_buffer, err);
}

static void free_buffer(sy_buffer *buffer) {
    if (buffer != NULL)
        style_drop(buffer->seen, buffer);
}

static void *host_pointer(sy_buffer *buffer) {
    return buffer->host;
}

/* The direction, which this vendor wants to be told, follows from the two ends. */
static sy_status copy(sy_queue *queue, sy_span dst, sy_span src, sy_error *err) {
    enum { DEVICE_TO_DEVICE, HOST_TO_DEVICE, DEVICE_TO_HOST, HOST_TO_HOST };
    int kind = (src.buffer->host != NULL ? HOST_TO_DEVICE : DEVICE_TO_DEVICE) |
               (dst.buffer->host != NULL ? DEVICE_TO_HOST : DEVICE_TO_DEVICE);
    queue->pending++;
    return kind != HOST_TO_HOST ? SY_OK : style_fail(err, SY_INVALID_ARGUMENT, "no end on the device");
}

static sy_status fill(sy_queue *queue, sy_span dst, uint8_t value, sy_error *err) {
    (void)dst, (void)value, (void)err;
    queue->pending++;
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
    (*out_queue)->seen = device->backend->seen;
    return SY_OK;
}

static void destroy_queue(sy_queue *queue) {
    if (queue != NULL)
        style_drop(queue->seen, queue);
}

/* This vendor has a wait with a timeout, in milliseconds. */
static sy_status sync_queue(sy_queue *queue, uint64_t timeout_ns, sy_error *err) {
    int64_t timeout_ms = timeout_ns == UINT64_MAX ? -1 : (int64_t)(timeout_ns / 1000000);
    queue->seen->violations += queue->seen->entered == 0;
    if (timeout_ms == 0 && queue->pending > 0)
        return style_fail(err, SY_TIMEOUT, "still running");
    queue->pending = 0;
    return SY_OK;
}

static const sy_queue_api queue_api = {
    .size = sizeof queue_api, .create = create_queue, .destroy = destroy_queue, .sync = sync_queue};

static sy_status algorithm(sy_device *device, const sy_problem *problem, uint32_t index,
    sy_algorithm *out_algorithm, sy_error *err) {
    static const sy_algorithm rows[] = {
        {.name = "hf32", .math = SY_MATH_HF32, .id = 1}, {.name = "matmul", .math = SY_MATH_STRICT, .id = 0}};
    (void)device;
    if (index >= sizeof rows / sizeof rows[0])
        return SY_UNAVAILABLE;
    style_offer(&rows[index], out_algorithm);
    return problem->op == SY_OP_GEMM ? SY_OK : style_fail(err, SY_UNSUPPORTED, "gemm only");
}

static vendor_tensor shape_of(const sy_tensor *tensor) {
    return (vendor_tensor){.dim = {tensor->dim[0], tensor->dim[1], tensor->dim[2]}};
}

static sy_status plan_create(
    sy_device *device, const sy_problem *problem, uint64_t algorithm_id, sy_plan **out_plan, sy_error *err) {
    style_seen *seen = device->backend->seen;
    vendor_executor *trial;
    (void)algorithm_id;
    *out_plan = style_make(seen, sizeof **out_plan);
    if (*out_plan == NULL)
        return style_fail(err, SY_OUT_OF_MEMORY, "host memory");
    sy_plan *plan = *out_plan;
    *plan = (sy_plan){.seen = seen,
        .a = shape_of(&problem->tensor[0]),
        .b = shape_of(&problem->tensor[1]),
        .out = shape_of(&problem->tensor[3])};
    plan->workspace_bytes = get_workspace_size(seen, &plan->a, &plan->b, &plan->out, &trial);
    style_drop(seen, trial);
    return SY_OK;
}

static void plan_destroy(sy_plan *plan) {
    if (plan != NULL)
        style_drop(plan->seen, plan);
}

static sy_status plan_workspace(sy_plan *plan, uint64_t *out_bytes, sy_error *err) {
    (void)err;
    *out_bytes = plan->workspace_bytes;
    return SY_OK;
}

static vendor_tensor at(vendor_tensor shape, sy_span span) {
    shape.address = span.buffer->address + span.offset;
    return shape;
}

static sy_status binding_create(sy_plan *plan, sy_queue *queue, const sy_span *operands, uint32_t count,
    sy_span workspace, sy_binding **out_binding, sy_error *err) {
    vendor_executor *executor;
    *out_binding = NULL;
    if (count != 4)
        return style_fail(err, SY_INVALID_ARGUMENT, "gemm has four operands");
    const vendor_tensor a = at(plan->a, operands[0]), b = at(plan->b, operands[1]),
                        out = at(plan->out, operands[3]);
    uint64_t wanted = get_workspace_size(plan->seen, &a, &b, &out, &executor);
    if (executor == NULL || wanted > workspace.bytes) {
        style_drop(plan->seen, executor);
        return style_fail(
            err, executor == NULL ? SY_OUT_OF_MEMORY : SY_INTERNAL, "phase one asks for more now");
    }
    executor->is_repeatable = 1;
    *out_binding = style_make(plan->seen, sizeof **out_binding);
    if (*out_binding == NULL) {
        style_drop(plan->seen, executor);
        return style_fail(err, SY_OUT_OF_MEMORY, "host memory");
    }
    **out_binding = (sy_binding){
        .queue = queue, .executor = executor, .workspace = workspace.buffer->address + workspace.offset};
    return SY_OK;
}

static void binding_destroy(sy_binding *binding) {
    if (binding == NULL)
        return;
    style_seen *seen = binding->queue->seen;
    style_drop(seen, binding->executor);
    style_drop(seen, binding);
}

static sy_status run(sy_binding *binding) {
    return execute(binding->queue->seen, binding->executor, binding->workspace, binding->queue);
}

static const sy_work_api work_api = {.size = sizeof work_api,
    .algorithm = algorithm,
    .layout_bytes = style_no_layouts,
    .plan_create = plan_create,
    .plan_destroy = plan_destroy,
    .plan_workspace = plan_workspace,
    .binding_create = binding_create,
    .binding_destroy = binding_destroy,
    .run = run};

const sy_backend_api *style_cann_query(uint16_t host_major, uint16_t host_minor, sy_error *err) {
    static const sy_backend_api api = {.size = sizeof api,
        .abi_major = SY_ABI_MAJOR,
        .abi_minor = SY_ABI_MINOR,
        .name = "style_cann",
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
