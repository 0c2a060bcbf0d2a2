/* cuDNN's legacy cudnnConvolutionForward called by hand. */
#ifndef STEELYARD_BY_HAND_CONV_H
#define STEELYARD_BY_HAND_CONV_H

#include "tests/on_gpu/by_hand/card.h"

/** Time what cudnnGetConvolutionForwardAlgorithm_v7 offers (NHWC; f32 also NCHW), and the best at length; one
 * JSON line. */
void conv_solve(card *c, const problem *p);

#endif
