/* Rows of one device and process that go through their rounds together, and are final together. */
#ifndef STEELYARD_RUN_BLOCK_H
#define STEELYARD_RUN_BLOCK_H

#include "bench/run/schedule.h"
#include "runtime/base/error.h"
#include "runtime/base/random.h"

/**
 * A block. Set schedule, target_index, visits_each; zero the rest; then sy_block_open().
 *
 * visits_each    visits that a row takes up in one of its rounds, those of its partner included: parts a
 *                budget.
 * order          in which the rows are visited: their numbers in `state`, count of them.
 * last_visit_ns  when the device was last at work, by the host's clock; 0: never.
 * energy_ns      what windows to come will take of a budget.
 * device_gone    nothing more can be measured on it; gone: why, or what else ended the rounds.
 */
typedef struct sy_block {
    sy_schedule *schedule;
    sy_target *target;
    size_t target_index, visits_each;
    sy_row_state *state;
    size_t count;
    size_t *order;
    sy_random random;
    uint64_t last_visit_ns, energy_ns;
    bool device_gone;
    sy_error gone;
} sy_block;

/** Room for `count` >= 1 rows, by their places in the schedule's list. SY_OUT_OF_MEMORY. sy_block_close() is
 * legal and needed in any case. */
sy_status sy_block_open(sy_block *block, const size_t *rows, size_t count, sy_error *err);
void sy_block_close(sy_block *block);

/** All rounds in random order, or by need under a budget, between begin and end. Errors: sy_schedule_run().
 */
sy_status sy_block_run(sy_block *block, sy_error *err);

/** Before the rounds: which rows are weighed, and the idle of the device. Errors as sy_schedule_run(), the
 * text in block->gone. */
sy_status sy_block_begin(sy_block *block);

/** Visit a row, unless it is done or the device is gone; one that this ends is written. Errors as above. */
sy_status sy_block_visit(sy_block *block, size_t index, uint64_t round, size_t place);

/** Whether the budget has time for another visit in that round. */
bool sy_block_has_time(const sy_block *block, uint64_t round);

/** After the rounds, which ended with `status`: energy, what is kept up for long, all rows written. Returns
 * `status`, or what went wrong since. */
sy_status sy_block_end(sy_block *block, sy_status status, sy_error *err);

#endif
