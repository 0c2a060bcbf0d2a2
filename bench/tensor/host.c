/* Sizes of tensors, and their shapes as text. */
#include "bench/tensor/host.h"

#include <inttypes.h>
#include <stdio.h>

#include "runtime/base/checked.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

sy_status sy_host_tensor_measure(sy_host_tensor *tensor, sy_error *err) {
    uint64_t size = sy_net_dtype_size(tensor->dtype);
    tensor->count = 1;
    if (size == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "a tensor of type %s has no elements to compute with",
            sy_net_dtype_name(tensor->dtype));
    if (tensor->rank > SY_MAX_RANK)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "rank %" PRIu32 ", at most %u", tensor->rank, SY_MAX_RANK);
    for (uint32_t i = 0; i < tensor->rank; i++) {
        if (tensor->dim[i] < 0)
            return sy_error_set(
                err, SY_INVALID_ARGUMENT, "extent %" PRIu32 " is %" PRId64, i, tensor->dim[i]);
        if (!sy_mul_u64(tensor->count, (uint64_t)tensor->dim[i], &tensor->count))
            return sy_error_set(err, SY_OVERFLOW, "more elements than 64 bits count");
    }
    if (!sy_mul_u64(tensor->count, size, &tensor->bytes) || tensor->bytes > INT64_MAX)
        return sy_error_set(err, SY_OVERFLOW, "more bytes than 63 bits count");
    return SY_OK;
}

sy_status sy_host_tensor_alloc(sy_host_tensor *tensor, sy_error *err) {
    sy_status status = sy_host_tensor_measure(tensor, err);
    if (status != SY_OK)
        return status;
    tensor->data = sy_mem_calloc(tensor->bytes > 0 ? tensor->bytes : 1, 1);
    return tensor->data != NULL ? SY_OK
                                : sy_error_set(err, SY_OUT_OF_MEMORY,
                                      "no memory for a tensor of %" PRIu64 " bytes", tensor->bytes);
}

void sy_host_tensor_release(sy_host_tensor *tensor) {
    sy_mem_free(tensor->data);
    *tensor = (sy_host_tensor){0};
}

void sy_extents_text(uint32_t rank, const int64_t *dim, char out_text[SY_SHAPE_TEXT_MAX]) {
    size_t used = 0;
    snprintf(out_text, SY_SHAPE_TEXT_MAX, "scalar");
    for (uint32_t i = 0; i < rank && i < SY_MAX_RANK; i++) {
        char extent[24] = "?";
        if (dim[i] >= 0)
            snprintf(extent, sizeof extent, "%" PRId64, dim[i]);
        used += (size_t)snprintf(out_text + used, SY_SHAPE_TEXT_MAX - used, "%s%s", i > 0 ? "x" : "", extent);
    }
}

void sy_shape_text(uint32_t dtype, uint32_t rank, const int64_t *dim, char out_text[SY_SHAPE_TEXT_MAX]) {
    char extents[SY_SHAPE_TEXT_MAX];
    sy_extents_text(rank, dim, extents);
    snprintf(out_text, SY_SHAPE_TEXT_MAX, "%.12s %.170s", sy_net_dtype_name(dtype), extents);
}
