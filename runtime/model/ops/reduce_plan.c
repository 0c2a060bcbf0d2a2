#include "runtime/model/ops/reduce_plan.h"

static void add_dim(sy_ops_dims *dims, int64_t dim, int64_t in, int64_t out) {
    uint32_t last = dims->rank - 1;
    if (dim == 1)
        return;
    if (dims->rank > 0 && in == dims->in[last] * dims->dim[last] &&
        out == dims->out[last] * dims->dim[last]) {
        dims->dim[last] *= dim;
        return;
    }
    dims->dim[dims->rank] = dim;
    dims->in[dims->rank] = in;
    dims->out[dims->rank++] = out;
}

/* Strides of the result for the dimensions of the input; 0 for those that are reduced. */
static void result_strides(
    const sy_net_tensor *in, const sy_net_tensor *out, uint32_t axes, int64_t stride[SY_NET_MAX_RANK]) {
    int64_t own[SY_NET_MAX_RANK];
    uint32_t place = 0;
    sy_ops_strides(out, own);
    for (uint32_t d = 0; d < in->rank; d++) {
        bool is_reduced = (axes >> d & 1) != 0;
        stride[d] = is_reduced ? 0 : own[out->rank == in->rank ? d : place];
        place += is_reduced ? 0 : 1;
    }
}

static int64_t product(const sy_ops_dims *dims, uint32_t first) {
    int64_t count = 1;
    for (uint32_t i = first; i < dims->rank; i++)
        count *= dims->dim[i];
    return count;
}

void sy_ops_reduce_plan_make(
    sy_ops_reduce_plan *plan, const sy_net_tensor *in, const sy_net_tensor *out, uint32_t axes) {
    int64_t stride[SY_NET_MAX_RANK], result[SY_NET_MAX_RANK];
    bool is_last = in->is_last && in->rank >= 3;
    *plan = (sy_ops_reduce_plan){.lanes = 1, .blocks = 1};
    sy_ops_strides(in, stride);
    result_strides(in, out, axes, result);
    for (uint32_t place = 0; place < in->rank; place++) {
        uint32_t d = in->rank - 1 - place;
        if (is_last)
            d = place == 0 ? 1 : place == in->rank - 1 ? 0 : in->rank - place;
        add_dim((axes >> d & 1) != 0 ? &plan->reduced : &plan->kept, in->dim[d], stride[d], result[d]);
    }
    const sy_ops_dims *kept = &plan->kept, *reduced = &plan->reduced;
    plan->count = product(reduced, 0);
    plan->items = product(kept, 0);
    if (plan->items > 0 && kept->rank > 0 && (reduced->rank == 0 || kept->in[0] < reduced->in[0])) {
        plan->lanes = kept->dim[0] < SY_OPS_CHUNK ? kept->dim[0] : SY_OPS_CHUNK;
        plan->blocks = (kept->dim[0] + plan->lanes - 1) / plan->lanes;
        plan->items = plan->blocks * product(kept, 1);
    }
}

void sy_ops_reduce_seek(
    const sy_ops_reduce_plan *plan, int64_t item, int64_t *out_in, int64_t *out_out, int64_t *out_lanes) {
    const sy_ops_dims *kept = &plan->kept;
    int64_t first = item % plan->blocks * plan->lanes;
    uint32_t d = 0;
    *out_in = *out_out = 0;
    *out_lanes = 1;
    if (plan->lanes > 1) {
        *out_in = first * kept->in[0];
        *out_out = first * kept->out[0];
        *out_lanes = kept->dim[0] - first < plan->lanes ? kept->dim[0] - first : plan->lanes;
        item /= plan->blocks;
        d = 1;
    }
    for (; d < kept->rank; d++) {
        *out_in += item % kept->dim[d] * kept->in[d];
        *out_out += item % kept->dim[d] * kept->out[d];
        item /= kept->dim[d];
    }
}

int64_t sy_ops_dims_offset(const sy_ops_dims *dims, uint32_t first, int64_t index) {
    int64_t offset = 0;
    for (uint32_t d = first; d < dims->rank; d++) {
        offset += index % dims->dim[d] * dims->in[d];
        index /= dims->dim[d];
    }
    return offset;
}
