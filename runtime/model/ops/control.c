/*
 * If, Loop and Scan: known so that a network may hold them. What is static is written out when the extents
 * are bound (runtime/model/passes/unroll.h); nothing here computes the rest.
 */
#include "runtime/model/ops/families.h"

static sy_status infer(sy_net_call *call, sy_error *err) {
    return sy_net_call_fail(call, SY_UNSUPPORTED, err,
        "only where condition and trip count are constants once the extents are bound");
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    return sy_net_call_fail(call, SY_UNSUPPORTED, err, "it cannot be computed as a node");
}

static const sy_net_op row[] = {
    {"If", "", 1, 0, 0, 1, 1, 1, SY_NET_MAX_PORTS, infer, NULL, run},
    {"Scan", "", 9, 0, 0, 1, SY_NET_MAX_PORTS, 1, SY_NET_MAX_PORTS, infer, NULL, run},
    {"Loop", "", 1, 0, SY_NET_OP_SPARSE, 2, SY_NET_MAX_PORTS, 0, SY_NET_MAX_PORTS, infer, NULL, run},
};
const sy_net_family sy_net_family_control = {row, sizeof row / sizeof row[0]};
