/* A whole comparison: joined rows with their ratios in every quantity. */
#ifndef STEELYARD_BENCH_COMPARE_COMPARISON_H
#define STEELYARD_BENCH_COMPARE_COMPARISON_H

#include "bench/compare/join.h"
#include "bench/compare/ratio.h"

struct sy_noise;

/**
 * How to compare.
 *
 * delta    half width of "same", a fraction; 0 takes 0.02.
 * noise    of this machine, or NULL: not known (then what changes from run to run is not in an interval of
 *          single runs).
 */
typedef struct sy_comparison_options {
    double delta;
    const struct sy_noise *noise;
} sy_comparison_options;

/**
 * The ratios of a join; sy_comparison_ratio() finds one.
 *
 * ratio   of line l, column c >= 1 and quantity q at ((l * (columns - 1)) + c - 1) * SY_QUANTITY_COUNT + q.
 * delta   that was used.
 */
typedef struct sy_comparison {
    const sy_join *join;
    sy_ratio *ratio;
    double delta;
} sy_comparison;

/**
 * Compare all lines of a join.
 *
 * Lines that lack one of the two groups, or a time in it, are not comparable and say why.
 *
 * Time        Each side is the geometric mean of the medians of its rounds: over the rounds of a process,
 *             then the processes of a run, then the runs. What is taken to vary is the highest level at
 *             which both sides are repeated: runs (each card of a run is one), else processes, else rounds;
 *             variances are shrunk over all stable rows of one device (shrink.h), then tested
 *             (sy_ratio_test()). A row of one round has the device's common variance; without that there is
 *             the interval of its batches, and the verdict is inconclusive. So is that of an unstable row.
 *             The host's and the device's time never meet.
 *             Of a join of pairs: of each pair's blocks, see row_ratio.h.
 * Throughput  The same, turned round.
 * Energy      Gross joules a launch by the base's first valid meter that the other side has too: by its
 *             source, else by its scope. One source on one card of one host (as far as is known): the
 *             random uncertainty; otherwise all of it, in quadrature. Gain not known, and devices differ:
 *             joules, but no ratio. Repeats that differ by more than was declared count with what they
 *             differ by. Net under 20 % of gross on a side: not gateable. Scopes are never mixed, invalid
 *             entries never used.
 * Precision   Whether it is still verified, then the math that was delivered, then the largest error over its
 * bound. Which outputs are looked at is drawn, so that largest errors differ by chance: one has changed by a
 * factor of 2 or more, beyond four times the spread over the column's rows, errors below a sixteenth of the
 * bound being as good as each other. There is no interval. All rows    q over the lines of each column and
 * quantity; FASTER and SLOWER need q <= SY_FALSE_DISCOVERY. Owns        *out lives in `arena`, and borrows
 * the join and its intake. Errors      SY_INVALID_ARGUMENT: delta out of [0, 1); SY_OUT_OF_MEMORY.
 */
sy_status sy_comparison_make(const sy_join *join, const sy_comparison_options *options, sy_arena *arena,
    sy_comparison *out, sy_error *err);

/** One ratio; column >= 1. */
const sy_ratio *sy_comparison_ratio(
    const sy_comparison *comparison, size_t line, size_t column, int quantity);

/** "3 runs, 2 cards", "1 run, 1 card" of a ratio's poorer side, into `out_text`. */
void sy_ratio_basis(const sy_ratio *ratio, char *out_text, size_t capacity);

#endif
