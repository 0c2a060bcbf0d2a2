/* Stub plugin: wants constant and open tensors in a layout of its own, column after column with padding. */
#include <string.h>

#include "tests/plugins/host.h"

enum { PADDING = 5 };

SY_PLUGIN_NOTE;

static const uint32_t packed = SY_LAYOUT_PRIVATE | 77u;

static sy_status algorithm(sy_device *device, const sy_problem *problem, uint32_t index,
    sy_algorithm *out_algorithm, sy_error *err) {
    sy_tensor plain[SY_MAX_TENSORS];
    sy_problem view = *problem;
    memcpy(plain, problem->tensor, (problem->n_in + problem->n_out) * sizeof *plain);
    view.tensor = plain;
    for (uint32_t i = 0; i < problem->n_in + problem->n_out; i++)
        if (plain[i].layout == packed)
            plain[i].layout = SY_LAYOUT_STRIDED;
    sy_status status = host_work.algorithm(device, &view, index, out_algorithm, err);
    for (uint32_t i = 0; status == SY_OK && i < problem->n_in + problem->n_out; i++) {
        const sy_tensor *tensor = &problem->tensor[i];
        bool is_ours = tensor->layout == SY_LAYOUT_ANY || (tensor->flags & SY_TENSOR_CONST) != 0;
        out_algorithm->layout[i] = is_ours ? packed : tensor->layout;
    }
    return status;
}

/* So that no product of two of them overflows. */
static int is_too_large(const sy_tensor *tensor) {
    return tensor->dim[0] > 1 << 20 || tensor->dim[1] > 1 << 20 || tensor->dim[2] > 1 << 20;
}

/* Columns of dim[1] elements, PADDING apart from each other. */
static void give_strides(sy_tensor *tensor) {
    tensor->layout = SY_LAYOUT_STRIDED;
    tensor->stride[1] = 1;
    tensor->stride[2] = tensor->dim[1] + PADDING;
    tensor->stride[0] = tensor->stride[2] * tensor->dim[2];
}

static sy_status layout_bytes(
    sy_device *device, const sy_tensor *tensor, uint64_t *out_bytes, sy_error *err) {
    (void)device;
    if (is_too_large(tensor))
        return host_fail(err, SY_OVERFLOW, "a dimension beyond 2^20");
    *out_bytes = (uint64_t)(tensor->dim[0] * (tensor->dim[1] + PADDING) * tensor->dim[2]) * sizeof(float);
    return tensor->layout == packed ? SY_OK
                                    : host_fail(err, SY_INVALID_ARGUMENT, "not a layout of this plugin");
}

static sy_status plan_create(
    sy_device *device, const sy_problem *problem, uint64_t algorithm_id, sy_plan **out_plan, sy_error *err) {
    sy_tensor plain[SY_MAX_TENSORS];
    sy_problem view = *problem;
    memcpy(plain, problem->tensor, (problem->n_in + problem->n_out) * sizeof *plain);
    view.tensor = plain;
    for (uint32_t i = 0; i < problem->n_in + problem->n_out; i++) {
        if (plain[i].layout == packed && is_too_large(&plain[i]))
            return host_fail(err, SY_OVERFLOW, "a dimension beyond 2^20");
        if (plain[i].layout == packed)
            give_strides(&plain[i]);
    }
    return host_work.plan_create(device, &view, algorithm_id, out_plan, err);
}

SY_PLUGIN_EXPORT sy_backend_query_fn sy_backend_query;

const sy_backend_api *sy_backend_query(uint16_t host_major, uint16_t host_minor, sy_error *err) {
    static sy_work_api work;
    static const sy_backend_api api = {
        .size = sizeof api,
        .abi_major = SY_ABI_MAJOR,
        .abi_minor = SY_ABI_MINOR,
        .name = "packs",
        .version = "1.0",
        .create = host_create,
        .destroy = host_destroy,
        .device = &host_device,
        .memory = &host_memory,
        .queue = &host_queue,
        .work = &work,
    };
    (void)host_major, (void)host_minor, (void)err;
    work = host_work;
    work.algorithm = algorithm;
    work.layout_bytes = layout_bytes;
    work.plan_create = plan_create;
    return &api;
}
