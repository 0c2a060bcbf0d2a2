/*
 * A tensor in host memory as the operators of a network see it, and the element types that networks have
 * beyond those of problems. Plain values, no ownership.
 */
#ifndef RUNTIME_MODEL_GRAPH_TENSOR_H
#define RUNTIME_MODEL_GRAPH_TENSOR_H

#include "steelyard/model.h"
#include "steelyard/status.h"

/** Most dimensions of a tensor of a network. */
#define SY_NET_MAX_RANK 8u

/** No tensor of a network spans more bytes than this. */
#define SY_NET_TENSOR_BYTES_MAX (INT64_C(1) << 40)

/** An extent that is not known (yet). */
#define SY_NET_UNKNOWN INT64_C(-1)

/**
 * Extents in the order of the model (images: N C H W), and where the elements lie.
 *
 * dtype     SY_F32 ... of steelyard/types.h, or SY_S64 ... of steelyard/model.h; 0 unknown.
 * rank      SY_NET_UNKNOWN_RANK, or 0 (a scalar) to SY_NET_MAX_RANK. dim: SY_NET_UNKNOWN or >= 0.
 * is_last   false: packed row-major. true (rank 3 to 5): channels, dim[1], lie innermost: N H W C in memory,
 *           and `pitch` elements, at least dim[1], from one pixel to the next (more than dim[1]: the tensor
 * is a range of the channels of a wider one). Only operators with SY_NET_OP_CHANNELS_LAST meet it. data NULL:
 * values not known.
 */
typedef struct sy_net_tensor {
    uint32_t dtype, rank;
    int64_t dim[SY_NET_MAX_RANK];
    bool is_last;
    int64_t pitch;
    void *data;
} sy_net_tensor;
#define SY_NET_UNKNOWN_RANK UINT32_MAX

/** Product of the extents: 1 for a scalar, SY_NET_UNKNOWN if rank or an extent is not known. The extents are
 * those of a checked tensor (sy_net_tensor_check). */
int64_t sy_net_elements(const sy_net_tensor *tensor);

/** Bytes of the elements, packed; 0 if not known. Strings count as 0. */
size_t sy_net_bytes(const sy_net_tensor *tensor);

/** Whether type, rank and all extents are known. */
bool sy_net_is_known(const sy_net_tensor *tensor);

/** Whether rank and all extents are equal (and known). */
bool sy_net_same_shape(const sy_net_tensor *a, const sy_net_tensor *b);

/** Type, rank and extents from another tensor, packed row-major; `data` stays. */
void sy_net_shape_like(sy_net_tensor *target, const sy_net_tensor *source);

/**
 * Checked: known rank within SY_NET_MAX_RANK, extents >= 0 (or unknown), the product of the known ones times
 * the element's size within SY_NET_TENSOR_BYTES_MAX.
 * Errors  SY_INVALID_ARGUMENT: rank, extent; SY_OVERFLOW: too large.
 */
sy_status sy_net_tensor_check(const sy_net_tensor *tensor, sy_error *err);

/** "f32[1,3,224,224]", unknown extents as "?"; cut to fit. Returns `text`. */
#define SY_NET_TENSOR_TEXT_MAX 128u
const char *sy_net_tensor_print(const sy_net_tensor *tensor, char text[SY_NET_TENSOR_TEXT_MAX]);

/** Element `index` (in row-major order; packed tensors) as a number, whatever its type; 0 for strings. */
double sy_net_get(const sy_net_tensor *tensor, int64_t index);
int64_t sy_net_get_int(const sy_net_tensor *tensor, int64_t index);

/** Set element `index`; rounded to nearest even, integers saturate and NaN becomes 0. */
void sy_net_set(sy_net_tensor *tensor, int64_t index, double value);

#endif
