/* The block of seeded values behind every operand, in each element type. Internal to this folder. */
#ifndef STEELYARD_DATA_BLOCK_H
#define STEELYARD_DATA_BLOCK_H

#include <stdatomic.h>

#include "bench/data/fill.h"

/*
 * Two streams of unrelated values, so that a product never meets its own operand: one for weights, one for
 * all else. Their lengths are primes far from each other and from every power of two: rows of a matrix are
 * windows of the stream, and with a prime length no two rows of fewer than `length` begin at the same place.
 */
enum { STREAM_OTHER = 0, STREAM_WEIGHT = 1, STREAM_COUNT = 2 };

/**
 * real    the values as drawn: [-1, 1) (uniform, integer), or normal clipped at 4; NULL for zeros
 * typed   the same rounded to an element type, STREAM_COUNT x SY_DTYPE_COUNT; each made when it is first
 * asked for, by data_block_typed()
 */
struct sy_data_block {
    uint32_t data;
    uint64_t length[STREAM_COUNT];
    double *real[STREAM_COUNT];
    _Atomic(void *) *typed;
};

/**
 * A stream of a uniform or normal block in an element type. The block's, for its life; NULL without memory:
 * data_block_round() gives the same bytes. From any thread.
 */
const void *data_block_typed(const sy_data_block *block, uint64_t stream, uint32_t dtype);

/** `count` elements of a stream from `at` on in an element type, at + count <= length. */
void data_block_round(const sy_data_block *block, uint64_t stream, uint32_t dtype, uint64_t at,
    uint64_t count, void *out_bytes);

#endif
