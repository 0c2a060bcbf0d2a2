/* Which entry of a row's energy is shown, and whether its numbers are. */
#ifndef STEELYARD_BENCH_REPORT_ENERGY_ENTRY_H
#define STEELYARD_BENCH_REPORT_ENERGY_ENTRY_H

#include "bench/report/energy_text.h"

enum { SY_SCOPES_MAX = 8 };

/** Scopes, from the inside out. Borrowed from the rows. */
typedef struct sy_scopes {
    const char *scope[SY_SCOPES_MAX];
    size_t count;
} sy_scopes;

/** Those of all rows and totals of a report. What is beyond SY_SCOPES_MAX is left out. */
void sy_scopes_find(const sy_report *report, sy_scopes *out_scopes);

/** A row's entry of a scope: the first whose numbers may be shown, else the first; NULL if there is none. */
const sy_row_energy *sy_energy_of_scope(const sy_row *row, const char *scope);

/** Whether its numbers may be shown: it is valid, agrees with itself, and its row is ok or unstable. */
bool sy_energy_is_shown(const sy_row *row, const sy_row_energy *energy);

/** Why they may not. */
sy_cell sy_energy_why_not(const sy_row *row, const sy_row_energy *energy, const sy_report_style *style);

/** The same of a total's entries: measured ones if `is_mix`, else sums. */
const sy_total_energy *sy_total_energy_of_scope(const sy_total *total, const char *scope, bool is_mix);
bool sy_total_energy_is_shown(const sy_total_energy *energy);

#endif
