/* One visit of one row: ask the worker to measure it, check what it hands over, replace the worker if it
 * failed. */
#ifndef STEELYARD_RUN_VISIT_H
#define STEELYARD_RUN_VISIT_H

#include "bench/run/state.h"
#include "bench/run/target.h"

/** What all visits of a run share. `block`: the input data, made by the parent for its checks; `tuning`: what
 * the algorithm "auto" goes by, NULL: the cost model alone. Borrowed. */
typedef struct sy_visit_shared {
    const sy_target_places *places;
    const sy_config *config;
    const sy_data_block *block;
    const sy_tuning *tuning;
} sy_visit_shared;

/**
 * Which visit. load_ns: bring the device to load first; limit_ns: of the sampling; precision: half-width
 * wanted of this visit; launch: SY_LAUNCH_*; is_single: it is the only round of its row, so its dependence
 * must be judged from it alone.
 */
typedef struct sy_visit_order {
    uint64_t round, place, load_ns, limit_ns;
    double precision;
    uint32_t launch;
    bool is_single;
} sy_visit_order;

/**
 * Visit. Whatever goes wrong with the row ends the row (state->status) and is no error here; after a crash, a
 * timeout or a wrong result the target's worker has been replaced.
 *
 * Errors  SY_REFUSED: interrupted; the row is as it was. SY_UNAVAILABLE: the worker could not be replaced:
 * the device is gone for this run, the reason in `err`. SY_OUT_OF_MEMORY.
 */
sy_status sy_visit_row(const sy_visit_shared *shared, sy_target *target, sy_row_state *state,
    const sy_visit_order *order, sy_error *err);

/** The `measure` request of a visit: what is launched, and how; the caller owns it, NULL without memory. */
json_t *sy_visit_request(const sy_visit_shared *shared, const sy_target *target, const sy_row_state *state,
    const sy_visit_order *order);

/** How long a worker may take for the row besides measuring: drivers that compile, operands that are filled,
 * launches that begin before its end. */
int64_t sy_visit_limit_ms(const sy_row_state *state);

/** After a call that ended with `status` for a row (NULL: for none): a new worker, if the old one's state
 * cannot be trusted. Errors as sy_visit_row(). */
sy_status sy_visit_recover(const sy_visit_shared *shared, sy_target *target, const sy_row_state *state,
    sy_status status, sy_error *err);

/** Check the outputs a `measure` reply announces and put the outcome into `state`. Errors: the reply
 * contradicts itself; SY_OUT_OF_MEMORY. */
sy_status sy_verify_outputs(const sy_visit_shared *shared, sy_target *target, sy_row_state *state,
    const json_t *reply, uint64_t seed, sy_error *err);

#endif
