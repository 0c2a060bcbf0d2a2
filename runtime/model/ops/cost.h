/* Work of a node. */
#ifndef RUNTIME_MODEL_OPS_COST_H
#define RUNTIME_MODEL_OPS_COST_H

#include "runtime/model/graph/graph.h"

/** FLOP of a product or convolution by the direct count, 2 m n k or 2 n k p q (c / groups) r s; 0 for all
 * else and where an extent is not known. */
double sy_net_node_flop(const sy_net_graph *graph, const sy_net_node *node);

#endif
