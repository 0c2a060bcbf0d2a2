/* Joules of one pass of a model. */
#include "bench/totals/energy.h"

#include <math.h>
#include <string.h>

#include "bench/fields/arena.h"
#include "runtime/base/text.h"

enum { METERS_MAX = 16, REASONS_MAX = 8 };

/* What one window stands for in a pass: layers that share a problem share its window, and its error. */
typedef struct share {
    const sy_row_energy *window;
    double joule;
} share;

/* What is added up for one meter. J, s. */
typedef struct sums {
    double joule, seconds, systematic_j;
    share *share;
    size_t shares;
    size_t rows, measured, valid; /* all rows, those with an entry, those with a valid one */
    const char *reason[REASONS_MAX];
    size_t reasons;
} sums;

/* Meters that the rows have, by one entry of each. */
typedef struct meters {
    const sy_row_energy *one[METERS_MAX];
    size_t count;
} meters;

static bool same_text(const char *a, const char *b) {
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool is_same_meter(const sy_row_energy *a, const sy_row_energy *b) {
    return same_text(a->source, b->source) && same_text(a->scope, b->scope);
}

/* Rows of all layers. */
static size_t count_rows(const sy_layer_energy *layers, size_t count) {
    size_t rows = 0;
    for (size_t i = 0; i < count; i++)
        for (const sy_layer_row *each = layers[i].first; each != NULL; each = each->next)
            rows++;
    return rows;
}

static void note_meters(const sy_row *row, meters *known) {
    for (size_t i = 0; i < row->energy.count; i++) {
        const sy_row_energy *entry = &row->energy.item[i];
        size_t j = 0;
        while (j < known->count && !is_same_meter(known->one[j], entry))
            j++;
        if (j == known->count && j < METERS_MAX)
            known->one[known->count++] = entry;
    }
}

static const sy_row_energy *entry_of(const sy_row *row, const sy_row_energy *meter) {
    for (size_t i = 0; i < row->energy.count; i++)
        if (is_same_meter(&row->energy.item[i], meter))
            return &row->energy.item[i];
    return NULL;
}

static void note_reasons(const sy_row_energy *entry, sums *to) {
    for (size_t i = 0; i < entry->reasons.count; i++) {
        size_t j = 0;
        while (j < to->reasons && !same_text(to->reason[j], entry->reasons.item[i]))
            j++;
        if (j == to->reasons && j < REASONS_MAX)
            to->reason[to->reasons++] = entry->reasons.item[i];
    }
}

static void add_share(const sy_row_energy *window, double joule, sums *to) {
    size_t i = 0;
    while (i < to->shares && to->share[i].window != window)
        i++;
    if (i == to->shares)
        to->share[to->shares++] = (share){.window = window};
    to->share[i].joule += joule;
}

static double random_joule(const sums *of) {
    double variance = 0.0;
    for (size_t i = 0; i < of->shares; i++) {
        double part = of->share[i].joule * of->share[i].window->u_random;
        variance += part * part;
    }
    return sqrt(variance);
}

static void add_layer(const sy_layer_energy *layer, const sy_row_energy *meter, sums *to) {
    double repeats = (double)count_rows(layer, 1);
    for (const sy_layer_row *each = layer->first; each != NULL; each = each->next) {
        const sy_row_energy *entry = entry_of(each->row, meter);
        to->rows++;
        if (entry == NULL)
            continue;
        to->measured++;
        note_reasons(entry, to);
        if (entry->valid != SY_TRI_YES ||
            sy_row_energy_check(entry, each->row->rate.flop, each->row->rate.byte, NULL) != SY_OK)
            continue;
        double times = layer->times / repeats, joule = times * entry->joule_per_run;
        to->valid++;
        to->joule += joule;
        to->seconds += times / entry->run_per_s;
        add_share(entry, joule, to);
        to->systematic_j += joule * entry->u_systematic;
    }
}

/* "measured in 1 of 7 rows", and the reasons of those that are not valid. */
static bool explain(const sums *of, sy_arena *arena, sy_total_energy *out) {
    const char **reasons = sy_arena_array(arena, of->reasons + 1, sizeof *reasons);
    sy_text text = {0};
    bool is_short = of->measured < of->rows;
    sy_text_printf(&text, "%s in %zu of %zu rows", is_short ? "measured" : "valid",
        is_short ? of->measured : of->valid, of->rows);
    char *counted = text.failed ? NULL : sy_arena_text(arena, text.data);
    sy_text_release(&text);
    if (reasons == NULL || counted == NULL)
        return false;
    reasons[0] = counted;
    for (size_t i = 0; i < of->reasons; i++)
        reasons[i + 1] = of->reason[i];
    out->reasons = (sy_text_list){.item = reasons, .count = of->reasons + 1};
    return true;
}

static bool add_meter(const sy_layer_energy *layers, size_t count, const sy_row_energy *meter,
    sy_arena *arena, const sy_total *total, sy_total_energy *out) {
    sums all = {.share = sy_arena_array(arena, count_rows(layers, count), sizeof *all.share)};
    if (all.share == NULL)
        return false;
    sy_total_energy_init(out);
    out->source = meter->source;
    out->scope = meter->scope;
    for (size_t i = 0; i < count; i++)
        add_layer(&layers[i], meter, &all);
    out->valid = sy_tri_of(all.valid == all.rows);
    if (out->valid == SY_TRI_NO)
        return explain(&all, arena, out);
    out->joule_per_pass = all.joule;
    out->watt = all.joule / all.seconds;
    out->flop_per_joule = total->flop != SY_NO_COUNT ? (double)total->flop / all.joule : NAN;
    out->u_random = random_joule(&all) / all.joule;
    out->u_systematic = all.systematic_j / all.joule;
    return true;
}

bool sy_total_energy_add_up(const sy_layer_energy *layers, size_t count, sy_arena *arena, sy_total *total) {
    meters known = {0};
    for (size_t i = 0; i < count; i++)
        for (const sy_layer_row *each = layers[i].first; each != NULL; each = each->next) {
            note_meters(each->row, &known);
            if (total->energy_reason == NULL)
                total->energy_reason = each->row->energy_reason;
        }
    if (known.count == 0)
        return true;
    total->energy_reason = NULL;
    sy_total_energy *entries = sy_arena_array(arena, known.count, sizeof *entries);
    if (entries == NULL)
        return false;
    for (size_t i = 0; i < known.count; i++)
        if (!add_meter(layers, count, known.one[i], arena, total, &entries[i]))
            return false;
    total->energy = (sy_total_energies){.item = entries, .count = known.count};
    return true;
}
