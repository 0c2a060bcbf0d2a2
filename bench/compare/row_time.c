/* Time of two groups, and throughput from it. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "bench/compare/row_ratio.h"
#include "bench/compare/say.h"

const char *sy_row_no_ratio(const sy_row_pair *pair) {
    const sy_group *base = pair->base, *other = pair->other;
    if (base == NULL || other == NULL)
        return base == NULL ? "BASE has no such row" : "NEW has no such row";
    const sy_group *without = base->runs == 0 ? base : other->runs == 0 ? other : NULL;
    if (without == NULL)
        return NULL;
    const char *reason = without->shown->reason;
    return sy_say(pair->arena, "%s is %s%s%s", without == base ? "BASE" : "NEW",
        sy_row_status_name(without->status), reason != NULL ? ": " : "", reason != NULL ? reason : "");
}

static void fill_repeats(const sy_row_pair *pair, sy_ratio *out) {
    out->base_runs = pair->base->runs;
    out->base_cards = pair->base->cards;
    out->base_rounds = pair->base->rounds;
    out->runs = pair->other->runs;
    out->cards = pair->other->cards;
    out->rounds = pair->other->rounds;
}

/* Variance of the mean from the interval that a row of one round has within its run. */
static double variance_within(const sy_group *group) {
    const double *ci95_ns = group->shown->ci95_ns;
    double width = log(ci95_ns[1]) - log(ci95_ns[0]);
    return ci95_ns[0] > 0.0 ? 0.25 * width * width / (1.96 * 1.96) : NAN;
}

/* One round a side and nothing to take its variance from: the interval of its batches, which says nothing on
 * the next round. */
static void test_within(const sy_row_pair *pair, sy_ratio_side *base, sy_ratio_side *other, sy_ratio *out) {
    base->variance = variance_within(pair->base);
    other->variance = variance_within(pair->other);
    base->freedom = other->freedom = INFINITY;
    sy_ratio_test(base, other, pair->options->delta, pair->between, out);
    out->spread = isnan(out->error) ? SY_SPREAD_NONE : SY_SPREAD_WITHIN;
    out->p = NAN;
    out->more_rounds = 2;
    out->verdict = SY_VERDICT_INCONCLUSIVE;
    out->reason = "1 round: what changes from round to round is not known";
}

static void judge_stability(const sy_row_pair *pair, sy_ratio *out) {
    const sy_group *base = pair->base, *other = pair->other;
    const sy_group *unstable = base->status == SY_ROW_UNSTABLE    ? base
                               : other->status == SY_ROW_UNSTABLE ? other
                                                                  : NULL;
    if (unstable == NULL)
        return;
    out->verdict = SY_VERDICT_INCONCLUSIVE;
    out->more_rounds = SIZE_MAX;
    out->p = NAN;
    const char *reason = unstable->shown->reason;
    out->reason = sy_say(pair->arena, "%s is unstable%s%s", unstable == base ? "BASE" : "NEW",
        reason != NULL ? ": " : "", reason != NULL ? reason : "");
}

/* "12", "an unknown number of" candidates, or "no choice": of one side. */
static const char *explored_of(const sy_row_pair *pair, const sy_entry *entry) {
    if (!entry->is_tuned)
        return "not tuned";
    if (entry->explored == SY_NO_COUNT)
        return "best of several";
    return sy_say(pair->arena, "best of %" PRIu64, entry->explored);
}

/* An algorithm that was chosen for being fast is told, with how many it was chosen from. */
static const char *selection_of(const sy_row_pair *pair) {
    const sy_entry *base = pair->base->shown, *other = pair->other->shown;
    if (!base->is_tuned && !other->is_tuned)
        return NULL;
    const char *before = explored_of(pair, base), *after = explored_of(pair, other);
    if (strcmp(before, after) == 0)
        return sy_say(
            pair->arena, "a tuned algorithm, %s candidates, measured afresh after the choice", after);
    return sy_say(
        pair->arena, "a tuned algorithm, measured afresh after the choice: BASE %s, NEW %s", before, after);
}

void sy_row_say_selection(const sy_row_pair *pair, sy_ratio *out_ratio) {
    const char *selection = selection_of(pair), *reason = out_ratio->reason;
    if (selection != NULL)
        out_ratio->reason = reason != NULL ? sy_say(pair->arena, "%s; %s", reason, selection) : selection;
}

/* Mean of the clocks that are known; NaN: none. */
static double clock_of(const sy_group *group) {
    double sum = 0.0, count = 0.0;
    for (size_t i = 0; i < group->count; i++) {
        double mhz = group->entry[i]->clock_mhz;
        if (!group->entry[i]->has_time || !(mhz > 0.0) || !isfinite(mhz))
            continue;
        sum += mhz;
        count += 1.0;
    }
    return count > 0.0 ? sum / count : NAN;
}

static void fill_clock(const sy_row_pair *pair, sy_ratio *out) {
    double base = clock_of(pair->base), other = clock_of(pair->other);
    if (pair->base->shown->device_name != pair->other->shown->device_name || isnan(base) || isnan(other))
        return;
    out->base_clock_mhz = base;
    out->clock_mhz = other;
    out->clock_ratio = base / other;
}

enum { RANKED_MAX = 64 };

/* Medians of all rounds of a group, in logs; how many. */
static size_t rounds_of(const sy_group *group, double *out) {
    size_t count = 0;
    for (size_t i = 0; i < group->count; i++)
        for (size_t r = 0; r < group->entry[i]->rounds && count < RANKED_MAX; r++)
            out[count++] = group->entry[i]->round_ns[r];
    return count;
}

static double rank_p(const sy_row_pair *pair) {
    double base[RANKED_MAX], other[RANKED_MAX];
    size_t n_base = rounds_of(pair->base, base), n_other = rounds_of(pair->other, other);
    return sy_rank_sum_p(base, n_base, other, n_other);
}

void sy_row_time_ratio(const sy_row_pair *pair, sy_ratio *out_ratio) {
    static const int spreads[SY_LEVEL_COUNT] = {SY_SPREAD_ROUNDS, SY_SPREAD_PROCESSES, SY_SPREAD_RUNS};
    sy_units base, other;
    sy_ratio *out = out_ratio;
    fill_repeats(pair, out);
    if (pair->base->shown->headline != pair->other->shown->headline) {
        out->reason = "one side has the host's time, the other the device's";
        return;
    }
    sy_units_of(pair->base, &base);
    sy_units_of(pair->other, &other);
    int level = sy_units_level(&base, &other);
    sy_ratio_side base_side = sy_units_side(&base, level, pair->base_priors->level[level]);
    sy_ratio_side other_side = sy_units_side(&other, level, pair->other_priors->level[level]);
    out->is_gateable = true;
    out->base = exp(base.mean);
    out->value = exp(other.mean);
    out->spread = spreads[level];
    double typical = pair->base_priors->level[level].value * base.level[level].factor +
                     pair->other_priors->level[level].value * other.level[level].factor;
    double runs = 1.0 / (double)pair->base->runs + 1.0 / (double)pair->other->runs;
    double between = level == SY_LEVEL_RUNS ? 0.0 : pair->between * runs;
    if (base_side.freedom > 0.0 && other_side.freedom > 0.0)
        sy_ratio_test(&base_side, &other_side, pair->options->delta, between, out);
    else
        test_within(pair, &base_side, &other_side, out);
    out->common_error = sqrt(between); /* of whole runs: known, but not how much of it rows share */
    out->typical_error = typical > 0.0 ? sqrt(typical + between) : 0.0;
    out->u_p = rank_p(pair);
    fill_clock(pair, out);
    judge_stability(pair, out);
    sy_row_say_selection(pair, out);
}

void sy_row_throughput_ratio(const sy_ratio *time, sy_ratio *out_ratio) {
    *out_ratio = *time;
    out_ratio->base = 1e9 / time->base;
    out_ratio->value = 1e9 / time->value;
    out_ratio->ratio = 1.0 / time->ratio;
    out_ratio->low = 1.0 / time->high;
    out_ratio->high = 1.0 / time->low;
    out_ratio->clock_ratio = 1.0 / time->clock_ratio;
}
