/* Resize and Upsample: attributes and extents. */
#include "runtime/model/ops/resize.h"

#include <math.h>
#include <string.h>

#include "runtime/model/ops/families.h"
#include "runtime/model/ops/list.h"

/* What a node says of its dimensions; `axis` are those it names, all without. */
typedef struct wish {
    uint32_t count, axis[SY_NET_MAX_RANK];
    bool has_scales, has_sizes, has_part;
    double scale[SY_NET_MAX_RANK], part[2 * SY_NET_MAX_RANK];
    int64_t size[SY_NET_MAX_RANK];
} wish;

static sy_status find_word(const sy_net_call *call, const char *name, const char *otherwise,
    const char *const *word, size_t count, uint32_t *out, sy_error *err) {
    const char *text = sy_net_attr_text(call->node, name, otherwise);
    for (size_t i = 0; i < count; i++)
        if (strcmp(text, word[i]) == 0) {
            *out = (uint32_t)i;
            return SY_OK;
        }
    return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "%s is '%.40s', which is not known", name, text);
}

static sy_status find_rule(const sy_net_call *call, bool is_old, sy_net_resize_rule *rule, sy_error *err) {
    static const char *const mode[] = {"nearest", "linear", "cubic", "bilinear"};
    static const char *const coordinate[] = {"half_pixel", "pytorch_half_pixel", "align_corners",
        "asymmetric", "tf_half_pixel_for_nn", "tf_crop_and_resize", "half_pixel_symmetric"};
    static const char *const rounding[] = {"round_prefer_floor", "round_prefer_ceil", "floor", "ceil"};
    const sy_net_node *node = call->node;
    uint32_t m = 0, c = SY_NET_ASYMMETRIC, r = SY_NET_ROUND_SIMPLE;
    sy_status status = find_word(call, "mode", "nearest", mode, is_old ? 4 : 3, &m, err);
    if (status == SY_OK && !is_old)
        status = find_word(call, "coordinate_transformation_mode", "half_pixel", coordinate, 7, &c, err);
    if (status == SY_OK && !is_old)
        status = find_word(call, "nearest_mode", "round_prefer_floor", rounding, 4, &r, err);
    *rule = (sy_net_resize_rule){.mode = m == 3 ? SY_NET_RESIZE_LINEAR : (sy_net_resize_mode)m,
        .coordinate = (sy_net_resize_coordinate)c,
        .rounding = (sy_net_resize_rounding)r,
        .cubic_a = sy_net_attr_float(node, "cubic_coeff_a", -0.75f),
        .extrapolation = sy_net_attr_float(node, "extrapolation_value", 0),
        .is_antialias = sy_net_attr_int(node, "antialias", 0) != 0 && m != SY_NET_RESIZE_NEAREST,
        .exclude_outside = sy_net_attr_int(node, "exclude_outside", 0) != 0};
    return status;
}

/* Numbers of an input that decides extents, or the part that is taken. */
static sy_status take_numbers(
    const sy_net_call *call, uint32_t index, size_t wanted, double *out, bool *out_has, sy_error *err) {
    *out_has = false;
    if (!sy_net_call_has(call, index) || sy_net_elements(&call->in[index]) == 0)
        return SY_OK;
    const sy_net_tensor *in = &call->in[index];
    if (in->rank > 1 || sy_net_elements(in) != (int64_t)wanted)
        return sy_net_call_fail(
            call, SY_INVALID_ARGUMENT, err, "input %u must have %zu numbers", index, wanted);
    if (in->data == NULL)
        return sy_net_call_fail(call, SY_UNAVAILABLE, err,
            "input %u decides extents: its value has to be known when the network is compiled", index);
    for (size_t i = 0; i < wanted; i++)
        out[i] = sy_net_get(in, (int64_t)i);
    *out_has = true;
    return SY_OK;
}

/* Upsample up to opset 8 has its scales in an attribute. */
static sy_status take_attribute(const sy_net_call *call, wish *of, sy_error *err) {
    const sy_net_attr *attr = sy_net_attr_find(call->node, "scales");
    if (attr == NULL || attr->kind != SY_NET_FLOATS || attr->count != of->count)
        return sy_net_call_fail(
            call, SY_INVALID_ARGUMENT, err, "attribute scales must have %u numbers", of->count);
    for (uint32_t i = 0; i < of->count; i++)
        of->scale[i] = (double)attr->f[i];
    of->has_scales = true;
    return SY_OK;
}

static sy_status take_axes(const sy_net_call *call, wish *of, sy_error *err) {
    sy_net_list list;
    uint32_t rank = call->in[0].rank;
    sy_status status = sy_net_call_list(call, SY_NET_MAX_PORTS, "axes", &list, err);
    for (uint32_t i = 0; i < rank && status == SY_OK && !list.has; i++)
        list.item[list.count++] = (int64_t)i;
    of->count = (uint32_t)list.count;
    return status == SY_OK ? sy_net_call_axes(call, &list, rank, of->axis, err) : status;
}

static sy_status take_wish(const sy_net_call *call, bool is_old, wish *of, sy_error *err) {
    double size[SY_NET_MAX_RANK];
    bool is_attribute = is_old && call->n_in < 2;
    sy_status status = take_axes(call, of, err);
    if (status == SY_OK && is_attribute)
        return take_attribute(call, of, err);
    if (status == SY_OK)
        status = take_numbers(call, is_old ? 1 : 2, of->count, of->scale, &of->has_scales, err);
    if (status == SY_OK && !is_old)
        status = take_numbers(call, 1, (size_t)of->count * 2, of->part, &of->has_part, err);
    if (status == SY_OK && !is_old)
        status = take_numbers(call, 3, of->count, size, &of->has_sizes, err);
    if (status != SY_OK)
        return status;
    if (of->has_scales == of->has_sizes)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "it needs either scales or sizes");
    for (uint32_t i = 0; i < of->count && of->has_sizes; i++) {
        if (!(size[i] >= 0 && size[i] <= (double)SY_NET_TENSOR_BYTES_MAX))
            return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "size %u is %.0f", i, size[i]);
        of->size[i] = (int64_t)size[i];
    }
    return SY_OK;
}

/* One scale for all dimensions, from the sizes. */
static sy_status keep_ratio(const sy_net_call *call, wish *of, bool *out_kept, sy_error *err) {
    static const char *const word[] = {"stretch", "not_larger", "not_smaller"};
    uint32_t policy = 0;
    sy_status status = find_word(call, "keep_aspect_ratio_policy", "stretch", word, 3, &policy, err);
    *out_kept = policy != 0 && of->has_sizes;
    double all = 0;
    for (uint32_t i = 0; i < of->count && *out_kept; i++) {
        double scale = (double)of->size[i] / (double)call->in[0].dim[of->axis[i]];
        bool is_better = policy == 1 ? scale < all : scale > all;
        all = i == 0 || is_better ? scale : all;
    }
    for (uint32_t i = 0; i < of->count && *out_kept; i++)
        of->scale[i] = all;
    return status;
}

static sy_status set_axes(sy_net_call *call, sy_net_resize *state, wish *of, sy_error *err) {
    sy_net_tensor *out = &call->out[0];
    bool is_kept = false;
    sy_status status = keep_ratio(call, of, &is_kept, err);
    for (uint32_t i = 0; i < out->rank; i++)
        state->axis[i] = (sy_net_resize_axis){.in = out->dim[i], .out = out->dim[i], .scale = 1, .end = 1};
    for (uint32_t i = 0; i < of->count && status == SY_OK; i++) {
        sy_net_resize_axis *axis = &state->axis[of->axis[i]];
        double in = (double)axis->in;
        bool is_scaled = of->has_scales || is_kept;
        axis->scale = is_scaled ? of->scale[i] : in > 0 ? (double)of->size[i] / in : 1;
        double length = is_kept ? floor(axis->scale * in + 0.5) : floor(axis->scale * in);
        if (!(of->has_sizes && !is_kept ? true
                                        : axis->scale > 0 && length <= (double)SY_NET_TENSOR_BYTES_MAX))
            return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "scale %u is %g", i, axis->scale);
        axis->out = is_scaled ? (int64_t)length : of->size[i];
        axis->begin = of->has_part ? of->part[i] : 0;
        axis->end = of->has_part ? of->part[of->count + i] : 1;
        out->dim[of->axis[i]] = axis->out;
    }
    if (status == SY_OK && sy_net_tensor_check(out, err) != SY_OK)
        return sy_net_call_fail(call, SY_OVERFLOW, err, "extents too large");
    return status;
}

static sy_status infer(sy_net_call *call, sy_error *err) {
    const sy_net_tensor *in = &call->in[0];
    bool is_old = call->node->opset < 11 || strcmp(call->node->op->name, "Upsample") == 0;
    wish of = {0};
    if (!sy_net_is_known(in) || sy_net_dtype_size(in->dtype) == 0 || in->rank == 0)
        return sy_net_call_fail(
            call, SY_INVALID_ARGUMENT, err, "input 0 must be of known type and extents, and no scalar");
    sy_net_resize *state = sy_net_call_state(call, sizeof *state, err);
    if (state == NULL)
        return SY_OUT_OF_MEMORY;
    sy_net_shape_like(&call->out[0], in);
    sy_status status = find_rule(call, is_old, &state->rule, err);
    if (status == SY_OK)
        status = take_wish(call, is_old, &of, err);
    if (status == SY_OK)
        status = set_axes(call, state, &of, err);
    bool is_empty = status == SY_OK && sy_net_elements(&call->out[0]) == 0;
    for (uint32_t i = 0; i < in->rank && status == SY_OK && !is_empty; i++)
        status = sy_net_resize_plan(call, &state->rule, &state->axis[i], err);
    return status;
}

#define RESIZE infer, sy_net_resize_scratch, sy_net_resize_run

static const sy_net_op row[] = {
    {"Upsample", "", 7, 8, SY_NET_OP_CHANNELS_LAST, 1, 1, 1, 1, RESIZE},
    {"Upsample", "", 9, 0, SY_NET_OP_CHANNELS_LAST, 2, 2, 1, 1, RESIZE},
    {"Resize", "", 10, 10, SY_NET_OP_CHANNELS_LAST, 2, 2, 1, 1, RESIZE},
    {"Resize", "", 11, 0, SY_NET_OP_CHANNELS_LAST, 1, 4, 1, 1, RESIZE},
};
const sy_net_family sy_net_family_resize = {row, sizeof row / sizeof row[0]};
