/*
 * Which columns of a product are looked at: single ones, or random signed sums of neighbouring ones
 * (Freivalds' vectors, cut in segments). Internal to this folder.
 */
#ifndef STEELYARD_CHECK_COLUMNS_H
#define STEELYARD_CHECK_COLUMNS_H

#include "bench/check/product.h"

/**
 * single   the columns, when width is 0
 * width    columns summed together; the last segment of each vector may be shorter
 * vectors  how many independent vectors of signs
 * count    columns of the right operand that result: single.count, or vectors x segments
 * factor   [vectors][cols] sign x column scale, for the right operand; sign alone in `sign`
 * scratch, square   rows of the right operand, or one column; squares with scales
 */
typedef struct check_columns {
    check_index single;
    int64_t width, vectors, segments, count;
    double *factor, *sign, *scratch, *square;
} check_columns;

/** All or some single columns. */
sy_status check_columns_single(
    const check_product *product, check_index single, check_columns *out_columns, sy_error *err);

/** Signed sums, the signs drawn from `seed`; for products whose epilogue is linear. */
sy_status check_columns_sums(const check_product *product, int64_t block, int64_t width, int64_t vectors,
    uint64_t seed, check_columns *out_columns, sy_error *err);
void check_columns_close(check_columns *columns);

/**
 * The right operand's rows k to k + depth - 1, packed for check_multiply(), and the square sums of its
 * columns (for a signed sum: of all its columns, scales included) added to `norm2` unless that is NULL.
 */
void check_columns_load(const check_product *product, check_columns *columns, int64_t block, int64_t k,
    int64_t depth, double *out_packed, double *norm2);

/** Segment s of a vector covers columns s x width up to the returned end. */
int64_t check_columns_end(const check_columns *columns, int64_t segment, int64_t cols);

#endif
