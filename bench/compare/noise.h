/* How much a row differs from itself: the noise that a gate has to stand above. */
#ifndef STEELYARD_BENCH_COMPARE_NOISE_H
#define STEELYARD_BENCH_COMPARE_NOISE_H

#include "bench/compare/comparison.h"
#include "runtime/base/text.h"

/** Most rounds that sy_plan_rounds() asks for. */
#define SY_PLAN_ROUNDS_MAX 1000u

/**
 * Noise of one row (key and subject), as standard deviations in logs (0.01 = 1 %).
 *
 * round  of one round's median about its run's mean.
 * run    of runs' means about each other, beyond what their rounds explain; 0: nothing was seen.
 * runs   that were seen.
 */
typedef struct sy_noise_row {
    uint64_t key, subject;
    double round, run;
    uint64_t runs;
} sy_noise_row;

/**
 * The noise of a machine.
 *
 * device_name    NULL: of several devices.
 * row, count     sorted by key and subject (sy_noise_sort()).
 * round, run     medians over the rows: what a row that is not listed has.
 * compared       pairs of runs that were compared as if one were new, each with the next; rows_compared:
 * their rows; alarms: those that were called faster or slower. false_alarm_rate: alarms of rows.
 */
typedef struct sy_noise {
    const char *device_name;
    sy_noise_row *row;
    size_t count;
    double round, run, false_alarm_rate;
    uint64_t compared, alarms, rows_compared;
} sy_noise;

/**
 * Measure it on repeated runs of one build: all runs of side 0 of an intake. Variances are shrunk as in a
 * comparison (shrink.h).
 *
 * delta    as in sy_comparison_options.
 * Owns     rows live in `arena`, texts in the intake.
 * Errors   SY_INVALID_ARGUMENT: no row is in two runs; SY_OUT_OF_MEMORY.
 */
sy_status sy_noise_measure(
    const sy_intake *intake, double delta, sy_arena *arena, sy_noise *out_noise, sy_error *err);

/** Bring the rows into their order; whoever makes noise of his own (a history) calls it once. */
void sy_noise_sort(sy_noise *noise);

/** The noise of a row: its own, else the machine's; without any (NULL) round and run are NaN. */
sy_noise_row sy_noise_of(const sy_noise *noise, uint64_t key, uint64_t subject);

/** Standard deviation of one round of a new run about the mean of another run: sqrt(round^2 + 2 run^2). Three
 * of these are the least threshold that a gate uses. */
double sy_noise_total(sy_noise_row row);

/** Append it as JSON, schema steelyard.noise/1: one object and a newline. False without memory. */
bool sy_noise_write(const sy_noise *noise, sy_text *out_text);

/**
 * Read it back.
 *
 * Owns     everything lives in `arena`.
 * Errors   SY_INCOMPATIBLE: another schema; SY_INVALID_ARGUMENT: malformed, or without what is needed;
 *          SY_OUT_OF_MEMORY. *out_noise is then empty.
 */
sy_status sy_noise_read(const char *text, size_t bytes, sy_arena *arena, sy_noise *out_noise, sy_error *err);

/**
 * Rounds a side that are needed so that a row which did not change passes `threshold` (a fraction, 0.05) in
 * 95 of 100 comparisons of single runs, on its own variance; at least 2.
 *
 * Result   0: no number up to SY_PLAN_ROUNDS_MAX does it; runs differ too much, or an argument is NaN or not
 *          positive.
 * Method   least n with (t(0.95, 2 n - 2) + z(0.95)) sqrt(2 (round^2 / n + run^2)) <= log(1 + threshold).
 */
size_t sy_plan_rounds(double round_noise, double run_noise, double threshold);

#endif
