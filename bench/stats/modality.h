/* Does a sample have two modes? Pure, no allocation. */
#ifndef STEELYARD_STATS_MODALITY_H
#define STEELYARD_STATS_MODALITY_H

#include <stdbool.h>
#include <stddef.h>

/**
 * The best cut of a sample in two.
 *
 * low, high     medians of the two parts.
 * minority      share of the smaller part, in [0, 0.5].
 * within        variance within the parts over that of all: 0.36 for one normal mode, 0.25 for a uniform law,
 *               near 0 for two modes far apart. 1 if there is nothing to cut.
 * p_value       probability of so empty a valley between `low` and `high` if there were only one mode.
 */
typedef struct sy_modality {
    double low, high, minority, within, p_value;
} sy_modality;

/**
 * Cut `sorted` (ascending) in two and judge the valley between the parts. The outer 5 % on either side are
 * left out, so that outliers make no mode.
 *
 * effective   number of independent values in the sample, <= count (dependent values clump by chance).
 * Result      p_value 1 for fewer than 20 values; no modes (NaN, minority 0) for fewer than 10 or a constant
 *             sample.
 * Method      cut: least variance within the parts (Otsu, IEEE SMC 9(1), 1979); valley: the middle third
 *             between the two medians holds at least a third of what lies between them when there is one
 *             mode; a binomial test of the share that is really there.
 */
sy_modality sy_modality_find(const double *sorted, size_t count, double effective);

#endif
