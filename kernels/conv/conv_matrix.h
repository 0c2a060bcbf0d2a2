/* The way of convolutions that are a plain product. Internal. */
#ifndef KERNELS_CONV_CONV_MATRIX_H
#define KERNELS_CONV_CONV_MATRIX_H

#include "kernels/conv/conv_problem.h"

/** Whether it is one: 1 x 1, every pixel taken, images dense with channels side by side, posts that rows
 * know. */
bool conv_matrix_can(const sy_conv_desc *desc);

/** Whether it is one of f32 with so few output channels, and so many pixels, that the image is better read as
 * it lies: channels or pixels side by side. */
bool conv_matrix_is_few(const sy_conv_desc *desc);

/** Fill plan->product, and parts, steps, workspace_bytes and weights_bytes from it; plan->path is MATRIX or
 * FEW. NULL, or why not. */
const char *conv_matrix_lay_out(sy_conv_plan *plan, int parts);

/** As sy_conv_weights_pack(). */
void conv_matrix_pack(const sy_conv_plan *plan, const void *w, int part, int parts, void *packed);

/** As sy_conv_step(). */
void conv_matrix_step(const sy_conv_plan *plan, const sy_conv_args *args, int64_t step, int part);

#endif
