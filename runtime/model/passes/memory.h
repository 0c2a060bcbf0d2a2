/*
 * The plan of memory: where each value of a graph lies while it lives. Values that live at once never share
 * bytes, but for views, parts of a whole, and outputs that take the place of an input that ends there.
 */
#ifndef RUNTIME_MODEL_PASSES_MEMORY_H
#define RUNTIME_MODEL_PASSES_MEMORY_H

#include "runtime/model/ops/op.h"
#include "runtime/model/passes/place.h"

/** Offset of a value that has no place: constants, values that nobody makes, those outside. */
#define SY_NET_NOWHERE UINT64_MAX

/** Space of values that get no place here: the caller gives their memory, and nothing is written there but
 * by the node that makes them. */
#define SY_NET_OUTSIDE UINT8_MAX

/**
 * space       by value: the memory it lies in (host, device), < n_space, or SY_NET_OUTSIDE; NULL: all in 0.
 *             A part lies in the space of its whole.
 * share_add   the operand of a SY_POST_ADD and the output may be one memory, if the operand ends there.
 * no_sharing  every value gets memory of its own and keeps it (to look at all values after a run); parts lie
 *             in their whole nevertheless.
 */
typedef struct sy_net_memory_options {
    const uint8_t *space;
    uint32_t n_space;
    bool share_add, no_sharing;
} sy_net_memory_options;

/**
 * offset_bytes  by value: from the start of its space's memory, a multiple of 64 but for parts (which begin
 *               at their first channel), or SY_NET_NOWHERE.
 * peak_bytes    by space.
 * is_free       by node: nothing is to be done when it is its turn, its outputs are already what they are to
 *               be (a view in the place of its input; a Join or Parts).
 */
typedef struct sy_net_memory {
    uint64_t *offset_bytes, *peak_bytes;
    bool *is_free;
} sy_net_memory;

/**
 * Plan. `arena` owns the arrays of *out_memory. Graph inputs live from the start and may be overwritten after
 * their last use; outputs live to the end.
 * Errors  SY_INVALID_ARGUMENT: a space that is not there, a part elsewhere than its whole; SY_OUT_OF_MEMORY.
 */
sy_status sy_net_memory_plan(const sy_net_graph *graph, const sy_net_memory_options *options, sy_arena *arena,
    sy_net_memory *out_memory, sy_error *err);

#endif
