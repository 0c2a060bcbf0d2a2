/* Convolutions: geometry and inference that Conv and its integer kin share, and the direct sum. */
#ifndef RUNTIME_MODEL_OPS_CONV_H
#define RUNTIME_MODEL_OPS_CONV_H

#include "runtime/model/ops/patch.h"

/** What infer() makes of a convolution. channels, filters: of a group. */
typedef struct sy_net_conv_state {
    sy_net_window window;
    int64_t groups, channels, filters;
} sy_net_conv_state;

/** State (call->state) and shape of out[0], whose type stays, from images input `x` and weights input `w`,
 * the attributes and a bias input (absent: UINT32_MAX). Errors as infer(). */
sy_status sy_net_conv_infer(sy_net_call *call, uint32_t x, uint32_t w, uint32_t bias, sy_error *err);

/** The product of a convolution with its patches, but for `a`, `at` and the gathering. c, c_row, c_col are
 * set from `y`; x as input. */
sy_net_product sy_net_conv_product(
    const sy_net_conv_state *state, const sy_net_tensor *x, const sy_net_tensor *y, sy_net_patch *out_patch);

/**
 * Convolutions of f32 whose groups have one channel and one filter: a line of pixels, or of channels, at a
 * time.
 *
 * fits  whether it is one; `scratch` then has room for the weights.
 * run   out[0] from in[0] and in[1], without bias and posts.
 */
bool sy_net_depthwise_fits(const sy_net_call *call, const sy_net_conv_state *state);
void sy_net_depthwise_run(const sy_net_call *call, const sy_net_conv_state *state);

#endif
