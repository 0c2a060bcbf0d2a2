/* Extents and strides of a tensor. */
#include <stddef.h>

#include "runtime/base/checked.h"
#include "runtime/base/error.h"
#include "steelyard/spec.h"

sy_status sy_tensor_extent(
    const sy_tensor *tensor, uint64_t *out_elements, uint64_t *out_bytes, sy_error *err) {
    *out_elements = 0;
    *out_bytes = 0;
    if ((tensor->flags & SY_TENSOR_ABSENT) != 0)
        return SY_OK;
    uint64_t bytes_each = sy_dtype_size(tensor->dtype);
    if (bytes_each == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "tensor: no element type has number %u", tensor->dtype);
    if (tensor->rank > SY_MAX_RANK)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "tensor: rank is %u, at most %u", tensor->rank, SY_MAX_RANK);
    uint64_t elements = 1, bytes = 0;
    bool fits = true, is_empty = false;
    for (uint32_t i = 0; i < tensor->rank; i++) {
        if (tensor->dim[i] < 0)
            return sy_error_set(err, SY_INVALID_ARGUMENT, "tensor: extent %u is %lld, must not be negative",
                i, (long long)tensor->dim[i]);
        is_empty = is_empty || tensor->dim[i] == 0;
        fits = fits && sy_mul_u64(elements, (uint64_t)tensor->dim[i], &elements);
    }
    if (is_empty)
        return SY_OK;
    if (!fits || !sy_mul_u64(elements, bytes_each, &bytes))
        return sy_error_set(err, SY_OVERFLOW, "tensor: more bytes than 64 bits can count");
    *out_elements = elements;
    *out_bytes = bytes;
    return SY_OK;
}

void sy_tensor_set_strides(sy_tensor *tensor, uint32_t image_layout) {
    static const uint32_t channels_last[4] = {1, 3, 2, 0}; /* innermost first */
    int64_t stride = 1;
    tensor->layout = SY_LAYOUT_STRIDED;
    for (uint32_t i = 0; i < tensor->rank && i < SY_MAX_RANK; i++) {
        bool is_nhwc = image_layout == SY_IMAGE_NHWC && tensor->rank == 4;
        uint32_t axis = is_nhwc ? channels_last[i] : tensor->rank - 1 - i;
        int64_t extent = tensor->dim[axis] > 1 ? tensor->dim[axis] : 1;
        tensor->stride[axis] = stride;
        /* Wraps on a tensor too large for sy_tensor_extent(), which is what refuses it. */
        (void)__builtin_mul_overflow(stride, extent, &stride);
    }
}
