/* Groups of several columns put on lines. */
#ifndef STEELYARD_BENCH_COMPARE_LINES_H
#define STEELYARD_BENCH_COMPARE_LINES_H

#include "bench/compare/groups.h"

/**
 * Put the groups of `columns` columns on lines, column by column, into out_join->line and lines; each group
 * of a column takes a line whose groups so far answer the same question, else a new one.
 *
 * is_across   by key alone, else in the order of sy_join_over_time().
 * Errors      SY_OUT_OF_MEMORY.
 */
sy_status sy_lines_make(const sy_placed_groups *groups, size_t columns, bool is_across, sy_arena *arena,
    sy_join *out_join, sy_error *err);

/**
 * List what met nothing, into out_join->unjoined; lines must be there.
 *
 * Cost     the nearest is looked for among all candidates, but over all rows at most about two million pairs
 *          are looked at: a row of very many then has the nearest of those around its place.
 * Errors   SY_OUT_OF_MEMORY.
 */
sy_status sy_unjoined_find(sy_arena *arena, sy_join *join, sy_error *err);

#endif
