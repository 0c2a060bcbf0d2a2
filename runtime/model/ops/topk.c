/* TopK: the largest or smallest elements along one dimension, in order. */
#include <string.h>

#include "runtime/model/ops/families.h"
#include "runtime/model/ops/key.h"
#include "runtime/model/ops/list.h"

/* outer x dim x inner: the middle one is searched for `k`. */
typedef struct top {
    int64_t outer, dim, inner, k;
    bool is_largest;
} top;

/* A candidate. Better: the smaller key (turned round where the largest are wanted), then the smaller index.
 */
typedef struct candidate {
    int64_t key, index;
} candidate;

static sy_status find_k(sy_net_call *call, int64_t *out_k, sy_error *err) {
    size_t count = 0;
    if (call->node->opset < 10) {
        *out_k = sy_net_attr_int(call->node, "k", -1);
        return SY_OK;
    }
    if (!sy_net_call_has(call, 1))
        return sy_net_call_fail(
            call, SY_INVALID_ARGUMENT, err, "input 1, the number of elements, is missing");
    sy_status status = sy_net_call_ints(call, 1, out_k, 1, &count, err);
    if (status == SY_OK && count != 1)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "input 1 must be one number");
    return status;
}

static sy_status infer(sy_net_call *call, sy_error *err) {
    const sy_net_tensor *in = &call->in[0];
    uint32_t axis = 0;
    int64_t k = 0;
    if (!sy_net_is_known(in) || sy_net_dtype_size(in->dtype) == 0)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "type or extents of input 0 are not known");
    sy_status status = sy_net_call_axis(call, sy_net_attr_int(call->node, "axis", -1), in->rank, &axis, err);
    if (status == SY_OK)
        status = find_k(call, &k, err);
    top *state = status == SY_OK ? sy_net_call_state(call, sizeof *state, err) : NULL;
    if (state == NULL)
        return status != SY_OK ? status : SY_OUT_OF_MEMORY;
    if (k < 0 || k > in->dim[axis])
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "k is %lld, dimension %u has %lld elements",
            (long long)k, axis, (long long)in->dim[axis]);
    *state = (top){1, in->dim[axis], 1, k, sy_net_attr_int(call->node, "largest", 1) != 0};
    for (uint32_t i = 0; i < in->rank; i++)
        if (i != axis)
            *(i < axis ? &state->outer : &state->inner) *= in->dim[i];
    for (uint32_t i = 0; i < call->n_out; i++) {
        sy_net_shape_like(&call->out[i], in);
        call->out[i].dim[axis] = k;
    }
    if (call->n_out > 1)
        call->out[1].dtype = SY_S64;
    return SY_OK;
}

static size_t scratch_bytes(const sy_net_call *call) {
    const top *state = call->state;
    return (size_t)state->k * sizeof(candidate);
}

static bool is_better(candidate a, candidate b) {
    return a.key != b.key ? a.key < b.key : a.index < b.index;
}

/* Move the candidate at `at` down until neither below it is worse: the worst of all is at 0. */
static void sink(candidate *heap, int64_t count, int64_t at) {
    candidate moved = heap[at];
    for (int64_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
        if (child + 1 < count && is_better(heap[child], heap[child + 1]))
            child++;
        if (!is_better(moved, heap[child]))
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = moved;
}

/* The best k of one line, best first. */
static void select_best(const top *state, const sy_net_tensor *in, int64_t first, candidate *heap) {
    for (int64_t i = 0; i < state->dim; i++) {
        int64_t key = sy_net_key(in, first + i * state->inner);
        candidate next = {state->is_largest ? ~key : key, i};
        if (i < state->k) {
            heap[i] = next;
            for (int64_t at = state->k / 2; i + 1 == state->k && at-- > 0;)
                sink(heap, state->k, at);
        } else if (is_better(next, heap[0])) {
            heap[0] = next;
            sink(heap, state->k, 0);
        }
    }
    for (int64_t count = state->k - 1; count > 0; count--) {
        candidate worst = heap[0];
        heap[0] = heap[count];
        heap[count] = worst;
        sink(heap, count, 0);
    }
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    const top *state = call->state;
    const sy_net_tensor *in = &call->in[0];
    size_t size = sy_net_dtype_size(in->dtype);
    char *values = call->out[0].data;
    int64_t *indices = call->n_out > 1 ? call->out[1].data : NULL;
    candidate *best = call->scratch;
    (void)err;
    for (int64_t line = 0; line < state->outer * state->inner && state->k > 0; line++) {
        int64_t outer = line / state->inner, inner = line % state->inner;
        int64_t first = outer * state->dim * state->inner + inner;
        select_best(state, in, first, best);
        for (int64_t i = 0; i < state->k; i++) {
            int64_t to = (outer * state->k + i) * state->inner + inner;
            int64_t from = first + best[i].index * state->inner;
            if (values != NULL)
                memcpy(values + (size_t)to * size, (const char *)in->data + (size_t)from * size, size);
            if (indices != NULL)
                indices[to] = best[i].index;
        }
    }
    return SY_OK;
}

static const sy_net_op row[] = {
    {"TopK", "", 1, 9, 0, 1, 1, 1, 2, infer, scratch_bytes, run},
    {"TopK", "", 10, 0, 0, 2, 2, 1, 2, infer, scratch_bytes, run},
};
const sy_net_family sy_net_family_topk = {row, sizeof row / sizeof row[0]};
