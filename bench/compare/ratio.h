/* One row compared: ratio, interval, verdict. Costs (time, energy) are new / base: above 1 is worse.
 * Throughput is shown as base time / new time: above 1 is better; its verdict has the same words. */
#ifndef STEELYARD_BENCH_COMPARE_RATIO_H
#define STEELYARD_BENCH_COMPARE_RATIO_H

#include <stdbool.h>
#include <stddef.h>

/* Quantities. X(constant, number, name) */
#define SY_QUANTITY_LIST(X)                                                                                  \
    X(SY_QUANTITY_TIME, 0, "time")                                                                           \
    X(SY_QUANTITY_THROUGHPUT, 1, "throughput")                                                               \
    X(SY_QUANTITY_ENERGY, 2, "energy")                                                                       \
    X(SY_QUANTITY_PRECISION, 3, "precision")
#define SY_QUANTITY_ENUMERATOR(constant, number, name) constant = number,
enum { SY_QUANTITY_LIST(SY_QUANTITY_ENUMERATOR) };
#undef SY_QUANTITY_ENUMERATOR
#define SY_QUANTITY_COUNT 4u

/* Verdicts. FASTER, SLOWER: the interval is on one side of 1 and not within +-delta; for energy read less,
 * more, for precision better, worse. SAME: the whole interval is within +-delta. X(constant, number, name) */
#define SY_VERDICT_LIST(X)                                                                                   \
    X(SY_VERDICT_INCONCLUSIVE, 0, "inconclusive")                                                            \
    X(SY_VERDICT_FASTER, 1, "faster")                                                                        \
    X(SY_VERDICT_SLOWER, 2, "slower")                                                                        \
    X(SY_VERDICT_SAME, 3, "same")                                                                            \
    X(SY_VERDICT_NOT_COMPARABLE, 4, "not comparable")
#define SY_VERDICT_ENUMERATOR(constant, number, name) constant = number,
enum { SY_VERDICT_LIST(SY_VERDICT_ENUMERATOR) };
#undef SY_VERDICT_ENUMERATOR

/* What varies in an interval. RUNS: runs (or cards); ROUNDS: rounds of single runs; DECLARED: uncertainties
 * as their meter states them; WITHIN: batches of one round, no statement on the next one. */
enum {
    SY_SPREAD_NONE = 0,
    SY_SPREAD_WITHIN = 1,
    SY_SPREAD_ROUNDS = 2,
    SY_SPREAD_RUNS = 3,
    SY_SPREAD_DECLARED = 4
};

/**
 * A ratio.
 *
 * base, value        both sides: ns, launches/s, J a launch, error / bound. NaN: none.
 * ratio, low, high   value / base with its 95 % interval; NaN if there is none.
 * log_cost, error, freedom  log of the ratio as a cost (throughput turned round), its standard error and the
 *                    degrees of freedom of Student's law that goes with it (INFINITY: normal).
 * spread             SY_SPREAD_*. base_runs .. : repeats on both sides, for "1 run, 1 card".
 * detectable         smallest true slowdown that this would have shown at 95 % (two-sided) in 80 % of cases,
 * as a fraction (0.03); NaN without interval. more_rounds        a side, beyond what is there, until an
 * interval of +-delta can be expected; 0: it is there; SIZE_MAX: not known, or rounds do not help. u_p
 * two-sided p of Mann and Whitney's U over all rounds, for information; NaN: under 2 a side. p, q two-sided p
 * of "no difference", and after Benjamini and Hochberg over all rows of one column and quantity; NaN without
 * interval. verdict, reason    reason: one line, why it is inconclusive or not comparable, or what a reader
 * has to know
 *                    ("best of 12 algorithms"); NULL: none.
 * is_gateable        false: shown, and never a reason to fail or to pass.
 */
typedef struct sy_ratio {
    double base, value, ratio, low, high;
    double log_cost, error, freedom, detectable, u_p, p, q;
    size_t more_rounds, base_runs, runs, base_cards, cards, base_rounds, rounds;
    int spread, verdict;
    bool is_gateable;
    const char *reason;
} sy_ratio;

/** "time", "slower"; "?" if not valid. */
const char *sy_quantity_name(int quantity);
const char *sy_verdict_name(int verdict);

/** Everything absent, verdict not comparable. */
void sy_ratio_init(sy_ratio *out_ratio);

/**
 * Means and variances of both sides in logs, ready for the test.
 *
 * mean, variance, freedom  of the mean of units: variance of one unit / units; shrunk already. n: units.
 */
typedef struct sy_ratio_side {
    double mean, variance, freedom;
    size_t n;
} sy_ratio_side;

/**
 * The test: interval, p, smallest detectable effect, verdict from both sides. Fills log_cost, error, freedom,
 * ratio, low, high, detectable, more_rounds, p, verdict (q is NaN).
 *
 * delta    relative width of "same", e.g. 0.02. between: variance of log cost from run to run that the units
 *          cannot show (0: none known), added for each side.
 * Source   Welch, Biometrika 34, 1947; Satterthwaite, Biometrics Bulletin 2, 1946. Equivalence by interval:
 *          Schuirmann, J. Pharmacokinetics and Biopharmaceutics 15, 1987.
 */
void sy_ratio_test(
    const sy_ratio_side *base, const sy_ratio_side *other, double delta, double between, sy_ratio *out_ratio);

/**
 * Two-sided p of the rank sum test, normal approximation with ties and continuity from 9 a side on, exact
 * below if there are no ties. NaN if a side has fewer than 2. Source   Mann & Whitney, Annals of Mathematical
 * Statistics 18, 1947.
 */
double sy_rank_sum_p(const double *a, size_t n_a, const double *b, size_t n_b);

/**
 * q of every p (NaN stays NaN and is not counted): the false discovery rate at which it would be called.
 * order: scratch, `count` places.
 * Source   Benjamini & Hochberg, J. R. Statist. Soc. B 57, 1995.
 */
void sy_false_discovery(const double *p, size_t count, size_t *order, double *out_q);

#endif
