/* The ratio of a pair: blocks A B B A are its units, so that what drifts evenly is in no interval. */
#include <math.h>

#include "bench/compare/row_ratio.h"
#include "bench/compare/say.h"

enum { VISITS = 2 }; /* of each side in a block: rounds 2 i and 2 i + 1 */

/* Median of a round of a row; NaN if it had none. */
static double median_of(const sy_entry *entry, uint32_t round) {
    for (uint32_t i = 0; i < entry->rounds; i++)
        if (entry->round[i] == round)
            return entry->round_ns[i];
    return NAN;
}

/* The other side of the same pair in the same run; NULL if it has no time. */
static const sy_entry *partner_of(const sy_group *group, const sy_entry *of) {
    for (size_t i = 0; i < group->count; i++) {
        const sy_entry *entry = group->entry[i];
        if (entry->run == of->run && entry->pair == of->pair && entry->has_time && entry->round != NULL)
            return entry;
    }
    return NULL;
}

/* Ratios of a pair's whole blocks in the place of rounds; false without memory. */
static bool fill_blocks(const sy_entry *a, const sy_entry *b, sy_arena *arena, sy_entry *out) {
    double *kept = sy_arena_array(arena, a->rounds / VISITS + 1u, sizeof *kept);
    uint32_t last = 0;
    *out = *b;
    out->rounds = 0;
    out->round_ns = kept;
    for (uint32_t i = 0; i < a->rounds; i++)
        last = a->round[i] > last ? a->round[i] : last;
    for (uint32_t block = 0; kept != NULL && block <= last / VISITS; block++) {
        double sum = 0.0;
        for (uint32_t i = 0; i < VISITS; i++)
            sum += log(median_of(b, VISITS * block + i) / median_of(a, VISITS * block + i));
        if (isfinite(sum) && out->rounds < a->rounds / VISITS)
            kept[out->rounds++] = exp(sum / VISITS);
    }
    out->has_time = out->rounds > 0;
    return kept != NULL;
}

/* A group whose "times" are the ratios of the pairs' blocks. */
static bool make_ratios(const sy_row_pair *pair, sy_group *out) {
    sy_entry *entry = sy_arena_array(pair->arena, pair->base->count, sizeof *entry);
    const sy_entry **list = sy_arena_array(pair->arena, pair->base->count, sizeof *list);
    *out = (sy_group){.entry = list};
    for (size_t i = 0; entry != NULL && list != NULL && i < pair->base->count; i++) {
        const sy_entry *a = pair->base->entry[i], *b = NULL;
        if (a->has_time && a->round != NULL)
            b = partner_of(pair->other, a);
        if (b == NULL)
            continue;
        if (!fill_blocks(a, b, pair->arena, &entry[out->count]))
            return false;
        list[out->count] = &entry[out->count];
        out->count++;
    }
    return entry != NULL && list != NULL;
}

static const char *why_careful(const sy_row_pair *pair) {
    bool is_unstable = pair->base->status == SY_ROW_UNSTABLE || pair->other->status == SY_ROW_UNSTABLE;
    return is_unstable ? "a side is unstable: blocks cancel what drifts evenly, and nothing else" : NULL;
}

void sy_row_paired_ratio(const sy_row_pair *pair, sy_ratio *out_ratio) {
    static const int spreads[SY_LEVEL_COUNT] = {SY_SPREAD_BLOCKS, SY_SPREAD_PROCESSES, SY_SPREAD_RUNS};
    static const sy_ratio_side one = {.freedom = INFINITY};
    sy_group ratios;
    sy_units units;
    sy_ratio *out = out_ratio;
    sy_row_time_ratio(pair, out); /* both sides' times, repeats and clocks */
    out->typical_error = out->common_error = 0.0;
    out->low = out->high = out->error = out->p = out->u_p = NAN;
    out->verdict = SY_VERDICT_INCONCLUSIVE;
    out->more_rounds = SIZE_MAX;
    out->reason = NULL;
    if (!make_ratios(pair, &ratios)) {
        out->reason = "no memory for the blocks of its pair";
        return;
    }
    sy_units_of(&ratios, &units);
    int level = sy_units_level(&units, &units);
    sy_ratio_side side = sy_units_side(&units, level, (sy_prior){0});
    out->spread = spreads[level];
    if (isnan(side.mean))
        out->ratio = NAN;
    out->is_gateable = !isnan(side.mean);
    if (side.n > 0 && side.freedom > 0.0)
        sy_ratio_test(&one, &(sy_ratio_side){side.mean, side.variance, side.freedom, side.n},
            pair->options->delta, 0.0, out);
    else if (!isnan(side.mean))
        out->ratio = exp(side.mean);
    out->log_cost = side.mean;
    out->reason = isnan(side.mean)        ? "no block A B B A is whole on both sides"
                  : !(side.freedom > 0.0) ? "one block: no interval"
                                          : why_careful(pair);
    sy_row_say_selection(pair, out);
}
