/* Two levels and slow beats among the updates of a power. */
#include "bench/energy/swing.h"

#include <math.h>

enum { FEWEST_POINTS = 12, CROSSINGS_UNKNOWN = 3, CROSSINGS_FAST = 2 };

/* The middle is crossed for good that far beyond it, of the range: the noise of a ramp does not get there. */
static const double MARGIN = 0.3;

static const double TWO_LEVELS = 0.2, SLOW = 0.6, SLOW_BEAT = 0.3;

/* Beats in a window that are too few, and what one leaves of the swing. */
static const double FEWEST_BEATS = 3, BEAT_SPREAD = 0.102;

/* A beat that could move the energy by less than this of it is of no importance. */
static const double LEAST_SHIFT = 0.01;

typedef struct tally {
    double sum, sum2, low, high;
    size_t count;
} tally;

static void count_in(tally *into, double value) {
    into->low = into->count > 0 ? fmin(into->low, value) : value;
    into->high = into->count > 0 ? fmax(into->high, value) : value;
    into->sum += value;
    into->sum2 += value * value;
    into->count++;
}

static double mean_of(const tally *of) {
    return of->count > 0 ? of->sum / (double)of->count : 0;
}

/* Sum of squares about the mean; values are taken less a common one, so that nothing cancels. */
static double squares_of(const tally *of) {
    return of->count > 0 ? fmax(0, of->sum2 - of->sum * of->sum / (double)of->count) : 0;
}

static bool next_inside(const sy_energy_span *span, sy_energy_walk *walk, sy_energy_point *out_point) {
    while (sy_energy_span_power(span, walk, out_point))
        if (out_point->at_s >= 0 && out_point->at_s <= span->length_s)
            return true;
    return false;
}

static tally count_all(const sy_energy_span *span, double *out_base) {
    sy_energy_walk walk = sy_energy_span_walk(span);
    tally all = {.count = 0};
    sy_energy_point point;
    while (next_inside(span, &walk, &point)) {
        *out_base = all.count == 0 ? point.value : *out_base;
        count_in(&all, point.value - *out_base);
    }
    return all;
}

/* Squares about the levels below and above the middle, and how often the middle is crossed for good. */
static double count_levels(const sy_energy_span *span, const tally *all, double base, size_t *out_crossings) {
    sy_energy_walk walk = sy_energy_span_walk(span);
    double middle = 0.5 * (all->low + all->high), margin = MARGIN * (all->high - all->low);
    tally below = {.count = 0}, above = {.count = 0};
    int side = 0;
    sy_energy_point point;
    while (next_inside(span, &walk, &point)) {
        double value = point.value - base;
        count_in(value < middle ? &below : &above, value);
        int now = value > middle + margin ? 1 : value < middle - margin ? -1 : side;
        *out_crossings += side != 0 && now != side;
        side = now;
    }
    return squares_of(&below) + squares_of(&above);
}

sy_energy_swing sy_energy_swing_of(const sy_energy_span *span, double noise_w2, bool is_fast) {
    double base = 0;
    size_t crossings = 0;
    tally all = count_all(span, &base);
    double squares = squares_of(&all), count = (double)all.count;
    sy_energy_swing swing = {.sigma_w = all.count > 1 ? sqrt(squares / (count - 1)) : 0};
    double within = count_levels(span, &all, base, &crossings);
    swing.within_w = all.count > 2 ? sqrt(within / (count - 2)) : 0;
    swing.range_w = all.high - all.low;
    swing.upper = swing.range_w > 0 ? (mean_of(&all) - all.low) / swing.range_w : 0;
    if (all.count < FEWEST_POINTS || swing.sigma_w <= 0)
        return swing;
    double ratio = noise_w2 / (swing.sigma_w * swing.sigma_w), beats = 0.5 * (double)crossings;
    swing.is_wave = is_fast ? within < TWO_LEVELS * squares : ratio < SLOW;
    bool is_own = span->load_period_s > 0 && !is_fast;
    size_t fewest = is_fast ? CROSSINGS_FAST : CROSSINGS_UNKNOWN;
    if (is_own || ratio > SLOW_BEAT || crossings < fewest)
        return swing;
    swing.is_wave = true;
    swing.beat = BEAT_SPREAD / beats;
    double shift_w = swing.beat * (all.high - all.low);
    swing.is_slow_beat = beats <= FEWEST_BEATS && shift_w > LEAST_SHIFT * fabs(base + mean_of(&all));
    return swing;
}
