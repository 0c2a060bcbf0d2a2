/*
 * In the manner of CNNL: everything is described by descriptors, convolution takes NHWC alone, a handle is
 * tied to a queue, and the workspace's size comes from handle and descriptors together.
 */
#include <stddef.h>

#include "tests/unit/runtime/abi/style.h"

/* The vendor's side. */
typedef struct vendor_descriptor {
    int32_t rank, dim[4]; /* in memory order: N H W C */
} vendor_descriptor;

typedef struct vendor_handle {
    sy_queue *queue;
} vendor_handle;

enum { X, W, Y, TENSORS };

struct sy_buffer {
    style_seen *seen;
    char *address, *host;
};
struct sy_queue {
    style_seen *seen;
    vendor_handle *handle;
    uint32_t pending;
};
struct sy_plan {
    style_seen *seen;
    vendor_descriptor *descriptor[TENSORS];
    int32_t pad[4], stride[2], dilation[2], groups;
    uint64_t workspace_bytes;
};
struct sy_binding {
    const sy_plan *plan;
    sy_queue *queue;
    const char *pointer[TENSORS];
    const char *workspace;
};

static sy_status make_buffer(
    sy_device *device, char *address, char *host, sy_buffer **out_buffer, sy_error *err) {
    style_seen *seen = device->backend->seen;
    *out_buffer = style_make(seen, sizeof **out_buffer);
    if (*out_buffer == NULL)
        return style_fail(err, SY_OUT_OF_MEMORY, "host memory");
    **out_buffer = (sy_buffer){.seen = seen, .address = address, .host = host};
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
        style_drop(buffer->seen, buffer);
}

static void *host_pointer(sy_buffer *buffer) {
    return buffer->host;
}

static sy_status copy(sy_queue *queue, sy_span dst, sy_span src, sy_error *err) {
    (void)err;
    queue->pending++;
    return dst.bytes == src.bytes ? SY_OK : SY_INVALID_ARGUMENT;
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

static void destroy_queue(sy_queue *queue) {
    if (queue == NULL)
        return;
    style_drop(queue->seen, queue->handle);
    style_drop(queue->seen, queue);
}

static sy_status create_queue(sy_device *device, sy_queue **out_queue, sy_error *err) {
    style_seen *seen = device->backend->seen;
    *out_queue = style_make(seen, sizeof **out_queue);
    if (*out_queue == NULL)
        return style_fail(err, SY_OUT_OF_MEMORY, "host memory");
    **out_queue = (sy_queue){.seen = seen, .handle = style_make(seen, sizeof(vendor_handle))};
    if ((*out_queue)->handle == NULL) {
        destroy_queue(*out_queue);
        *out_queue = NULL;
        return style_fail(err, SY_OUT_OF_MEMORY, "host memory");
    }
    (*out_queue)->handle->queue = *out_queue;
    return SY_OK;
}

static sy_status sync_queue(sy_queue *queue, uint64_t timeout_ns, sy_error *err) {
    (void)timeout_ns, (void)err; /* no timed wait: it waits longer, as the ABI allows */
    queue->pending = 0;
    return SY_OK;
}

static const sy_queue_api queue_api = {
    .size = sizeof queue_api, .create = create_queue, .destroy = destroy_queue, .sync = sync_queue};

static sy_status algorithm(sy_device *device, const sy_problem *problem, uint32_t index,
    sy_algorithm *out_algorithm, sy_error *err) {
    sy_algorithm offered = {.name = "nhwc", .n_layout = problem->n_in + problem->n_out, .id = 5};
    (void)device;
    if (index > 0)
        return SY_UNAVAILABLE;
    for (uint32_t i = 0; i < offered.n_layout; i++) {
        bool is_ours =
            problem->tensor[i].layout == SY_LAYOUT_ANY || (problem->tensor[i].flags & SY_TENSOR_CONST) != 0;
        offered.layout[i] = is_ours ? SY_LAYOUT_CHANNELS_LAST : problem->tensor[i].layout;
    }
    style_offer(&offered, out_algorithm);
    if (problem->op != SY_OP_CONV)
        return style_fail(err, SY_UNSUPPORTED, "conv only");
    if (problem->tensor[0].layout != SY_LAYOUT_ANY && problem->tensor[0].stride[1] != 1)
        return style_fail(err, SY_UNSUPPORTED, "images must be channels last");
    return SY_OK;
}

static void plan_destroy(sy_plan *plan) {
    if (plan == NULL)
        return;
    for (int i = 0; i < TENSORS; i++)
        style_drop(plan->seen, plan->descriptor[i]);
    style_drop(plan->seen, plan);
}

/* The ABI's dimensions are logical (N C H W); the vendor's are in memory order. */
static vendor_descriptor *describe_tensor(style_seen *seen, const sy_tensor *tensor) {
    vendor_descriptor *descriptor = style_make(seen, sizeof *descriptor);
    if (descriptor == NULL)
        return NULL;
    seen->violations += tensor->layout != SY_LAYOUT_STRIDED || tensor->stride[1] != 1;
    *descriptor = (vendor_descriptor){.rank = 4,
        .dim = {(int32_t)tensor->dim[0], (int32_t)tensor->dim[2], (int32_t)tensor->dim[3],
            (int32_t)tensor->dim[1]}};
    return descriptor;
}

static void describe_conv(const sy_conv_attr *attr, sy_plan *plan) {
    for (int i = 0; i < 2; i++) {
        plan->stride[i] = (int32_t)attr->stride[i];
        plan->dilation[i] = (int32_t)attr->dilation[i];
        plan->pad[2 * i] = (int32_t)attr->pad_lo[i];
        plan->pad[2 * i + 1] = (int32_t)attr->pad_hi[i];
    }
    plan->groups = (int32_t)attr->groups;
}

/* The size is asked of a handle; a plan has no queue, so it borrows a handle of its own for the question. */
static uint64_t ask_workspace(style_seen *seen, const sy_plan *plan) {
    vendor_handle *handle = style_make(seen, sizeof *handle);
    uint64_t bytes = handle != NULL ? (uint64_t)plan->descriptor[Y]->dim[1] * 64 : 0;
    style_drop(seen, handle);
    return bytes;
}

static sy_status plan_create(
    sy_device *device, const sy_problem *problem, uint64_t algorithm_id, sy_plan **out_plan, sy_error *err) {
    style_seen *seen = device->backend->seen;
    sy_plan *plan = style_make(seen, sizeof *plan);
    bool is_whole = plan != NULL;
    *out_plan = NULL;
    seen->violations += algorithm_id != 5;
    if (plan != NULL)
        plan->seen = seen;
    for (uint32_t i = 0; is_whole && i < TENSORS; i++) {
        plan->descriptor[i] = describe_tensor(seen, &problem->tensor[i]);
        is_whole = plan->descriptor[i] != NULL;
    }
    if (!is_whole) {
        plan_destroy(plan);
        return style_fail(err, SY_OUT_OF_MEMORY, "host memory");
    }
    describe_conv(problem->attr, plan);
    plan->workspace_bytes = ask_workspace(seen, plan);
    *out_plan = plan;
    return SY_OK;
}

static sy_status plan_workspace(sy_plan *plan, uint64_t *out_bytes, sy_error *err) {
    (void)err;
    *out_bytes = plan->workspace_bytes;
    return SY_OK;
}

static sy_status binding_create(sy_plan *plan, sy_queue *queue, const sy_span *operands, uint32_t count,
    sy_span workspace, sy_binding **out_binding, sy_error *err) {
    *out_binding = NULL;
    if (count != TENSORS || workspace.bytes < plan->workspace_bytes)
        return style_fail(err, SY_INVALID_ARGUMENT, "three operands and a workspace");
    sy_binding *binding = style_make(plan->seen, sizeof *binding);
    if (binding == NULL)
        return style_fail(err, SY_OUT_OF_MEMORY, "host memory");
    *binding = (sy_binding){.plan = plan, .queue = queue, .workspace = workspace.buffer->address};
    for (int i = 0; i < TENSORS; i++)
        binding->pointer[i] = operands[i].buffer->address + operands[i].offset;
    *out_binding = binding;
    return SY_OK;
}

static void binding_destroy(sy_binding *binding) {
    if (binding != NULL)
        style_drop(binding->queue->seen, binding);
}

/* convolution_forward(handle, descriptors, pointers, workspace) */
static sy_status run(sy_binding *binding) {
    const sy_queue *queue = binding->queue;
    queue->seen->violations += queue->handle->queue != queue || binding->plan->groups < 1 ||
                               binding->pointer[Y] == NULL || binding->workspace == NULL ||
                               queue->seen->entered == 0;
    queue->seen->launches++;
    return SY_OK;
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

const sy_backend_api *style_cnnl_query(uint16_t host_major, uint16_t host_minor, sy_error *err) {
    static const sy_backend_api api = {.size = sizeof api,
        .abi_major = SY_ABI_MAJOR,
        .abi_minor = SY_ABI_MINOR,
        .name = "style_cnnl",
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
