/* What the sources share in listing meters: rows to be filled in, rows that say why there is none, and the
 * choice by name. */
#ifndef STEELYARD_ENERGY_ROWS_H
#define STEELYARD_ENERGY_ROWS_H

#include "bench/energy/source.h"

/** A row called "SOURCE:WHAT" (just SOURCE if `what` is ""), named likewise to open it, usable, with nothing
 * known. Control characters become '?'; too long a name is cut. */
sy_energy_found sy_energy_row(const char *source, const char *what);

/** Put state and, unless it is SY_OK, reason and fix into a row. Statuses that a row cannot have become
 * SY_IO. */
void sy_energy_row_judge(sy_energy_found *row, sy_status state, const char *reason, const char *fix);

/** Append a row for a source that is absent altogether. Errors as sy_energy_list_append(). */
sy_status sy_energy_rows_absent(sy_energy_list *list, const char *source, sy_status state, const char *reason,
    const char *fix, sy_error *err);

/** Append; a name that is in the list already gets "#2", "#3" ... at its end. */
sy_status sy_energy_rows_append(sy_energy_list *list, const sy_energy_found *row, sy_error *err);

/** The row of that name; NULL if there is none. Borrowed. */
const sy_energy_found *sy_energy_rows_named(const sy_energy_list *list, const char *name);

/**
 * Of the rows from `first` on keep the one that `spec` names (what follows "SOURCE:"; NULL: all), or, if
 * there is none, those it is the beginning of, up to a ':'. One that was named counts for itself: it is no
 * part. Without any, a row says what there would be instead; a row of a source that is absent stays.
 */
sy_status sy_energy_rows_choose(
    sy_energy_list *list, size_t first, const char *source, const char *spec, sy_error *err);

#endif
