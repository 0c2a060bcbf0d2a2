/*
 * Loops of a reduction: every result has an index in the kept dimensions, and what goes into it lies along
 * the reduced ones. Lists go from the innermost dimension in memory outwards; neighbours that may be one are
 * one.
 */
#ifndef RUNTIME_MODEL_OPS_REDUCE_PLAN_H
#define RUNTIME_MODEL_OPS_REDUCE_PLAN_H

#include "runtime/model/ops/share.h"

/** A list of dimensions: extents, and strides in elements of the input and of the result. */
typedef struct sy_ops_dims {
    uint32_t rank;
    int64_t dim[SY_NET_MAX_RANK], in[SY_NET_MAX_RANK], out[SY_NET_MAX_RANK];
} sy_ops_dims;

/**
 * lanes   results that are next to each other in memory and are made at once; 1: along a row instead.
 * items   groups of `lanes` results.
 * count   elements that go into one result.
 */
typedef struct sy_ops_reduce_plan {
    sy_ops_dims kept, reduced;
    int64_t lanes, items, blocks, count;
} sy_ops_reduce_plan;

/** `axes`: bit d is dimension d of the input. out: keeps reduced dimensions as 1, or is packed without them.
 */
void sy_ops_reduce_plan_make(
    sy_ops_reduce_plan *plan, const sy_net_tensor *in, const sy_net_tensor *out, uint32_t axes);

/** Where the results of an item begin, in elements of input and result; *out_lanes: how many there are. */
void sy_ops_reduce_seek(
    const sy_ops_reduce_plan *plan, int64_t item, int64_t *out_in, int64_t *out_out, int64_t *out_lanes);

/** Offset of element `index` in the dimensions of a list from `first` on, by its strides in the input. */
int64_t sy_ops_dims_offset(const sy_ops_dims *dims, uint32_t first, int64_t index);

#endif
