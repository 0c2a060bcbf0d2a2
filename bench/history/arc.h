/* Where a sequence of values has another level than around it: scans of ranks. Pure, no allocation. */
#ifndef STEELYARD_BENCH_HISTORY_ARC_H
#define STEELYARD_BENCH_HISTORY_ARC_H

#include <stddef.h>
#include <stdint.h>

/** Fewest values on either side of a change: with four and four an interval of 95 % exists. */
#define SY_ARC_LEAST ((size_t)4)

/** Fewest values that can have a change. */
#define SY_ARC_SHORTEST (2 * SY_ARC_LEAST)

/** Most values: sums of ranks fit 32 bits. */
#define SY_ARC_LONGEST ((size_t)30000)

/** Values [begin, end) against all others; z: how far their mean rank is off, in its standard deviations. */
typedef struct sy_arc {
    size_t begin, end;
    double z;
} sy_arc;

/**
 * Twice the ranks of `values` less their mean, ties shared: whole numbers. Values are finite.
 *
 * scratch   `count` doubles.
 */
void sy_arc_ranks(const double *values, size_t count, double *scratch, int32_t *out_ranks);

/**
 * The stretch that differs most from the rest. It has SY_ARC_LEAST values or more, and so has each part
 * before and after it that is not empty. A change for good is a stretch that reaches to the end.
 *
 * count     SY_ARC_LONGEST at most. scratch: count + 1 numbers.
 * Result    z 0 for fewer than SY_ARC_SHORTEST values or if all are equal. Work: count^2 / 2.
 * Source    circular binary segmentation: Olshen, Venkatraman, Lucito & Wigler, Biostatistics 5(4), 2004; on
 *           ranks (Wilcoxon's statistic of the stretch), so that one wild value has the weight of a rank.
 */
sy_arc sy_arc_find(const int32_t *ranks, size_t count, int32_t *scratch);

/**
 * Probability of an arc of that z or more somewhere, if the order of the values means nothing.
 *
 * ranks     shuffled on return; `scratch` as above. seed: same seed, same result.
 * Method    normal tail times the number of arcs where that is small enough to be settled (under 1e-4), else
 *           permutations, stopped at 20 that are as extreme or after 9,999.
 * Source    stopping: Besag & Clifford, Biometrika 78(2), 1991.
 */
double sy_arc_p(int32_t *ranks, size_t count, double z, uint64_t seed, int32_t *scratch);

#endif
