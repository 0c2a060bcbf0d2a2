/* Descriptors of tensors. */
#ifndef BACKENDS_CAMBRICON_TENSOR_H
#define BACKENDS_CAMBRICON_TENSOR_H

#include "backends/cambricon/library.h"

#define CAMBRICON_RANK_MAX 4u

/** A dense tensor: `dim` in the order of the layout, the last one innermost. */
typedef struct cambricon_shape {
    int layout;
    uint32_t dtype, rank;
    int64_t dim[CAMBRICON_RANK_MAX];
} cambricon_shape;

/** CNNL's number of a type, 0: it has none. */
int cambricon_dtype(uint32_t dtype);

/**
 * A descriptor; int8 counts in ones. With 32-bit extents where the library has no others.
 * Returns a code: CAMBRICON_OWN_TOO_LARGE, CAMBRICON_OWN_NO_TYPE, or CNNL's. *out_desc is to be destroyed if
 * it is not NULL.
 */
int cambricon_tensor_make(
    const cambricon_libraries *libraries, const cambricon_shape *shape, void **out_desc);

/** Ask for sums in f32 where that is said by a result's descriptor (1.x). Returns a code. */
int cambricon_tensor_sum_f32(const cambricon_libraries *libraries, void *desc);

void cambricon_tensor_free(const cambricon_libraries *libraries, void *desc);

#endif
