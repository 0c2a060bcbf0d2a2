/* Between packed row-major order and the strided layout of a tensor, on host memory. */
#ifndef STEELYARD_WORKER_SCATTER_H
#define STEELYARD_WORKER_SCATTER_H

#include "steelyard/problem.h"

/** Write the packed elements `packed` where the tensor's strides put them, from `strided` on. Not
 * overlapping. */
void sy_scatter(const sy_tensor *tensor, const void *packed, void *strided);

/** The reverse: read the elements at their strides into packed order. */
void sy_gather(const sy_tensor *tensor, const void *strided, void *packed);

#endif
