/* The update period from the moments at which the value changes. */
#include "bench/energy/period.h"

#include <math.h>

#include "bench/energy/points.h"
#include "bench/stats/order.h"

enum { MOST_CHANGES = 512, FEWEST_CHANGES = 8, ROUNDS = 6, STARTS = 16 };

/* The guess: most distances are of one period, and polling at half of it blurs them by up to as much. */
static const double GUESS_QUANTILE = 0.25;

/* Where fits begin, in rough guesses. */
static const double FIRST_START = 0.9, START_STEP = 0.015;

/* Below so many polling intervals a change at every reading looks the same. */
static const double LEAST_POLLS = 1.5;

/* Share of what a change is off by that the place of the updates is corrected by. */
static const double FOLLOW = 0.25;

/* Mean distance from whole multiples, in periods. At random it is 0.25; polled at half the period 0.14. */
static const double MOST_BLUR = 0.2;

/* A counter or a ramp whose steps are this many resolutions or fewer shows when a step was full, not an
 * update. */
static const double STEP_RESOLUTIONS = 1.5;

typedef struct distances {
    double seconds[MOST_CHANGES], sorted[MOST_CHANGES];
    size_t count, small_steps;
} distances;

static void take_distances(
    sy_energy_walk *walk, double until_s, double resolution, sy_energy_period *period, distances *out) {
    sy_energy_point reading;
    double value = NAN, step = 0, changed_s = NAN, first_s = NAN, last_s = NAN;
    size_t readings = 0;
    while (sy_energy_walk_reading(walk, &reading)) {
        if (reading.at_s < 0 || reading.at_s > until_s)
            continue;
        first_s = readings++ == 0 ? reading.at_s : first_s;
        last_s = reading.at_s;
        if (readings > 1 && reading.value != value) {
            double at_s = reading.at_s - 0.5 * walk->gap_s;
            period->changes++;
            bool is_on = (reading.value - value) * step > 0;
            step = reading.value - value;
            out->small_steps += is_on && fabs(step) <= STEP_RESOLUTIONS * resolution;
            if (period->changes > 1 && out->count < MOST_CHANGES)
                out->seconds[out->count++] = at_s - changed_s;
            changed_s = at_s;
        }
        value = reading.value;
    }
    period->poll_s = readings > 1 ? (last_s - first_s) / (double)(readings - 1) : 0;
}

static double multiple(double distance_s, double period_s) {
    return fmax(1, round(distance_s / period_s));
}

/* Distances one by one: each is blurred at both of its ends. Good for a start. */
static double refine_roughly(const distances *all, double period_s) {
    double sum_s = 0, multiples = 0;
    for (size_t i = 0; i < all->count; i++) {
        sum_s += all->seconds[i];
        multiples += multiple(all->seconds[i], period_s);
    }
    return sum_s / multiples;
}

/* Distances from where the updates seem to be, which follows the changes slowly: blurred at one end alone. */
static double refine(const distances *all, double period_s, double *out_multiples, double *out_blur) {
    double sum_s = 0, multiples = 0, blur = 0, off_s = 0;
    for (size_t i = 0; i < all->count; i++) {
        double times = multiple(all->seconds[i] + off_s, period_s);
        off_s += all->seconds[i] - times * period_s;
        blur += fabs(off_s / period_s);
        off_s -= FOLLOW * off_s;
        sum_s += all->seconds[i];
        multiples += times;
    }
    *out_multiples = multiples;
    *out_blur = blur / (double)all->count;
    return sum_s / multiples;
}

typedef struct candidate {
    double period_s, multiples, blur;
} candidate;

/* Several starts about the rough one: a multiple miscounted now and then holds a fit where it is. */
static candidate fit_best(const distances *all, double rough_s, double least_s) {
    candidate best = {.blur = INFINITY};
    for (int i = 0; i < STARTS; i++) {
        candidate one = {.period_s = rough_s * (FIRST_START + START_STEP * i)};
        for (int round = 0; round < ROUNDS; round++)
            one.period_s = refine(all, one.period_s, &one.multiples, &one.blur);
        if (one.period_s >= least_s && one.blur < best.blur)
            best = one;
    }
    return best;
}

static void fit(distances *all, sy_energy_period *period) {
    for (size_t i = 0; i < all->count; i++)
        all->sorted[i] = all->seconds[i];
    sy_sort_f64(all->sorted, all->count);
    double rough_s = sy_quantile(all->sorted, all->count, GUESS_QUANTILE);
    for (int i = 0; i < ROUNDS; i++)
        rough_s = refine_roughly(all, rough_s);
    double least_s = LEAST_POLLS * period->poll_s;
    candidate best = fit_best(all, fmax(rough_s, least_s), least_s);
    if (best.blur > MOST_BLUR)
        return;
    period->period_s = best.period_s;
    /* The first and the last change are each known to a polling interval; what lies between cancels. */
    period->sigma_s = period->poll_s / sqrt(6) / best.multiples;
    period->is_measured = true;
}

void sy_energy_period_measure(const sy_energy_trace *trace, const sy_energy_facts *facts, uint64_t begin_ns,
    uint64_t end_ns, sy_energy_period *out_period) {
    sy_energy_walk walk = {.trace = trace, .origin_ns = begin_ns};
    distances all = {.count = 0};
    *out_period = (sy_energy_period){0};
    take_distances(&walk, sy_energy_seconds(end_ns, begin_ns), facts->resolution, out_period, &all);
    if (all.count + 1 < FEWEST_CHANGES || 2 * all.small_steps > out_period->changes)
        return;
    fit(&all, out_period);
}
