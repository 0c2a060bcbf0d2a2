/*
 * Two sides measured in turn: algorithms, devices, or builds of a plugin. Each block visits side A, B, B, A,
 * so that what drifts evenly meets both alike; never are both at work at once. The rows are ordinary ones;
 * what a pair adds is a ratio that no other time of day is in.
 */
#ifndef STEELYARD_RUN_PAIR_H
#define STEELYARD_RUN_PAIR_H

#include <stddef.h>

#include "bench/cli/config.h"
#include "bench/plan/worklist.h"
#include "bench/record/row.h"
#include "runtime/registry/registry.h"

/** Visits of a block, rounds of a row in it, and rounds of a run where nothing else was asked for. */
#define SY_PAIR_VISITS 4u
#define SY_PAIR_ROUNDS 2u
#define SY_PAIR_ROUNDS_PRESET 8u

/** Which side is visited `turn`-th in a block, 0: A or 1: B; turn < SY_PAIR_VISITS. */
size_t sy_pair_turn(size_t turn);

/**
 * Put what --pair says in the place of --device or --algorithm: words with ':', '@' or '?' and names of
 * `builtins` are devices; one of them makes devices of both. Makes the number of rounds even: `config` has
 * SY_PAIR_ROUNDS_PRESET of them where none was asked for. Does nothing without a pair. What is replaced in
 * `config` then borrows its words from the pair: release the config that it is a copy of.
 *
 * Errors  SY_INVALID_ARGUMENT: not exactly two sides, equal ones, or another option that says otherwise.
 */
sy_status sy_pair_apply(sy_config *config, const sy_builtin *builtins, size_t count, sy_error *err);

/** Set `pair` of all rows of a list that was made with such a config. SY_INTERNAL: it was not. */
sy_status sy_pair_join(sy_worklist *list, const sy_config *config, sy_error *err);

/**
 * Time of B over that of A, by the host's clock.
 *
 * ratio    geometric mean over the blocks, each the geometric mean of its two neighbouring visits' ratios.
 * ci95     from the spread of the blocks' logarithms by Student's law; NaN with fewer than two blocks.
 * blocks   that both sides have in full. 0: no ratio (NaN).
 */
typedef struct sy_pair_ratio {
    double ratio, ci95[2];
    size_t blocks;
} sy_pair_ratio;

/** Compare the two rows of a pair; one without a time gives no ratio. */
sy_pair_ratio sy_pair_compare(const sy_row *a, const sy_row *b);

#endif
