/* Changes of level in many series at once. */
#ifndef STEELYARD_BENCH_HISTORY_CHANGES_H
#define STEELYARD_BENCH_HISTORY_CHANGES_H

#include "steelyard/status.h"

#include <stddef.h>
#include <stdint.h>

/** Most runs of a series that are looked through: the work grows with their square. */
#define SY_CHANGES_RUNS_MOST UINT64_C(1000)

/** A series: logarithms of finite positive values, oldest first; SY_ARC_LONGEST at most, else it is not
 * tested. Borrowed. */
typedef struct sy_levels {
    const double *value;
    size_t count;
} sy_levels;

/**
 * A change between value at - 1 and value at of a series.
 *
 * p             of the test that found it. size, low, high: of the logarithm, with its 95 % interval.
 * before, after values of the stretch that ends, and of the one that begins, there.
 */
typedef struct sy_change {
    size_t series, at, before, after;
    double p, size, low, high;
} sy_change;

/** Changes by series and place. Zero-initialise; sy_change_list_release(). tested: series long enough. */
typedef struct sy_change_list {
    sy_change *item;
    size_t count, capacity, tested;
} sy_change_list;

/**
 * Find the changes of `count` series.
 *
 * rate     false ones among those found, at most (0.05). least: smallest size of a change, as a logarithm.
 * Errors   SY_OUT_OF_MEMORY.
 * Method   each stretch is asked for the part that differs most (arc.h); all stretches of one depth are one
 *          family, of which Benjamini & Hochberg's procedure (J. R. Statist. Soc. B 57(1), 1995) takes those
 *          with a change, whose parts are the next family (Yekutieli, JASA 103, 2008). Neighbouring stretches
 *          that are not apart by `least`, or whose interval holds 0, are joined again, and each change is
 *          moved to where its levels part best (split.h). Deterministic.
 */
sy_status sy_changes_find(const sy_levels *series, size_t count, double rate, double least,
    sy_change_list *out_list, sy_error *err);

/** Free and zero. */
void sy_change_list_release(sy_change_list *list);

#endif
