#include "runtime/model/ops/batch.h"

/* Extent of dimension `axis` of the stack of `rank`, aligned to the right; 1 where there is none. */
static int64_t stack_dim(const sy_net_tensor *tensor, uint32_t rank, uint32_t axis) {
    uint32_t own = tensor->rank > 2 ? tensor->rank - 2 : 0;
    return axis + own >= rank ? tensor->dim[axis + own - rank] : 1;
}

static void set_steps(const sy_net_tensor *tensor, const sy_net_batch *batch, int64_t *step) {
    int64_t matrices = 1;
    for (uint32_t i = batch->rank; i > 0; i--) {
        int64_t dim = stack_dim(tensor, batch->rank, i - 1);
        step[i - 1] = dim == 1 ? 0 : matrices;
        matrices *= dim;
    }
}

static sy_status set_stack(const sy_net_call *call, const sy_net_tensor *a, const sy_net_tensor *b,
    sy_net_batch *batch, sy_error *err) {
    uint32_t rank = a->rank > b->rank ? a->rank : b->rank;
    batch->rank = rank > 2 ? rank - 2 : 0;
    for (uint32_t i = 0; i < batch->rank; i++) {
        int64_t x = stack_dim(a, batch->rank, i), y = stack_dim(b, batch->rank, i);
        if (x != y && x != 1 && y != 1)
            return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
                "stacks of matrices of %lld and %lld (dimension %u) do not broadcast", (long long)x,
                (long long)y, i);
        batch->dim[i] = x == 1 ? y : x;
    }
    set_steps(a, batch, batch->a_step);
    set_steps(b, batch, batch->b_step);
    return SY_OK;
}

/* Extents of the result; lists lose the dimension that they were given. */
static sy_status set_result(sy_net_call *call, const sy_net_batch *batch, bool keeps_m, bool keeps_n,
    int64_t *out_count, sy_error *err) {
    sy_net_tensor *out = &call->out[0];
    out->rank = 0;
    for (uint32_t i = 0; i < batch->rank; i++)
        out->dim[out->rank++] = batch->dim[i];
    if (keeps_m)
        out->dim[out->rank++] = batch->m;
    if (keeps_n)
        out->dim[out->rank++] = batch->n;
    sy_status status = sy_net_tensor_check(out, err);
    if (status != SY_OK)
        return sy_net_call_fail(call, status, err, "the result is too large");
    *out_count = 1;
    for (uint32_t i = 0; i < batch->rank; i++)
        *out_count *= batch->dim[i];
    return SY_OK;
}

sy_status sy_net_batch_infer(
    sy_net_call *call, uint32_t a, uint32_t b, sy_net_batch *out_batch, sy_error *err) {
    const sy_net_tensor *x = &call->in[a], *y = &call->in[b];
    if (sy_net_elements(x) < 0 || sy_net_elements(y) < 0)
        return sy_net_call_fail(call, SY_UNAVAILABLE, err, "the shape of an input is not known");
    if (x->rank < 1 || y->rank < 1)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "a scalar is no matrix");
    sy_net_batch batch = {.m = x->rank > 1 ? x->dim[x->rank - 2] : 1,
        .k = x->dim[x->rank - 1],
        .n = y->rank > 1 ? y->dim[y->rank - 1] : 1};
    int64_t depth = y->dim[y->rank > 1 ? y->rank - 2 : 0];
    if (depth != batch.k)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
            "the first has a depth of %lld, the second of %lld", (long long)batch.k, (long long)depth);
    sy_status status = set_stack(call, x, y, &batch, err);
    if (status == SY_OK)
        status = set_result(call, &batch, x->rank > 1, y->rank > 1, &batch.count, err);
    if (status == SY_OK && y->rank <= 2) {
        batch.m *= batch.count;
        batch.count = 1;
        batch.rank = 0;
    }
    *out_batch = batch;
    return status;
}

static int64_t matrix_at(const sy_net_batch *batch, const int64_t *step, int64_t index) {
    int64_t at = 0;
    for (uint32_t i = batch->rank; i > 0; i--) {
        at += index % batch->dim[i - 1] * step[i - 1];
        index /= batch->dim[i - 1];
    }
    return at;
}

int64_t sy_net_batch_a(const sy_net_batch *batch, int64_t index) {
    return matrix_at(batch, batch->a_step, index);
}

int64_t sy_net_batch_b(const sy_net_batch *batch, int64_t index) {
    return matrix_at(batch, batch->b_step, index);
}
