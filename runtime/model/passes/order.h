/* The order of nodes: every value is made before it is read. */
#ifndef RUNTIME_MODEL_PASSES_ORDER_H
#define RUNTIME_MODEL_PASSES_ORDER_H

#include "runtime/model/graph/graph.h"

/**
 * Drop nodes without an operator, order the rest (a node comes before another as it did, as far as what they
 * read allows), set the producers of all values. `scratch`: memory for the while.
 * Errors  SY_OUT_OF_MEMORY (the graph is whole, its order may not be); SY_INTERNAL: a cycle.
 */
sy_status sy_net_order(sy_net_graph *graph, sy_net_arena *scratch, sy_error *err);

#endif
