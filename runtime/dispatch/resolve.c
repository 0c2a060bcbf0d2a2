/* Layouts of a problem as the chosen algorithm wants them, and the bytes they take. */
#include <string.h>

#include "runtime/base/checked.h"
#include "runtime/base/error.h"
#include "runtime/dispatch/dispatch.h"

/* Packed strides for dimensions in a given memory order, outermost first. False if they do not fit. */
static bool pack(sy_tensor *tensor, const uint32_t *order) {
    int64_t step = 1;
    bool fits = true;
    for (uint32_t i = tensor->rank; i-- > 0;) {
        tensor->stride[order[i]] = step;
        fits = fits && sy_mul_i64(step, tensor->dim[order[i]] > 0 ? tensor->dim[order[i]] : 1, &step);
    }
    return fits;
}

static bool make_packed(sy_tensor *tensor, bool is_channels_last) {
    uint32_t order[SY_MAX_RANK];
    uint32_t rank = tensor->rank;
    for (uint32_t i = 0; i < rank; i++)
        order[i] = i;
    if (is_channels_last && rank >= 3) {
        for (uint32_t i = 1; i + 1 < rank; i++)
            order[i] = i + 1;
        order[rank - 1] = 1;
    }
    tensor->layout = SY_LAYOUT_STRIDED;
    return pack(tensor, order);
}

static sy_status resolve_one(sy_tensor *tensor, uint32_t index, uint32_t wanted, sy_error *err) {
    bool is_ours = tensor->layout == SY_LAYOUT_ANY || (tensor->flags & SY_TENSOR_CONST) != 0;
    if ((tensor->flags & SY_TENSOR_ABSENT) != 0 || (wanted == tensor->layout && wanted != SY_LAYOUT_ANY))
        return SY_OK;
    if (!is_ours || wanted == SY_LAYOUT_ANY)
        return sy_error_set(err, SY_INTERNAL, "layout 0x%x wanted for tensor %u, which has 0x%x", wanted,
            index, tensor->layout);
    if ((wanted & SY_LAYOUT_PRIVATE) != 0) {
        tensor->layout = wanted;
        memset(tensor->stride, 0, sizeof tensor->stride);
        return SY_OK;
    }
    if (wanted > SY_LAYOUT_CHANNELS_LAST)
        return sy_error_set(err, SY_INTERNAL, "layout 0x%x of tensor %u does not exist", wanted, index);
    if (!make_packed(tensor, wanted == SY_LAYOUT_CHANNELS_LAST))
        return sy_error_set(err, SY_OVERFLOW, "tensor %u: more elements than 63 bits count", index);
    return SY_OK;
}

static bool is_packed(const sy_tensor *tensor, bool is_channels_last) {
    sy_tensor packed = *tensor;
    if (tensor->layout != SY_LAYOUT_STRIDED)
        return false;
    if (!make_packed(&packed, is_channels_last))
        return false;
    for (uint32_t i = 0; i < tensor->rank; i++)
        if (tensor->dim[i] > 1 && tensor->stride[i] != packed.stride[i])
            return false;
    return true;
}

/* With one channel or one pixel both orders are the same memory: then the wish decides. */
static uint32_t image_layout(const sy_problem_storage *storage, const sy_algorithm *algorithm) {
    const sy_problem *problem = &storage->problem;
    bool is_first = true, is_last = true, wants_last = false;
    if (problem->op != SY_OP_CONV && problem->op != SY_OP_POOL)
        return SY_IMAGE_ANY;
    for (uint32_t i = 0; i < problem->n_in + problem->n_out; i++) {
        const sy_tensor *tensor = &storage->tensor[i];
        if ((i != 0 && i != problem->n_in) || (tensor->flags & SY_TENSOR_ABSENT) != 0)
            continue;
        is_first = is_first && is_packed(tensor, false);
        is_last = is_last && is_packed(tensor, true);
        wants_last =
            wants_last || (i < algorithm->n_layout && algorithm->layout[i] == SY_LAYOUT_CHANNELS_LAST);
    }
    if (is_first && is_last)
        return wants_last ? SY_IMAGE_NHWC : SY_IMAGE_NCHW;
    return is_first ? SY_IMAGE_NCHW : is_last ? SY_IMAGE_NHWC : SY_IMAGE_ANY;
}

sy_status sy_dispatch_resolve(
    sy_problem_storage *storage, const sy_algorithm *algorithm, uint32_t *out_image_layout, sy_error *err) {
    sy_tensor resolved[SY_MAX_TENSORS];
    uint32_t count = storage->problem.n_in + storage->problem.n_out;
    *out_image_layout = SY_IMAGE_ANY;
    if (count > SY_MAX_TENSORS || algorithm->n_layout != count)
        return sy_error_set(err, SY_INTERNAL, "%s gives %u layouts for %u tensors", algorithm->name,
            algorithm->n_layout, count);
    memcpy(resolved, storage->tensor, sizeof resolved);
    for (uint32_t i = 0; i < count; i++) {
        sy_status status = resolve_one(&resolved[i], i, algorithm->layout[i], err);
        if (status != SY_OK)
            return sy_error_prefix(err, status, "%s", algorithm->name);
    }
    memcpy(storage->tensor, resolved, sizeof resolved);
    *out_image_layout = image_layout(storage, algorithm);
    return SY_OK;
}

/* Elements from the first to the last that the strides reach; 0 if an extent is 0. */
static sy_status reach(const sy_tensor *tensor, uint64_t *out_elements, sy_error *err) {
    uint64_t elements = 1;
    bool is_empty = false, fits = true;
    for (uint32_t i = 0; i < tensor->rank; i++) {
        uint64_t step;
        if (tensor->dim[i] < 0 || tensor->stride[i] < 0)
            return sy_error_set(err, SY_INVALID_ARGUMENT, "tensor: extent %lld with stride %lld",
                (long long)tensor->dim[i], (long long)tensor->stride[i]);
        is_empty = is_empty || tensor->dim[i] == 0;
        if (tensor->dim[i] > 0)
            fits = fits && sy_mul_u64((uint64_t)tensor->dim[i] - 1, (uint64_t)tensor->stride[i], &step) &&
                   sy_add_u64(elements, step, &elements);
    }
    *out_elements = is_empty ? 0 : elements;
    return fits || is_empty ? SY_OK
                            : sy_error_set(err, SY_OVERFLOW, "tensor: more elements than 64 bits count");
}

sy_status sy_dispatch_tensor_bytes(const sy_backend_api *api, sy_device *device, const sy_tensor *tensor,
    uint64_t *out_bytes, sy_error *err) {
    uint64_t elements = 0;
    *out_bytes = 0;
    if ((tensor->flags & SY_TENSOR_ABSENT) != 0)
        return SY_OK;
    if (tensor->rank > SY_MAX_RANK || sy_dtype_size(tensor->dtype) == 0)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "tensor: rank %u, type %u", tensor->rank, tensor->dtype);
    if ((tensor->layout & SY_LAYOUT_PRIVATE) != 0)
        return api->work->layout_bytes(device, tensor, out_bytes, err);
    if (tensor->layout != SY_LAYOUT_STRIDED)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "tensor: its layout is still open");
    sy_status status = reach(tensor, &elements, err);
    if (status == SY_OK && !sy_mul_u64(elements, sy_dtype_size(tensor->dtype), out_bytes))
        return sy_error_set(err, SY_OVERFLOW, "tensor: more bytes than 64 bits count");
    return status;
}
