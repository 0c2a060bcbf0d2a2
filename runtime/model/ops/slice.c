/* Slice: every step-th element of a range along some dimensions. */
#include "runtime/model/ops/box.h"
#include "runtime/model/ops/families.h"
#include "runtime/model/ops/list.h"

/* First element taken of each dimension, and how far it is to the next. */
typedef struct slice {
    int64_t start[SY_NET_MAX_RANK], step[SY_NET_MAX_RANK];
} slice;

static int64_t clamp(int64_t value, int64_t low, int64_t high) {
    return value < low ? low : value > high ? high : value;
}

/* Elements taken of `dim`; *start is made the first of them. */
static int64_t count_taken(int64_t dim, int64_t *start, int64_t end, int64_t step) {
    int64_t from = *start < 0 && *start >= -dim ? *start + dim : *start;
    int64_t to = end < 0 && end >= -dim ? end + dim : end;
    if (dim == 0)
        return 0;
    from = step > 0 ? clamp(from, 0, dim) : clamp(from, 0, dim - 1);
    /* What lies before the first element, counted from the end, ends a backward slice before it. */
    to = step > 0 ? clamp(to, 0, dim) : clamp(to, -1, dim - 1);
    *start = from;
    if (step > 0)
        return to > from ? (to - from - 1) / step + 1 : 0;
    return from > to ? (from - to - 1) / -step + 1 : 0;
}

static sy_status take_lists(sy_net_call *call, sy_net_list list[4], sy_error *err) {
    static const char *const name[4] = {"starts", "ends", "axes", "steps"};
    uint32_t rank = call->in[0].rank;
    for (uint32_t i = 0; i < 4; i++) {
        sy_status status = sy_net_call_list(call, i + 1, name[i], &list[i], err);
        if (status != SY_OK)
            return status;
        bool is_needed = i < 2 || list[i].has;
        if (is_needed && (!list[i].has || list[i].count != list[0].count || list[i].count > rank))
            return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
                "%s has %zu numbers: as many as starts, %zu, and at most the rank, %u, are possible", name[i],
                list[i].count, list[0].count, rank);
    }
    for (size_t i = 0; i < list[0].count; i++) {
        if (!list[2].has)
            list[2].item[i] = (int64_t)i;
        if (!list[3].has)
            list[3].item[i] = 1;
    }
    list[2].count = list[0].count;
    return SY_OK;
}

static sy_status infer(sy_net_call *call, sy_error *err) {
    const sy_net_tensor *in = &call->in[0];
    uint32_t axis[SY_NET_MAX_RANK];
    sy_net_list list[4];
    if (!sy_net_is_known(in) || sy_net_dtype_size(in->dtype) == 0)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "type or extents of input 0 are not known");
    sy_status status = take_lists(call, list, err);
    if (status == SY_OK)
        status = sy_net_call_axes(call, &list[2], in->rank, axis, err);
    slice *state = status == SY_OK ? sy_net_call_state(call, sizeof *state, err) : NULL;
    if (state == NULL)
        return status != SY_OK ? status : SY_OUT_OF_MEMORY;
    sy_net_shape_like(&call->out[0], in);
    for (uint32_t i = 0; i < SY_NET_MAX_RANK; i++)
        state->step[i] = 1;
    for (size_t i = 0; i < list[0].count; i++) {
        int64_t start = list[0].item[i], step = list[3].item[i];
        if (step == 0)
            return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "step %zu is 0", i);
        step = step < -INT64_MAX ? -INT64_MAX : step;
        int64_t count = count_taken(in->dim[axis[i]], &start, list[1].item[i], step);
        call->out[0].dim[axis[i]] = count;
        state->start[axis[i]] = count > 0 ? start : 0;
        state->step[axis[i]] = count > 1 ? step : 1;
    }
    return SY_OK;
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    const slice *state = call->state;
    const sy_net_tensor *in = &call->in[0], *out = &call->out[0];
    int64_t from[SY_NET_MAX_RANK], to[SY_NET_MAX_RANK], first = 0;
    size_t size = sy_net_dtype_size(in->dtype);
    sy_net_box box = {0};
    (void)err;
    sy_net_strides(in, from);
    sy_net_strides(out, to);
    for (uint32_t i = 0; i < in->rank; i++) {
        first += state->start[i] * from[i];
        sy_net_box_add(&box, out->dim[i], from[i] * state->step[i], to[i]);
    }
    sy_net_box_copy(&box, size, (const char *)in->data + first * (int64_t)size, out->data, call->team);
    return SY_OK;
}

static const sy_net_op row[] = {
    {"Slice", "", 1, 9, SY_NET_OP_CHANNELS_LAST, 1, 1, 1, 1, infer, NULL, run},
    {"Slice", "", 10, 0, SY_NET_OP_CHANNELS_LAST, 3, 5, 1, 1, infer, NULL, run},
};
const sy_net_family sy_net_family_slice = {row, sizeof row / sizeof row[0]};
