/* The gate: whether a change may pass, and every reason if it may not. */
#ifndef STEELYARD_BENCH_COMPARE_GATE_H
#define STEELYARD_BENCH_COMPARE_GATE_H

#include "bench/compare/conditions.h"
#include "bench/compare/means.h"
#include "bench/compare/noise.h"

struct sy_extension;

/* What a gate may fail on. */
enum { SY_FAIL_REGRESSION = 1, SY_FAIL_MISSING = 2, SY_FAIL_INCONCLUSIVE = 4 };

/* How a gate ends: the exit status. */
enum { SY_GATE_PASSED = 0, SY_GATE_FAILED = 1, SY_GATE_UNDECIDED = 4 };

/* Outcome of one row in one quantity. LOST: BASE has a result and NEW has none; SKIPPED: not gated. */
enum {
    SY_GATED_PASS = 0,
    SY_GATED_REGRESSED = 1,
    SY_GATED_UNDECIDED = 2,
    SY_GATED_LOST = 3,
    SY_GATED_SKIPPED = 4
};

/** Least threshold of a row whose noise is not known. */
#define SY_GATE_UNKNOWN_NOISE 0.02

/** False discovery rate at which a single row fails the gate. */
#define SY_GATE_DISCOVERY 0.01

/** p, not corrected, up to which an undecided row beyond its threshold is suspected. */
#define SY_GATE_SUSPICION 0.01

/** Least part of BASE's rows that NEW must have, else nothing is decided. */
#define SY_GATE_LEAST_JOINED 0.9

/**
 * What to gate on.
 *
 * threshold           of each quantity as a fraction; NaN: not gated.
 * allow_missing       POSIX extended regular expression over a row's problem and its names; NULL: none.
 * allow_inconclusive  share of the gated rows that may stay undecided, 0 to 1. At 1 conditions that are
 *                     inconclusive are allowed too.
 * fail_on             SY_FAIL_* together. With INCONCLUSIVE an undecided gate fails, but for what is
 *                     undecided always.
 * noise               of this machine; NULL: not known. Give the comparison the same.
 * extension           that was measured before this judgement (extension.h), for its notes; NULL: none.
 * extension_failure   why it came to nothing; NULL: it did not.
 */
typedef struct sy_gate_options {
    double threshold[SY_QUANTITY_COUNT];
    const char *allow_missing;
    double allow_inconclusive;
    unsigned fail_on;
    const sy_noise *noise;
    const struct sy_extension *extension;
    const char *extension_failure;
} sy_gate_options;

/** Nothing gated, nothing allowed, fail on regressions and missing rows. */
void sy_gate_options_init(sy_gate_options *out_options);

/** Read "time:5%,energy:10%" (or "time:0.05") into `threshold`. Errors: SY_INVALID_ARGUMENT: an unknown
 * quantity, one named twice, or a threshold that is not above 0 and at most 100 % (throughput: below 100 %).
 */
sy_status sy_gate_parse(const char *text, sy_gate_options *options, sy_error *err);

/** Read "regression,missing,inconclusive" into `fail_on`. Errors: SY_INVALID_ARGUMENT. */
sy_status sy_gate_parse_fail_on(const char *text, sy_gate_options *options, sy_error *err);

/** Read a share ("5%", "0.05"; NULL or "": all) into `allow_inconclusive`. Errors: SY_INVALID_ARGUMENT. */
sy_status sy_gate_parse_share(const char *text, sy_gate_options *options, sy_error *err);

/**
 * One row in one quantity.
 *
 * threshold     that was used, a fraction: max(asked, 3 x sy_noise_total()), or max(asked, 2 %) where the
 *               noise is not known; of precision at least 100 % (row_ratio.h). is_coarse: it is above the
 *               asked one.
 * p, q          one-sided, of "no worse than half the threshold", and corrected over the rows. The error in
 *               it is at least sy_ratio.typical_error; where the noise of single runs is not known, these are
 *               taken to differ by a third of SY_GATE_UNKNOWN_NOISE each. NaN: none.
 * outcome       SY_GATED_*.
 * is_suspected  undecided, and the estimate is beyond the threshold with p <= SY_GATE_SUSPICION.
 * before        outcome before an extension whose samples are in the row now; -1: it has none.
 * reason        one line, without the row's name; NULL for a pass.
 */
typedef struct sy_gated_row {
    size_t line, column;
    int quantity, outcome, before;
    double threshold, p, q;
    bool is_coarse, is_noise_known, is_suspected;
    const char *reason;
} sy_gated_row;

/** One geometric mean: low: 99 % one-sided lower bound of the ratio as a cost (1.03: 3 % worse); limit: that
 * it must not be above. */
typedef struct sy_gated_mean {
    sy_mean mean;
    double low, limit;
    bool is_failed;
} sy_gated_mean;

/* What a reason is. */
enum { SY_REASON_FAILURE = 0, SY_REASON_UNDECIDED = 1, SY_REASON_NOTE = 2 };

/** One line, and SY_REASON_*. row: the row it is of, or NULL; what: then the text without the row's name, for
 * who names it in his own way. */
typedef struct sy_gate_reason {
    const char *text, *what;
    int kind;
    const sy_gated_row *row;
} sy_gate_reason;

/**
 * How it ended.
 *
 * status    SY_GATE_*. reason: failures first, each row its own; then what is undecided; then notes.
 * row, mean  every row and mean that was looked at.
 * gated     rows that count: passed, regressed, undecided, lost. decided: without the undecided ones.
 * base_rows, joined
 *           rows with a result in BASE (of all columns, without those that may be missing), and those of them
 *           that NEW has, with a result or not.
 * extension, extension_failure, fail_on
 *           as in the options. is_all_allowed: all rows may stay undecided; is_share_kept: no more are than
 * may.
 */
typedef struct sy_gate {
    int status;
    const sy_gate_reason *reason;
    size_t reasons;
    const sy_gated_row *row;
    size_t rows;
    const sy_gated_mean *mean;
    size_t means;
    size_t gated, decided, regressed, lost, undecided, suspected, coarse, base_rows, joined;
    const struct sy_extension *extension;
    const char *extension_failure;
    unsigned fail_on;
    bool is_all_allowed, is_share_kept;
} sy_gate;

/**
 * Judge every column of a comparison (from 1 on) against the base.
 *
 * Rows     A row has regressed if it is worse by more than its threshold, and certainly worse by more than
 *          half of it (Benjamini and Hochberg over the rows of one column and quantity, q <=
 *          SY_GATE_DISCOVERY). It passes if the 95 % one-sided upper bound of its cost is within the
 *          threshold. Between the two it is undecided, as is what is unstable or has no interval. A row
 *          that did not change passes in 95 of 100 cases with sy_plan_rounds() rounds.
 * Means    A geometric mean (suite and type) fails if its 99 % one-sided lower bound is above half the
 *          threshold (the asked one, at least 2 %). It sees what a whole build lost before any single row.
 * Lost     BASE has a result; NEW lacks the row, or has it as wrong, suspect, error, timeout, unsupported,
 *          unavailable or skipped.
 * End      Undecided always: BASE without a result, a column with under 90 % of BASE's rows joined, a
 *          quantity in which neither a row was decided nor a mean failed. Else failed where fail_on says
 *          so. Else undecided: more undecided rows than allowed, a suspected row (no allowance but one of
 *          100 % covers it), inconclusive conditions (likewise). Else passed.
 *
 * conditions  conditions[column - 1] of each column, or NULL: not looked at.
 * Owns     everything lives in `arena` and borrows the comparison.
 * Errors   SY_INVALID_ARGUMENT: nothing is gated, or allow_missing is no regular expression;
 *          SY_OUT_OF_MEMORY.
 */
sy_status sy_gate_judge(const sy_comparison *comparison, const sy_conditions *conditions,
    const sy_gate_options *options, sy_arena *arena, sy_gate *out_gate, sy_error *err);

#endif
