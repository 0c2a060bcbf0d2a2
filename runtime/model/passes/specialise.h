/*
 * From a network as it is in the file to one flat graph with all extents known: extents and values of inputs
 * bound, shapes inferred node by node, constants folded, If and Loop of constant condition and trip count
 * written out. The graph that is read is not changed.
 */
#ifndef RUNTIME_MODEL_PASSES_SPECIALISE_H
#define RUNTIME_MODEL_PASSES_SPECIALISE_H

#include "runtime/model/ops/op.h"

/**
 * source   from the importer. Its constants are borrowed by *out_graph, which must not outlive it, but for
 *          those that are not aligned, which are copied.
 * bind     as sy_compile_options.bind; extents left open become 1. A name that is neither a symbol of an
 *          extent nor an input is SY_INVALID_ARGUMENT, listing those there are.
 * team     for folding; may be NULL.
 * arena    zero-initialised; owns *out_graph and folded constants.
 *
 * Errors   SY_INVALID_ARGUMENT, SY_UNSUPPORTED (a condition or trip count that is not constant, more than
 *          SY_NET_MAX_UNROLLED nodes, a value that decides an extent and is not constant), SY_OVERFLOW,
 *          SY_OUT_OF_MEMORY; each names the node.
 */
#define SY_NET_MAX_UNROLLED 262144u
sy_status sy_net_specialise(const sy_net_graph *source, const sy_network_bind *bind, uint32_t n_bind,
    const sy_team *team, sy_net_arena *arena, sy_net_graph **out_graph, sy_error *err);

#endif
