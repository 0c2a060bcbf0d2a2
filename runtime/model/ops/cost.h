/* What a node costs: FLOP of products and convolutions by the direct count, and bytes. */
#ifndef RUNTIME_MODEL_OPS_COST_H
#define RUNTIME_MODEL_OPS_COST_H

#include "runtime/model/ops/op.h"

/**
 * FLOP of a node whose shapes are known: 2 m n k of products, 2 n k p q (c / groups) r s of convolutions
 * (integer ones count alike), recurrent layers their products; 0 for all else, and where a shape is not
 * known.
 */
double sy_net_node_flop(const sy_net_graph *graph, const sy_net_node *node);

/** As sy_net_node_flop(), of a call whose outputs are inferred. */
double sy_net_call_flop(const sy_net_call *call);

/** Bytes of its inputs and outputs, each value once. 0 for what is not known. */
uint64_t sy_net_node_bytes(const sy_net_graph *graph, const sy_net_node *node);

#endif
