/* Agreement of two meters. */
#include "bench/energy/cross.h"

#include <math.h>
#include <stdio.h>

static const double SIGMAS = 3, RANDOM_SIGMAS = 2;

/* Half way, as ratios go, from right to double. */
static const double MOST_RATIO = 1.4142135623730951;

static bool has_result(sy_energy_side side) {
    return sy_energy_is_energy(side.facts->kind) && isfinite(side.result->joule) &&
           isfinite(side.result->u_random_j);
}

static double systematic_j(sy_energy_side side) {
    return isnan(side.result->u_systematic_j) ? SY_ENERGY_CROSS_GAIN * fabs(side.result->joule)
                                              : side.result->u_systematic_j;
}

static double sigma_j(sy_energy_side side) {
    return hypot(side.result->u_random_j, systematic_j(side));
}

static void describe(sy_energy_side side, size_t size, char *out_text) {
    snprintf(out_text, size, "%s says %.4g J +- %.2g%s", side.facts->name, side.result->joule, sigma_j(side),
        isnan(side.result->u_systematic_j) ? " (its gain is unknown, 10 % is taken)" : "");
}

void sy_energy_cross_check(sy_energy_side first, sy_energy_side second, sy_energy_cross *out_cross) {
    *out_cross = (sy_energy_cross){.difference_j = NAN, .limit_j = NAN};
    if (first.facts->scope != second.facts->scope || first.facts->scope == SY_ENERGY_SCOPE_UNKNOWN)
        return;
    if (!has_result(first) || !has_result(second))
        return;
    out_cross->difference_j = second.result->joule - first.result->joule;
    out_cross->limit_j = SIGMAS * hypot(sigma_j(first), sigma_j(second));
    out_cross->verdict = SY_ENERGY_CROSS_AGREE;
    if (fabs(out_cross->difference_j) <= out_cross->limit_j)
        return;
    out_cross->verdict = SY_ENERGY_CROSS_DISAGREE;
    char one[160], other[160];
    describe(first, sizeof one, one);
    describe(second, sizeof other, other);
    snprintf(out_cross->text, sizeof out_cross->text, "%s, %s: more than %.3g J apart", one, other,
        out_cross->limit_j);
}

static void accuse(sy_energy_side counter, sy_energy_side power, sy_energy_cross *cross) {
    double counted_j = isnan(counter.result->joule) ? 0 : counter.result->joule;
    cross->verdict = SY_ENERGY_CROSS_DISAGREE;
    snprintf(cross->text, sizeof cross->text, "%s counted %.4g J while %s read %.4g J (%.4g W): not used",
        counter.facts->name, counted_j, power.facts->name, power.result->joule, power.result->watt);
}

void sy_energy_cross_selftest(sy_energy_side counter, sy_energy_side power, sy_energy_cross *out_cross) {
    *out_cross = (sy_energy_cross){.difference_j = NAN, .limit_j = NAN};
    if (!has_result(power) || !(power.result->joule > 0))
        return;
    bool is_still = isnan(counter.result->joule) && (counter.result->reasons & SY_ENERGY_STUCK) != 0;
    if (is_still) {
        accuse(counter, power, out_cross);
        return;
    }
    if (!has_result(counter))
        return;
    double most_j = MOST_RATIO * power.result->joule, least_j = power.result->joule / MOST_RATIO;
    double counted_j = counter.result->joule;
    out_cross->difference_j = counted_j - power.result->joule;
    out_cross->limit_j = RANDOM_SIGMAS * hypot(counter.result->u_random_j, power.result->u_random_j);
    out_cross->verdict = SY_ENERGY_CROSS_AGREE;
    if (counted_j > most_j + out_cross->limit_j || counted_j < least_j - out_cross->limit_j)
        accuse(counter, power, out_cross);
}
