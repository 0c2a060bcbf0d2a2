/*
 * Comparing values with what they should be, and keeping count: the worst, sums that find a common fault of
 * many values, and what is needed to say which faults would have been seen. Internal to this folder.
 */
#ifndef STEELYARD_CHECK_TALLY_H
#define STEELYARD_CHECK_TALLY_H

#include "bench/check/columns.h"
#include "bench/check/noise.h"

/** A place in the result: of a single element, or of a signed sum (then `col` is its first column). */
typedef struct check_place {
    int64_t block, row, col;
    bool is_sum;
} check_place;

/**
 * A common fault of many values, found by correlating what is wrong with what the fault would change: the
 * estimate is error_effect / effect2, its deviation at most sqrt(variance) / effect2; 0 for an honest result,
 * 1 for the fault.
 */
typedef struct check_match {
    double error_effect, effect2, variance, largest;
} check_match;

/**
 * worst          largest ratio of error to bound, with both sides, and where; `is_finite` false: a NaN or an
 *                infinity was there
 * is_overflow    a true value exceeds a type, first at `overflow`
 * single_bound   largest bound of a single value, bound_total their sum;  sum_bound: largest of a signed sum
 * square_sum     of the true single values
 * zero, tail     the faults "all zeros" and "last 4 of k dropped"; `largest`: largest effect / bound
 * gain           the fault "1 % too large"
 * pairs, missed  pairs of unlike elements, and those too near each other to tell one from the other
 */
typedef struct check_tally {
    double worst_ratio, worst_error, worst_bound, worst_value, worst_true;
    check_place worst, overflow;
    bool is_finite, is_overflow;
    int64_t singles, sums;
    double single_bound, sum_bound, square_sum, bound_total;
    check_match zero, tail, gain;
    int64_t pairs, missed;
    double last_true;
} check_tally;

/**
 * One row of a pass: what the product gives and what there is. Arrays have `count` columns' entries.
 *
 * sum, tail     of products, whole and over the last 4 of k;  norm_row, norm_col2: |a|, and |b|^2 per column
 * bias, scale   per looked-at column (single) or per column (sums); NULL: none
 * row_scale     1 if there is none
 * scratch       room for 4 x all columns
 */
typedef struct check_row {
    const check_product *product;
    const check_noise *noise;
    const check_columns *columns;
    const double *image_sign;
    int64_t block, row;
    const double *sum, *tail, *norm_col2, *bias, *scale;
    double norm_row, row_scale;
    double *scratch;
} check_row;

void check_tally_init(check_tally *out_tally);

/** Hold a value against what it should be; the worst is kept. */
void check_tally_note(
    check_tally *tally, const check_place *place, double value, double should, double bound);

/** Compare the single columns of one row. */
void check_tally_single(check_tally *tally, const check_row *row);

/** Compare the signed sums of one row. */
void check_tally_sums(check_tally *tally, const check_row *row);

/** Estimate of a common fault and its deviation; (0, infinity) where nothing was seen. */
double check_match_estimate(const check_match *match, double *out_deviation);

#endif
