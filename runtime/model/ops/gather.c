/* Gather and GatherND: rows picked by index. */
#include <string.h>

#include "runtime/model/ops/families.h"
#include "runtime/model/ops/index.h"
#include "runtime/model/ops/list.h"

/*
 * outer   blocks of the data that are indexed one by one.
 * block   elements of one.
 * picks   rows taken of each block.
 * row     elements of a row.
 * depth   indices of a pick, for the extents dim, whose strides in rows are `step`.
 * shared  every block is indexed by the same indices (Gather); else each has its own (GatherND).
 */
typedef struct gather {
    int64_t outer, block, picks, row;
    uint32_t depth;
    bool shared;
    int64_t dim[SY_NET_MAX_RANK], step[SY_NET_MAX_RANK];
} gather;

typedef struct gather_run {
    const gather *state;
    const sy_net_tensor *indices;
    const char *in;
    char *out;
    size_t size;
} gather_run;

static int64_t product(const sy_net_tensor *tensor, uint32_t begin, uint32_t end) {
    int64_t count = 1;
    for (uint32_t i = begin; i < end; i++)
        count *= tensor->dim[i];
    return count;
}

static sy_status need_inputs(const sy_net_call *call, sy_error *err) {
    if (!sy_net_is_known(&call->in[0]) || sy_net_dtype_size(call->in[0].dtype) == 0)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "type or extents of input 0 are not known");
    return sy_net_index_type(call, 1, err);
}

static sy_status append(
    sy_net_call *call, const sy_net_tensor *from, uint32_t begin, uint32_t end, sy_error *err) {
    sy_net_tensor *out = &call->out[0];
    for (uint32_t i = begin; i < end; i++) {
        if (out->rank == SY_NET_MAX_RANK)
            return sy_net_call_fail(
                call, SY_UNSUPPORTED, err, "a result of a rank of more than %u", SY_NET_MAX_RANK);
        out->dim[out->rank++] = from->dim[i];
    }
    return SY_OK;
}

static sy_status infer_gather(sy_net_call *call, sy_error *err) {
    const sy_net_tensor *in = &call->in[0];
    uint32_t axis = 0;
    sy_status status = need_inputs(call, err);
    if (status == SY_OK)
        status = sy_net_call_axis(call, sy_net_attr_int(call->node, "axis", 0), in->rank, &axis, err);
    gather *state = status == SY_OK ? sy_net_call_state(call, sizeof *state, err) : NULL;
    if (state == NULL)
        return status != SY_OK ? status : SY_OUT_OF_MEMORY;
    *state = (gather){.outer = product(in, 0, axis),
        .picks = sy_net_elements(&call->in[1]),
        .row = product(in, axis + 1, in->rank),
        .depth = 1,
        .shared = true,
        .dim = {in->dim[axis]},
        .step = {1}};
    state->block = state->row * in->dim[axis];
    call->out[0].dtype = in->dtype;
    call->out[0].rank = 0;
    status = append(call, in, 0, axis, err);
    if (status == SY_OK)
        status = append(call, &call->in[1], 0, call->in[1].rank, err);
    return status == SY_OK ? append(call, in, axis + 1, in->rank, err) : status;
}

static sy_status check_nd(const sy_net_call *call, int64_t batch, sy_error *err) {
    const sy_net_tensor *in = &call->in[0], *indices = &call->in[1];
    if (in->rank < 1 || indices->rank < 1)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "data and indices must not be scalars");
    if (batch < 0 || batch >= indices->rank || batch >= in->rank)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "batch_dims is %lld", (long long)batch);
    for (uint32_t i = 0; i < (uint32_t)batch; i++)
        if (in->dim[i] != indices->dim[i])
            return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
                "extents %u of data and indices differ: %lld, %lld", i, (long long)in->dim[i],
                (long long)indices->dim[i]);
    int64_t depth = indices->dim[indices->rank - 1];
    if (depth < 1 || depth > in->rank - batch)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
            "indices of %lld numbers for a tensor of rank %u", (long long)depth, in->rank);
    return SY_OK;
}

static sy_status infer_nd(sy_net_call *call, sy_error *err) {
    const sy_net_tensor *in = &call->in[0], *indices = &call->in[1];
    int64_t batch = sy_net_attr_int(call->node, "batch_dims", 0);
    sy_status status = need_inputs(call, err);
    if (status == SY_OK)
        status = check_nd(call, batch, err);
    gather *state = status == SY_OK ? sy_net_call_state(call, sizeof *state, err) : NULL;
    if (state == NULL)
        return status != SY_OK ? status : SY_OUT_OF_MEMORY;
    uint32_t first = (uint32_t)batch, last = indices->rank - 1;
    state->depth = (uint32_t)indices->dim[last];
    state->outer = product(in, 0, first);
    state->block = product(in, first, in->rank);
    state->picks = product(indices, first, last);
    state->row = product(in, first + state->depth, in->rank);
    int64_t step = 1;
    for (uint32_t i = state->depth; i-- > 0; step *= in->dim[first + i]) {
        state->dim[i] = in->dim[first + i];
        state->step[i] = step;
    }
    call->out[0].dtype = in->dtype;
    call->out[0].rank = 0;
    status = append(call, indices, 0, last, err);
    return status == SY_OK ? append(call, in, first + state->depth, in->rank, err) : status;
}

static void pick(void *arg, int64_t begin, int64_t end) {
    const gather_run *this = arg;
    const gather *state = this->state;
    size_t bytes = (size_t)state->row * this->size;
    for (int64_t i = begin; i < end; i++) {
        int64_t block = i / state->picks, at = (state->shared ? i % state->picks : i) * state->depth, row = 0;
        for (uint32_t k = 0; k < state->depth; k++)
            row += sy_net_index_in(this->indices, at + k, state->dim[k]) * state->step[k];
        const char *from = this->in + (size_t)(block * state->block + row * state->row) * this->size;
        char *to = this->out + (size_t)i * bytes;
        if (bytes == 4)
            memcpy(to, from, 4);
        else
            memcpy(to, from, bytes);
    }
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    const gather *state = call->state;
    gather_run this = {
        state, &call->in[1], call->in[0].data, call->out[0].data, sy_net_dtype_size(call->in[0].dtype)};
    sy_status status = sy_net_index_check(call, 1, state->dim, state->depth, err);
    if (status == SY_OK && state->row > 0)
        sy_team_for(call->team, state->outer * state->picks, state->row, pick, &this);
    return status;
}

static const sy_net_op row[] = {
    {"Gather", "", 1, 0, 0, 2, 2, 1, 1, infer_gather, NULL, run},
    {"GatherND", "", 11, 0, 0, 2, 2, 1, 1, infer_nd, NULL, run},
};
const sy_net_family sy_net_family_gather = {row, sizeof row / sizeof row[0]};
