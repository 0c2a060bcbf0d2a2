#include <string.h>

#include "tests/vendor_sim/cuda_family/dnn.h"

void dnn_strides(uint32_t layout, const int64_t dim[4], int64_t out_stride[4]) {
    bool is_last = layout == DNN_LAST;
    out_stride[0] = dim[1] * dim[2] * dim[3];
    out_stride[1] = is_last ? 1 : dim[2] * dim[3];
    out_stride[2] = is_last ? dim[3] * dim[1] : dim[3];
    out_stride[3] = is_last ? dim[1] : 1;
}

bool dnn_lies(const dnn_tensor *tensor, uint32_t layout) {
    int64_t stride[4];
    dnn_strides(layout, tensor->dim, stride);
    for (int i = 0; i < 4; i++)
        if (tensor->dim[i] > 1 && tensor->stride[i] != stride[i])
            return false;
    return true;
}

bool dnn_problem_of(void *x, void *w, void *conv, void *y, dnn_problem *out) {
    *out = (dnn_problem){sim_handle_get(x, DNN_TENSOR), sim_handle_get(y, DNN_TENSOR),
        sim_handle_get(w, DNN_FILTER), sim_handle_get(conv, DNN_CONV)};
    return out->x != NULL && out->y != NULL && out->w != NULL && out->conv != NULL &&
           out->x->dtype != SY_DTYPE_NONE && out->y->dtype != SY_DTYPE_NONE &&
           out->w->dtype != SY_DTYPE_NONE && out->conv->is_set;
}

bool dnn_output(const dnn_tensor *x, const dnn_filter *w, const dnn_conv *conv, int64_t out_dim[4]) {
    if (x->dim[1] != w->dim[1] * conv->groups || w->dim[0] % conv->groups != 0)
        return false;
    out_dim[0] = x->dim[0];
    out_dim[1] = w->dim[0];
    for (int i = 0; i < 2; i++) {
        int64_t window = (w->dim[2 + i] - 1) * conv->dilation[i] + 1;
        int64_t room = x->dim[2 + i] + 2 * conv->pad[i] - window;
        if (room < 0)
            return false;
        out_dim[2 + i] = room / conv->stride[i] + 1;
    }
    return true;
}

/* Channels of integers go by fours, and last. */
static bool go_together_s8(const dnn_problem *problem) {
    uint32_t y = problem->y->dtype;
    return problem->w->dtype == SY_S8 && (y == SY_S8 || y == SY_F32) && problem->conv->compute == SY_S32 &&
           problem->w->layout == DNN_LAST && problem->x->dim[1] % 4 == 0 && problem->w->dim[0] % 4 == 0;
}

static bool go_together(const dnn_problem *problem) {
    uint32_t x = problem->x->dtype, compute = problem->conv->compute;
    bool is_last = problem->w->layout == DNN_LAST;
    bool is_laid_right = is_last ? dnn_lies(problem->x, DNN_LAST) && dnn_lies(problem->y, DNN_LAST)
                                 : dnn_lies(problem->x, DNN_FIRST) && dnn_lies(problem->y, DNN_FIRST);
    if (!is_laid_right || is_refused("dnn_refuse", x))
        return false;
    if (x == SY_S8)
        return go_together_s8(problem);
    if (x != problem->w->dtype || x != problem->y->dtype)
        return false;
    switch (x) {
    case SY_F64: return compute == SY_F64 && !is_last;
    case SY_F32: return compute == SY_F32;
    case SY_F16: return compute == SY_F32 || compute == SY_F16;
    case SY_BF16: return compute == SY_F32;
    default: return false;
    }
}

static void lay(const dnn_problem *problem, sim_conv *out) {
    const dnn_conv *conv = problem->conv;
    const int64_t *x = problem->x->dim, *w = problem->w->dim, *y = problem->y->dim;
    *out = (sim_conv){.n = x[0],
        .c = x[1],
        .h = x[2],
        .w = x[3],
        .k = w[0],
        .r = w[2],
        .s = w[3],
        .p = y[2],
        .q = y[3],
        .stride = {conv->stride[0], conv->stride[1]},
        .dilation = {conv->dilation[0], conv->dilation[1]},
        .pad = {conv->pad[0], conv->pad[1]},
        .groups = conv->groups,
        .x = {.dtype = problem->x->dtype},
        .filter = {.dtype = problem->w->dtype},
        .y = {.dtype = problem->y->dtype},
        .alpha = 1,
        .flips = conv->flips};
    memcpy(out->x.stride, problem->x->stride, sizeof out->x.stride);
    memcpy(out->y.stride, problem->y->stride, sizeof out->y.stride);
    dnn_strides(problem->w->layout, w, out->filter.stride);
}

/* Where the default may be tf32, only the way without tensor units is not. */
static uint32_t rounding_of(const dnn_problem *problem) {
    if (problem->x->dtype != SY_F32)
        return SIM_ROUND_NONE;
    int math = problem->conv->math;
    if (family_number("dnn.default_tf32") == 1)
        return math == family_number("dnn.fma") ? SIM_ROUND_NONE : SIM_ROUND_TF32;
    return math == 2 ? SIM_ROUND_F16 : SIM_ROUND_NONE;
}

verdict dnn_check(const dnn_problem *problem, sim_conv *out) {
    int64_t y[4];
    if (!dnn_output(problem->x, problem->w, problem->conv, y) || memcmp(y, problem->y->dim, sizeof y) != 0)
        return VERDICT_INVALID;
    if (!go_together(problem))
        return VERDICT_UNSUPPORTED;
    lay(problem, out);
    out->rounding = rounding_of(problem);
    return VERDICT_OK;
}

verdict dnn_check_algorithm(const dnn_problem *problem, int algorithm, uint64_t *out_workspace) {
    const dnn_conv *conv = problem->conv;
    const int64_t *w = problem->w->dim, *y = problem->y->dim;
    bool is_unit =
        conv->stride[0] == 1 && conv->stride[1] == 1 && conv->dilation[0] == 1 && conv->dilation[1] == 1;
    bool is_3x3 = w[2] == 3 && w[3] == 3 && is_unit;
    bool is_plain = problem->w->layout == DNN_FIRST && conv->groups == 1;
    uint64_t window = (uint64_t)(w[1] * w[2] * w[3]), image = (uint64_t)(y[2] * y[3]);
    bool is_there = true;
    *out_workspace = 0;
    switch (algorithm) {
    case 0: is_there = problem->x->dtype != SY_S8; break;
    case 1: *out_workspace = (window * 8 + 255) / 256 * 256; break;
    case 2:
        is_there = is_plain;
        *out_workspace = window * image * sy_dtype_size(problem->x->dtype);
        break;
    case 4:
        is_there = is_plain && is_unit;
        *out_workspace = (window + image) * 64;
        break;
    case 5:
        is_there = is_plain && is_unit;
        *out_workspace = window * 4096;
        break;
    case 6: is_there = is_plain && is_3x3; break;
    case 7:
        is_there = is_plain && is_3x3;
        *out_workspace = (uint64_t)(w[0] * w[1]) * 36 * 4;
        break;
    default: is_there = false;
    }
    return algorithm < 0 || algorithm >= DNN_ALGORITHMS ? VERDICT_INVALID
           : is_there                                   ? VERDICT_OK
                                                        : VERDICT_UNSUPPORTED;
}

verdict dnn_queue_of(const dnn_handle *handle, family_queue *out_queue) {
    const blas_handle at = {.device = handle->device, .stream = handle->stream};
    return blas_queue_of(&at, out_queue);
}

bool dnn_find(int device, const void *address, const int64_t dim[4], sim_tensor *tensor) {
    return family_operand(device, address, sim_extent(tensor->dtype, 4, dim, tensor->stride), &tensor->data);
}
