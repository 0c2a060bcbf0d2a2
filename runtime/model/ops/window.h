/*
 * Windows that slide over images: what Conv, ConvTranspose and pools share. Attributes are read and checked
 * here; all arithmetic on extents is safe for any attribute.
 */
#ifndef RUNTIME_MODEL_OPS_WINDOW_H
#define RUNTIME_MODEL_OPS_WINDOW_H

#include "runtime/model/ops/image.h"
#include "runtime/model/ops/op.h"

/** How extents of the padding are given. */
enum { SY_NET_PAD_GIVEN = 0, SY_NET_PAD_SAME_UPPER = 1, SY_NET_PAD_SAME_LOWER = 2, SY_NET_PAD_VALID = 3 };

/**
 * A window over `spatial` dimensions; entries are aligned to the right, the missing ones are 1 (padding: 0).
 * in, out: extents of the images. lo, hi: padding before and after. Output position p reads
 * p * stride - lo + t * dilation for t < kernel (a transposed convolution the other way round).
 */
typedef struct sy_net_window {
    uint32_t spatial, auto_pad;
    int64_t in[SY_NET_SPATIAL], out[SY_NET_SPATIAL], kernel[SY_NET_SPATIAL];
    int64_t stride[SY_NET_SPATIAL], dilation[SY_NET_SPATIAL], lo[SY_NET_SPATIAL], hi[SY_NET_SPATIAL];
} sy_net_window;

/** Largest kernel, stride, dilation and padding. */
#define SY_NET_WINDOW_MAX INT64_C(0x7fffffff)

/**
 * Attributes kernel_shape, strides, dilations, pads and auto_pad, and the extents of `x`, of known shape.
 * weight  whose extents from dim[2] on are the kernel (kernel_shape must agree); NULL: kernel_shape is
 *         needed.
 * Errors  SY_INVALID_ARGUMENT: a count, an extent, a stride, a dilation or a padding that cannot be;
 *         SY_UNSUPPORTED: more than three spatial dimensions.
 */
sy_status sy_net_window_read(const sy_net_call *call, const sy_net_tensor *x, const sy_net_tensor *weight,
    sy_net_window *out_window, sy_error *err);

/** An attribute of `wanted` integers, each `lowest` to SY_NET_WINDOW_MAX, into `to`, which stays if the node
 * has none (*out_has; may be NULL). SY_INVALID_ARGUMENT. */
sy_status sy_net_window_list(const sy_net_call *call, const char *name, int64_t lowest, size_t wanted,
    int64_t *to, bool *out_has, sy_error *err);

/** Taps of a window: of one that images of a product's operands or weights have, or is known to be small. */
int64_t sy_net_window_size(const sy_net_window *window);

/** What the window covers of dimension `axis`: below 2^62 + 1. */
int64_t sy_net_window_span(const sy_net_window *window, uint32_t axis);

/**
 * Output extents of a convolution or pool, and the padding that auto_pad asks for.
 * is_ceil  extents are rounded up; a window that would begin after the image and its padding `lo` is left
 * out.
 * Errors   SY_INVALID_ARGUMENT: the window is larger than the padded image.
 */
sy_status sy_net_window_fit(const sy_net_call *call, sy_net_window *window, bool is_ceil, sy_error *err);

/** Rank, extents of `out`: n, c, then the spatial ones of window->out. Type and the rest stay. */
void sy_net_window_shape(const sy_net_window *window, int64_t n, int64_t c, sy_net_tensor *out);

/** Taps t of dimension `axis` that hit the image at output position `at`: *out_first .. result - 1, in order.
 */
int64_t sy_net_window_taps(const sy_net_window *window, uint32_t axis, int64_t at, int64_t *out_first);

#endif
