/* What two clocks have to do with a ratio, in words. */
#include <math.h>
#include <stdio.h>

#include "bench/compare/ratio.h"

/* Clocks that differ by less are the same; a ratio that does is not told to be explained. */
static const double alike = 0.002, mentioned = 0.005;

/* A change in percent with its sign: three digits, at most one after the point. */
static void print_change(double log_ratio, char out_text[24]) {
    double percent = 100.0 * expm1(log_ratio);
    snprintf(out_text, 24, fabs(percent) < 99.95 ? "%+.1f %%" : "%+.3g %%", percent);
}

bool sy_ratio_clock_say(const sy_ratio *ratio, char *out_text, size_t capacity) {
    double by_clock = log(ratio->clock_ratio), seen = log(ratio->ratio);
    bool is_called = ratio->verdict == SY_VERDICT_FASTER || ratio->verdict == SY_VERDICT_SLOWER;
    char clock[24], whole[24];
    out_text[0] = '\0';
    if (!isfinite(by_clock) || !isfinite(seen) || (!is_called && fabs(by_clock) < mentioned))
        return false;
    print_change(by_clock, clock);
    print_change(seen, whole);
    if (fabs(by_clock) < alike)
        snprintf(
            out_text, capacity, "clock %.0f MHz on both sides explains none of %s", ratio->clock_mhz, whole);
    else if (by_clock * seen > 0.0 && fabs(by_clock) <= fabs(seen))
        snprintf(out_text, capacity, "clock %.0f -> %.0f MHz explains up to %s of %s", ratio->base_clock_mhz,
            ratio->clock_mhz, clock, whole);
    else
        snprintf(out_text, capacity, "clock %.0f -> %.0f MHz alone would be up to %s, seen is %s",
            ratio->base_clock_mhz, ratio->clock_mhz, clock, whole);
    return true;
}
