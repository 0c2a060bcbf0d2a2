/* Concat and Split: tensors side by side along one dimension. */
#include "runtime/model/ops/box.h"
#include "runtime/model/ops/families.h"
#include "runtime/model/ops/list.h"

/* at: where each output of Split begins along the axis. */
typedef struct cut {
    uint32_t axis;
    int64_t at[];
} cut;

static sy_status find_axis(sy_net_call *call, int64_t otherwise, cut **out_state, sy_error *err) {
    const sy_net_tensor *in = &call->in[0];
    if (!sy_net_is_known(in) || sy_net_dtype_size(in->dtype) == 0)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "type or extents of input 0 are not known");
    uint32_t axis = 0;
    sy_status status =
        sy_net_call_axis(call, sy_net_attr_int(call->node, "axis", otherwise), in->rank, &axis, err);
    size_t bytes = sizeof **out_state + call->n_out * sizeof(int64_t);
    *out_state = status == SY_OK ? sy_net_call_state(call, bytes, err) : NULL;
    if (*out_state == NULL)
        return status != SY_OK ? status : SY_OUT_OF_MEMORY;
    (*out_state)->axis = axis;
    return SY_OK;
}

static bool fits(const sy_net_tensor *a, const sy_net_tensor *b, uint32_t axis) {
    if (!sy_net_is_known(b) || a->rank != b->rank || a->dtype != b->dtype)
        return false;
    for (uint32_t i = 0; i < a->rank; i++)
        if (i != axis && a->dim[i] != b->dim[i])
            return false;
    return true;
}

static sy_status infer_concat(sy_net_call *call, sy_error *err) {
    cut *state = NULL;
    sy_status status = find_axis(call, 1, &state, err);
    if (status != SY_OK)
        return status;
    sy_net_tensor *out = &call->out[0];
    sy_net_shape_like(out, &call->in[0]);
    for (uint32_t i = 1; i < call->n_in; i++) {
        char a[SY_NET_TENSOR_TEXT_MAX], b[SY_NET_TENSOR_TEXT_MAX];
        if (!fits(&call->in[0], &call->in[i], state->axis))
            return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
                "input %u, %s, does not fit to input 0, %s, along axis %u", i,
                sy_net_tensor_print(&call->in[i], a), sy_net_tensor_print(&call->in[0], b), state->axis);
        if (__builtin_add_overflow(
                out->dim[state->axis], call->in[i].dim[state->axis], &out->dim[state->axis]))
            return sy_net_call_fail(call, SY_OVERFLOW, err, "an extent beyond what is countable");
    }
    return SY_OK;
}

/* Copy `part` (extents), `at` elements along the axis from the first of `whole`. */
static void copy_part(
    const sy_net_call *call, const sy_net_tensor *part, const sy_net_tensor *whole, int64_t at, bool is_in) {
    const cut *state = call->state;
    size_t size = sy_net_dtype_size(part->dtype);
    int64_t of_part[SY_NET_MAX_RANK], of_whole[SY_NET_MAX_RANK];
    sy_net_box box = {0};
    sy_net_strides(part, of_part);
    sy_net_strides(whole, of_whole);
    for (uint32_t i = 0; i < part->rank; i++)
        sy_net_box_add(
            &box, part->dim[i], is_in ? of_part[i] : of_whole[i], is_in ? of_whole[i] : of_part[i]);
    char *inside = (char *)whole->data + at * of_whole[state->axis] * (int64_t)size;
    sy_net_box_copy(&box, size, is_in ? part->data : inside, is_in ? inside : part->data, call->team);
}

static sy_status run_concat(const sy_net_call *call, sy_error *err) {
    const cut *state = call->state;
    int64_t at = 0;
    (void)err;
    for (uint32_t i = 0; i < call->n_in; at += call->in[i++].dim[state->axis])
        copy_part(call, &call->in[i], &call->out[0], at, true);
    return SY_OK;
}

/* Extents along the axis: a list, or as even as can be. */
static sy_status infer_parts(sy_net_call *call, cut *state, const int64_t *item, sy_error *err) {
    int64_t all = call->in[0].dim[state->axis], parts = call->n_out;
    bool has_count = sy_net_attr_find(call->node, "num_outputs") != NULL;
    int64_t each = parts > 0 ? all / parts + (all % parts != 0) : 0, rest = all;
    if (item == NULL && ((!has_count && all % parts != 0) || each * (parts - 1) > all))
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "%lld cannot be divided into %lld parts",
            (long long)all, (long long)parts);
    for (uint32_t i = 0; i < call->n_out; i++) {
        int64_t part = item != NULL ? item[i] : each < rest ? each : rest;
        if (part < 0 || part > rest)
            return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "part %u is %lld of %lld that are left",
                i, (long long)part, (long long)rest);
        state->at[i] = all - rest;
        rest -= part;
        sy_net_shape_like(&call->out[i], &call->in[0]);
        call->out[i].dim[state->axis] = part;
    }
    return rest == 0 ? SY_OK
                     : sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "the parts leave %lld of %lld over",
                           (long long)rest, (long long)all);
}

static sy_status infer_split(sy_net_call *call, sy_error *err) {
    cut *state = NULL;
    int64_t item[SY_NET_MAX_PORTS];
    size_t count = 0;
    sy_status status = find_axis(call, 0, &state, err);
    if (status != SY_OK)
        return status;
    const int64_t *list = sy_net_attr_ints(call->node, "split", &count);
    if (sy_net_call_has(call, 1)) {
        status = sy_net_call_ints(call, 1, item, SY_NET_MAX_PORTS, &count, err);
        list = item;
    }
    if (status != SY_OK)
        return status;
    if (list != NULL && count != call->n_out)
        return sy_net_call_fail(
            call, SY_INVALID_ARGUMENT, err, "%zu parts for %u outputs", count, call->n_out);
    return infer_parts(call, state, list, err);
}

static sy_status run_split(const sy_net_call *call, sy_error *err) {
    const cut *state = call->state;
    (void)err;
    for (uint32_t i = 0; i < call->n_out; i++)
        if (call->out[i].data != NULL)
            copy_part(call, &call->out[i], &call->in[0], state->at[i], false);
    return SY_OK;
}

static const sy_net_op row[] = {
    {"Concat", "", 1, 0, SY_NET_OP_CHANNELS_LAST, 1, SY_NET_MAX_PORTS, 1, 1, infer_concat, NULL, run_concat},
    {"Split", "", 1, 0, SY_NET_OP_CHANNELS_LAST, 1, 2, 1, SY_NET_MAX_PORTS, infer_split, NULL, run_split},
};
const sy_net_family sy_net_family_concat = {row, sizeof row / sizeof row[0]};
