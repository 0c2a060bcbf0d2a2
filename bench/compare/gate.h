/* The gate: whether a change may pass, and every reason if it may not. */
#ifndef STEELYARD_BENCH_COMPARE_GATE_H
#define STEELYARD_BENCH_COMPARE_GATE_H

#include "bench/compare/conditions.h"
#include "bench/compare/means.h"
#include "bench/compare/noise.h"

/* What a gate may fail on. */
enum { SY_FAIL_REGRESSION = 1, SY_FAIL_MISSING = 2, SY_FAIL_INCONCLUSIVE = 4 };

/* How a gate ends, with its exit status. */
enum { SY_GATE_PASSED = 0, SY_GATE_FAILED = 1, SY_GATE_UNDECIDED = 4 };

/* Outcome of one row in one quantity. LOST: BASE has it and NEW has no result. SKIPPED: not gateable. */
enum {
    SY_GATED_PASS = 0,
    SY_GATED_REGRESSED = 1,
    SY_GATED_UNDECIDED = 2,
    SY_GATED_LOST = 3,
    SY_GATED_SKIPPED = 4
};

/**
 * Thresholds: threshold[quantity] as a fraction; NaN: not gated.
 *
 * allow_missing       POSIX extended regular expression over the problem and the row's names; NULL: none.
 * allow_inconclusive  share of the gated rows that may be undecided, 0 to 1.
 * fail_on             SY_FAIL_* together; 0 takes REGRESSION | MISSING. With INCONCLUSIVE an undecided gate
 * is a failed one. noise               NULL: not known.
 */
typedef struct sy_gate_options {
    double threshold[SY_QUANTITY_COUNT];
    const char *allow_missing;
    double allow_inconclusive;
    unsigned fail_on;
    const sy_noise *noise;
} sy_gate_options;

/** Nothing gated, nothing allowed. */
void sy_gate_options_init(sy_gate_options *out_options);

/** Read "time:5%,energy:10%" (also "time:0.05") into threshold. Errors: SY_INVALID_ARGUMENT with what is
 * wrong and what would be right. */
sy_status sy_gate_parse(const char *text, sy_gate_options *options, sy_error *err);

/** Read "regression,missing,inconclusive" into fail_on. Errors as sy_gate_parse(). */
sy_status sy_gate_parse_fail_on(const char *text, sy_gate_options *options, sy_error *err);

/** Read the N% of --allow-inconclusive ("5%", "0.05"; NULL or "": all). Errors as sy_gate_parse(). */
sy_status sy_gate_parse_share(const char *text, sy_gate_options *options, sy_error *err);

/**
 * One row.
 *
 * threshold   effective one: max(asked, 3 x the row's noise of one round and run, or 2 % if that is not
 * known). is_coarse   it exceeds the asked one. is_noise_known. p, q        one-sided, of "no worse than half
 * the threshold", and corrected over the rows. outcome     SY_GATED_*. reason: one line, NULL for a pass.
 */
typedef struct sy_gated_row {
    size_t line, column;
    int quantity, outcome;
    double threshold, p, q;
    bool is_coarse, is_noise_known;
    const char *reason;
} sy_gated_row;

/** One geometric mean: low: 99 % one-sided lower bound of the ratio as a cost; limit: 1 + half the threshold.
 */
typedef struct sy_gated_mean {
    const sy_mean *mean;
    double low, limit;
    bool is_failed;
} sy_gated_mean;

/** A reason that counts: text in one line; is_failure, else it is one of not deciding; is_note: neither. */
typedef struct sy_gate_reason {
    const char *text;
    bool is_failure, is_note;
} sy_gate_reason;

/**
 * How it ended.
 *
 * status     SY_GATE_*, the exit status too. reason: all of them, failures first, then what is undecided,
 * then notes. row, mean  every gated row and mean. gated: rows that count (not skipped); decided: passed,
 * regressed or lost. base_rows, joined  rows of BASE with a result, and those of them that NEW has too (with
 * a result or not).
 */
typedef struct sy_gate {
    int status;
    const sy_gate_reason *reason;
    size_t reasons;
    const sy_gated_row *row;
    size_t rows;
    const sy_gated_mean *mean;
    size_t means;
    size_t gated, decided, regressed, lost, coarse, base_rows, joined;
} sy_gate;

/**
 * Judge every column of a comparison (from 1 on) against the base.
 *
 * A row has regressed if it is worse than its threshold and, after Benjamini and Hochberg over the rows of
 * one column and quantity (q <= 0.05), certainly worse than half of it. It passes if its 95 % one-sided upper
 * bound is within the threshold. Between the two it is undecided. A geometric mean (suite and type) fails if
 * its 99 % one-sided lower bound is above half the threshold asked for. Rows of BASE that are missing, wrong,
 * suspect, error, timeout, unavailable, skipped or newly unsupported in NEW are lost.
 *
 * Undecided, always: under 90 % of the rows of BASE joined, or nothing decided. Else failed where fail_on
 * says so; else undecided where more rows than allowed are, or where conditions are inconclusive and less
 * than all is allowed to be.
 *
 * conditions  of each column from 1 on (conditions[column - 1]), or NULL.
 * Errors      SY_INVALID_ARGUMENT: nothing is gated, or allow_missing is no regular expression;
 *             SY_OUT_OF_MEMORY.
 */
sy_status sy_gate_judge(const sy_comparison *comparison, const sy_conditions *conditions,
    const sy_gate_options *options, sy_arena *arena, sy_gate *out_gate, sy_error *err);

#endif
