/* From tensors to images in one of two orders. */
#include "runtime/card/convolution.h"

#include "runtime/base/error.h"
#include "steelyard/backend.h"

/* Strides of dimensions of extent 1 say nothing. */
static bool lies(const sy_tensor *tensor, bool is_last) {
    const uint32_t first[] = {0, 1, 2, 3}, last[] = {0, 2, 3, 1};
    const uint32_t *order = is_last ? last : first;
    int64_t step = 1;
    if (tensor->layout != SY_LAYOUT_STRIDED || tensor->rank != 4)
        return false;
    for (uint32_t i = 4; i-- > 0;) {
        if (tensor->dim[order[i]] > 1 && tensor->stride[order[i]] != step)
            return false;
        step *= tensor->dim[order[i]] > 0 ? tensor->dim[order[i]] : 1;
    }
    return true;
}

static void pack(sy_tensor *tensor, bool is_last) {
    const uint32_t first[] = {0, 1, 2, 3}, last[] = {0, 2, 3, 1};
    const uint32_t *order = is_last ? last : first;
    int64_t step = 1;
    tensor->layout = SY_LAYOUT_STRIDED;
    for (uint32_t i = 4; i-- > 0;) {
        tensor->stride[order[i]] = step;
        step *= tensor->dim[order[i]] > 0 ? tensor->dim[order[i]] : 1;
    }
}

/* Images: input, output, and what is added to the output. */
static bool is_image(const sy_task *task, uint32_t index) {
    return sy_task_is_image(task, index) && !sy_task_tensor_is_absent(&task->tensor[index]);
}

bool sy_card_convolution_may_be(const sy_task *task, bool is_nhwc) {
    for (uint32_t i = 0; i < task->n_in + task->n_out; i++)
        if (is_image(task, i) && task->tensor[i].layout != SY_LAYOUT_ANY && !lies(&task->tensor[i], is_nhwc))
            return false;
    return true;
}

sy_status sy_card_convolution_want(sy_task *task, bool is_nhwc, uint32_t *layout, sy_error *err) {
    uint32_t wanted = is_nhwc ? SY_LAYOUT_CHANNELS_LAST : SY_LAYOUT_CHANNELS_FIRST;
    sy_tensor *weights = &task->tensor[1];
    if (!sy_card_convolution_may_be(task, is_nhwc))
        return sy_error_set(
            err, SY_UNSUPPORTED, "the images do not lie channels %s", is_nhwc ? "last" : "first");
    for (uint32_t i = 0; i < task->n_in + task->n_out; i++) {
        bool is_open = layout[i] == SY_LAYOUT_ANY;
        if (is_open && task->tensor[i].rank == 4) {
            layout[i] = wanted;
            pack(&task->tensor[i], is_nhwc);
        } else if (is_open) {
            layout[i] = SY_LAYOUT_STRIDED;
        }
    }
    if (weights->rank == 4 && !lies(weights, is_nhwc)) {
        if ((weights->flags & SY_TENSOR_CONST) == 0)
            return sy_error_set(err, SY_UNSUPPORTED, "weights that change do not lie channels %s",
                is_nhwc ? "last" : "first");
        layout[1] = wanted;
        pack(weights, is_nhwc);
    }
    sy_task_settle(task);
    return SY_OK;
}

static sy_status check_extents(const sy_task *task, sy_card_convolution *conv, sy_error *err) {
    const sy_tensor *x = &task->tensor[0], *w = &task->tensor[1], *y = sy_task_output(task, 0);
    bool is_right = x->rank == 4 && w->rank == 4 && y->rank == 4 && conv->groups > 0 &&
                    x->dim[1] == w->dim[1] * conv->groups && y->dim[0] == x->dim[0] &&
                    y->dim[1] == w->dim[0] && w->dim[0] % conv->groups == 0;
    for (uint32_t i = 0; is_right && i < 2; i++) {
        int64_t window = (w->dim[2 + i] - 1) * conv->dilation[i] + 1;
        int64_t padded = x->dim[2 + i] + conv->pad_lo[i] + conv->pad_hi[i];
        is_right = conv->stride[i] > 0 && conv->dilation[i] > 0 && w->dim[2 + i] > 0 && padded >= window &&
                   y->dim[2 + i] == (padded - window) / conv->stride[i] + 1;
    }
    return is_right ? SY_OK
                    : sy_error_set(err, SY_INVALID_ARGUMENT,
                          "conv wants X[n,c,h,w], W[k,c/groups,r,s] and the Y[n,k,p,q] that follows");
}

static void read_extents(const sy_task *task, sy_card_convolution *conv) {
    const sy_tensor *x = &task->tensor[0], *w = &task->tensor[1], *y = sy_task_output(task, 0);
    conv->n = x->dim[0];
    conv->c = x->dim[1];
    conv->h = x->dim[2];
    conv->w = x->dim[3];
    conv->k = w->dim[0];
    conv->r = w->dim[2];
    conv->s = w->dim[3];
    conv->p = y->dim[2];
    conv->q = y->dim[3];
    conv->x_dtype = x->dtype;
    conv->w_dtype = w->dtype;
    conv->y_dtype = y->dtype;
}

static sy_status read_order(const sy_task *task, sy_card_convolution *conv, sy_error *err) {
    const sy_tensor *weights = &task->tensor[1];
    for (uint32_t last = 2; last-- > 0;) {
        conv->is_nhwc = last == 1;
        if (sy_card_convolution_may_be(task, conv->is_nhwc) && lies(weights, conv->is_nhwc))
            return SY_OK;
    }
    return sy_error_set(
        err, SY_UNSUPPORTED, "images and weights lie neither channels first nor channels last throughout");
}

sy_status sy_card_convolution_read(const sy_task *task, sy_card_convolution *out_convolution, sy_error *err) {
    const sy_conv_attr *attr = &task->attr.conv;
    sy_card_convolution conv = {.groups = attr->groups};
    if (attr->spatial != 2 || attr->transposed != 0)
        return sy_error_set(err, SY_UNSUPPORTED, "convolutions of two dimensions, not transposed ones");
    for (uint32_t i = 0; i < 2; i++) {
        conv.stride[i] = attr->stride[i];
        conv.dilation[i] = attr->dilation[i];
        conv.pad_lo[i] = attr->pad_lo[i];
        conv.pad_hi[i] = attr->pad_hi[i];
    }
    sy_status status = check_extents(task, &conv, err);
    if (status != SY_OK)
        return status;
    read_extents(task, &conv);
    status = read_order(task, &conv, err);
    if (status == SY_OK)
        status = sy_card_epilogue_read(task, &conv.epilogue, err);
    *out_convolution = conv;
    return status;
}
