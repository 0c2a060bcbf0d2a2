/* Values of a network's inputs from a seed: the same in every process. */
#ifndef STEELYARD_TENSOR_SEEDED_H
#define STEELYARD_TENSOR_SEEDED_H

#include <stdbool.h>

#include "bench/data/fill.h"
#include "bench/tensor/host.h"

/**
 * How to fill.
 *
 * data          SY_DATA_* for floating point: uniform in [-1, 1), normal with mean 0 and deviation 1, whole
 *               numbers from -8 to 8, zeros.
 * seed, stream  the stream tells inputs and sets apart.
 * has_range     values uniform from low to high instead, both included where the type is whole. Whole types
 *               without a range have 0 to 999 (token ids), as far as the type reaches; booleans 0 and 1.
 */
typedef struct sy_seeded {
    uint32_t data;
    uint64_t seed, stream;
    bool has_range;
    double low, high;
} sy_seeded;

/** Fill all elements. SY_INVALID_ARGUMENT: the range is empty, or beyond the type. */
sy_status sy_seeded_fill(const sy_seeded *how, sy_host_tensor *tensor, sy_error *err);

#endif
