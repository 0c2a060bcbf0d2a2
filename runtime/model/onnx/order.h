/* Bringing the nodes of a graph into an order in which every value is made before it is used. */
#ifndef RUNTIME_MODEL_ONNX_ORDER_H
#define RUNTIME_MODEL_ONNX_ORDER_H

#include "runtime/model/graph/graph.h"

/** A node reads a value through a graph of its own. */
typedef struct sy_onnx_edge {
    uint32_t node, value;
} sy_onnx_edge;

/**
 * Nodes that are in order stay where they are. `edge`: in the order of nodes. `scratch`: of what is needed on
 * the way.
 * Errors  SY_INVALID_ARGUMENT: a cycle, naming a node of it; SY_OUT_OF_MEMORY.
 */
sy_status sy_onnx_order(
    sy_net_graph *graph, const sy_onnx_edge *edge, uint32_t n_edge, sy_net_arena *scratch, sy_error *err);

#endif
