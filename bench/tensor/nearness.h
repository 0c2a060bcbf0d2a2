/* How far a result is from the one it should be. */
#ifndef STEELYARD_TENSOR_NEARNESS_H
#define STEELYARD_TENSOR_NEARNESS_H

#include <stdbool.h>
#include <stdint.h>

/**
 * error  largest difference of an element over the scale of the tensor: the largest of the root mean square
 *        and the tenth part of the largest magnitude of what it should be. Whole types: over 1, so that one
 *        that differs is at least 1. Infinite where only one side is finite, or a NaN meets a number; NaN
 *        meeting NaN and equal infinities are no difference.
 * at     index of that element. wrong, right: its values.
 */
typedef struct sy_nearness {
    double error, wrong, right;
    uint64_t at;
} sy_nearness;

/** Compare `count` elements of a network's type. */
sy_nearness sy_nearness_of(uint32_t dtype, const void *result, const void *reference, uint64_t count);

#endif
