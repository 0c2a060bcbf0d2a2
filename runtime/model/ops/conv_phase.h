/*
 * Transposed convolutions by phases: output pixels that lie the same way to the stride meet the same taps,
 * and neighbours among them meet neighbouring input pixels. So each row of such pixels is a plain product,
 * and no zeros are multiplied as they would be between input pixels spread by the stride. f32.
 */
#ifndef RUNTIME_MODEL_OPS_CONV_PHASE_H
#define RUNTIME_MODEL_OPS_CONV_PHASE_H

#include "runtime/model/ops/conv.h"

/** Whether a window is done this way: no dilation, strides not beyond the kernel (so that phases are few). */
bool sy_net_phase_fits(const sy_net_window *window);

/** out[0] from in[0] and in[1], without bias and posts; call->scratch has room for the weights. */
void sy_net_phase_run(const sy_net_call *call, const sy_net_conv_state *state);

#endif
