/*
 * Input data from a seed: the same bytes in the worker that runs a problem and in the parent that checks it.
 * A block of random values is made once; every operand of every set begins at its own odd offset in it, so
 * that filling costs a copy with conversion, not a random number an element. No state but the block; reading
 * it is safe from any thread.
 */
#ifndef STEELYARD_DATA_FILL_H
#define STEELYARD_DATA_FILL_H

#include "steelyard/spec.h"
#include "steelyard/status.h"

enum { SY_DATA_UNIFORM = 0, SY_DATA_NORMAL = 1, SY_DATA_INTEGER = 2, SY_DATA_ZEROS = 3 };

/** Name of a fill ("uniform"); "?" if not valid. Parse: false if unknown. */
const char *sy_data_name(uint32_t data);
bool sy_data_parse(const char *name, uint32_t *out_data);

/** A block of seeded values of one distribution. */
typedef struct sy_data_block sy_data_block;

/**
 * Make the block for a distribution and a seed.
 *   uniform  reals in [-1, 1] with full mantissa
 *   normal   mean 0, standard deviation 1, clipped at 4
 *   integer  small whole numbers, so that every product sum of the problem is exact in its accumulator:
 *            at most 64 (f64, f32, s32), 8 (u8) or 4, fewer as sums grow longer; then sparse activations
 *   zeros    zeros
 *
 * Types    s8 -127..127, u8 0..255, s32 -32767..32767 (all small under `integer`). Activations are
 *          scaled down by a power of two where 8 deviations of a sum would overflow a narrow output
 *          type (f8).
 * Streams  weights have values of their own, unrelated to those of all other operands. A stream's
 *          length is a prime (1112003; weights 1296007): rows are windows of it, and begin at the same
 *          place only if their length, or their distance, is a multiple of it.
 * Memory   18 MiB (none for zeros), and at most 37 MiB for the element types that are asked for.
 * Errors   SY_OUT_OF_MEMORY, SY_INVALID_ARGUMENT for an unknown distribution.
 */
sy_status sy_data_block_create(uint32_t data, uint64_t seed, sy_data_block **out_block, sy_error *err);
void sy_data_block_destroy(sy_data_block *block);

/** Which distribution a block holds. */
uint32_t sy_data_block_kind(const sy_data_block *block);

/**
 * Fill `count` elements of operand `tensor_index` (its dtype and role from `storage`) of input set `set`,
 * beginning at logical element `first` in packed row-major order of its dims, as `dtype` bytes into
 * `out_bytes`. The values depend on (block, spec's key, tensor_index, set, element) alone: not on layout, and
 * not on how the range is cut. Scales are positive and near 1/127; biases like activations.
 */
void sy_data_fill(const sy_data_block *block, const sy_problem_storage *storage, uint64_t key,
    uint32_t tensor_index, uint64_t set, uint64_t first, uint64_t count, void *out_bytes);

/** The same values as f64, exactly those that the rounded bytes hold. */
void sy_data_fill_f64(const sy_data_block *block, const sy_problem_storage *storage, uint64_t key,
    uint32_t tensor_index, uint64_t set, uint64_t first, uint64_t count, double *out_values);

/**
 * As sy_data_fill_f64() for the elements first, first + stride, first + 2 stride, ...: a column of a matrix.
 * About 5 ns an element, where the contiguous form takes about 1 ns.
 */
void sy_data_gather_f64(const sy_data_block *block, const sy_problem_storage *storage, uint64_t key,
    uint32_t tensor_index, uint64_t set, uint64_t first, uint64_t stride, uint64_t count, double *out_values);

#endif
