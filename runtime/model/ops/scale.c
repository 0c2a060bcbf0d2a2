#include "runtime/model/ops/scale.h"

static sy_status check_block(const sy_net_call *call, const sy_ops_scale *scale, sy_error *err) {
    const sy_net_tensor *in = &call->in[0], *factor = &call->in[1];
    bool fits = factor->rank == in->rank;
    for (uint32_t d = 0; d < in->rank && fits; d++) {
        int64_t whole = in->dim[d] / scale->block + (in->dim[d] % scale->block != 0);
        fits = factor->dim[d] == (d == scale->axis ? whole : in->dim[d]);
    }
    if (fits)
        return SY_OK;
    return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
        "input 1, the scale, does not fit blocks of %lld along axis %u", (long long)scale->block,
        scale->axis);
}

static sy_status check_zero(const sy_net_call *call, sy_error *err) {
    if (!sy_net_call_has(call, 2))
        return SY_OK;
    sy_status status = sy_ops_need_shape(call, 2, err);
    if (status == SY_OK && sy_net_elements(&call->in[2]) != sy_net_elements(&call->in[1]))
        status = sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
            "input 2, the zero point, has %lld elements and the scale %lld",
            (long long)sy_net_elements(&call->in[2]), (long long)sy_net_elements(&call->in[1]));
    return status;
}

sy_status sy_ops_scale_infer(const sy_net_call *call, sy_ops_scale *scale, sy_error *err) {
    const sy_net_tensor *in = &call->in[0], *factor = &call->in[1];
    scale->is_saturated = sy_net_attr_int(call->node, "saturate", 1) != 0;
    scale->block = sy_net_attr_int(call->node, "block_size", 0);
    sy_status status = sy_ops_need_shape(call, 0, err);
    if (status == SY_OK)
        status = sy_ops_need_shape(call, 1, err);
    if (status == SY_OK)
        status = check_zero(call, err);
    if (status != SY_OK)
        return status;
    if (scale->block < 0)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "attribute block_size is %lld, at least 0",
            (long long)scale->block);
    if (factor->rank == 0 || (sy_net_elements(factor) == 1 && scale->block == 0))
        return SY_OK;
    scale->is_axis = true;
    status = sy_net_call_axis(call, sy_net_attr_int(call->node, "axis", 1), in->rank, &scale->axis, err);
    if (status == SY_OK && scale->block > 0)
        return check_block(call, scale, err);
    if (status == SY_OK && (factor->rank != 1 || factor->dim[0] != in->dim[scale->axis]))
        status = sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
            "input 1, the scale, must be one number or a list of %lld, one a slice of axis %u",
            (long long)in->dim[scale->axis], scale->axis);
    return status;
}

/* Blocks: element by element, as a walk has strides only. */
static void run_blocks(
    const sy_net_call *call, const sy_ops_scale *scale, sy_ops_piece_fn *fn, const void *arg) {
    const sy_net_tensor *in = &call->in[0];
    const sy_net_tensor *tensor[] = {&call->out[0], in, &call->in[1]};
    int64_t stride[3][SY_NET_MAX_RANK], count = sy_net_elements(in);
    const int64_t step[SY_OPS_WALKERS] = {0};
    for (uint32_t t = 0; t < 3; t++)
        sy_ops_strides(tensor[t], stride[t]);
    for (int64_t i = 0; i < count; i++) {
        int64_t offset[SY_OPS_WALKERS] = {0}, rest = i;
        for (uint32_t d = in->rank; d-- > 0;) {
            int64_t at = rest % in->dim[d];
            rest /= in->dim[d];
            for (uint32_t t = 0; t < 3; t++)
                offset[t] += (t == 2 && d == scale->axis ? at / scale->block : at) * stride[t][d];
        }
        offset[3] = offset[2];
        fn(arg, offset, step, 1);
    }
}

void sy_ops_scale_run(
    const sy_net_call *call, const sy_ops_scale *scale, sy_ops_piece_fn *fn, const void *arg) {
    const sy_net_tensor *in = &call->in[0];
    if (scale->is_axis && scale->block > 0) {
        run_blocks(call, scale, fn, arg);
        return;
    }
    sy_net_tensor list = {.rank = scale->is_axis ? in->rank - scale->axis : 0}; /* K 1 1 ... */
    for (uint32_t d = 0; d < list.rank; d++)
        list.dim[d] = d == 0 ? in->dim[scale->axis] : 1;
    const sy_net_tensor *tensor[] = {&call->out[0], in, &list, &list};
    sy_ops_walk walk;
    sy_ops_walk_make(&walk, tensor, 4);
    sy_ops_walk_run(&walk, call->team, 4, fn, arg);
}
