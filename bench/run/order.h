/* In which order the rows of a block are visited. */
#ifndef STEELYARD_RUN_ORDER_H
#define STEELYARD_RUN_ORDER_H

#include "bench/run/state.h"
#include "runtime/base/random.h"

/** Any order is as likely as any other. Source: Fisher and Yates, as Durstenfeld wrote it down. */
void sy_order_shuffle(sy_random *random, size_t *order, size_t count);

/** The row with the widest interval first; those without one before all others; equals by their number.
 * Without memory the order stays as it was: any order is right, this one is better. */
void sy_order_by_width(const sy_row_state *states, size_t *order, size_t count);

#endif
