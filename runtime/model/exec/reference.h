/*
 * A specialised graph as it is, operator by operator on the host: what every faster way of running it is
 * compared with.
 */
#ifndef RUNTIME_MODEL_EXEC_REFERENCE_H
#define RUNTIME_MODEL_EXEC_REFERENCE_H

#include "runtime/model/ops/op.h"

/**
 * Run `graph` (from sy_net_specialise()) once.
 *
 * in    n_in tensors in the order of the graph's inputs, packed, of their very types and extents.
 * out   n_out tensors in the order of its outputs; their data lies in `arena`.
 * team  may be NULL.
 *
 * Errors  SY_INVALID_ARGUMENT: counts, types or extents of inputs; those of the operators, naming the node;
 *         SY_OUT_OF_MEMORY.
 */
sy_status sy_net_evaluate(const sy_net_graph *graph, const sy_net_tensor *in, uint32_t n_in,
    sy_net_tensor *out, uint32_t n_out, sy_net_arena *arena, const sy_team *team, sy_error *err);

#endif
