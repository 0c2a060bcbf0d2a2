/* Batch normalisation as scale and shift of channels. */
#ifndef RUNTIME_MODEL_PASSES_NORM_H
#define RUNTIME_MODEL_PASSES_NORM_H

#include "runtime/model/passes/fold.h"

/** Fill scale and shift of a BatchNormalization's `out_affine->count` channels. False if its four parameters
 * are not constants of that many elements, or it is in training mode. */
bool sy_net_norm_affine(const sy_net_graph *graph, const sy_net_node *node, sy_net_affine *out_affine);

#endif
