/* The block of seeded values behind every operand, in each element type. Internal to this folder. */
#ifndef STEELYARD_DATA_BLOCK_H
#define STEELYARD_DATA_BLOCK_H

#include "bench/data/fill.h"

/*
 * Two streams of unrelated values, so that a product never meets its own operand: one for weights, one for
 * all else. Their lengths are primes far from each other and from every power of two: rows of a matrix are
 * windows of the stream, and with a prime length no two rows of fewer than `length` begin at the same place.
 */
enum { STREAM_OTHER = 0, STREAM_WEIGHT = 1, STREAM_COUNT = 2 };

/**
 * real    the values as drawn: [-1, 1) (uniform, integer), or normal clipped at 4; NULL for zeros
 * typed   the same rounded to each element type, indexed by dtype; NULL where the distribution has none
 */
struct sy_data_block {
    uint32_t data;
    uint64_t length[STREAM_COUNT];
    double *real[STREAM_COUNT];
    void *typed[STREAM_COUNT][SY_DTYPE_COUNT];
};

#endif
