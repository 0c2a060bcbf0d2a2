/* How far two samples are apart, whatever their law. Pure, no allocation. */
#ifndef STEELYARD_BENCH_HISTORY_SHIFT_H
#define STEELYARD_BENCH_HISTORY_SHIFT_H

#include <stddef.h>

/** after less before, with its 95 % interval; NaN for an empty sample. */
typedef struct sy_shift {
    double size, low, high;
} sy_shift;

/** Most values of each sample that count: those nearest to the change. */
#define SY_SHIFT_MOST ((size_t)100)

/** Doubles of scratch that sy_shift_find() needs at most. */
#define SY_SHIFT_SCRATCH (SY_SHIFT_MOST * SY_SHIFT_MOST)

/**
 * The shift of `after` against `before`; of each the SY_SHIFT_MOST values that are nearest to the change
 * between them.
 *
 * Result    low and high are infinite with fewer than four values on a side, where there is no 95 % interval.
 * Source    Hodges & Lehmann, Annals of Mathematical Statistics 34(2), 1963; interval by the ranks of
 *           Mann-Whitney's statistic (Moses; Hollander & Wolfe, Nonparametric Statistical Methods,
 * section 4.3).
 */
sy_shift sy_shift_find(
    const double *before, size_t n_before, const double *after, size_t n_after, double *scratch);

#endif
