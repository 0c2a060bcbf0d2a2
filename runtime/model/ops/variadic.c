/* Sum, Mean, Max and Min of any number of inputs, broadcast. */
#include "runtime/model/ops/families.h"
#include "runtime/model/ops/pair.h"

static sy_status infer(sy_net_call *call, sy_error *err) {
    const sy_ops_pair *pair = sy_ops_pair_find(call->node->op->name);
    sy_net_tensor all = {.rank = 0};
    for (uint32_t i = 0; i < call->n_in; i++) {
        sy_status status = sy_ops_need(call, i, pair->types, err);
        if (status == SY_OK)
            status = sy_ops_need_same(call, 0, i, err);
        if (status == SY_OK)
            status = sy_net_call_broadcast(call, &all, &call->in[i], &all, err);
        if (status != SY_OK)
            return status;
    }
    all.dtype = call->in[0].dtype;
    sy_net_shape_like(&call->out[0], &all);
    return SY_OK;
}

/* Divided by their number, which every type holds exactly or as near as it can. */
static void divide_by_count(const sy_net_call *call) {
    double count = (double)call->n_in;
    uint64_t element = 0;
    sy_net_tensor number = {.dtype = call->out[0].dtype, .rank = 0, .data = &element};
    sy_ops_store_f64(number.dtype, &count, 0, 1, 1, &element);
    sy_ops_pair_run(call, sy_ops_pair_find("Div"), &call->out[0], &call->out[0], &number);
}

/*
 * By and by into the output. An output in the place of an input would be read after it is written, so the
 * rows have no SY_NET_OP_IN_PLACE. One input: the larger of it and itself.
 */
static sy_status run(const sy_net_call *call, sy_error *err) {
    (void)err;
    const sy_ops_pair *pair = sy_ops_pair_find(call->node->op->name);
    const sy_net_tensor *out = &call->out[0];
    if (call->n_in == 1)
        sy_ops_pair_run(call, sy_ops_pair_find("Max"), out, &call->in[0], &call->in[0]);
    else
        sy_ops_pair_run(call, pair, out, &call->in[0], &call->in[1]);
    for (uint32_t i = 2; i < call->n_in; i++)
        sy_ops_pair_run(call, pair, out, out, &call->in[i]);
    if (call->node->op->name[1] == 'e')
        divide_by_count(call);
    return SY_OK;
}

#define FLAGS (SY_NET_OP_ELEMENTWISE | SY_NET_OP_CHANNELS_LAST)
static const sy_net_op row[] = {
    {"Sum", "", 6, 0, FLAGS, 1, SY_NET_MAX_PORTS, 1, 1, infer, NULL, run},
    {"Mean", "", 6, 0, FLAGS, 1, SY_NET_MAX_PORTS, 1, 1, infer, NULL, run},
    {"Max", "", 6, 0, FLAGS, 1, SY_NET_MAX_PORTS, 1, 1, infer, NULL, run},
    {"Min", "", 6, 0, FLAGS, 1, SY_NET_MAX_PORTS, 1, 1, infer, NULL, run},
};
const sy_net_family sy_net_family_variadic = {row, sizeof row / sizeof row[0]};
