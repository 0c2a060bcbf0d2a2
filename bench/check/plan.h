/* What of a result is looked at, and how: chosen so that the cost is bounded. Internal to this folder. */
#ifndef STEELYARD_CHECK_PLAN_H
#define STEELYARD_CHECK_PLAN_H

#include "bench/check/noise.h"

/*
 * full     every element
 * sums     signed sums of columns at every row, and some rows and columns whole (linear epilogues)
 * lattice  every row_step-th row by every col_step-th column, with random phases, and the last ones
 */
enum { CHECK_PLAN_FULL = 0, CHECK_PLAN_SUMS = 1, CHECK_PLAN_LATTICE = 2 };

/** Side of the stale tile that a check must see. */
enum { CHECK_TILE = 16 };

/**
 * width, vectors  of the sums;  lines: rows and columns looked at whole, in `line_blocks` of the blocks
 * line_row_step, line_col_step   of what crosses a line, one in so many; 1 unless that is huge
 * joins_images    sums run over a signed sum of all images
 * row_step, col_step, block_step   1: all
 */
typedef struct check_plan {
    uint32_t kind;
    int64_t width, vectors, lines, line_blocks, line_row_step, line_col_step;
    bool joins_images;
    int64_t row_step, col_step, block_step;
} check_plan;

void check_plan_make(const check_product *product, const check_noise *noise, check_plan *out_plan);

/**
 * Every `step`-th of 0 to count - 1 from `phase` on, with the first and the last; ascending.
 * Release *out_index with check_index_release(). SY_OUT_OF_MEMORY.
 */
sy_status check_plan_lattice(
    int64_t count, int64_t step, uint64_t phase, check_index *out_index, sy_error *err);

/** `wanted` of 0 to count - 1: first, last, one of the last tile's, the rest at random; as above. */
sy_status check_plan_lines(
    int64_t count, int64_t wanted, uint64_t seed, check_index *out_index, sy_error *err);

void check_index_release(check_index *index);

/** "freivalds 2 x 512 + 8 rows + 8 columns". */
void check_plan_name(const check_plan *plan, const check_product *product, char *out_text, size_t capacity);

#endif
