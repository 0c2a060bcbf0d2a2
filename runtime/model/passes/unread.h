/* Memory of constants that were on the way to others. */
#ifndef RUNTIME_MODEL_PASSES_UNREAD_H
#define RUNTIME_MODEL_PASSES_UNREAD_H

#include "runtime/model/graph/graph.h"

/**
 * Give back large constants of the graph's arena that neither a node nor the caller reads; their values stay,
 * no constants any more. What is borrowed from elsewhere is left alone. SY_OUT_OF_MEMORY.
 */
sy_status sy_net_drop_unread(sy_net_graph *graph, sy_error *err);

#endif
