/* How one operand of a problem is read out of the block. Internal to this folder. */
#ifndef STEELYARD_DATA_VIEW_H
#define STEELYARD_DATA_VIEW_H

#include "bench/data/block.h"

/* Where values come from: the rounded block as it is, nothing, or the drawn values through a formula. */
enum { VIEW_TYPED = 0, VIEW_ZERO = 1, VIEW_SCALED = 2, VIEW_WHOLE = 3 };

/**
 * scaled  value = gain * real + shift, rounded to dtype
 * whole   numbers from `lowest` up, all as likely: lowest + floor(steepness x share) where the drawn share
 *         of [0, 1) is below `density`, else zero
 * offset  where element 0 of the operand lies in the stream
 */
typedef struct data_view {
    uint32_t kind, dtype;
    uint64_t stream, length, offset;
    double gain, shift;
    double lowest, steepness, density;
} data_view;

/** The view of tensor `tensor_index` of input set `set`. */
void data_view_make(const sy_data_block *block, const sy_problem_storage *storage, uint64_t key,
    uint32_t tensor_index, uint64_t set, data_view *out_view);

#endif
