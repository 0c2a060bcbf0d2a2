/* Which rows get a window of energy of their own. */
#ifndef STEELYARD_RUN_ENERGY_PICK_H
#define STEELYARD_RUN_ENERGY_PICK_H

#include "bench/energy/wish.h"
#include "bench/plan/worklist.h"

/**
 * Mark the rows: with `all` every one of the first process; otherwise, for each device and algorithm that was
 * asked for, the heaviest of each op, type, math and phase. Heaviest: most arithmetic, and where there is
 * none, most bytes. With nothing to read, none.
 *
 * out_wanted  list->count of them, cleared first. Errors: SY_OUT_OF_MEMORY.
 */
sy_status sy_energy_pick(
    const sy_energy_wish *wish, const sy_worklist *list, bool *out_wanted, sy_error *err);

/** Whether two rows are of one kind, of which one is weighed; whether `a` is heavier than `b`. */
bool sy_energy_is_same_kind(const sy_work_row *a, const sy_work_row *b);
bool sy_energy_is_heavier(const sy_work_row *a, const sy_work_row *b);

/** The rows that are kept up for long: for each device, algorithm and type one, that with the most
 * arithmetic, or with the most bytes where a type has none. Cleared first. Errors as above. */
sy_status sy_energy_pick_sustained(const sy_worklist *list, bool *out_wanted, sy_error *err);

/** How many of them belong to a device. */
size_t sy_energy_picked(const sy_worklist *list, const bool *wanted, size_t target);

#endif
