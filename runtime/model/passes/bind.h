/* Extents and values that a caller binds to the inputs of a network. */
#ifndef RUNTIME_MODEL_PASSES_BIND_H
#define RUNTIME_MODEL_PASSES_BIND_H

#include "runtime/model/graph/graph.h"

/**
 * The tensor of each input of `source` (out: source->n_input of them) with all extents known: bound by the
 * input's name, else by the symbol's, else by another input that is bound and has the symbol, else 1. data is
 * the bound value (the caller's own) or NULL.
 *
 * Errors  SY_INVALID_ARGUMENT: an unknown name, a value or extents that contradict the network or each other;
 *         SY_OVERFLOW; SY_OUT_OF_MEMORY.
 */
sy_status sy_net_bind(const sy_net_graph *source, const sy_network_bind *bind, uint32_t n_bind,
    sy_net_tensor *out, sy_error *err);

#endif
