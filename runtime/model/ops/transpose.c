/* Transpose, DepthToSpace, SpaceToDepth: dimensions in another order. */
#include <string.h>

#include "runtime/model/ops/box.h"
#include "runtime/model/ops/families.h"
#include "runtime/model/ops/list.h"

static sy_status run(const sy_net_call *call, sy_error *err) {
    (void)err;
    sy_net_box_copy(
        call->state, sy_net_dtype_size(call->in[0].dtype), call->in[0].data, call->out[0].data, call->team);
    return SY_OK;
}

static sy_status need_known(const sy_net_call *call, sy_error *err) {
    if (sy_net_is_known(&call->in[0]) && sy_net_dtype_size(call->in[0].dtype) > 0)
        return SY_OK;
    return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "type or extents of input 0 are not known");
}

/* The order of dimensions; without one: reversed. */
static sy_status find_order(
    sy_net_call *call, uint32_t rank, uint32_t order[SY_NET_MAX_RANK], sy_error *err) {
    sy_net_list list = {0};
    if (sy_net_attr_find(call->node, "perm") == NULL) {
        for (uint32_t i = 0; i < rank; i++)
            order[i] = rank - 1 - i;
        return SY_OK;
    }
    sy_status status = sy_net_call_list(call, SY_NET_MAX_PORTS, "perm", &list, err);
    if (status != SY_OK)
        return status;
    if (list.count != rank)
        return sy_net_call_fail(
            call, SY_INVALID_ARGUMENT, err, "perm has %zu numbers, the input rank %u", list.count, rank);
    return sy_net_call_axes(call, &list, rank, order, err);
}

static sy_status infer_transpose(sy_net_call *call, sy_error *err) {
    const sy_net_tensor *in = &call->in[0];
    sy_net_tensor *out = &call->out[0];
    uint32_t order[SY_NET_MAX_RANK];
    int64_t from[SY_NET_MAX_RANK], to[SY_NET_MAX_RANK];
    sy_status status = need_known(call, err);
    if (status == SY_OK)
        status = find_order(call, in->rank, order, err);
    sy_net_box *box = status == SY_OK ? sy_net_call_state(call, sizeof *box, err) : NULL;
    if (box == NULL)
        return status != SY_OK ? status : SY_OUT_OF_MEMORY;
    out->dtype = in->dtype;
    out->rank = in->rank;
    for (uint32_t i = 0; i < in->rank; i++)
        out->dim[i] = in->dim[order[i]];
    sy_net_strides(in, from);
    sy_net_strides(out, to);
    for (uint32_t i = 0; i < in->rank; i++)
        sy_net_box_add(box, out->dim[i], from[order[i]], to[i]);
    return SY_OK;
}

/* Blocks of N C H W: the extents of the result, and the block. */
static sy_status infer_blocks(sy_net_call *call, int64_t *block, bool is_to_depth, sy_error *err) {
    const sy_net_tensor *in = &call->in[0];
    sy_net_tensor *out = &call->out[0];
    sy_status status = need_known(call, err);
    if (status == SY_OK)
        status = sy_net_call_rank(call, 0, 4, 4, err);
    if (status != SY_OK)
        return status;
    *block = sy_net_attr_int(call->node, "blocksize", 0);
    if (*block < 1 || *block > 32768)
        return sy_net_call_fail(
            call, SY_INVALID_ARGUMENT, err, "blocksize is %lld, must be 1 to 32768", (long long)*block);
    int64_t area = *block * *block;
    if (is_to_depth ? in->dim[2] % *block != 0 || in->dim[3] % *block != 0 : in->dim[1] % area != 0)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err,
            "extents cannot be divided into blocks of %lld", (long long)*block);
    *out = (sy_net_tensor){.dtype = in->dtype, .rank = 4, .dim = {in->dim[0]}};
    for (uint32_t i = 2; i < 4; i++)
        if (__builtin_mul_overflow(in->dim[i], *block, &out->dim[i]))
            return sy_net_call_fail(call, SY_OVERFLOW, err, "an extent beyond what is countable");
    out->dim[1] = in->dim[1] / area;
    if (is_to_depth) {
        if (__builtin_mul_overflow(in->dim[1], area, &out->dim[1]))
            return sy_net_call_fail(call, SY_OVERFLOW, err, "an extent beyond what is countable");
        out->dim[2] = in->dim[2] / *block;
        out->dim[3] = in->dim[3] / *block;
    }
    return SY_OK;
}

/*
 * Between deep (N, C * block * block, H, W) and wide (N, C, H * block, W * block): what the six dimensions
 * n c h y w x are on each side. Depth is counted y x c, or c y x in the mode CRD.
 */
static void set_blocks(
    sy_net_box *box, const sy_net_tensor *deep, int64_t block, bool is_crd, bool is_to_depth) {
    int64_t channels = deep->dim[1] / (block * block), height = deep->dim[2], width = deep->dim[3];
    int64_t plane = height * width, per_c = is_crd ? block * block * plane : plane;
    int64_t per_x = is_crd ? plane : channels * plane;
    int64_t row = width * block, all = deep->dim[1] * plane;
    int64_t dim[6] = {deep->dim[0], channels, height, block, width, block};
    int64_t in_deep[6] = {all, per_c, width, per_x * block, 1, per_x};
    int64_t in_wide[6] = {all, height * block * row, block * row, row, block, 1};
    for (uint32_t i = 0; i < 6; i++)
        sy_net_box_add(
            box, dim[i], is_to_depth ? in_wide[i] : in_deep[i], is_to_depth ? in_deep[i] : in_wide[i]);
}

static sy_status infer_any_blocks(sy_net_call *call, bool is_to_depth, sy_error *err) {
    int64_t block = 0;
    const char *mode = sy_net_attr_text(call->node, "mode", "DCR");
    sy_status status = infer_blocks(call, &block, is_to_depth, err);
    if (status == SY_OK)
        status = sy_net_tensor_check(&call->out[0], err);
    if (status == SY_OK && strcmp(mode, "DCR") != 0 && strcmp(mode, "CRD") != 0)
        return sy_net_call_fail(call, SY_INVALID_ARGUMENT, err, "mode is '%.40s', must be DCR or CRD", mode);
    sy_net_box *box = status == SY_OK ? sy_net_call_state(call, sizeof *box, err) : NULL;
    if (box == NULL)
        return status != SY_OK ? status : SY_OUT_OF_MEMORY;
    bool is_crd = strcmp(mode, "CRD") == 0;
    set_blocks(box, is_to_depth ? &call->out[0] : &call->in[0], block, is_crd, is_to_depth);
    return SY_OK;
}

static sy_status infer_to_space(sy_net_call *call, sy_error *err) {
    return infer_any_blocks(call, false, err);
}

static sy_status infer_to_depth(sy_net_call *call, sy_error *err) {
    return infer_any_blocks(call, true, err);
}

static const sy_net_op row[] = {
    {"Transpose", "", 1, 0, 0, 1, 1, 1, 1, infer_transpose, NULL, run},
    {"DepthToSpace", "", 1, 0, 0, 1, 1, 1, 1, infer_to_space, NULL, run},
    {"SpaceToDepth", "", 1, 0, 0, 1, 1, 1, 1, infer_to_depth, NULL, run},
};
const sy_net_family sy_net_family_transpose = {row, sizeof row / sizeof row[0]};
