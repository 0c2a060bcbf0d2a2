/* Early stopping: exact binomial tails and two bisections. */
#include "bench/traffic/early.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "bench/stats/law.h"

static const uint64_t MOST_QUERIES = UINT64_C(1) << 40;

static bool is_enough(uint64_t queries, uint64_t over, double percentile, double confidence) {
    return sy_binomial_cdf((long)over, (size_t)queries, 1.0 - percentile) <= 1.0 - confidence;
}

static bool is_in_range(double fraction) {
    return fraction > 0.0 && fraction < 1.0;
}

uint64_t sy_early_queries(uint64_t over, double percentile, double confidence) {
    if (!is_in_range(percentile) || !is_in_range(confidence) || over >= MOST_QUERIES)
        return 0;
    uint64_t low = over, high = over + 1; /* not enough; perhaps */
    while (!is_enough(high, over, percentile, confidence)) {
        low = high;
        high *= 2;
        if (high > MOST_QUERIES)
            return 0;
    }
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        if (is_enough(middle, over, percentile, confidence))
            high = middle;
        else
            low = middle;
    }
    return high;
}

bool sy_early_allowance(uint64_t queries, double percentile, double confidence, uint64_t *out_over) {
    *out_over = 0;
    if (!is_in_range(percentile) || !is_in_range(confidence) || queries > MOST_QUERIES ||
        !is_enough(queries, 0, percentile, confidence))
        return false;
    uint64_t low = 0, high = queries; /* allowed; not: all of them above is never allowed */
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        if (is_enough(queries, middle, percentile, confidence))
            low = middle;
        else
            high = middle;
    }
    *out_over = low;
    return true;
}

sy_percentile sy_percentile_of(const double *sorted_ns, size_t count, double percentile, double confidence) {
    sy_percentile out = {.percentile = percentile,
        .plain_ns = NAN,
        .estimate_ns = NAN,
        .needs = sy_early_queries(1, percentile, confidence),
        .has = count};
    uint64_t over = 0;
    out.is_earned = out.needs > 0 && count >= out.needs &&
                    sy_early_allowance(count, percentile, confidence, &over) && over > 0;
    if (!out.is_earned)
        return out;
    size_t place = (size_t)floor((double)count * percentile);
    out.plain_ns = sorted_ns[place < count ? place : count - 1];
    out.discarded = over - 1;
    out.estimate_ns = sorted_ns[count - over];
    return out;
}

void sy_percentile_name(double percentile, char out_name[SY_PERCENTILE_NAME_MAX]) {
    snprintf(out_name, SY_PERCENTILE_NAME_MAX, "p%.6g", 100.0 * percentile);
}

void sy_percentile_why(const sy_percentile *percentile, char out_text[SY_PERCENTILE_TEXT_MAX]) {
    char name[SY_PERCENTILE_NAME_MAX];
    sy_percentile_name(percentile->percentile, name);
    snprintf(out_text, SY_PERCENTILE_TEXT_MAX, "%s not supported: needs %" PRIu64 " queries, have %" PRIu64,
        name, percentile->needs, percentile->has);
}
