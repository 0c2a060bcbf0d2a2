/* How much a row differs from itself: the noise that a gate has to stand above. */
#ifndef STEELYARD_BENCH_COMPARE_NOISE_H
#define STEELYARD_BENCH_COMPARE_NOISE_H

#include "bench/compare/comparison.h"
#include "runtime/base/text.h"

/**
 * Noise of one row (key and subject), relative standard deviations in logs.
 *
 * round    of one round's median about its run's mean.
 * run      of runs' means about each other beyond what their rounds explain (0: nothing seen).
 * runs     that were seen.
 */
typedef struct sy_noise_row {
    uint64_t key, subject;
    double round, run;
    uint64_t runs;
} sy_noise_row;

/**
 * The noise of a machine.
 *
 * round, run        the same over all rows: what a row that is not listed has (medians).
 * compared, alarms  A/A pairs of runs that were gated, and how many of their rows were called faster or
 * slower; rows_compared: rows of all pairs. false_alarm_rate = alarms / rows_compared.
 */
typedef struct sy_noise {
    const char *device_name;
    sy_noise_row *row;
    size_t count;
    double round, run, false_alarm_rate;
    uint64_t compared, alarms, rows_compared;
} sy_noise;

/**
 * Measure it on repeated runs of one build on one device: every run of side 0 of the intake.
 *
 * delta    as in sy_comparison_options.
 * Owns     rows live in `arena`, sorted by key and subject.
 * Errors   SY_INVALID_ARGUMENT: fewer than 2 runs, or no row that two of them have; SY_OUT_OF_MEMORY.
 */
sy_status sy_noise_measure(
    const sy_intake *intake, double delta, sy_arena *arena, sy_noise *out_noise, sy_error *err);

/** The noise of a row: its own, else that of the machine; NULL noise gives NaN in both. */
sy_noise_row sy_noise_of(const sy_noise *noise, uint64_t key, uint64_t subject);

/** As JSON, schema steelyard.noise/1, one object with a newline at its end. False without memory. */
bool sy_noise_write(const sy_noise *noise, sy_text *out_text);

/** Read it back. Errors SY_INCOMPATIBLE: another schema; SY_INVALID_ARGUMENT: malformed or out of range;
 * SY_OUT_OF_MEMORY. */
sy_status sy_noise_read(const char *text, size_t bytes, sy_arena *arena, sy_noise *out_noise, sy_error *err);

/**
 * Rounds a side needed so that an unchanged row with this noise is decided against `threshold` (a fraction,
 * 0.05) in 95 of 100 comparisons; 0 if no number of rounds does it (the noise between runs is too large), at
 * least 2.
 */
size_t sy_plan_rounds(double round_noise, double run_noise, double threshold);

#endif
