/* A made-up load of which the truth is known: marks, readings, and short words to summarise them. */
#ifndef STEELYARD_TESTS_RUN_MADE_UP_LOAD_H
#define STEELYARD_TESTS_RUN_MADE_UP_LOAD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/run/sustain.h"
#include "runtime/base/random.h"

/* A load of 30 s with a mark every 20 ms and readings every 100 ms, at an odd time of the clock. */
#define BEGIN_NS UINT64_C(123456789012)
static const double STEP_S = 0.02, READ_S = 0.1, SECONDS = 30.0, RATE = 1000.0;

enum { MARKS = 1501, READINGS = 321, METERS = 5 };

typedef struct world {
    sy_energy_found found[METERS];
    sy_energy_list meters;
    sy_window_mark mark[MARKS];
    sy_energy_reading reading[METERS][READINGS];
    sy_energy_trace trace[METERS];
    sy_energy_told told;
    sy_random random;
    sy_row_sustain sustain;
} world;

static world w;

/* Something over time; a rate in shares of RATE. */
typedef double shape(double at_s);

static inline double flat(double at_s) {
    (void)at_s;
    return 1.0;
}

static inline double step_at_12(double at_s) {
    return at_s < 12.0 ? 1.0 : 0.7;
}

static inline double step_at_11(double at_s) {
    return at_s < 11.0 ? 1.0 : 0.7;
}

static inline double flag_at_10(double at_s) {
    return at_s < 10.0 ? 0.0 : 1.0;
}

static inline double drift(double at_s) {
    return 1.0 - 0.005 * at_s;
}

static inline double dip(double at_s) {
    return at_s >= 14.0 && at_s < 15.6 ? 0.5 : 1.0;
}

static inline double dip_at_the_end(double at_s) {
    return at_s >= 29.4 ? 0.5 : 1.0;
}

/* Idle before the load begins, and for its first half second. */
static inline double boost_of_idle(double at_s) {
    return at_s < 0.3 ? 1.4 : 1.0;
}

static inline double spike(double at_s) {
    return at_s > 0.65 && at_s < 0.75 ? 1.3 : 1.0;
}

static inline double noise(double deviation) {
    double sum = -6.0;
    for (int i = 0; i < 12; i++)
        sum += (double)sy_random_below(&w.random, 1000001) * 1e-6;
    return 1.0 + deviation * sum;
}

static inline uint64_t at_ns(double at_s) {
    return BEGIN_NS + (uint64_t)(int64_t)llround(1e9 * at_s);
}

static inline void work(shape *rate, double deviation) {
    double done = 0.0;
    memset(&w, 0, sizeof w);
    sy_random_seed(&w.random, 7, 1);
    w.meters = (sy_energy_list){.found = w.found, .capacity = METERS};
    w.told = (sy_energy_told){.window = {.begin_ns = BEGIN_NS,
                                  .end_ns = at_ns(SECONDS),
                                  .load_begin_ns = BEGIN_NS,
                                  .load_end_ns = at_ns(SECONDS)},
        .trace = w.trace,
        .mark = w.mark,
        .mark_count = MARKS};
    for (size_t i = 0; i < MARKS; i++) {
        w.mark[i] = (sy_window_mark){at_ns((double)i * STEP_S), (uint64_t)llround(done * 1000.0)};
        done += RATE * STEP_S * rate(((double)i + 0.5) * STEP_S) * noise(deviation);
    }
}

/* Launches are counted in thousandths above, so that rounding does not show. */
static inline double rate_of(double share) {
    return share * RATE * 1000.0;
}

/* A meter that reads value x shape, from two seconds before the load to its end. */
static inline void read_by(uint32_t kind, double value, shape *course, double deviation) {
    size_t index = w.meters.count++;
    sy_energy_found *found = &w.found[index];
    snprintf(found->facts.name, sizeof found->facts.name, "device:%zu", index);
    found->facts.kind = kind;
    found->facts.scope = SY_ENERGY_SCOPE_CARD;
    found->facts.gain = found->facts.resolution = NAN;
    w.trace[index] = (sy_energy_trace){.reading = w.reading[index], .count = READINGS, .capacity = READINGS};
    for (size_t i = 0; i < READINGS; i++) {
        double at_s = -2.0 + (double)i * READ_S;
        w.reading[index][i] =
            (sy_energy_reading){at_ns(at_s - 0.0001), at_ns(at_s), value * course(at_s) * noise(deviation)};
    }
    w.told.trace_count = w.meters.count;
}

static inline const sy_row_sustain *summarise(void) {
    sy_sustain_summarise(&w.meters, &w.told, &w.sustain);
    return &w.sustain;
}

#define NEAR(value, expected, by)                                                                            \
    do {                                                                                                     \
        if (!(fabs((value) - (expected)) <= (by)))                                                           \
            fail_msg("%s: %.9g is not %.9g", #value, (double)(value), (double)(expected));                   \
    } while (0)

static inline void expect_no_throttle(const sy_row_sustain *s) {
    if (!isnan(s->throttle_s) || s->throttle_how != NULL)
        fail_msg("throttled after %g s by %s", s->throttle_s, s->throttle_how);
}

static inline void expect_throttle(const sy_row_sustain *s, double seconds, const char *how, double by_s) {
    if (s->throttle_how == NULL)
        fail_msg("no throttling was seen");
    assert_string_equal(s->throttle_how, how);
    NEAR(s->throttle_s, seconds, by_s);
}

#endif
