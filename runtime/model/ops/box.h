/* Copying boxes of elements from one stride to another: what transposing, joining, cutting and repeating
 * come down to. Bytes are moved, whatever the type. */
#ifndef RUNTIME_MODEL_OPS_BOX_H
#define RUNTIME_MODEL_OPS_BOX_H

#include "runtime/model/graph/team.h"
#include "runtime/model/graph/tensor.h"

/** Most dimensions of a box: those of a tensor, some of them split in two. */
#define SY_NET_BOX_RANK 16u

/**
 * `rank` dimensions of dim[] elements; `in` and `out` are the strides, in elements, of the two sides (in may
 * be negative, or 0: repeated). No two elements of `out` are the same.
 */
typedef struct sy_net_box {
    uint32_t rank;
    int64_t dim[SY_NET_BOX_RANK], in[SY_NET_BOX_RANK], out[SY_NET_BOX_RANK];
} sy_net_box;

/** Append a dimension. */
void sy_net_box_add(sy_net_box *box, int64_t dim, int64_t in, int64_t out);

/** Stride in elements of each dimension of a tensor, in the order of the model, packed or is_last. */
void sy_net_strides(const sy_net_tensor *tensor, int64_t stride[SY_NET_MAX_RANK]);

/** Copy elements of `size` bytes (1, 2, 4 or 8). in, out: where element 0 of the box lies. They do not
 * overlap. */
void sy_net_box_copy(const sy_net_box *box, size_t size, const void *in, void *out, const sy_team *team);

#endif
