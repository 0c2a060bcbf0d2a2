/* Two meters against each other. Pure. */
#ifndef STEELYARD_ENERGY_CROSS_H
#define STEELYARD_ENERGY_CROSS_H

#include "bench/energy/integrate.h"
#include "bench/energy/source.h"

/* NONE: nothing to compare: other scopes, an unknown scope, no result, or not energy. */
enum { SY_ENERGY_CROSS_NONE = 0, SY_ENERGY_CROSS_AGREE = 1, SY_ENERGY_CROSS_DISAGREE = 2 };

/** The gain's standard uncertainty that is taken, for the judgement alone, where a meter declares none: 10 %.
 */
#define SY_ENERGY_CROSS_GAIN 0.10

/**
 * A verdict. difference_j: second less first. limit_j: the most that still agrees. text: one line with both
 * values if they disagree; "" otherwise.
 */
typedef struct sy_energy_cross {
    int verdict;
    double difference_j, limit_j;
    char text[400];
} sy_energy_cross;

/** One meter's share: what it is and what it said. Borrowed. */
typedef struct sy_energy_side {
    const sy_energy_facts *facts;
    const sy_energy_result *result;
} sy_energy_side;

/**
 * Whether two meters of one scope agree over the same window.
 *
 * Method   |difference| <= 3 sqrt(sum of squares of the random and systematic uncertainties of both): one in
 *          370 honest pairs is accused.
 */
void sy_energy_cross_check(sy_energy_side first, sy_energy_side second, sy_energy_cross *out_cross);

/**
 * Whether a counter counts what the power of the same device says; a self-test before it is relied on. There
 * are counters that stay at 0, and some that count two dies.
 *
 * Result   AGREE: their ratio is between 1 / sqrt 2 and sqrt 2, or may be, with twice the random
 * uncertainties. DISAGREE: it is not, or the counter stood still while there was power. NONE: no power to
 * compare. Source   the idea: zeus tests counters so for half a second before it uses them.
 */
void sy_energy_cross_selftest(sy_energy_side counter, sy_energy_side power, sy_energy_cross *out_cross);

#endif
