/* Joules a launch of two groups, by one meter. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "bench/compare/row_ratio.h"
#include "bench/compare/say.h"

/* Net below this share of gross: the work is too small a part of what was measured. */
static const double least_net = 0.2;

/* One meter over all rows of a group that have it. */
typedef struct metered {
    const sy_entry_energy *shown;
    const sy_entry *entry;
    double n, mean, squares, random; /* of the logs; random: mean square of u_random */
    double u_systematic;             /* NaN: not known for one of them */
    bool is_low;                     /* net is low in one of them */
} metered;

static bool is_text(const char *a, const char *b) {
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

static const sy_entry_energy *meter_of(const sy_entry *entry, const char *source, const char *scope) {
    for (size_t i = 0; i < entry->energy.count; i++) {
        const sy_entry_energy *each = &entry->energy.item[i];
        if (each->is_valid && is_text(each->scope, scope) &&
            (source == NULL || is_text(each->source, source)))
            return each;
    }
    return NULL;
}

static void add(metered *to, const sy_entry *entry, const sy_entry_energy *energy) {
    double value = log(energy->joule_per_run), apart = value - to->mean;
    double u_random = isfinite(energy->u_random) ? energy->u_random : 0.0;
    to->shown = to->shown != NULL ? to->shown : energy;
    to->entry = to->entry != NULL ? to->entry : entry;
    to->n += 1.0;
    to->mean += apart / to->n;
    to->squares += apart * (value - to->mean);
    to->random += (u_random * u_random - to->random) / to->n;
    to->u_systematic = isnan(energy->u_systematic) || isnan(to->u_systematic)
                           ? NAN
                           : fmax(to->u_systematic, energy->u_systematic);
    to->is_low = to->is_low || energy->joule_net_per_run < least_net * energy->joule_per_run;
}

static metered gather(const sy_group *group, const char *source, const char *scope) {
    metered to = {0};
    for (size_t i = 0; i < group->count; i++) {
        const sy_entry_energy *found = meter_of(group->entry[i], source, scope);
        if (found != NULL && group->entry[i]->has_time)
            add(&to, group->entry[i], found);
    }
    return to;
}

/* The first valid meter of the base that the other side has: by source, else by scope alone. */
static bool find_meters(const sy_row_pair *pair, metered *out_base, metered *out_other) {
    const sy_entry *base = pair->base->shown;
    for (int by_source = 1; by_source >= 0; by_source--)
        for (size_t i = 0; i < base->energy.count; i++) {
            const sy_entry_energy *each = &base->energy.item[i];
            if (!each->is_valid || each->scope == NULL || is_text(each->scope, "unknown"))
                continue;
            *out_base = gather(pair->base, each->source, each->scope);
            *out_other = gather(pair->other, by_source ? each->source : NULL, each->scope);
            if (out_other->shown != NULL)
                return true;
        }
    return false;
}

static const sy_entry_energy *first_of(const sy_group *group, bool is_valid) {
    for (size_t i = 0; i < group->shown->energy.count; i++)
        if (group->shown->energy.item[i].is_valid || !is_valid)
            return &group->shown->energy.item[i];
    return NULL;
}

static const char *why_none(const sy_row_pair *pair, const sy_group *group, const char *side) {
    const sy_entry_energy *any = first_of(group, false);
    if (any == NULL)
        return sy_say(pair->arena, "%s has no energy", side);
    return sy_say(pair->arena, "%s: %s is not valid%s%s", side, any->source != NULL ? any->source : "a meter",
        any->reason != NULL ? ": " : "", any->reason != NULL ? any->reason : "");
}

/* Why no meter was found on both sides; what each has is shown all the same. */
static void explain_none(const sy_row_pair *pair, sy_ratio *out) {
    const sy_entry_energy *base = first_of(pair->base, true), *other = first_of(pair->other, true);
    out->base = base != NULL ? base->joule_per_run : NAN;
    out->value = other != NULL ? other->joule_per_run : NAN;
    if (base == NULL || other == NULL)
        out->reason = base == NULL ? why_none(pair, pair->base, "BASE") : why_none(pair, pair->other, "NEW");
    else
        out->reason = sy_say(pair->arena, "scopes differ: %s and %s",
            base->scope != NULL ? base->scope : "none", other->scope != NULL ? other->scope : "none");
}

/* Variance of the mean: what the meter declares, or what the repeats show if that is more. */
static sy_ratio_side side_of(const metered *from) {
    double seen = from->n > 1.0 ? from->squares / (from->n - 1.0) : 0.0;
    bool is_seen = seen > from->random;
    return (sy_ratio_side){.mean = from->mean,
        .variance = (is_seen ? seen : from->random) / from->n,
        .freedom = is_seen ? from->n - 1.0 : INFINITY,
        .n = (size_t)from->n};
}

/* One meter on one physical device: its scale is the same on both sides. */
static bool is_same_meter(const sy_row_pair *pair, const metered *base, const metered *other) {
    return pair->is_same_host && base->entry->card != NULL && base->entry->card == other->entry->card &&
           pair->base->cards == 1 && pair->other->cards == 1 &&
           is_text(base->shown->source, other->shown->source);
}

void sy_row_energy_ratio(const sy_row_pair *pair, sy_ratio *out_ratio) {
    metered base, other;
    sy_ratio *out = out_ratio;
    if (!find_meters(pair, &base, &other)) {
        explain_none(pair, out);
        return;
    }
    out->base = exp(base.mean);
    out->value = exp(other.mean);
    bool is_same = is_same_meter(pair, &base, &other);
    if (!is_same && (isnan(base.u_systematic) || isnan(other.u_systematic))) {
        out->reason = sy_say(pair->arena, "gain of %s is not known, and the devices differ",
            isnan(base.u_systematic) ? base.shown->source : other.shown->source);
        return;
    }
    sy_ratio_side base_side = side_of(&base), other_side = side_of(&other);
    double common =
        is_same ? 0.0 : base.u_systematic * base.u_systematic + other.u_systematic * other.u_systematic;
    out->spread = SY_SPREAD_DECLARED;
    out->is_gateable = !base.is_low && !other.is_low;
    sy_ratio_test(&base_side, &other_side, pair->options->delta, common, out);
    out->common_error = sqrt(common);
    out->more_rounds = out->verdict == SY_VERDICT_INCONCLUSIVE ? SIZE_MAX : 0;
    if (!out->is_gateable)
        out->reason = "net is under 20 % of gross: shown, never gated";
    else if (!is_same)
        out->reason = "different devices: with the uncertainty of both scales";
}
