/* MaxPool, AveragePool and LpPool. */
#include "runtime/model/ops/pool.h"

#include "runtime/model/ops/check.h"
#include "runtime/model/ops/families.h"

static sy_status infer(sy_net_call *call, int kind, sy_error *err) {
    const sy_net_tensor *x = &call->in[0];
    sy_status status = sy_net_check_rank(call, 0, 3, 2 + SY_NET_SPATIAL, err);
    if (status != SY_OK)
        return status;
    sy_net_pool_state *state = sy_net_call_state(call, sizeof *state, err);
    if (state == NULL)
        return SY_OUT_OF_MEMORY;
    state->kind = kind;
    state->counts_padding = sy_net_attr_int(call->node, "count_include_pad", 0) != 0;
    state->is_column_major = sy_net_attr_int(call->node, "storage_order", 0) != 0;
    state->p = sy_net_attr_int(call->node, "p", 2);
    if (state->p < 1)
        return sy_net_call_fail(
            call, SY_INVALID_ARGUMENT, err, "attribute p is %lld, must be at least 1", (long long)state->p);
    status = sy_net_window_read(call, x, NULL, &state->window, err);
    if (status == SY_OK)
        status =
            sy_net_window_fit(call, &state->window, sy_net_attr_int(call->node, "ceil_mode", 0) != 0, err);
    if (status != SY_OK)
        return status;
    for (uint32_t i = 0; i < call->n_out; i++) {
        if (call->node->out[i] == SY_NET_NONE)
            continue;
        call->out[i].dtype = i == 0 ? x->dtype : SY_S64;
        sy_net_window_shape(&state->window, x->dim[0], x->dim[1], &call->out[i]);
    }
    return SY_OK;
}

static sy_status infer_max(sy_net_call *call, sy_error *err) {
    uint32_t dtype = call->in[0].dtype;
    if (!sy_net_is_float(dtype) && dtype != SY_S8 && dtype != SY_U8)
        return sy_net_call_fail(call, SY_UNSUPPORTED, err, "input 0 is %s, must be floating point, s8 or u8",
            sy_net_dtype_name(dtype));
    return infer(call, SY_NET_POOL_MAX, err);
}

static sy_status infer_average(sy_net_call *call, sy_error *err) {
    sy_status status = sy_net_check_floats(call, 1, err);
    return status == SY_OK ? infer(call, SY_NET_POOL_AVERAGE, err) : status;
}

static sy_status infer_lp(sy_net_call *call, sy_error *err) {
    sy_status status = sy_net_check_floats(call, 1, err);
    return status == SY_OK ? infer(call, SY_NET_POOL_LP, err) : status;
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    (void)err;
    const sy_net_pool_state *state = call->state;
    bool has_index = call->n_out > 1 && call->out[1].data != NULL;
    bool is_quick = call->in[0].dtype == SY_F32 && state->kind != SY_NET_POOL_LP && !has_index;
    bool is_done = is_quick ? sy_net_pool_f32(call, state) : !has_index && sy_net_pool_narrow(call, state);
    if (!is_done)
        sy_net_pool_any(call, state);
    return SY_OK;
}

static const sy_net_op row[] = {
    {"MaxPool", "", 1, 0, SY_NET_OP_CHANNELS_LAST, 1, 1, 1, 2, infer_max, NULL, run},
    {"AveragePool", "", 1, 0, SY_NET_OP_CHANNELS_LAST, 1, 1, 1, 1, infer_average, NULL, run},
    {"LpPool", "", 2, 0, SY_NET_OP_CHANNELS_LAST, 1, 1, 1, 1, infer_lp, NULL, run},
};
const sy_net_family sy_net_family_pool = {row, sizeof row / sizeof row[0]};
