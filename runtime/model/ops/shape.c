/* Shape and Size: extents as values. */
#include "runtime/model/ops/families.h"
#include "runtime/model/ops/list.h"

typedef struct range {
    int64_t begin, end;
} range;

static int64_t clamp(int64_t value, int64_t rank) {
    int64_t from_zero = value < 0 && value >= -rank ? value + rank : value;
    return from_zero < 0 ? 0 : from_zero > rank ? rank : from_zero;
}

static sy_status infer_shape(sy_net_call *call, sy_error *err) {
    sy_status status = sy_net_call_rank(call, 0, 0, SY_NET_MAX_RANK, err);
    range *state = status == SY_OK ? sy_net_call_state(call, sizeof *state, err) : NULL;
    if (state == NULL)
        return status != SY_OK ? status : SY_OUT_OF_MEMORY;
    int64_t rank = call->in[0].rank;
    state->begin = clamp(sy_net_attr_int(call->node, "start", 0), rank);
    state->end = clamp(sy_net_attr_int(call->node, "end", rank), rank);
    if (state->end < state->begin)
        state->end = state->begin;
    call->out[0].dtype = SY_S64;
    call->out[0].rank = 1;
    call->out[0].dim[0] = state->end - state->begin;
    return SY_OK;
}

static sy_status run_shape(const sy_net_call *call, sy_error *err) {
    (void)err;
    const range *state = call->state;
    int64_t *out = call->out[0].data;
    for (int64_t i = state->begin; i < state->end; i++)
        out[i - state->begin] = call->in[0].dim[i];
    return SY_OK;
}

static sy_status infer_size(sy_net_call *call, sy_error *err) {
    call->out[0].dtype = SY_S64;
    call->out[0].rank = 0;
    return sy_net_call_rank(call, 0, 0, SY_NET_MAX_RANK, err);
}

static sy_status run_size(const sy_net_call *call, sy_error *err) {
    (void)err;
    *(int64_t *)call->out[0].data = sy_net_elements(&call->in[0]);
    return SY_OK;
}

static const sy_net_op row[] = {
    {"Shape", "", 1, 0, SY_NET_OP_EXTENTS, 1, 1, 1, 1, infer_shape, NULL, run_shape},
    {"Size", "", 1, 0, SY_NET_OP_EXTENTS, 1, 1, 1, 1, infer_size, NULL, run_size},
};
const sy_net_family sy_net_family_shape = {row, sizeof row / sizeof row[0]};
