/* Rows of meters, and the choice among them. */
#include "bench/energy/rows.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"

enum { NAME_BYTES = sizeof((sy_energy_facts *)NULL)->name, MARK_BYTES = 6 };

static void clean(char *text) {
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            *text = '?';
}

sy_energy_found sy_energy_row(const char *source, const char *what) {
    sy_energy_found row = {.facts = {.resolution = NAN, .gain = NAN}, .state = SY_OK};
    snprintf(row.facts.name, sizeof row.facts.name, "%s%s%s", source, what[0] != '\0' ? ":" : "", what);
    clean(row.facts.name);
    snprintf(row.spec, sizeof row.spec, "%s", row.facts.name);
    return row;
}

void sy_energy_row_judge(sy_energy_found *row, sy_status state, const char *reason, const char *fix) {
    bool is_told = state == SY_OK || state == SY_UNAVAILABLE || state == SY_REFUSED || state == SY_TIMEOUT;
    row->state = is_told ? state : SY_IO;
    snprintf(row->reason, sizeof row->reason, "%s", state == SY_OK ? "" : reason);
    snprintf(row->fix, sizeof row->fix, "%s", state == SY_OK ? "" : fix);
}

sy_status sy_energy_rows_absent(sy_energy_list *list, const char *source, sy_status state, const char *reason,
    const char *fix, sy_error *err) {
    sy_energy_found row = sy_energy_row(source, "");
    sy_energy_row_judge(&row, state, reason, fix);
    return sy_energy_list_append(list, &row, err);
}

const sy_energy_found *sy_energy_rows_named(const sy_energy_list *list, const char *name) {
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->found[i].facts.name, name) == 0)
            return &list->found[i];
    return NULL;
}

static bool has_name(const sy_energy_list *list, const char *name) {
    return sy_energy_rows_named(list, name) != NULL;
}

sy_status sy_energy_rows_append(sy_energy_list *list, const sy_energy_found *row, sy_error *err) {
    sy_energy_found named = *row;
    for (unsigned number = 2; number < 10000 && has_name(list, named.facts.name); number++)
        snprintf(named.facts.name, NAME_BYTES, "%.*s#%u", NAME_BYTES - MARK_BYTES, row->facts.name, number);
    snprintf(named.spec, sizeof named.spec, "%s", named.facts.name);
    return sy_energy_list_append(list, &named, err);
}

/* Keep the rows called `name`, or, as a beginning, those that go on with ':'. Returns how many. */
static size_t keep(sy_energy_list *list, size_t first, const char *name, bool as_beginning) {
    size_t length = strlen(name), kept = first;
    for (size_t i = first; i < list->count; i++) {
        const char *text = list->found[i].facts.name;
        if (strncmp(text, name, length) == 0 && text[length] == (as_beginning ? ':' : '\0'))
            list->found[kept++] = list->found[i];
    }
    if (kept > first)
        list->count = kept;
    return kept - first;
}

static void tell_names(const sy_energy_list *list, size_t first, char *out_text, size_t capacity) {
    size_t length = (size_t)snprintf(out_text, capacity, "no such meter; there are");
    for (size_t i = first; i < list->count && length < capacity; i++)
        length += (size_t)snprintf(
            out_text + length, capacity - length, "%s %s", i > first ? "," : "", list->found[i].facts.name);
}

sy_status sy_energy_rows_choose(
    sy_energy_list *list, size_t first, const char *source, const char *spec, sy_error *err) {
    if (spec == NULL || list->count == first)
        return SY_OK;
    sy_energy_found wanted = sy_energy_row(source, spec);
    if (keep(list, first, source, false) > 0)
        return SY_OK;
    if (keep(list, first, wanted.facts.name, false) > 0) {
        list->found[first].is_part = false;
        return SY_OK;
    }
    if (keep(list, first, wanted.facts.name, true) > 0)
        return SY_OK;
    char reason[sizeof wanted.reason];
    tell_names(list, first, reason, sizeof reason);
    sy_energy_row_judge(&wanted, SY_UNAVAILABLE, reason, "");
    list->count = first;
    return sy_energy_list_append(list, &wanted, err);
}
