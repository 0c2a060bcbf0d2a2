/* The spread of the phases at which a sensor sees a load. */
#include "bench/energy/alias.h"

#include <math.h>

enum { HARMONICS = 32, TRIAL_PERIODS = 9, MOST_PERIODS = 10000 };

static const double SHORTEST_PERIOD_S = 0.9e-3;
static const double MOST_SPREAD = 0.1, RANDOM_SPREAD = 0.41, TIMES_RANDOM = 1.5;

/* A period that is known to fewer turns of the load than this, over the window, is tried out. */
static const double MOST_TURNS_UNKNOWN = 1;

/* Updates come at every period as long as they are this near to each other; else readings skip some. */
static const double LATTICE_GAP = 1.5;

static double sinc(double x) {
    return x == 0 ? 1 : sin(M_PI * x) / (M_PI * x);
}

typedef struct phase_sum {
    double cosine[HARMONICS], sine[HARMONICS];
    size_t count;
} phase_sum;

static void add_phase(phase_sum *sum, double turns) {
    double angle = 2 * M_PI * (turns - floor(turns));
    double c = cos(angle), s = sin(angle), cm = 1, sm = 0;
    for (int m = 0; m < HARMONICS; m++) {
        double next = cm * c - sm * s;
        sm = sm * c + cm * s;
        cm = next;
        sum->cosine[m] += cm;
        sum->sine[m] += sm;
    }
    sum->count++;
}

/* sqrt(2 sum |c_m|^2 damp^2 / (2 pi^2 m^2)); averaged: length that the sensor averages over, in turns. */
static double spread_of(const phase_sum *sum, double averaged) {
    double all = 0, count = (double)sum->count;
    for (int m = 1; m <= HARMONICS && sum->count > 0; m++) {
        double c = sum->cosine[m - 1] / count, s = sum->sine[m - 1] / count,
               damp = sinc(m * averaged) / (M_PI * m);
        all += (c * c + s * s) * damp * damp;
    }
    return sqrt(all);
}

/* Updates happen at whole multiples of their period, though it is not known which moment that is. */
static double fast_spread(const sy_energy_span *span, double update_s, size_t *out_count) {
    sy_energy_walk walk = sy_energy_span_walk(span);
    phase_sum sum = {.count = 0};
    sy_energy_point point;
    double first_s = NAN;
    while (sy_energy_walk_next(&walk, &point)) {
        double centre_s = point.at_s - 0.5 * span->lag_s;
        if (centre_s < 0 || centre_s > span->length_s)
            continue;
        first_s = sum.count == 0 ? point.at_s : first_s;
        double since_s = point.at_s - first_s;
        if (update_s > 0)
            since_s = update_s * round(since_s / span->update_s);
        add_phase(&sum, since_s / span->load_period_s);
    }
    *out_count = sum.count;
    return spread_of(&sum, span->lag_s / span->load_period_s);
}

static double slow_spread(const sy_energy_span *span, double update_s, size_t *out_count) {
    phase_sum sum = {.count = 0};
    *out_count = (size_t)fmin(1e15, span->length_s / update_s);
    double periods = fmin(MOST_PERIODS, span->length_s / span->load_period_s);
    for (int i = 0; i < periods; i++)
        add_phase(&sum, i * span->load_period_s / update_s);
    return update_s / span->load_period_s * spread_of(&sum, span->lag_s / update_s);
}

static double spread_at(const sy_energy_span *span, bool is_fast, double update_s, size_t *out_count) {
    return is_fast ? fast_spread(span, update_s, out_count) : slow_spread(span, update_s, out_count);
}

sy_energy_phases sy_energy_phases_of(const sy_energy_span *span) {
    double load_s = span->load_period_s, poll_s = span->period.poll_s;
    sy_energy_phases phases = {.is_fast = sy_energy_span_is_fast(span)};
    bool is_lattice = span->update_s > 0 && poll_s < LATTICE_GAP * span->update_s;
    /* A slow load that is polled without a beat of its own meets each level at random. */
    if (load_s < SHORTEST_PERIOD_S || (!phases.is_fast && !is_lattice))
        return phases;
    size_t count = 0;
    phases.spread = spread_at(span, phases.is_fast, span->update_s, &count);
    double turns =
        span->update_s > 0 ? 2 * span->update_sigma_s / span->update_s * span->length_s / load_s : 0;
    for (int i = 0; turns > 0 && turns <= MOST_TURNS_UNKNOWN && i < TRIAL_PERIODS; i++) {
        double off = 2.0 * span->update_sigma_s * (2.0 * i / (TRIAL_PERIODS - 1) - 1);
        phases.spread = fmax(phases.spread, spread_at(span, phases.is_fast, span->update_s + off, &count));
    }
    double random = TIMES_RANDOM * RANDOM_SPREAD / sqrt(fmax(1, (double)count));
    phases.is_alias = phases.spread > MOST_SPREAD && phases.spread > random;
    return phases;
}
