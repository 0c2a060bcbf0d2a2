/*
 * Loops over several tensors at once, broadcast against the first: what elementwise operators run in. Packed
 * tensors and images with channels innermost may mix. Dimensions go in the order in which the first tensor
 * lies in memory, neighbours that may be one are one, and long rows come in pieces.
 */
#ifndef RUNTIME_MODEL_OPS_WALK_H
#define RUNTIME_MODEL_OPS_WALK_H

#include "runtime/model/graph/team.h"
#include "runtime/model/graph/tensor.h"

/** Most tensors of a walk. */
#define SY_OPS_WALKERS 4u

/** Most elements of a piece. */
#define SY_OPS_PIECE INT64_C(4096)

/** dim[0], stride[.][0] are the innermost. Strides in elements. */
typedef struct sy_ops_walk {
    uint32_t count, rank;
    int64_t dim[SY_NET_MAX_RANK], stride[SY_OPS_WALKERS][SY_NET_MAX_RANK];
} sy_ops_walk;

/** A piece: element i of tensor t is at offset[t] + i * step[t]; step[t] is 0 where it is broadcast. */
typedef void sy_ops_piece_fn(
    const void *arg, const int64_t offset[SY_OPS_WALKERS], const int64_t step[SY_OPS_WALKERS], int64_t count);

/** Strides of a tensor's dimensions, in elements. */
void sy_ops_strides(const sy_net_tensor *tensor, int64_t stride[SY_NET_MAX_RANK]);

/** A walk over tensor[0] and `count` - 1 more, each of which broadcasts to it (checked by infer). */
void sy_ops_walk_make(sy_ops_walk *walk, const sy_net_tensor *const *tensor, uint32_t count);

/** `fn` for all pieces, by as many threads as it pays for; `cost` of an element as in sy_team_for(). */
void sy_ops_walk_run(
    const sy_ops_walk *walk, const sy_team *team, int64_t cost, sy_ops_piece_fn *fn, const void *arg);

#endif
