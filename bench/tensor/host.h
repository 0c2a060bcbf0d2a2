/* A tensor of a network in host memory: packed, row-major. */
#ifndef STEELYARD_TENSOR_HOST_H
#define STEELYARD_TENSOR_HOST_H

#include <stdint.h>

#include "steelyard/model.h"

/** dtype as in model.h. `data` belongs to it: sy_host_tensor_release(). Extents are all known. */
typedef struct sy_host_tensor {
    uint32_t dtype, rank;
    int64_t dim[SY_MAX_RANK];
    uint64_t count, bytes;
    void *data;
} sy_host_tensor;

/** Set count and bytes from dtype, rank and extents. SY_INVALID_ARGUMENT: a negative extent, too high a rank,
 * a type without elements; SY_OVERFLOW. */
sy_status sy_host_tensor_measure(sy_host_tensor *tensor, sy_error *err);

/** The same and memory for it, zeroed; at least one byte. SY_OUT_OF_MEMORY too. */
sy_status sy_host_tensor_alloc(sy_host_tensor *tensor, sy_error *err);

/** Free; zeroes. */
void sy_host_tensor_release(sy_host_tensor *tensor);

/** "f32 1x3x224x224"; "f32 scalar" for rank 0. */
#define SY_SHAPE_TEXT_MAX 192u
void sy_shape_text(uint32_t dtype, uint32_t rank, const int64_t *dim, char out_text[SY_SHAPE_TEXT_MAX]);

/** "1x3x224x224", an extent that is open as "?"; "scalar". */
void sy_extents_text(uint32_t rank, const int64_t *dim, char out_text[SY_SHAPE_TEXT_MAX]);

#endif
