/* GatherElements, ScatterElements (Scatter), ScatterND: elements by index. */
#include "runtime/model/ops/scatter.h"

#include <string.h>

#include "runtime/model/ops/box.h"
#include "runtime/model/ops/families.h"
#include "runtime/model/ops/index.h"

/* axis: along which indices count; depth: indices of a row of ScatterND, with extents dim. row: its elements.
 */
typedef struct scatter {
    sy_net_reduction reduction;
    uint32_t axis, depth;
    int64_t row, dim[SY_NET_MAX_RANK], step[SY_NET_MAX_RANK];
} scatter;

static sy_status begin(sy_net_call *call, scatter **out_state, sy_error *err) {
    const sy_net_tensor *in = &call->in[0];
    *out_state = NULL;
    if (!sy_net_is_known(in) || in->rank < 1 || sy_net_dtype_size(in->dtype) == 0)
        return sy_net_call_fail(
            call, SY_INVALID_ARGUMENT, err, "input 0 must be of known type and extents, and no scalar");
    sy_status status = sy_net_index_type(call, 1, err);
    if (status != SY_OK)
        return status;
    *out_state = sy_net_call_state(call, sizeof **out_state, err);
    return *out_state != NULL ? SY_OK : SY_OUT_OF_MEMORY;
}

/* Indices must not reach beyond the data but along the axis. */
static sy_status check_indices(sy_net_call *call, scatter *state, sy_error *err) {
    const sy_net_tensor *in = &call->in[0], *indices = &call->in[1];
    sy_status status =
        sy_net_call_axis(call, sy_net_attr_int(call->node, "axis", 0), in->rank, &state->axis, err);
    if (status != SY_OK)
        return status;
    if (indices->rank != in->rank)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "indices of rank %u for data of rank %u",
            indices->rank, in->rank);
    for (uint32_t i = 0; i < in->rank; i++)
        if (i != state->axis && indices->dim[i] > in->dim[i])
            return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
                "extent %u of the indices is %lld, the data has %lld", i, (long long)indices->dim[i],
                (long long)in->dim[i]);
    return SY_OK;
}

static sy_status check_updates(const sy_net_call *call, const sy_net_tensor *wanted, sy_error *err) {
    char a[SY_NET_TENSOR_TEXT_MAX], b[SY_NET_TENSOR_TEXT_MAX];
    if (call->in[2].dtype == call->in[0].dtype && sy_net_same_shape(&call->in[2], wanted))
        return SY_OK;
    return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "updates are %s, must be %s",
        sy_net_tensor_print(&call->in[2], a), sy_net_tensor_print(wanted, b));
}

static sy_status infer_gather(sy_net_call *call, sy_error *err) {
    scatter *state = NULL;
    sy_status status = begin(call, &state, err);
    if (status == SY_OK)
        status = check_indices(call, state, err);
    if (status != SY_OK)
        return status;
    sy_net_shape_like(&call->out[0], &call->in[1]);
    call->out[0].dtype = call->in[0].dtype;
    return SY_OK;
}

static sy_status infer_scatter(sy_net_call *call, sy_error *err) {
    scatter *state = NULL;
    sy_status status = begin(call, &state, err);
    if (status == SY_OK)
        status = check_indices(call, state, err);
    if (status == SY_OK)
        status = sy_net_reduction_find(call, &state->reduction, err);
    if (status != SY_OK)
        return status;
    sy_net_tensor wanted = call->in[1];
    wanted.dtype = call->in[0].dtype;
    sy_net_shape_like(&call->out[0], &call->in[0]);
    return check_updates(call, &wanted, err);
}

static sy_status infer_nd(sy_net_call *call, sy_error *err) {
    const sy_net_tensor *in = &call->in[0], *indices = &call->in[1];
    sy_net_tensor wanted = {.dtype = in->dtype};
    scatter *state = NULL;
    sy_status status = begin(call, &state, err);
    if (status == SY_OK)
        status = sy_net_reduction_find(call, &state->reduction, err);
    if (status != SY_OK)
        return status;
    int64_t depth = indices->rank > 0 ? indices->dim[indices->rank - 1] : 0;
    if (depth < 1 || depth > in->rank || indices->rank - 1 + in->rank - (uint32_t)depth > SY_NET_MAX_RANK)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
            "indices of %lld numbers for a tensor of rank %u", (long long)depth, in->rank);
    state->depth = (uint32_t)depth;
    for (uint32_t i = 0; i + 1 < indices->rank; i++)
        wanted.dim[wanted.rank++] = indices->dim[i];
    state->row = 1;
    for (uint32_t i = state->depth; i < in->rank; i++) {
        wanted.dim[wanted.rank++] = in->dim[i];
        state->row *= in->dim[i];
    }
    int64_t step = state->row;
    for (uint32_t i = state->depth; i-- > 0; step *= in->dim[i]) {
        state->dim[i] = in->dim[i];
        state->step[i] = step;
    }
    sy_net_shape_like(&call->out[0], in);
    return check_updates(call, &wanted, err);
}

/* Elements of the data that the indices from `at` on point to, one row along the last dimension at a time. */
typedef struct walk {
    const sy_net_tensor *indices;
    int64_t stride[SY_NET_MAX_RANK];
    uint32_t axis;
    int64_t bound;
} walk;

/* Where the row of indices that begins at element `at` has its element 0, but for what the axis adds. */
static int64_t row_begin(const walk *this, int64_t at) {
    int64_t base = 0;
    for (uint32_t i = this->indices->rank; i-- > 0; at /= this->indices->dim[i])
        if (i != this->axis)
            base += at % this->indices->dim[i] * this->stride[i];
    return base;
}

static walk begin_walk(const sy_net_call *call) {
    const scatter *state = call->state;
    walk this = {.indices = &call->in[1], .axis = state->axis, .bound = call->in[0].dim[state->axis]};
    sy_net_strides(&call->in[0], this.stride);
    return this;
}

static int64_t element_of(const walk *this, int64_t base, int64_t row, int64_t column) {
    uint32_t last = this->indices->rank - 1;
    int64_t index = sy_net_index_in(this->indices, row + column, this->bound);
    return base + index * this->stride[this->axis] + (last == this->axis ? 0 : column * this->stride[last]);
}

typedef struct gather_run {
    walk walk;
    const char *in;
    char *out;
    size_t size;
} gather_run;

static void gather_rows(void *arg, int64_t begin_row, int64_t end_row) {
    const gather_run *this = arg;
    int64_t columns = this->walk.indices->dim[this->walk.indices->rank - 1];
    for (int64_t row = begin_row * columns; row < end_row * columns; row += columns) {
        int64_t base = row_begin(&this->walk, row);
        for (int64_t i = 0; i < columns; i++)
            memcpy(this->out + (size_t)(row + i) * this->size,
                this->in + (size_t)element_of(&this->walk, base, row, i) * this->size, this->size);
    }
}

static sy_status run_gather(const sy_net_call *call, sy_error *err) {
    gather_run this = {
        begin_walk(call), call->in[0].data, call->out[0].data, sy_net_dtype_size(call->in[0].dtype)};
    sy_status status = sy_net_index_check(call, 1, &this.walk.bound, 1, err);
    int64_t count = sy_net_elements(&call->in[1]);
    if (status == SY_OK && count > 0) {
        int64_t columns = call->in[1].dim[call->in[1].rank - 1];
        sy_team_for(call->team, count / columns, columns * 4, gather_rows, &this);
    }
    return status;
}

static void copy_data(const sy_net_call *call) {
    size_t bytes = sy_net_bytes(&call->in[0]);
    if (bytes > 0)
        memcpy(call->out[0].data, call->in[0].data, bytes);
}

static sy_status run_scatter(const sy_net_call *call, sy_error *err) {
    const scatter *state = call->state;
    walk this = begin_walk(call);
    sy_status status = sy_net_index_check(call, 1, &this.bound, 1, err);
    int64_t count = sy_net_elements(&call->in[1]);
    if (status != SY_OK)
        return status;
    copy_data(call);
    int64_t columns = count > 0 ? call->in[1].dim[call->in[1].rank - 1] : 1;
    for (int64_t row = 0; row < count; row += columns) {
        int64_t base = row_begin(&this, row);
        for (int64_t i = 0; i < columns; i++)
            sy_net_reduce(
                state->reduction, &call->out[0], element_of(&this, base, row, i), &call->in[2], row + i, 1);
    }
    return SY_OK;
}

static sy_status run_nd(const sy_net_call *call, sy_error *err) {
    const scatter *state = call->state;
    sy_status status = sy_net_index_check(call, 1, state->dim, state->depth, err);
    int64_t count = sy_net_elements(&call->in[1]) / state->depth;
    if (status != SY_OK)
        return status;
    copy_data(call);
    for (int64_t i = 0; i < count && state->row > 0; i++) {
        int64_t into = 0;
        for (uint32_t k = 0; k < state->depth; k++)
            into += sy_net_index_in(&call->in[1], i * state->depth + k, state->dim[k]) * state->step[k];
        sy_net_reduce(state->reduction, &call->out[0], into, &call->in[2], i * state->row, state->row);
    }
    return SY_OK;
}

static const sy_net_op row[] = {
    {"GatherElements", "", 11, 0, 0, 2, 2, 1, 1, infer_gather, NULL, run_gather},
    {"Scatter", "", 9, 0, 0, 3, 3, 1, 1, infer_scatter, NULL, run_scatter},
    {"ScatterElements", "", 11, 0, 0, 3, 3, 1, 1, infer_scatter, NULL, run_scatter},
    {"ScatterND", "", 11, 0, 0, 3, 3, 1, 1, infer_nd, NULL, run_nd},
};
const sy_net_family sy_net_family_scatter = {row, sizeof row / sizeof row[0]};
