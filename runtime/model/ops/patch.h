/* The pixels under windows as the B of a product (product.h): rows are channel and tap, columns output
 * pixels. */
#ifndef RUNTIME_MODEL_OPS_PATCH_H
#define RUNTIME_MODEL_OPS_PATCH_H

#include "runtime/model/ops/product.h"
#include "runtime/model/ops/window.h"

/**
 * What the gathering functions take as their argument: first member of what the product's callbacks get.
 *
 * channels   of a group; products are numbered image by image, in each group by group.
 * is_turned  of a transposed convolution: an output pixel meets tap t at input (o + lo - t * dilation) /
 *            stride where that is whole.
 * x          elements: f32, or bytes (x_dtype SY_U8, SY_S8) that `zero` is subtracted from.
 */
typedef struct sy_net_patch {
    const sy_net_window *window;
    sy_net_image image;
    int64_t groups, channels;
    bool is_turned;
    const void *x;
    uint32_t x_dtype;
    int32_t zero;
} sy_net_patch;

/** As sy_net_gather_fn; arg: sy_net_patch. Padding is 0. */
void sy_net_patch_f32(const void *arg, const sy_net_part *part, void *panel);
void sy_net_patch_s16(const void *arg, const sy_net_part *part, void *panel);

#endif
