/* Where exactly a level changes, once it is known that it does. Pure, no allocation. */
#ifndef STEELYARD_BENCH_HISTORY_SPLIT_H
#define STEELYARD_BENCH_HISTORY_SPLIT_H

#include <stddef.h>

/**
 * The place that best divides `values` into two levels, each its part's median: least sum of absolute
 * deviations, found from `near` on in a few turns. SY_ARC_LEAST values or more on either side; `near` if
 * there are not so many.
 *
 * scratch   `count` doubles.
 * Source    least absolute deviations: Bai, Econometric Theory 11(3), 1995. Ranks find that there is a
 * change; they are blurred at its edge, since they spread what is within one level.
 */
size_t sy_split_find(const double *values, size_t count, size_t near, double *scratch);

#endif
