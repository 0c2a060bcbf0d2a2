/*
 * Layout conversions by the host's processor: to it, permuted, and back. For weights, which are prepared once
 * and outside of what is timed; the candidate says that it works on the host and run() waits.
 */
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/card/card.h"
#include "runtime/card/permute.h"

typedef struct conversion {
    sy_tensor from, to; /* both strided */
    uint64_t from_bytes, to_bytes;
    const void *source;
    void *target;
} conversion;

/* A private layout as the strides it stands for. */
static sy_status as_strided(const sy_tensor *tensor, sy_tensor *out_strided, sy_error *err) {
    uint64_t bytes = 0;
    sy_status status = sy_card_layout_bytes(tensor, &bytes, err);
    *out_strided = *tensor;
    if (status != SY_OK || tensor->layout == SY_LAYOUT_STRIDED)
        return status;
    uint32_t rank = tensor->rank;
    int64_t step = tensor->dim[rank - 1] * tensor->dim[rank - 2];
    out_strided->layout = SY_LAYOUT_STRIDED;
    out_strided->stride[rank - 2] = 1;
    out_strided->stride[rank - 1] = tensor->dim[rank - 2];
    for (uint32_t i = rank - 2; i-- > 0; step *= tensor->dim[i])
        out_strided->stride[i] = step;
    return SY_OK;
}

static bool does(const sy_card_way *way, const sy_device *device, const sy_task *task) {
    (void)way;
    (void)device;
    return task->op == SY_OP_REORDER;
}

static sy_status read_pair(const sy_task *task, conversion *out_pair, sy_error *err) {
    const sy_tensor *from = &task->tensor[0], *to = sy_task_output(task, 0);
    if (from->dtype != to->dtype || from->rank != to->rank ||
        memcmp(from->dim, to->dim, from->rank * sizeof from->dim[0]) != 0)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "a conversion between tensors of other types or extents");
    sy_status status = as_strided(from, &out_pair->from, err);
    if (status == SY_OK)
        status = as_strided(to, &out_pair->to, err);
    if (status == SY_OK)
        status = sy_card_layout_bytes(from, &out_pair->from_bytes, err);
    return status == SY_OK ? sy_card_layout_bytes(to, &out_pair->to_bytes, err) : status;
}

static sy_status offer(const sy_card_way *way, sy_device *device, const sy_task *task, uint32_t index,
    sy_card_offer *out_offer, sy_error *err) {
    (void)way;
    (void)device;
    conversion pair;
    sy_task settled = *task;
    sy_task_settle(&settled);
    for (uint32_t i = 0; i < task->n_in + task->n_out; i++)
        if (out_offer->layout[i] == SY_LAYOUT_ANY)
            out_offer->layout[i] = SY_LAYOUT_STRIDED;
    out_offer->flags = SY_ALGO_DETERMINISTIC | SY_ALGO_ON_HOST;
    if (index > 0)
        return SY_UNAVAILABLE;
    return read_pair(&settled, &pair, err);
}

static sy_status plan(sy_plan *plan, uint32_t index, sy_error *err) {
    if (index > 0)
        return SY_UNAVAILABLE;
    plan->own = sy_mem_calloc(1, sizeof(conversion));
    if (plan->own == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no host memory");
    return read_pair(&plan->task, plan->own, err);
}

static void plan_free(sy_plan *plan) {
    sy_mem_free(plan->own);
}

static sy_status bind(sy_binding *binding, void *const *address, void *workspace, sy_error *err) {
    (void)workspace;
    conversion *bound = sy_mem_alloc(sizeof *bound);
    binding->own = bound;
    if (bound == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no host memory");
    *bound = *(const conversion *)binding->plan->own;
    bound->source = address[0];
    bound->target = address[1];
    return SY_OK;
}

static void bind_free(sy_binding *binding) {
    sy_mem_free(binding->own);
}

/* What lies between the elements of a target with gaps stays. */
static int fetch(sy_device *device, const conversion *pair, char *source, char *target, void *stream) {
    const sy_card_runtime *runtime = device->model->runtime;
    bool has_gaps = pair->to_bytes != sy_task_tensor_elements(&pair->to) * sy_dtype_size(pair->to.dtype);
    int code =
        runtime->copy(device->stack, source, pair->source, pair->from_bytes, SY_CARD_DEVICE_TO_HOST, stream);
    if (code == 0 && has_gaps)
        code = runtime->copy(
            device->stack, target, pair->target, pair->to_bytes, SY_CARD_DEVICE_TO_HOST, stream);
    return code == 0 ? runtime->stream_sync(device->stack, stream) : code;
}

static int convert(sy_device *device, const conversion *pair, char *source, char *target, void *stream) {
    const sy_card_runtime *runtime = device->model->runtime;
    int code = fetch(device, pair, source, target, stream);
    if (code != 0)
        return code;
    sy_card_permute(&pair->from, source, &pair->to, target);
    code = runtime->copy(device->stack, pair->target, target, pair->to_bytes, SY_CARD_HOST_TO_DEVICE, stream);
    /* The memory is given back: nothing may still read it. */
    return code == 0 ? runtime->stream_sync(device->stack, stream) : code;
}

static int run(sy_binding *binding) {
    const conversion *pair = binding->own;
    sy_device *device = binding->plan->device;
    if (sy_task_tensor_elements(&pair->from) == 0)
        return 0;
    char *source = sy_mem_alloc(pair->from_bytes), *target = sy_mem_alloc(pair->to_bytes);
    int code = source != NULL && target != NULL
                   ? convert(device, pair, source, target, binding->queue->stream)
                   : device->model->runtime->no_host_memory;
    sy_mem_free(source);
    sy_mem_free(target);
    return code;
}

const sy_card_way sy_card_way_host = {.name = "host",
    .does = does,
    .offer = offer,
    .plan = plan,
    .plan_free = plan_free,
    .bind = bind,
    .bind_free = bind_free,
    .run = run};
