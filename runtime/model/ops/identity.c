/* Identity, and Dropout as inference sees it. */
#include <string.h>

#include "runtime/model/ops/families.h"

static sy_status infer(sy_net_call *call, sy_error *err) {
    (void)err;
    sy_net_shape_like(&call->out[0], &call->in[0]);
    if (call->n_out > 1) {
        sy_net_shape_like(&call->out[1], &call->in[0]);
        call->out[1].dtype = SY_BOOL;
    }
    return SY_OK;
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    (void)err;
    if (call->out[0].data != NULL && call->out[0].data != call->in[0].data)
        memcpy(call->out[0].data, call->in[0].data, sy_net_bytes(&call->in[0]));
    if (call->n_out > 1 && call->out[1].data != NULL)
        memset(call->out[1].data, 1, sy_net_bytes(&call->out[1]));
    return SY_OK;
}

static const sy_net_op row[] = {
    {"Identity", "", 1, 0, SY_NET_OP_VIEW | SY_NET_OP_IN_PLACE, 1, 1, 1, 1, infer, NULL, run},
    {"Dropout", "", 7, 0, SY_NET_OP_VIEW | SY_NET_OP_IN_PLACE, 1, 3, 1, 2, infer, NULL, run},
};
const sy_net_family sy_net_family_identity = {row, sizeof row / sizeof row[0]};
