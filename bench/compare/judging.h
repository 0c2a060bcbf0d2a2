/* A gate at work. */
#ifndef STEELYARD_BENCH_COMPARE_JUDGING_H
#define STEELYARD_BENCH_COMPARE_JUDGING_H

#include <regex.h>

#include "bench/compare/gate.h"

/** What the parts of a gate share. failed: memory ran out. is_stuck: undecided whatever else is found.
 * is_idle: of a quantity, in some column no row of it was decided. */
typedef struct sy_judging {
    const sy_comparison *comparison;
    const sy_conditions *conditions;
    const sy_gate_options *options;
    sy_arena *arena;
    sy_gate *out;
    sy_gated_row *row;
    sy_gate_reason *reason;
    size_t reason_room;
    regex_t allowed;
    bool failed, is_stuck, is_idle[SY_QUANTITY_COUNT];
} sy_judging;

/** Add a reason; text lives in the arena. */
void sy_judging_add(sy_judging *state, int kind, const char *text);

/** The same of one row; `what` without its name. */
void sy_judging_add_row(sy_judging *state, int kind, const sy_gated_row *row, const char *what);

/** Kind of a reason for what fail_on names: a failure, or a note. */
int sy_judging_kind(const sy_judging *state, unsigned fail_on);

/** A threshold as the log of a cost: throughput lower by 5 % is a cost 1 / 0.95. */
double sy_judging_log(int quantity, double threshold);

/** How a line is called in a reason. */
const char *sy_judging_name(const sy_judging *state, size_t line);

/** Notes on what was measured again. */
void sy_judging_extension(sy_judging *state);

/** Judge all rows; the geometric means of all quantities. */
void sy_judging_rows(sy_judging *state);
sy_status sy_judging_means(sy_judging *state, sy_error *err);

#endif
