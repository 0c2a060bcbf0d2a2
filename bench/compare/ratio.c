/* The test of one row. */
#include "bench/compare/ratio.h"

#include <math.h>
#include <stdint.h>

#include "bench/stats/law.h"

enum { FREEDOM_NORMAL = 1000000 };

const char *sy_quantity_name(int quantity) {
#define NAME(constant, number, name) name,
    static const char *const names[] = {SY_QUANTITY_LIST(NAME)};
#undef NAME
    return quantity >= 0 && quantity < (int)SY_QUANTITY_COUNT ? names[quantity] : "?";
}

const char *sy_verdict_name(int verdict) {
#define NAME(constant, number, name) name,
    static const char *const names[] = {SY_VERDICT_LIST(NAME)};
#undef NAME
    return verdict >= 0 && verdict <= SY_VERDICT_NOT_COMPARABLE ? names[verdict] : "?";
}

void sy_ratio_init(sy_ratio *out_ratio) {
    *out_ratio = (sy_ratio){.base = NAN,
        .value = NAN,
        .ratio = NAN,
        .low = NAN,
        .high = NAN,
        .log_cost = NAN,
        .error = NAN,
        .common_error = 0.0,
        .common_freedom = INFINITY,
        .freedom = NAN,
        .detectable = NAN,
        .u_p = NAN,
        .p = NAN,
        .q = NAN,
        .base_clock_mhz = NAN,
        .clock_mhz = NAN,
        .clock_ratio = NAN,
        .more_rounds = SIZE_MAX,
        .verdict = SY_VERDICT_NOT_COMPARABLE};
}

double sy_ratio_quantile(double p, double freedom) {
    return freedom >= FREEDOM_NORMAL ? sy_normal_quantile(p) : sy_student_quantile(p, fmax(freedom, 1.0));
}

/* P(T > t). */
double sy_ratio_tail(double t, double freedom) {
    if (isnan(t))
        return NAN;
    return freedom >= FREEDOM_NORMAL ? 0.5 * erfc(t * 0.70710678118654752440)
                                     : sy_student_cdf(-t, fmax(freedom, 1.0));
}

/* Satterthwaite's freedom of a sum of variances; a part that is known exactly adds none. */
static double freedom_of(const sy_ratio_side *base, const sy_ratio_side *other, double variance) {
    double parts =
        base->variance * base->variance / base->freedom + other->variance * other->variance / other->freedom;
    return parts > 0.0 ? variance * variance / parts : INFINITY;
}

/* Rounds a side until the half-width that settles it is reached: to leave out 1, or to be within +-delta,
 * whichever is nearer from where the estimate is. */
static size_t rounds_to_settle(double log_cost, double half, double band, size_t n) {
    double wanted = fmax(fabs(log_cost), band - fabs(log_cost));
    double factor = half / wanted;
    double total = ceil((double)n * factor * factor);
    if (!(wanted > 0.0) || !(total < 1e9))
        return SIZE_MAX;
    return total > (double)n ? (size_t)total - n : 0;
}

int sy_ratio_judge(double log_low, double log_high, double delta) {
    double band = log1p(delta);
    if (isnan(log_low) || isnan(log_high))
        return SY_VERDICT_INCONCLUSIVE;
    if (log_low > -band && log_high < band)
        return SY_VERDICT_SAME;
    return log_high < 0.0 ? SY_VERDICT_FASTER : log_low > 0.0 ? SY_VERDICT_SLOWER : SY_VERDICT_INCONCLUSIVE;
}

/* What differs by less than a double can tell is equal. */
static double difference_of(const sy_ratio_side *base, const sy_ratio_side *other) {
    double apart = other->mean - base->mean;
    return fabs(apart) < 1e-12 ? 0.0 : apart;
}

void sy_ratio_test(const sy_ratio_side *base, const sy_ratio_side *other, double delta, double between,
    sy_ratio *out_ratio) {
    sy_ratio *out = out_ratio;
    double variance = base->variance + other->variance + between;
    out->log_cost = difference_of(base, other);
    out->ratio = exp(out->log_cost);
    out->error = sqrt(variance);
    out->verdict = SY_VERDICT_INCONCLUSIVE;
    if (!isfinite(out->log_cost) || !isfinite(variance) || !(base->freedom > 0.0) ||
        !(other->freedom > 0.0)) {
        out->error = NAN;
        return;
    }
    out->freedom = freedom_of(base, other, variance);
    double half = sy_ratio_quantile(0.975, out->freedom) * out->error;
    out->low = exp(out->log_cost - half);
    out->high = exp(out->log_cost + half);
    out->detectable = expm1(half + sy_ratio_quantile(0.8, out->freedom) * out->error);
    double t = out->log_cost == 0.0 ? 0.0 : fabs(out->log_cost) / out->error;
    out->p = 2.0 * sy_ratio_tail(t, out->freedom);
    out->verdict = sy_ratio_judge(out->log_cost - half, out->log_cost + half, delta);
    size_t n = base->n < other->n ? base->n : other->n;
    bool is_settled = out->verdict != SY_VERDICT_INCONCLUSIVE;
    out->more_rounds = is_settled ? 0 : rounds_to_settle(out->log_cost, half, log1p(delta), n);
}
