/* Seeded comparisons through the gate, for the tests of its alarms. */
#ifndef STEELYARD_TESTS_UNIT_BENCH_COMPARE_ALARMS_H
#define STEELYARD_TESTS_UNIT_BENCH_COMPARE_ALARMS_H

#include "tests/unit/bench/compare/rows.h"

/* What happens to NEW. */
enum { NOTHING = 0, SLOWER_ALL = 1, SLOWER_ONE = 2, LOSES_ONE = 3, CRASHES_ONE = 4 };

/* Drift between runs and correlated rounds on top of the noise; or these and heavy tails. */
#define DRIFTING(lowest, highest)                                                                            \
    { .low = lowest, .high = highest, .common = 0.003, .own = 0.003, .phi = 0.2 }
#define TAILED(lowest, highest)                                                                              \
    { .low = lowest, .high = highest, .common = 0.003, .own = 0.003, .phi = 0.2, .tails = true }

/** A machine, how it is measured, and the share of rows that may stay undecided. is_calibrated: its noise was
 * measured beforehand. is_extended: what does not pass is measured once more (extension.h). */
typedef struct setting {
    rows_machine machine;
    unsigned rows;
    size_t rounds;
    bool is_calibrated;
    double allowed;
    bool is_extended;
} setting;

/** How trials ended; decided: mean share of the rows; accused: rows that are called regressed, of all trials.
 */
typedef struct tally {
    unsigned trials, passed, failed, undecided;
    size_t accused, extended;
    double decided;
} tally;

/** The machines that the gate was made on: nothing known of them, and calibrated. */
extern const setting alarms_plain[3], alarms_calibrated[3];

/** One comparison against 5 %, added to `to`. */
void alarms_trial(const setting *with, uint64_t seed, int what, tally *to);

/** Trials of seeds first, first + step ... below first + count. */
tally alarms_trials(const setting *with, int what, uint64_t first, uint64_t count, uint64_t step);

#endif
