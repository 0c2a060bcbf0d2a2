/* Products of bytes (QLinearConv ...) as problems: what convolutions and matrices share. */
#ifndef RUNTIME_MODEL_EXEC_LOWER_BYTES_H
#define RUNTIME_MODEL_EXEC_LOWER_BYTES_H

#include "runtime/model/exec/lower.h"

/** Where inputs are; SY_NET_NONE: the operator has none. */
typedef struct sy_lower_ports {
    uint32_t x, x_scale, x_zero, w, w_scale, w_zero, y_scale, y_zero, bias;
} sy_lower_ports;

/**
 * A product of bytes that a device can do exactly: raw x times w, whose zero point is 0.
 *
 * columns, depth  of the weights; element (p, column) is column * column_step + p * depth_step.
 * weights         made with their zero points taken off, data NULL: those of the graph are good as they are.
 * x_zero          of x.
 * requantises     whether there are scales: y = round(sum * scale[column]) + y_zero.
 */
typedef struct sy_lower_bytes {
    const sy_net_tensor *w;
    int64_t columns, depth, column_step, depth_step;
    sy_net_tensor weights;
    int32_t x_zero, y_zero;
    bool requantises, is_one_scale;
    sy_net_tensor scale;  /* f32, a column each */
    sy_net_tensor offset; /* s32, a column each: bias; x's zero point is not in it */
    bool has_offset;
} sy_lower_bytes;

/**
 * Read what is constant; fields from columns to depth_step are the caller's.
 * Errors  SY_UNSUPPORTED: a parameter that is no constant or of another form; weights that do not fit in s8
 *         without their zero points; scales that are not finite; sums that might not fit in s32.
 */
sy_status sy_lower_bytes_read(
    sy_lowering *lower, const sy_lower_ports *ports, sy_lower_bytes *bytes, sy_error *err);

/** Weight (p, column) as the device multiplies it. */
int32_t sy_lower_bytes_weight(const sy_lower_bytes *bytes, int64_t p, int64_t column);

/** The weights as the next operand. */
void sy_lower_bytes_weights(sy_lowering *lower, const sy_lower_ports *ports, const sy_lower_bytes *bytes,
    uint32_t rank, const int64_t *dim, const int64_t *stride);

/** Take x's zero point times the sum of each column out: right where no padding is read. */
void sy_lower_bytes_correct(sy_lower_bytes *bytes);

/** Posts: the offset, and the way to the output's type. SY_UNSUPPORTED; SY_OUT_OF_MEMORY. */
sy_status sy_lower_bytes_posts(sy_lowering *lower, const sy_lower_bytes *bytes, sy_error *err);

/** The scales alone: after an offset that the caller has put. */
sy_status sy_lower_bytes_scales(sy_lowering *lower, const sy_lower_bytes *bytes, sy_error *err);

#endif
