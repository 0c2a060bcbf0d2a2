/* Seeded models of how batch times vary on real machines, for tests of intervals. Same series everywhere. */
#ifndef STEELYARD_TESTS_NOISE_H
#define STEELYARD_TESTS_NOISE_H

#include "runtime/base/random.h"
#include <stdbool.h>
#include <stddef.h>

/**
 * A model: time of batch i = base x level(i) x jitter, with any of the parts below switched on. All sizes are
 * relative to the base time of 1.
 *
 * sigma          lognormal jitter of independent batches; with phi, of the stationary series.
 * phi            autocorrelation of the jitter between neighbours (first-order autoregression), 0 .. < 1.
 * drift          the level goes linearly from 1 to 1 + drift over `horizon` batches and stays there.
 * offset         normal offset of a whole round, standard deviation.
 * mode_gap, mode_share, mode_dwell   a second mode at 1 + gap with this long-run share; the mode is drawn
 *                anew after on average `dwell` batches (1: for every batch).
 * tail_share, tail_scale   this share of batches is longer by scale x a Pareto variable (shape 2, from 1).
 * step, step_chance   with this chance a round's level becomes 1 + step at a place uniform in `horizon`.
 */
typedef struct noise_model {
    const char *name;
    double sigma, phi, drift, offset;
    double mode_gap, mode_share, mode_dwell;
    double tail_share, tail_scale;
    double step, step_chance;
    size_t horizon;
} noise_model;

/** One round of a model. */
typedef struct noise_round {
    const noise_model *model;
    sy_random random;
    double state, offset, mode, step_at;
    size_t index;
} noise_round;

/** Start round `round` of run `run`: each pair is a series of its own. */
void noise_start(noise_round *round, const noise_model *model, uint64_t run, uint64_t number);

/** Relative time of the next batch, > 0. */
double noise_next(noise_round *round);

/** Level of batch `index` of this round, without jitter, modes and tails: offset, drift and step. */
double noise_level(const noise_round *round, size_t index);

/** True if the batch drawn last was in the second mode. */
bool noise_in_second_mode(const noise_round *round);

/** Median of the law of a model's batches at level 1, with this share in the second mode. By bisection; with
 * tails, from 200,001 independent draws. */
double noise_law_median(const noise_model *model, double mode_share);

#endif
