/* Pairs go through their rounds: block by block, A B B A. */
#ifndef STEELYARD_RUN_PAIR_RUN_H
#define STEELYARD_RUN_PAIR_RUN_H

#include "bench/run/schedule.h"

/**
 * Measure pairs: `rows` has the places of their sides a in the schedule's list, all of one device, as those
 * of side b are. In each two rounds every pair has one block, the pairs in random order. Then energy, and the
 * rows are final, those of side a first. Errors as sy_schedule_run().
 */
sy_status sy_pair_run(sy_schedule *schedule, const size_t *rows, size_t count, sy_error *err);

#endif
