/* The table of families, and what rows share. */
#include "runtime/model/ops/op.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/model/ops/families.h"

static const sy_net_family *const families[] = {
    &sy_net_family_identity,
    &sy_net_family_shuffle,
    &sy_net_family_internal,
    &sy_net_family_strided,
    &sy_net_family_unary,
    &sy_net_family_special,
    &sy_net_family_binary,
    &sy_net_family_variadic,
    &sy_net_family_compare,
    &sy_net_family_where,
    &sy_net_family_pow,
    &sy_net_family_clip,
    &sy_net_family_gelu,
    &sy_net_family_cast,
    &sy_net_family_reduce,
    &sy_net_family_arg,
    &sy_net_family_cumsum,
    &sy_net_family_softmax,
    &sy_net_family_batch_norm,
    &sy_net_family_layer_norm,
    &sy_net_family_group_norm,
    &sy_net_family_lp_norm,
    &sy_net_family_variance_norm,
    &sy_net_family_lrn,
    &sy_net_family_quantise,
    &sy_net_family_dequantise,
    &sy_net_family_dynamic_quantise,
    &sy_net_family_control,
    &sy_net_family_einsum,
    &sy_net_family_det,
    &sy_net_family_nms,
    &sy_net_family_roi,
    &sy_net_family_grid,
    &sy_net_family_resize,
    &sy_net_family_unique,
    &sy_net_family_sequence,
    &sy_net_family_select,
    &sy_net_family_topk,
    &sy_net_family_range,
    &sy_net_family_pad,
    &sy_net_family_scatter,
    &sy_net_family_gather,
    &sy_net_family_expand,
    &sy_net_family_slice,
    &sy_net_family_concat,
    &sy_net_family_transpose,
    &sy_net_family_reshape,
    &sy_net_family_constant,
    &sy_net_family_shape,
    &sy_net_family_conv,
    &sy_net_family_conv_transpose,
    &sy_net_family_gemm,
    &sy_net_family_matmul,
    &sy_net_family_gemm_integer,
    &sy_net_family_qlinear_binary,
    &sy_net_family_qlinear_pool,
    &sy_net_family_rnn,
    &sy_net_family_conv_integer,
    &sy_net_family_matmul_integer,
    &sy_net_family_pool,
    &sy_net_family_pool_global,
    &sy_net_family_max_unpool,
};

sy_net_family sy_net_op_family(size_t index) {
    size_t count = sizeof families / sizeof families[0];
    return index < count ? *families[index] : (sy_net_family){0};
}

const sy_net_op *sy_net_op_find(const char *domain, const char *name, uint32_t opset) {
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
        for (size_t j = 0; j < families[i]->count; j++) {
            const sy_net_op *op = &families[i]->row[j];
            bool is_in_time = op->since <= opset && (op->until == 0 || opset <= op->until);
            if (is_in_time && strcmp(op->name, name) == 0 && strcmp(op->domain, domain) == 0)
                return op;
        }
    return NULL;
}

bool sy_net_call_has(const sy_net_call *call, uint32_t index) {
    return index < call->n_in && call->in[index].dtype != 0;
}

void *sy_net_call_state(sy_net_call *call, size_t bytes, sy_error *err) {
    void *state = sy_net_arena_alloc(call->arena, bytes);
    call->state = state;
    if (state == NULL)
        sy_net_call_fail(call, SY_OUT_OF_MEMORY, err, "no memory for its attributes");
    return state;
}

sy_status sy_net_call_fail(
    const sy_net_call *call, sy_status status, sy_error *err, const char *format, ...) {
    char text[384];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    return sy_error_set(err, status, "%s '%s' (opset %u): %s", call->node->op->name, call->node->name,
        call->node->opset, text);
}

sy_status sy_net_call_ints(
    const sy_net_call *call, uint32_t index, int64_t *out, size_t room, size_t *out_count, sy_error *err) {
    const sy_net_tensor *in = &call->in[index];
    if (in->dtype != SY_S64 && in->dtype != SY_S32)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "input %u is %s, must be s64 or s32", index,
            sy_net_dtype_name(in->dtype));
    if (in->data == NULL)
        return sy_net_call_fail(call, SY_UNAVAILABLE, err,
            "input %u decides extents: its value has to be known when the network is compiled", index);
    int64_t count = sy_net_elements(in);
    if (in->rank > 1 || count < 0 || (size_t)count > room)
        return sy_net_call_fail(
            call, SY_INVALID_ARGUMENT, err, "input %u must be a list of at most %zu numbers", index, room);
    for (int64_t i = 0; i < count; i++)
        out[i] = sy_net_get_int(in, i);
    *out_count = (size_t)count;
    return SY_OK;
}

sy_status sy_net_call_axis(
    const sy_net_call *call, int64_t axis, uint32_t rank, uint32_t *out_axis, sy_error *err) {
    int64_t bound = (int64_t)rank;
    if (axis < -bound || axis >= bound)
        return sy_net_call_fail(
            call, SY_INVALID_ARGUMENT, err, "axis %lld of a tensor of rank %u", (long long)axis, rank);
    *out_axis = (uint32_t)(axis < 0 ? axis + bound : axis);
    return SY_OK;
}

sy_status sy_net_call_broadcast(const sy_net_call *call, const sy_net_tensor *a, const sy_net_tensor *b,
    sy_net_tensor *out, sy_error *err) {
    sy_net_tensor both = *out;
    if (a->rank > SY_NET_MAX_RANK || b->rank > SY_NET_MAX_RANK)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "an input of unknown rank");
    both.rank = a->rank > b->rank ? a->rank : b->rank;
    for (uint32_t i = 0; i < both.rank; i++) { /* from the last dimension on */
        int64_t x = i < a->rank ? a->dim[a->rank - 1 - i] : 1;
        int64_t y = i < b->rank ? b->dim[b->rank - 1 - i] : 1;
        if (x != y && x != 1 && y != 1 && x >= 0 && y >= 0)
            return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
                "extents %lld and %lld (dimension %u from the end) do not broadcast", (long long)x,
                (long long)y, i);
        both.dim[both.rank - 1 - i] = x == 1 ? y : y == 1 ? x : x < 0 ? y : x;
    }
    *out = both;
    return SY_OK;
}
