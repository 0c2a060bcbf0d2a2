/* One row compared: ratio, interval, verdict. Costs (time, energy, error) are new / base: above 1 is worse.
 * Throughput is turned round: above 1 is better; its verdict has the same words. Pure. */
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

/* Verdicts. SAME: the whole interval is within +-delta. FASTER, SLOWER: it is on one side of 1, not within
 * +-delta, and q <= 0.05; for energy read less and more, for precision better and worse.
 * X(constant, number, name) */
#define SY_VERDICT_LIST(X)                                                                                   \
    X(SY_VERDICT_INCONCLUSIVE, 0, "inconclusive")                                                            \
    X(SY_VERDICT_FASTER, 1, "faster")                                                                        \
    X(SY_VERDICT_SLOWER, 2, "slower")                                                                        \
    X(SY_VERDICT_SAME, 3, "same")                                                                            \
    X(SY_VERDICT_NOT_COMPARABLE, 4, "not comparable")
#define SY_VERDICT_ENUMERATOR(constant, number, name) constant = number,
enum { SY_VERDICT_LIST(SY_VERDICT_ENUMERATOR) };
#undef SY_VERDICT_ENUMERATOR

/* What varies in an interval. WITHIN: batches of one round, no statement on the next one; ROUNDS: rounds of
 * one process; PROCESSES: repeats of the program in one run; RUNS: runs, or cards of a kind; DECLARED:
 * uncertainties as a meter states them; BLOCKS: of a pair, A B B A. */
enum {
    SY_SPREAD_NONE = 0,
    SY_SPREAD_WITHIN = 1,
    SY_SPREAD_ROUNDS = 2,
    SY_SPREAD_PROCESSES = 3,
    SY_SPREAD_RUNS = 4,
    SY_SPREAD_DECLARED = 5,
    SY_SPREAD_BLOCKS = 6
};

/** The false discovery rate at which a row is called faster or slower. */
#define SY_FALSE_DISCOVERY 0.05

/**
 * A ratio. Not known is NaN.
 *
 * base, value    both sides: ns, launches/s, J a launch, error / bound.
 * ratio          value / base; low, high: its 95 % interval.
 * log_cost       log of the ratio as a cost (throughput turned round); error: its standard error; freedom: of
 *                the Student law that goes with it (INFINITY: normal).
 * common_error   part of `error` that all rows of these two devices share (a meter's scale, what a whole run
 *                has in common): it does not average out. common_freedom: of its estimate; INFINITY: it is
 *                known.
 * typical_error  what a row with as many repeats has that is as noisy as these devices' rows are in common;
 *                0: not known. A row whose own error is far below it may be so by luck alone. Of precision:
 *                the spread of the rows' largest errors.
 * spread         SY_SPREAD_*: what the error is made of.
 * base_runs, runs, base_cards, cards, base_rounds, rounds  repeats on both sides: for "1 run, 1 card".
 * detectable     smallest true slowdown that would leave 1 out of the interval in 80 % of cases, as a
 *                fraction (0.03).
 * more_rounds    units of `spread` a side, beyond those there are, that can be expected to settle it if the
 *                estimate stays where it is; 0: it is settled; SIZE_MAX: not known, or no number helps.
 * u_p            p of sy_rank_sum_p() over all rounds, for information.
 * p, q           two-sided p of "no difference", and after Benjamini and Hochberg over all rows of one column
 *                and quantity.
 * verdict        SY_VERDICT_*.
 * reason         one line: why it is inconclusive or not comparable, or what a reader has to know ("best of
 *                12 candidates"); NULL: nothing.
 * base_clock_mhz, clock_mhz  mean clocks of the device under the rows, of both sides, where both are known
 *                and the devices are of one kind. clock_ratio: what these alone would make of the ratio, were
 *                the work bound by this clock: a limit of what they explain, not a share of it.
 * is_gateable    no: shown, but never a reason to fail or to pass, and in no mean.
 */
typedef struct sy_ratio {
    double base, value, ratio, low, high;
    double log_cost, error, common_error, common_freedom, typical_error, freedom, detectable, u_p, p, q;
    double base_clock_mhz, clock_mhz, clock_ratio;
    size_t more_rounds, base_runs, runs, base_cards, cards, base_rounds, rounds;
    int spread, verdict;
    bool is_gateable;
    const char *reason;
} sy_ratio;

/** "time", "slower"; "?" if not valid. */
const char *sy_quantity_name(int quantity);
const char *sy_verdict_name(int verdict);

/**
 * What the clocks explain of a ratio, in words: "clock 1410 -> 1290 MHz explains up to +9.3 % of +9.9 %".
 *
 * Result   false, and "": clocks are not known, or are the same where nothing has changed.
 */
bool sy_ratio_clock_say(const sy_ratio *ratio, char *out_text, size_t capacity);

/** Everything absent, verdict not comparable. */
void sy_ratio_init(sy_ratio *out_ratio);

/**
 * One side in logs: mean of its units, variance of that mean with its degrees of freedom (INFINITY: known
 * exactly; 0: not known), and the number of units.
 */
typedef struct sy_ratio_side {
    double mean, variance, freedom;
    size_t n;
} sy_ratio_side;

/**
 * The test. Fills log_cost, error, freedom, ratio, low, high, detectable, more_rounds, p, verdict (before any
 * correction). Without variances there is the ratio alone, inconclusive.
 *
 * delta    half width of "same", a fraction, e.g. 0.02. between: further variance of log_cost, known from
 *          elsewhere, that the units cannot show; both sides together.
 * Source   Welch, Biometrika 34, 1947; Satterthwaite, Biometrics Bulletin 2, 1946. "Same" by an interval that
 *          lies within limits: Schuirmann, J. Pharmacokinetics and Biopharmaceutics 15, 1987.
 */
void sy_ratio_test(
    const sy_ratio_side *base, const sy_ratio_side *other, double delta, double between, sy_ratio *out_ratio);

/** Verdict of a 95 % interval in logs; NaN is inconclusive. */
int sy_ratio_judge(double log_low, double log_high, double delta);

/** Quantile and upper tail of Student's law, of the normal one from a million degrees of freedom on. Below
 * one degree of freedom it counts as one. */
double sy_ratio_quantile(double p, double freedom);
double sy_ratio_tail(double t, double freedom);

/**
 * Two-sided p of the rank sum test: exact up to 8 a side without ties, else normal with ties and continuity
 * corrected. NaN if a side has fewer than 2.
 * Source   Mann & Whitney, Annals of Mathematical Statistics 18, 1947.
 */
double sy_rank_sum_p(const double *a, size_t n_a, const double *b, size_t n_b);

/** Scratch of sy_false_discovery(). */
typedef struct sy_ranked_p {
    double p;
    size_t place;
} sy_ranked_p;

/**
 * q of every p: the least false discovery rate at which it would be called. NaN stays NaN and is not counted.
 * scratch: `count` places.
 * Source   Benjamini & Hochberg, Journal of the Royal Statistical Society B 57, 1995.
 */
void sy_false_discovery(const double *p, size_t count, sy_ranked_p *scratch, double *out_q);

#endif
