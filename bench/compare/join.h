/* Which rows are compared with which: groups of rows that are repeats of one another, lines of groups that
 * answer the same question, and what stands alone and why. */
#ifndef STEELYARD_BENCH_COMPARE_JOIN_H
#define STEELYARD_BENCH_COMPARE_JOIN_H

#include "bench/compare/intake.h"

/**
 * Rows that are repeats: same key, same subject, same algorithm asked for, in one column.
 *
 * entry     the rows; those of one run follow each other.
 * shown     the one that stands for them: the first with a time, else the first.
 * status    of `shown`, but SY_ROW_UNSTABLE if one with a time is that.
 * runs, cards, processes, rounds
 *           how many there are in the rows with a time, of all runs together. A card of a run counts as a run
 *           of its own. runs 0: no result.
 */
typedef struct sy_group {
    const sy_entry *const *entry;
    size_t count;
    const sy_entry *shown;
    uint32_t status;
    size_t runs, cards, processes, rounds;
} sy_group;

/** One line: cell[column] is a group or NULL; cell[0] is the base. note: what differs though it was joined
 * ("algorithm native -> onednn"), or NULL. */
typedef struct sy_line_up {
    const sy_group *const *cell;
    const char *note;
} sy_line_up;

/** A field in which two groups differ, with both values ("absent" if one has none). */
typedef struct sy_difference {
    const char *field, *base, *other;
} sy_difference;

/**
 * A group that met none in another column.
 *
 * column    where the group is (SY_NO_COLUMN: its device was refused); other: the column that lacks it.
 * nearest   group of `other` with the most equal fields of those not taken, or NULL: there is nothing near.
 * difference  between the two, problem fields one by one ("k", "dtype", "math", "data", "cache", "launch",
 *           "algorithm", "asked for", "threads", "device name", "vendor", "scope", "backend", "simulated").
 * reason    one line: "no such row; the nearest differs in k (4096, there 8192)".
 */
typedef struct sy_unjoined {
    size_t column, other;
    const sy_group *group, *nearest;
    const sy_difference *difference;
    size_t differences;
    const char *reason;
} sy_unjoined;

/**
 * A column: a side (over time) or a subject (across).
 *
 * shown    a row of the subject; NULL over time, where the column's number is the side's. device,
 *          device_name, asked: of it. groups: how many are in the column.
 */
typedef struct sy_join_column {
    const sy_entry *shown;
    const char *device, *device_name, *asked;
    bool is_simulated;
    size_t groups;
} sy_join_column;

/** The column of a row whose device was refused as a whole. */
#define SY_NO_COLUMN SIZE_MAX

/** Everything lives in the arena it was made in, and in the intake. lines come in the order of the base's
 * rows, then of the others'. is_paired: ratios are those of pairs' blocks. */
typedef struct sy_join {
    const sy_join_column *column;
    size_t columns;
    const sy_line_up *line;
    size_t lines;
    const sy_unjoined *unjoined;
    size_t unjoined_count;
    bool is_across, is_paired;
} sy_join;

/**
 * Over time: column s is side s; rows join on key and subject.
 *
 * In this order, each group at most once: key, subject and algorithm asked for; key and subject; key and what
 * was asked (device name, vendor, scope, backend, threads, algorithm asked for, where both have them): the
 * last joins a row that failed before it had a subject, and one for which `auto` chose differently, which is
 * noted.
 *
 * sides    at least 2.
 * Errors   SY_INVALID_ARGUMENT: fewer; SY_OUT_OF_MEMORY.
 */
sy_status sy_join_over_time(
    const sy_intake *intake, size_t sides, sy_arena *arena, sy_join *out_join, sy_error *err);

/**
 * What to take across.
 *
 * base       device as asked for ("cuda:0") or its name, or a beginning of it that only one column has;
 *            NULL: the first column that there is.
 * algorithm  asked for; NULL: "auto" (and a device that has no row of `auto` is not shown).
 * by_card    each card its own column, else cards of a kind are repeats of one subject.
 */
typedef struct sy_across {
    const char *base, *algorithm;
    bool by_card;
} sy_across;

/**
 * Across devices: one column a device (backend, name, vendor, scope, threads), rows join on the key alone.
 * Simulated devices never meet real ones: with a real base the simulated columns are left out and each of
 * their rows is refused, and the other way round.
 *
 * Errors   SY_INVALID_ARGUMENT: no column is `base`, or several are (the text lists those there are); fewer
 *          than two columns; SY_OUT_OF_MEMORY.
 */
sy_status sy_join_across(
    const sy_intake *intake, const sy_across *across, sy_arena *arena, sy_join *out_join, sy_error *err);

/**
 * Pairs of `run --pair`: side a of all is column 0, each other side (device and algorithm as asked for) one
 * more; rows join on the key. Rows that are in no pair are passed over. Repeats over processes and runs are
 * put together; which row is whose partner is told by the pair's id. is_across too.
 *
 * *out_left_out  simulated rows that were left out, because there are real ones.
 * Errors   SY_INVALID_ARGUMENT: no row is in a pair, a side is missing, or several things are side a;
 *          SY_OUT_OF_MEMORY.
 */
sy_status sy_join_pairs(
    const sy_intake *intake, sy_arena *arena, sy_join *out_join, size_t *out_left_out, sy_error *err);

#endif
