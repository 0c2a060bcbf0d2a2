/* Scale and shift of each channel, folded into the weights and bias of the product before. */
#ifndef RUNTIME_MODEL_PASSES_FOLD_H
#define RUNTIME_MODEL_PASSES_FOLD_H

#include "runtime/model/passes/edit.h"

/** y[c] = scale[c] x[c] + shift[c], channel by channel. */
typedef struct sy_net_affine {
    int64_t count;
    double *scale, *shift;
} sy_net_affine;

/** Room for `count` channels in the edit's scratch, scale 1 and shift 0. SY_OUT_OF_MEMORY. */
sy_status sy_net_affine_make(sy_net_edit *edit, int64_t count, sy_net_affine *out_affine, sy_error *err);

/**
 * How many output channels a node has that sy_net_fold() can fold into: a Conv, ConvTranspose or Gemm of real
 * type with constant weights, constant bias or none, no post, and a private output. 0: it cannot.
 */
int64_t sy_net_fold_channels(sy_net_edit *edit, const sy_net_node *node);

/** Node `last`, which applies `affine` to the output of node `first`, is folded into it. Computed in f64 and
 * rounded once, into new constants. SY_OUT_OF_MEMORY. */
sy_status sy_net_fold(
    sy_net_edit *edit, uint32_t first, uint32_t last, const sy_net_affine *affine, sy_error *err);

#endif
