/* The decisions of a search for the fastest candidate: who goes on, and who has won. Pure functions of times.
 */
#ifndef STEELYARD_VERBS_TUNE_CHOICE_H
#define STEELYARD_VERBS_TUNE_CHOICE_H

#include <stdbool.h>
#include <stddef.h>

/** Speed over that of the cost model's choice that a candidate must show to take its place. */
#define SY_TUNE_LEAST_GAIN 1.01

/** Time over that of the fastest within which short visits do not decide. */
#define SY_TUNE_CLOSE 1.05

/**
 * Keep the faster half of the candidates, rounded up and at least two, and the cost model's choice in any
 * case.
 *
 * order      candidates by number, `count` of them; those kept come first, fastest first. Returns how many.
 * time_ns    of each candidate, by number; NaN: it has failed, and is never kept.
 * incumbent  number of the cost model's choice.
 * Source     successive halving: Karnin, Koren, Somekh, "Almost Optimal Exploration in Multi-Armed Bandits",
 *            ICML 2013.
 */
size_t sy_tune_halve(size_t *order, size_t count, const double *time_ns, size_t incumbent);

/**
 * Leave out challengers that are so much slower than the fastest that a closer look would be wasted: by more
 * than SY_TUNE_CLOSE. The cost model's choice stays. `order` and the result as for sy_tune_halve().
 */
size_t sy_tune_trim(size_t *order, size_t count, const double *time_ns, size_t incumbent);

/**
 * Whether a challenger has beaten the cost model's choice by more than the noise: times of `rounds` visits in
 * turn, compared pair by pair, so that what slows the machine for a while slows both, and best against best,
 * so that a machine that disturbs one of them most of the time does not decide. *out_gain is the smaller of
 * the median of the pairs' ratios and the ratio of the best times; it must be at least SY_TUNE_LEAST_GAIN,
 * and three pairs of four (rounded up) must favour the challenger. False and NaN without rounds or with a
 * time that is not positive.
 */
bool sy_tune_beats(const double *incumbent_ns, const double *challenger_ns, size_t rounds, double *out_gain);

#endif
