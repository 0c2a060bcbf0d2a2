/* Identity, and Dropout as inference sees it. */
#include <string.h>

#include "runtime/model/ops/families.h"

/* Dropout drops only in training: from opset 12 on input 2 says whether. */
static sy_status refuse_training(const sy_net_call *call, sy_error *err) {
    const sy_net_tensor *ratio = &call->in[1], *training = &call->in[2];
    bool is_zero = sy_net_call_has(call, 1) && ratio->data != NULL && sy_net_elements(ratio) == 1 &&
                   sy_net_get(ratio, 0) == 0;
    if (!sy_net_call_has(call, 2) || is_zero)
        return SY_OK;
    if (sy_net_elements(training) != 1)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "input 2 must be one bool");
    if (training->data == NULL)
        return sy_net_call_fail(call, SY_UNAVAILABLE, err,
            "input 2 decides what is computed: its value has to be known when the network is compiled");
    return sy_net_get(training, 0) == 0
               ? SY_OK
               : sy_net_call_fail(call, SY_UNSUPPORTED, err, "training: only inference is done");
}

static sy_status infer(sy_net_call *call, sy_error *err) {
    sy_status status = call->n_in > 2 ? refuse_training(call, err) : SY_OK;
    if (status != SY_OK)
        return status;
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
