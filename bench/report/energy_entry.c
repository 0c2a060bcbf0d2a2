/* Which entry of a row's energy is shown. */
#include "bench/report/energy_entry.h"

#include <math.h>
#include <string.h>

static bool same_text(const char *a, const char *b) {
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* Place of a scope from the inside out; unknown ones last. */
static size_t rank_of(const char *scope) {
    static const char *const order[] = {"die", "package", "memory", "card", "board", "node", "wall"};
    size_t i = 0;
    while (i < sizeof order / sizeof order[0] && strcmp(order[i], scope) != 0)
        i++;
    return i;
}

static void note(const char *scope, sy_scopes *to) {
    size_t place = 0;
    if (scope == NULL || to->count == SY_SCOPES_MAX)
        return;
    for (size_t i = 0; i < to->count; i++)
        if (strcmp(to->scope[i], scope) == 0)
            return;
    while (place < to->count && rank_of(to->scope[place]) <= rank_of(scope))
        place++;
    memmove(&to->scope[place + 1], &to->scope[place], (to->count - place) * sizeof *to->scope);
    to->scope[place] = scope;
    to->count++;
}

void sy_scopes_find(const sy_report *report, sy_scopes *out_scopes) {
    *out_scopes = (sy_scopes){0};
    for (size_t i = 0; i < report->n_rows; i++)
        for (size_t j = 0; j < report->rows[i].energy.count; j++)
            note(report->rows[i].energy.item[j].scope, out_scopes);
    for (size_t i = 0; i < report->totals.count; i++) {
        const sy_total *total = &report->totals.item[i];
        for (size_t j = 0; j < total->energy.count; j++)
            note(total->energy.item[j].scope, out_scopes);
        for (size_t j = 0; j < total->mix.count; j++)
            note(total->mix.item[j].scope, out_scopes);
    }
}

static bool is_good(const sy_row *row) {
    return row->status == SY_ROW_OK || row->status == SY_ROW_UNSTABLE;
}

bool sy_energy_is_shown(const sy_row *row, const sy_row_energy *energy) {
    return energy->valid == SY_TRI_YES && is_good(row) &&
           sy_row_energy_check(energy, row->rate.flop, row->rate.byte, NULL) == SY_OK;
}

const sy_row_energy *sy_energy_of_scope(const sy_row *row, const char *scope) {
    const sy_row_energy *found = NULL;
    for (size_t i = 0; i < row->energy.count; i++) {
        const sy_row_energy *each = &row->energy.item[i];
        if (!same_text(each->scope, scope))
            continue;
        if (sy_energy_is_shown(row, each))
            return each;
        found = found == NULL ? each : found;
    }
    return found;
}

sy_cell sy_energy_why_not(const sy_row *row, const sy_row_energy *energy, const sy_report_style *style) {
    const char *const inside[] = {is_good(row) ? "its numbers disagree" : sy_row_status_name(row->status)};
    const sy_text_list own = {.item = inside, .count = 1};
    return sy_print_reasons(energy->valid == SY_TRI_YES ? &own : &energy->reasons, style);
}

bool sy_total_energy_is_shown(const sy_total_energy *energy) {
    return energy->valid == SY_TRI_YES && isfinite(energy->joule_per_pass);
}

const sy_total_energy *sy_total_energy_of_scope(const sy_total *total, const char *scope, bool is_mix) {
    const sy_total_energies *entries = is_mix ? &total->mix : &total->energy;
    const sy_total_energy *found = NULL;
    for (size_t i = 0; i < entries->count; i++) {
        const sy_total_energy *each = &entries->item[i];
        if (!same_text(each->scope, scope))
            continue;
        if (sy_total_energy_is_shown(each))
            return each;
        found = found == NULL ? each : found;
    }
    return found;
}
