/* Operators of two inputs of one type, element by element, broadcast. */
#include <string.h>

#include "runtime/model/ops/families.h"
#include "runtime/model/ops/pair.h"

typedef struct binary_state {
    const sy_ops_pair *pair;
} binary_state;

/* Shape, types and state, for what the two elements become by `pair`. */
static sy_status infer_pair(sy_net_call *call, const sy_ops_pair *pair, sy_error *err) {
    sy_status status = sy_ops_need(call, 0, pair->types, err);
    if (status == SY_OK)
        status = sy_ops_need(call, 1, pair->types, err);
    if (status == SY_OK)
        status = sy_ops_need_same(call, 0, 1, err);
    if (status == SY_OK)
        status = sy_net_call_broadcast(call, &call->in[0], &call->in[1], &call->out[0], err);
    if (status != SY_OK)
        return status;
    call->out[0].dtype = call->in[0].dtype;
    binary_state *state = sy_net_call_state(call, sizeof *state, err);
    if (state == NULL)
        return SY_OUT_OF_MEMORY;
    state->pair = pair;
    return SY_OK;
}

static sy_status infer(sy_net_call *call, sy_error *err) {
    return infer_pair(call, sy_ops_pair_find(call->node->op->name), err);
}

static sy_status infer_mod(sy_net_call *call, sy_error *err) {
    bool is_c = sy_net_attr_int(call->node, "fmod", 0) != 0;
    if (!is_c && sy_net_call_has(call, 0) && sy_ops_is_in(call->in[0].dtype, SY_OPS_FLOATS))
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "attribute fmod must be 1 for %s",
            sy_net_dtype_name(call->in[0].dtype));
    return infer_pair(call, sy_ops_pair_find(is_c ? "Fmod" : "Mod"), err);
}

static sy_status infer_shift(sy_net_call *call, sy_error *err) {
    const char *way = sy_net_attr_text(call->node, "direction", "");
    if (strcmp(way, "LEFT") != 0 && strcmp(way, "RIGHT") != 0)
        return sy_net_call_fail(
            call, SY_INVALID_ARGUMENT, err, "attribute direction is '%.40s', must be LEFT or RIGHT", way);
    return infer_pair(call, sy_ops_pair_find(way[0] == 'L' ? "ShiftLeft" : "ShiftRight"), err);
}

static sy_status infer_prelu(sy_net_call *call, sy_error *err) {
    sy_status status = infer(call, err);
    if (status == SY_OK)
        status = sy_ops_need_fit(call, 1, &call->in[0], err);
    return status;
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    (void)err;
    const binary_state *state = call->state;
    sy_ops_pair_run(call, state->pair, &call->out[0], &call->in[0], &call->in[1]);
    return SY_OK;
}

#define FLAGS (SY_NET_OP_ELEMENTWISE | SY_NET_OP_IN_PLACE | SY_NET_OP_CHANNELS_LAST)
static const sy_net_op row[] = {
    {"Add", "", 7, 0, FLAGS, 2, 2, 1, 1, infer, NULL, run},
    {"Sub", "", 7, 0, FLAGS, 2, 2, 1, 1, infer, NULL, run},
    {"Mul", "", 7, 0, FLAGS, 2, 2, 1, 1, infer, NULL, run},
    {"Div", "", 7, 0, FLAGS, 2, 2, 1, 1, infer, NULL, run},
    {"PRelu", "", 7, 0, FLAGS, 2, 2, 1, 1, infer_prelu, NULL, run},
    {"Mod", "", 10, 0, FLAGS, 2, 2, 1, 1, infer_mod, NULL, run},
    {"And", "", 7, 0, FLAGS, 2, 2, 1, 1, infer, NULL, run},
    {"Or", "", 7, 0, FLAGS, 2, 2, 1, 1, infer, NULL, run},
    {"Xor", "", 7, 0, FLAGS, 2, 2, 1, 1, infer, NULL, run},
    {"BitwiseAnd", "", 18, 0, FLAGS, 2, 2, 1, 1, infer, NULL, run},
    {"BitwiseOr", "", 18, 0, FLAGS, 2, 2, 1, 1, infer, NULL, run},
    {"BitwiseXor", "", 18, 0, FLAGS, 2, 2, 1, 1, infer, NULL, run},
    {"BitShift", "", 11, 0, FLAGS, 2, 2, 1, 1, infer_shift, NULL, run},
};
const sy_net_family sy_net_family_binary = {row, sizeof row / sizeof row[0]};
