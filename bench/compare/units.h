/* What varies in a group of rows: rounds of a process, processes of a run, runs. Pure. */
#ifndef STEELYARD_BENCH_COMPARE_UNITS_H
#define STEELYARD_BENCH_COMPARE_UNITS_H

#include "bench/compare/join.h"
#include "bench/compare/ratio.h"
#include "bench/compare/shrink.h"

/* Levels at which a group may be repeated. */
enum { SY_LEVEL_ROUNDS = 0, SY_LEVEL_PROCESSES = 1, SY_LEVEL_RUNS = 2, SY_LEVEL_COUNT = 3 };

/**
 * One level.
 *
 * one     variance of one unit within its parent, pooled over all parents; freedom 0: no parent has two.
 * factor  variance of the group's mean / that of one unit, if nothing above this level varies.
 * n       units.
 */
typedef struct sy_unit_level {
    sy_variance one;
    double factor;
    size_t n;
} sy_unit_level;

/** A group in logs of ns: mean over runs of means over processes of means over rounds. */
typedef struct sy_units {
    double mean;
    sy_unit_level level[SY_LEVEL_COUNT];
} sy_units;

/** All rows of a group that have a time; `mean` is NaN if none has. */
void sy_units_of(const sy_group *group, sy_units *out_units);

/** The highest level at which both sides are repeated; rounds if there is none. */
int sy_units_level(const sy_units *base, const sy_units *other);

/** Mean and variance of a group for the test, its unit's variance shrunk towards `prior`. */
sy_ratio_side sy_units_side(const sy_units *units, int level, sy_prior prior);

#endif
