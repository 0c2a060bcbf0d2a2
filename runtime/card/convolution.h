/* A conv task as libraries of cards take it: two spatial dimensions, images dense in one of two orders. */
#ifndef RUNTIME_CARD_CONVOLUTION_H
#define RUNTIME_CARD_CONVOLUTION_H

#include "runtime/card/product.h"

/** Index 0 is the vertical dimension. x, w, y: types. is_nhwc: images and weights (KRSC) are channels last;
 * otherwise both are channels first (KCRS). */
typedef struct sy_card_convolution {
    int64_t n, c, h, w, k, r, s, p, q, groups;
    int64_t stride[2], dilation[2], pad_lo[2], pad_hi[2];
    uint32_t x_dtype, w_dtype, y_dtype;
    bool is_nhwc;
    sy_card_epilogue epilogue;
} sy_card_convolution;

/**
 * Layouts of a conv task for a library that takes one order: fills `layout` (preset with the tensors' own)
 * with what is wanted of open tensors and constant weights, and gives `task` those layouts. Errors:
 * SY_UNSUPPORTED: an image or dynamic weights are fixed to another order.
 */
sy_status sy_card_convolution_want(sy_task *task, bool is_nhwc, uint32_t *layout, sy_error *err);

/**
 * Read a conv task with resolved layouts. Errors: SY_INVALID_ARGUMENT: extents do not go together;
 * SY_UNSUPPORTED: not two spatial dimensions, transposed, neither order, or posts that are not fused.
 */
sy_status sy_card_convolution_read(const sy_task *task, sy_card_convolution *out_convolution, sy_error *err);

/** Whether the images of a task may lie in this order: open ones may. */
bool sy_card_convolution_may_be(const sy_task *task, bool is_nhwc);

#endif
