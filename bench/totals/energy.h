/* Joules of one pass of a model, added up from the energy of its rows. */
#ifndef STEELYARD_BENCH_TOTALS_ENERGY_H
#define STEELYARD_BENCH_TOTALS_ENERGY_H

#include "bench/record/row.h"
#include "bench/record/total.h"

/** A row of a layer, and the next one of the same layer. */
typedef struct sy_layer_row {
    const struct sy_layer_row *next;
    const sy_row *row;
} sy_layer_row;

/** A layer: its rows, and how often a pass has it. */
typedef struct sy_layer_energy {
    const sy_layer_row *first;
    double times;
} sy_layer_energy;

/**
 * Add up sum over times x joule_per_run into total->energy, one entry for every meter (source and scope) that
 * a row has, in the order in which they are met; total->energy_reason where no row has one. total->flop is
 * used.
 *
 * An entry is valid if every row has a valid one of that meter that agrees with itself; else it has reasons
 * and no number. Rows of one layer (repeats) are taken together: the mean of their joules. Uncertainty:
 * random parts in quadrature, for each row had a window of its own; systematic ones added up, for the meter
 * is the same, and unknown if that of one row is.
 *
 * Owns  the texts live in `arena` or belong to the rows. False: no memory.
 */
bool sy_total_energy_add_up(const sy_layer_energy *layers, size_t count, sy_arena *arena, sy_total *total);

#endif
