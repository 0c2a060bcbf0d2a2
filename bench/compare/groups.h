/* Rows that are repeats of one another, put together. */
#ifndef STEELYARD_BENCH_COMPARE_GROUPS_H
#define STEELYARD_BENCH_COMPARE_GROUPS_H

#include "bench/compare/join.h"

/** A group and the column it is in. */
typedef struct sy_placed_group {
    sy_group group;
    size_t column;
} sy_placed_group;

/** Groups in the order of their first rows. */
typedef struct sy_placed_groups {
    sy_placed_group *item;
    size_t count;
} sy_placed_groups;

/**
 * Group the rows of an intake.
 *
 * column_of   of every row; SY_NO_COLUMN: left out. is_across: the subject and the algorithm asked for do not
 *             tell groups apart.
 * Errors      SY_OUT_OF_MEMORY.
 */
sy_status sy_groups_make(const sy_intake *intake, const size_t *column_of, bool is_across, sy_arena *arena,
    sy_placed_groups *out_groups, sy_error *err);

#endif
