/* MaxUnpool: values back to where MaxPool found them, zeros elsewhere. */
#include <string.h>

#include "runtime/model/ops/check.h"
#include "runtime/model/ops/families.h"
#include "runtime/model/ops/window.h"

/* Where MaxPool's input lay in a larger output: `natural` are the extents that indices count in. */
typedef struct unpool_state {
    int64_t natural[SY_NET_MAX_RANK];
} unpool_state;

static sy_status set_natural(
    const sy_net_call *call, const sy_net_window *window, unpool_state *state, sy_error *err) {
    uint32_t lead = SY_NET_SPATIAL - window->spatial;
    state->natural[0] = call->in[0].dim[0];
    state->natural[1] = call->in[0].dim[1];
    for (uint32_t axis = lead; axis < SY_NET_SPATIAL; axis++) {
        int64_t in = window->in[axis], extent = 0;
        if (__builtin_mul_overflow(in > 0 ? in - 1 : 0, window->stride[axis], &extent) ||
            __builtin_add_overflow(extent, window->kernel[axis], &extent))
            return sy_net_call_fail(call, SY_OVERFLOW, err, "output dimension %u is too large", axis);
        extent -= window->lo[axis] + window->hi[axis];
        if (extent < 0)
            return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "output dimension %u would be %lld",
                2 + axis - lead, (long long)extent);
        state->natural[2 + axis - lead] = in > 0 ? extent : 0;
    }
    return SY_OK;
}

static sy_status set_shape(sy_net_call *call, const unpool_state *state, sy_error *err) {
    sy_net_tensor *out = &call->out[0];
    const sy_net_tensor *x = &call->in[0];
    size_t count = x->rank;
    out->rank = x->rank;
    memcpy(out->dim, state->natural, sizeof out->dim);
    if (!sy_net_call_has(call, 2))
        return SY_OK;
    sy_status status = sy_net_call_ints(call, 2, out->dim, SY_NET_MAX_RANK, &count, err);
    if (status != SY_OK)
        return status;
    if (count != x->rank || out->dim[0] != x->dim[0] || out->dim[1] != x->dim[1])
        return sy_net_call_fail(
            call, SY_INVALID_ARGUMENT, err, "output_shape (input 2) does not fit input 0");
    for (uint32_t i = 0; i < x->rank; i++)
        if (out->dim[i] < state->natural[i])
            return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
                "output_shape (input 2) has %lld, must be at least %lld (dimension %u)",
                (long long)out->dim[i], (long long)state->natural[i], i);
    return SY_OK;
}

static sy_status infer(sy_net_call *call, sy_error *err) {
    sy_net_window window;
    sy_status status = sy_net_check_floats(call, 1, err);
    if (status == SY_OK)
        status = sy_net_check_rank(call, 0, 3, 2 + SY_NET_SPATIAL, err);
    if (status == SY_OK && (!sy_net_same_shape(&call->in[0], &call->in[1]) || call->in[1].dtype != SY_S64))
        status = sy_net_call_fail(
            call, SY_INVALID_ARGUMENT, err, "indices (input 1) must be s64 of the shape of input 0");
    if (status != SY_OK)
        return status;
    unpool_state *state = sy_net_call_state(call, sizeof *state, err);
    if (state == NULL)
        return SY_OUT_OF_MEMORY;
    call->out[0].dtype = call->in[0].dtype;
    status = sy_net_window_read(call, &call->in[0], NULL, &window, err);
    if (status == SY_OK)
        status = set_natural(call, &window, state, err);
    return status == SY_OK ? set_shape(call, state, err) : status;
}

/* From a flat place among the natural extents to one of the output; -1: there is none. */
static int64_t place(const unpool_state *state, const sy_net_tensor *out, int64_t index) {
    int64_t at = 0, step = 1;
    if (index < 0)
        return -1;
    for (uint32_t i = out->rank; i > 0; i--) {
        int64_t extent = state->natural[i - 1];
        if (extent == 0)
            return -1;
        at += index % extent * step;
        index /= extent;
        step *= out->dim[i - 1];
    }
    return index == 0 ? at : -1;
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    sy_net_tensor *out = &call->out[0];
    const sy_net_tensor *x = &call->in[0];
    const int64_t *index = call->in[1].data;
    size_t size = sy_net_dtype_size(x->dtype);
    if (out->data != NULL)
        memset(out->data, 0, sy_net_bytes(out));
    for (int64_t i = 0; i < sy_net_elements(x); i++) {
        int64_t at = place(call->state, out, index[i]);
        if (at < 0)
            return sy_net_call_fail(
                call, SY_INVALID_ARGUMENT, err, "index %lld (input 1) is outside", (long long)index[i]);
        memcpy((char *)out->data + (size_t)at * size, (const char *)x->data + (size_t)i * size, size);
    }
    return SY_OK;
}

static const sy_net_op row[] = {
    {"MaxUnpool", "", 9, 0, 0, 2, 3, 1, 1, infer, NULL, run},
};
const sy_net_family sy_net_family_max_unpool = {row, sizeof row / sizeof row[0]};
