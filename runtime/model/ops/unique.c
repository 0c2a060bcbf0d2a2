/* Unique of a constant: different slices, in order or as met first. */
#include <stdlib.h>
#include <string.h>

#include "runtime/model/ops/families.h"
#include "runtime/model/ops/key.h"
#include "runtime/model/ops/list.h"

/*
 * before x dim x after: slices of the middle dimension are compared.
 *
 * kept, times  index of the first of each different slice, in the order of the result; how often it is there.
 * inverse      which result each slice is.
 */
typedef struct unique {
    int64_t before, dim, after, count;
    const sy_net_tensor *in;
    int64_t *kept, *times, *inverse;
} unique;

/* One slice while sorting; qsort() hands over nothing else. */
typedef struct slice {
    const unique *all;
    int64_t index;
} slice;

static int compare_values(const unique *all, int64_t a, int64_t b) {
    for (int64_t i = 0; i < all->before; i++)
        for (int64_t k = 0; k < all->after; k++) {
            int64_t x = sy_net_key(all->in, (i * all->dim + a) * all->after + k);
            int64_t y = sy_net_key(all->in, (i * all->dim + b) * all->after + k);
            if (x != y)
                return x < y ? -1 : 1;
        }
    return 0;
}

static int by_value(const void *a, const void *b) {
    const slice *x = a, *y = b;
    int order = compare_values(x->all, x->index, y->index);
    return order != 0 ? order : (x->index > y->index) - (x->index < y->index);
}

static int by_first(const void *a, const void *b) {
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Fill kept, times and inverse from the sorted slices. `first` is room for dim numbers. */
static void group(unique *state, const slice *sorted, bool is_sorted, int64_t *first) {
    for (int64_t i = 0; i < state->dim; i++) {
        bool is_new = i == 0 || compare_values(state, sorted[i - 1].index, sorted[i].index) != 0;
        if (is_new)
            state->kept[state->count++] = sorted[i].index;
        first[sorted[i].index] = state->kept[state->count - 1];
    }
    if (!is_sorted)
        qsort(state->kept, (size_t)state->count, sizeof *state->kept, by_first);
    for (int64_t i = 0; i < state->count; i++)
        state->inverse[state->kept[i]] = i;
    for (int64_t i = 0; i < state->dim; i++) {
        int64_t of = state->inverse[first[i]];
        state->times[of]++;
        if (first[i] != i)
            state->inverse[i] = of;
    }
}

static sy_status find_unique(sy_net_call *call, unique *state, sy_error *err) {
    size_t dim = (size_t)state->dim;
    slice *sorted = sy_net_arena_array(call->arena, dim, sizeof *sorted);
    int64_t *room = sy_net_arena_array(call->arena, dim * 4, sizeof *room);
    if (sorted == NULL || room == NULL)
        return sy_net_call_fail(call, SY_OUT_OF_MEMORY, err, "no memory for %zu slices", dim);
    state->kept = room;
    state->times = room + dim;
    state->inverse = room + 2 * dim;
    for (size_t i = 0; i < dim; i++)
        sorted[i] = (slice){state, (int64_t)i};
    qsort(sorted, dim, sizeof *sorted, by_value);
    group(state, sorted, sy_net_attr_int(call->node, "sorted", 1) != 0, room + 3 * dim);
    return SY_OK;
}

static sy_status infer(sy_net_call *call, sy_error *err) {
    const sy_net_tensor *in = &call->in[0];
    bool is_flat = sy_net_attr_find(call->node, "axis") == NULL;
    uint32_t axis = 0;
    sy_status status = SY_OK;
    if (!sy_net_is_known(in) || sy_net_dtype_size(in->dtype) == 0)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "type or extents of input 0 are not known");
    if (in->data == NULL)
        return sy_net_call_fail(call, SY_UNAVAILABLE, err,
            "input 0 decides an extent: its value has to be known when the network is compiled");
    if (!is_flat)
        status = sy_net_call_axis(call, sy_net_attr_int(call->node, "axis", 0), in->rank, &axis, err);
    unique *state = status == SY_OK ? sy_net_call_state(call, sizeof *state, err) : NULL;
    if (state == NULL)
        return status != SY_OK ? status : SY_OUT_OF_MEMORY;
    *state =
        (unique){.before = 1, .dim = is_flat ? sy_net_elements(in) : in->dim[axis], .after = 1, .in = in};
    for (uint32_t i = 0; i < in->rank && !is_flat; i++)
        if (i != axis)
            *(i < axis ? &state->before : &state->after) *= in->dim[i];
    status = find_unique(call, state, err);
    state->in = NULL; /* the call's, which ends */
    sy_net_shape_like(&call->out[0], in);
    if (is_flat)
        call->out[0].rank = 1;
    call->out[0].dim[axis] = state->count;
    for (uint32_t i = 1; i < call->n_out; i++)
        call->out[i] =
            (sy_net_tensor){.dtype = SY_S64, .rank = 1, .dim = {i == 2 ? state->dim : state->count}};
    return status;
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    const unique *state = call->state;
    const int64_t *list[4] = {NULL, state->kept, state->inverse, state->times};
    size_t bytes = (size_t)state->after * sy_net_dtype_size(call->in[0].dtype);
    char *out = call->out[0].data;
    (void)err;
    for (int64_t i = 0; i < state->before && out != NULL && bytes > 0; i++)
        for (int64_t k = 0; k < state->count; k++, out += bytes)
            memcpy(out, (const char *)call->in[0].data + (size_t)(i * state->dim + state->kept[k]) * bytes,
                bytes);
    for (uint32_t i = 1; i < call->n_out; i++)
        if (call->out[i].data != NULL && call->out[i].dim[0] > 0)
            memcpy(call->out[i].data, list[i], sy_net_bytes(&call->out[i]));
    return SY_OK;
}

static const sy_net_op row[] = {
    {"Unique", "", 11, 0, 0, 1, 1, 1, 4, infer, NULL, run},
};
const sy_net_family sy_net_family_unique = {row, sizeof row / sizeof row[0]};
