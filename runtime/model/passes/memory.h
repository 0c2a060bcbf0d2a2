/* Where values lie in memory: offsets in one block of bytes a space, by lifetimes. A pure function. */
#ifndef RUNTIME_MODEL_PASSES_MEMORY_H
#define RUNTIME_MODEL_PASSES_MEMORY_H

#include "runtime/model/ops/op.h"
#include "runtime/model/passes/place.h"

/** Alignment of every value but parts (SY_NET_PART), bytes. */
#define SY_NET_ALIGNMENT SY_NET_PLACE_ALIGN

/**
 * Offsets for all values that are no constants: no two that live at once overlap. A value lives from the node
 * that makes it (inputs: from the beginning) to the last node that reads it (outputs: to the end). In place
 * where the operator allows it and the input is read for the last time; views and parts share with what they
 * are of. An input of the graph may be overwritten after it was read for the last time.
 *
 * space        of each value, 0 .. spaces - 1; NULL: all in one. A part lies in the space of its whole.
 * out_offset   of each value, of a part that of its first channel (0 for constants and values that nobody
 *              makes).
 * out_bytes    of each space: the peak.
 * Errors       SY_INVALID_ARGUMENT: a space that there is not, a part elsewhere than its whole;
 *              SY_OUT_OF_MEMORY; SY_OVERFLOW.
 */
sy_status sy_net_memory_plan(const sy_net_graph *graph, const uint32_t *space, uint32_t spaces,
    uint64_t *out_offset, uint64_t *out_bytes, sy_error *err);

#endif
