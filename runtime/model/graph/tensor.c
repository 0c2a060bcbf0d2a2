#include "runtime/model/graph/tensor.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "kernels/convert/convert.h"
#include "runtime/base/error.h"

typedef struct extra_row {
    const char *name;
    size_t bytes;
} extra_row;

static const extra_row extra[] = {
    [SY_S64 - SY_S64] = {"s64", 8},
    [SY_BOOL - SY_S64] = {"bool", 1},
    [SY_S16 - SY_S64] = {"s16", 2},
    [SY_U16 - SY_S64] = {"u16", 2},
    [SY_U32 - SY_S64] = {"u32", 4},
    [SY_U64 - SY_S64] = {"u64", 8},
    [SY_STRING - SY_S64] = {"string", 0},
};

size_t sy_net_dtype_size(uint32_t dtype) {
    return dtype >= SY_S64 && dtype <= SY_STRING ? extra[dtype - SY_S64].bytes : sy_dtype_size(dtype);
}

const char *sy_net_dtype_name(uint32_t dtype) {
    if (dtype >= SY_S64 && dtype <= SY_STRING)
        return extra[dtype - SY_S64].name;
    return dtype == SY_DTYPE_NONE ? "?" : sy_dtype_name(dtype);
}

int64_t sy_net_elements(const sy_net_tensor *tensor) {
    int64_t count = 1;
    if (tensor->rank > SY_NET_MAX_RANK)
        return SY_NET_UNKNOWN;
    for (uint32_t i = 0; i < tensor->rank; i++) {
        if (tensor->dim[i] < 0)
            return SY_NET_UNKNOWN;
        count *= tensor->dim[i];
    }
    return count;
}

size_t sy_net_bytes(const sy_net_tensor *tensor) {
    int64_t count = sy_net_elements(tensor);
    return count > 0 ? (size_t)count * sy_net_dtype_size(tensor->dtype) : 0;
}

bool sy_net_is_known(const sy_net_tensor *tensor) {
    return tensor->dtype != 0 && sy_net_elements(tensor) >= 0;
}

bool sy_net_same_shape(const sy_net_tensor *a, const sy_net_tensor *b) {
    if (a->rank != b->rank || sy_net_elements(a) < 0 || sy_net_elements(b) < 0)
        return false;
    return a->rank == 0 || memcmp(a->dim, b->dim, a->rank * sizeof a->dim[0]) == 0;
}

void sy_net_shape_like(sy_net_tensor *target, const sy_net_tensor *source) {
    void *data = target->data;
    *target = *source;
    target->is_last = false;
    target->pitch = 0;
    target->data = data;
}

sy_status sy_net_tensor_check(const sy_net_tensor *tensor, sy_error *err) {
    if (tensor->rank > SY_NET_MAX_RANK)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "rank is %u, at most %u is possible", tensor->rank, SY_NET_MAX_RANK);
    size_t size = sy_net_dtype_size(tensor->dtype);
    int64_t bytes = size > 0 ? (int64_t)size : 1;
    bool is_empty = false;
    for (uint32_t i = 0; i < tensor->rank; i++) {
        int64_t dim = tensor->dim[i];
        if (dim < SY_NET_UNKNOWN)
            return sy_error_set(err, SY_INVALID_ARGUMENT, "extent %u is %lld", i, (long long)dim);
        is_empty = is_empty || dim == 0;
        if (dim > 0 && (__builtin_mul_overflow(bytes, dim, &bytes) || bytes > SY_NET_TENSOR_BYTES_MAX))
            return sy_error_set(
                err, SY_OVERFLOW, "a tensor of more than %lld bytes", (long long)SY_NET_TENSOR_BYTES_MAX);
    }
    return SY_OK;
}

const char *sy_net_tensor_print(const sy_net_tensor *tensor, char text[SY_NET_TENSOR_TEXT_MAX]) {
    int used = snprintf(text, SY_NET_TENSOR_TEXT_MAX, "%s[", sy_net_dtype_name(tensor->dtype));
    uint32_t rank = tensor->rank <= SY_NET_MAX_RANK ? tensor->rank : 0;
    if (tensor->rank == SY_NET_UNKNOWN_RANK)
        used += snprintf(text + used, SY_NET_TENSOR_TEXT_MAX - (size_t)used, "...");
    for (uint32_t i = 0; i < rank && used < (int)SY_NET_TENSOR_TEXT_MAX - 24; i++) {
        const char *comma = i > 0 ? "," : "";
        size_t room = SY_NET_TENSOR_TEXT_MAX - (size_t)used;
        used += tensor->dim[i] < 0 ? snprintf(text + used, room, "%s?", comma)
                                   : snprintf(text + used, room, "%s%lld", comma, (long long)tensor->dim[i]);
    }
    snprintf(text + used, SY_NET_TENSOR_TEXT_MAX - (size_t)used, "]");
    return text;
}
