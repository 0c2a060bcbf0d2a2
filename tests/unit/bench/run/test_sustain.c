/* How a rate held, from made-up marks and readings of which the truth is known. */
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
#include "runtime/base/seam.h"

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

static double flat(double at_s) {
    (void)at_s;
    return 1.0;
}

static double step_at_12(double at_s) {
    return at_s < 12.0 ? 1.0 : 0.7;
}

static double step_at_11(double at_s) {
    return at_s < 11.0 ? 1.0 : 0.7;
}

static double flag_at_10(double at_s) {
    return at_s < 10.0 ? 0.0 : 1.0;
}

static double drift(double at_s) {
    return 1.0 - 0.005 * at_s;
}

static double dip(double at_s) {
    return at_s >= 14.0 && at_s < 15.6 ? 0.5 : 1.0;
}

static double dip_at_the_end(double at_s) {
    return at_s >= 29.4 ? 0.5 : 1.0;
}

/* Idle before the load begins, and for its first half second. */
static double boost_of_idle(double at_s) {
    return at_s < 0.3 ? 1.4 : 1.0;
}

static double spike(double at_s) {
    return at_s > 0.65 && at_s < 0.75 ? 1.3 : 1.0;
}

static double noise(double deviation) {
    double sum = -6.0;
    for (int i = 0; i < 12; i++)
        sum += (double)sy_random_below(&w.random, 1000001) * 1e-6;
    return 1.0 + deviation * sum;
}

static uint64_t at_ns(double at_s) {
    return BEGIN_NS + (uint64_t)(int64_t)llround(1e9 * at_s);
}

static void work(shape *rate, double deviation) {
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
static double rate_of(double share) {
    return share * RATE * 1000.0;
}

/* A meter that reads value x shape, from two seconds before the load to its end. */
static void read_by(uint32_t kind, double value, shape *course, double deviation) {
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

static const sy_row_sustain *summarise(void) {
    sy_sustain_summarise(&w.meters, &w.told, &w.sustain);
    return &w.sustain;
}

#define NEAR(value, expected, by)                                                                            \
    do {                                                                                                     \
        if (!(fabs((value) - (expected)) <= (by)))                                                           \
            fail_msg("%s: %.9g is not %.9g", #value, (double)(value), (double)(expected));                   \
    } while (0)

static void expect_no_throttle(const sy_row_sustain *s) {
    if (!isnan(s->throttle_s) || s->throttle_how != NULL)
        fail_msg("throttled after %g s by %s", s->throttle_s, s->throttle_how);
}

static void expect_throttle(const sy_row_sustain *s, double seconds, const char *how, double by_s) {
    if (s->throttle_how == NULL)
        fail_msg("no throttling was seen");
    assert_string_equal(s->throttle_how, how);
    NEAR(s->throttle_s, seconds, by_s);
}

static void what_is_steady_is_steady(void **state) {
    (void)state;
    work(flat, 0.0);
    const sy_row_sustain *s = summarise();
    NEAR(s->seconds, 30.0, 1e-6);
    NEAR(s->burst_run_per_s, rate_of(1.0), 1e-3);
    NEAR(s->sustained_run_per_s, rate_of(1.0), 1e-3);
    NEAR(s->sustained_of_burst, 1.0, 1e-9);
    NEAR(s->steady_s, 0.0, 1e-9);
    expect_no_throttle(s);
    /* no meter told of anything */
    assert_true(s->source == NULL && s->scope == NULL && s->series == NULL);
    assert_true(isnan(s->watt_burst) && isnan(s->watt_sustained) && isnan(s->temp_c_end));
}

static void a_step_is_seen_when_it_comes(void **state) {
    (void)state;
    for (int i = 0; i < 2; i++) {
        work(step_at_12, i == 0 ? 0.0 : 0.01);
        const sy_row_sustain *s = summarise();
        expect_throttle(s, 12.0, "rate", i == 0 ? 1e-6 : 0.15);
        NEAR(s->burst_run_per_s / rate_of(1.0), 1.0, 0.004);
        NEAR(s->sustained_run_per_s / rate_of(0.7), 1.0, 0.004);
        NEAR(s->sustained_of_burst, 0.7, 0.004);
        NEAR(s->steady_s, 12.0, 0.1);
    }
}

/* Whichever is first says how; a rate that did not fall leaves it to the others. */
static void the_first_to_see_it_says_how(void **state) {
    (void)state;
    work(step_at_12, 0.0);
    read_by(SY_ENERGY_CLOCK, 1.5e9, step_at_11, 0.0);
    expect_throttle(summarise(), 11.0, "clock", READ_S + 1e-6);
    read_by(SY_ENERGY_THROTTLE, 8.0, flag_at_10, 0.0);
    expect_throttle(summarise(), 10.0, "flag", READ_S + 1e-6);

    work(step_at_11, 0.0);
    read_by(SY_ENERGY_CLOCK, 1.5e9, step_at_12, 0.0);
    expect_throttle(summarise(), 11.0, "rate", 1e-6);
    NEAR(w.sustain.steady_s, 11.0, 0.1);

    work(flat, 0.0);
    read_by(SY_ENERGY_THROTTLE, 8.0, flag_at_10, 0.0);
    read_by(SY_ENERGY_CLOCK, 1.5e9, step_at_12, 0.0);
    expect_throttle(summarise(), 10.0, "flag", READ_S + 1e-6);
    NEAR(w.sustain.sustained_of_burst, 1.0, 1e-9);

    work(flat, 0.0); /* of two clocks, the earlier, in either order */
    read_by(SY_ENERGY_CLOCK, 1.5e9, step_at_12, 0.0);
    read_by(SY_ENERGY_CLOCK, 2.5e9, step_at_11, 0.0);
    read_by(SY_ENERGY_CLOCK, 1e9, flat, 0.0);
    expect_throttle(summarise(), 11.0, "clock", READ_S + 1e-6);
}

/* Over half a minute of a thousand intervals, of which some are far off. */
static void noise_is_no_throttling(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        work(flat, 0.0);
        sy_random_seed(&w.random, seed, 2);
        for (size_t i = 1; i < MARKS; i++)
            w.mark[i].launches = w.mark[i - 1].launches + (uint64_t)llround(rate_of(STEP_S) * noise(0.01));
        read_by(SY_ENERGY_CLOCK, 1.5e9, flat, 0.01);
        const sy_row_sustain *s = summarise();
        expect_no_throttle(s);
        NEAR(s->steady_s, 0.0, 1e-9);
        NEAR(s->sustained_of_burst, 1.0, 0.005);
    }
}

static void a_drift_is_seen_when_it_is_far(void **state) {
    (void)state;
    work(drift, 0.0);
    const sy_row_sustain *s = summarise();
    NEAR(s->burst_run_per_s, rate_of(1.0 - 0.005 * 0.75), rate_of(2e-4)); /* the first 1.5 s */
    NEAR(s->sustained_run_per_s, rate_of(1.0 - 0.005 * 27.0), rate_of(2e-4));
    NEAR(s->sustained_of_burst, 0.865 / 0.99625, 1e-3);
    expect_throttle(s, (1.0 - 0.97 * 0.99625) / 0.005, "rate", 0.1);
    NEAR(s->steady_s, 22.5, 0.1); /* three scatters of 24 to 30 s: a median of 0.0075 / 0.865 */
}

static void what_comes_back_is_no_throttling(void **state) {
    (void)state;
    work(dip, 0.0);
    read_by(SY_ENERGY_CLOCK, 1.5e9, dip, 0.0);
    const sy_row_sustain *s = summarise();
    expect_no_throttle(s);
    NEAR(s->steady_s, 15.6, 0.1);
    NEAR(s->sustained_of_burst, 1.0, 1e-9);
    work(dip_at_the_end, 0.0); /* nobody knows whether it would */
    read_by(SY_ENERGY_CLOCK, 1.5e9, dip_at_the_end, 0.0);
    s = summarise();
    expect_no_throttle(s);
    assert_true(s->sustained_of_burst < 0.98);
}

/* Slow from its beginning on is no fall; and the clock of an idle device is none that was held. */
static void a_clock_is_held_against_its_own_load(void **state) {
    (void)state;
    work(flat, 0.0);
    read_by(SY_ENERGY_CLOCK, 0.3e9, flat, 0.0);
    expect_no_throttle(summarise());
    work(flat, 0.0);
    read_by(SY_ENERGY_CLOCK, 1.5e9, boost_of_idle, 0.0);
    expect_no_throttle(summarise());
    work(flat, 0.0);
    read_by(SY_ENERGY_CLOCK, 1.5e9, spike, 0.0);
    expect_no_throttle(summarise());
    work(flat, 0.0);
    read_by(SY_ENERGY_CLOCK, 0.0, flat, 0.0);
    expect_no_throttle(summarise());
}

/* A flag that was up from the beginning is told of at the beginning; one of before the load is not. */
static void a_flag_counts_under_load(void **state) {
    (void)state;
    work(flat, 0.0);
    read_by(SY_ENERGY_THROTTLE, 4.0, flat, 0.0);
    expect_throttle(summarise(), 0.0, "flag", READ_S);
    for (size_t i = 0; i < READINGS; i++)
        if (w.reading[0][i].end_ns >= BEGIN_NS)
            w.reading[0][i].value = 0.0;
    expect_no_throttle(summarise());
}

static void powers_are_of_both_stretches(void **state) {
    (void)state;
    work(step_at_12, 0.0);
    read_by(SY_ENERGY_TEMPERATURE, 80.0, flat, 0.0);
    read_by(SY_ENERGY_POWER_INSTANT, 300.0, step_at_12, 0.0);
    read_by(SY_ENERGY_POWER_INSTANT, 900.0, flat, 0.0);
    read_by(SY_ENERGY_TEMPERATURE, 60.0, flat, 0.0);
    w.found[1].facts.scope = SY_ENERGY_SCOPE_NODE;
    const sy_row_sustain *s = summarise();
    NEAR(s->watt_burst, 300.0, 1e-6);
    NEAR(s->watt_sustained, 210.0, 1e-6);
    NEAR(s->temp_c_end, 80.0, 0.0);
    assert_string_equal(s->source, "device:1");
    assert_string_equal(s->scope, "node");
}

/* A counter, and a mean over the last second that still knows the idling before. */
static double ramp_after_idle(double at_s) {
    double share = at_s < 0.0 ? 0.0 : at_s < 1.0 ? at_s : 1.0;
    return share * (at_s < 12.0 ? 300.0 : 210.0);
}

static double joules(double at_s) {
    return at_s < 0.0 ? 0.0 : 300.0 * fmin(at_s, 12.0) + 210.0 * fmax(at_s - 12.0, 0.0);
}

static void what_sensors_average_over_is_kept_out(void **state) {
    (void)state;
    work(step_at_12, 0.0);
    read_by(SY_ENERGY_POWER_AVERAGE, 1.0, ramp_after_idle, 0.0);
    w.found[0].facts.window_ns = 1000000000;
    const sy_row_sustain *s = summarise();
    NEAR(s->watt_burst, 300.0, 3.0);
    NEAR(s->watt_sustained, 210.0, 1e-6);
    work(step_at_12, 0.0);
    read_by(SY_ENERGY_COUNTER, 1.0, joules, 0.0);
    s = summarise();
    NEAR(s->watt_burst, 300.0, 3.0);
    NEAR(s->watt_sustained, 210.0, 2.0);
}

static void meters_that_say_nothing_are_passed_over(void **state) {
    (void)state;
    work(flat, 0.0);
    for (int i = 0; i < 4; i++)
        read_by(i == 3 ? SY_ENERGY_POWER_INSTANT
                       : (uint32_t[]){SY_ENERGY_POWER_INSTANT, SY_ENERGY_CLOCK, SY_ENERGY_TEMPERATURE}[i],
            250.0, flat, 0.0);
    w.trace[0].count = 1;
    w.trace[1].count = w.trace[2].count = 0;
    const sy_row_sustain *s = summarise();
    assert_string_equal(s->source, "device:3");
    assert_true(isnan(s->temp_c_end));
    expect_no_throttle(s);
    w.told.trace_count = 0; /* fewer traces than meters */
    s = summarise();
    assert_true(s->source == NULL && isnan(s->watt_burst));
}

static void too_few_marks_give_no_figures(void **state) {
    (void)state;
    for (size_t count = 0; count <= 5; count++) {
        work(flat, 0.0);
        for (size_t i = 0; i < count; i++)
            w.mark[i] = (sy_window_mark){at_ns(6.0 * (double)(i + 1)), 6000 * (i + 1)};
        w.told.mark_count = count;
        const sy_row_sustain *s = summarise();
        NEAR(s->seconds, 30.0, 1e-6);
        assert_int_equal(isnan(s->burst_run_per_s) != 0, count < 5);
        assert_int_equal(isnan(s->sustained_run_per_s) != 0, count < 5);
        expect_no_throttle(s);
        if (count == 5) /* none begins in the last fifth */
            NEAR(s->sustained_run_per_s, 1000.0, 1e-6);
    }
}

/* Of what a worker tells, times may be anything. */
static void marks_out_of_order_are_passed_over(void **state) {
    (void)state;
    work(step_at_12, 0.0);
    w.mark[100].at_ns = w.mark[50].at_ns;     /* back in time */
    w.mark[200].at_ns = w.mark[201].at_ns;    /* two at one time */
    w.mark[300].at_ns = UINT64_C(5);          /* before the load */
    w.mark[400].launches = 3;                 /* fewer than before */
    w.mark[0] = (sy_window_mark){.at_ns = 1}; /* first of all */
    const sy_row_sustain *s = summarise();
    expect_throttle(s, 12.0, "rate", 1e-6);
    NEAR(s->sustained_of_burst, 0.7, 1e-3);
    NEAR(s->steady_s, 12.0, 0.1);
    for (size_t i = 0; i < MARKS; i++)
        w.mark[i].at_ns = BEGIN_NS + 9;
    s = summarise();
    assert_true(isnan(s->burst_run_per_s) && isnan(s->sustained_of_burst));
    for (size_t i = 0; i < MARKS; i++)
        w.mark[i].at_ns = at_ns(SECONDS) - i;
    assert_true(isnan(summarise()->burst_run_per_s));
}

static void readings_out_of_order_are_passed_over(void **state) {
    (void)state;
    work(flat, 0.0);
    read_by(SY_ENERGY_CLOCK, 1.5e9, step_at_12, 0.0);
    w.reading[0][60].end_ns = 1;
    w.reading[0][61].end_ns = w.reading[0][59].end_ns;
    expect_throttle(summarise(), 12.0, "clock", READ_S + 1e-6);
    for (size_t i = 0; i < READINGS; i++)
        w.reading[0][i].end_ns = BEGIN_NS + 1;
    expect_no_throttle(summarise());
}

/* Nothing was launched at all: no share of nothing. */
static void no_work_is_no_burst(void **state) {
    (void)state;
    work(flat, 0.0);
    for (size_t i = 0; i < MARKS; i++)
        w.mark[i].launches = 0;
    const sy_row_sustain *s = summarise();
    assert_true(s->burst_run_per_s == 0.0 && isnan(s->sustained_of_burst));
    expect_no_throttle(s);
}

static void without_memory_there_are_no_figures(void **state) {
    (void)state;
    work(flat, 0.0);
    read_by(SY_ENERGY_CLOCK, 1.5e9, step_at_12, 0.0);
    sy_seam_arm(SY_SEAM_ALLOC, 1);
    const sy_row_sustain *s = summarise();
    sy_seam_disarm();
    assert_true(isnan(s->burst_run_per_s));
    NEAR(s->seconds, 30.0, 1e-6);
    expect_no_throttle(s);
    sy_seam_arm(SY_SEAM_ALLOC, 2); /* the clock's */
    s = summarise();
    sy_seam_disarm();
    NEAR(s->sustained_of_burst, 1.0, 1e-9);
    expect_no_throttle(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_steady_is_steady),
        cmocka_unit_test(a_step_is_seen_when_it_comes),
        cmocka_unit_test(the_first_to_see_it_says_how),
        cmocka_unit_test(noise_is_no_throttling),
        cmocka_unit_test(a_drift_is_seen_when_it_is_far),
        cmocka_unit_test(what_comes_back_is_no_throttling),
        cmocka_unit_test(a_clock_is_held_against_its_own_load),
        cmocka_unit_test(a_flag_counts_under_load),
        cmocka_unit_test(powers_are_of_both_stretches),
        cmocka_unit_test(what_sensors_average_over_is_kept_out),
        cmocka_unit_test(meters_that_say_nothing_are_passed_over),
        cmocka_unit_test(too_few_marks_give_no_figures),
        cmocka_unit_test(marks_out_of_order_are_passed_over),
        cmocka_unit_test(readings_out_of_order_are_passed_over),
        cmocka_unit_test(no_work_is_no_burst),
        cmocka_unit_test(without_memory_there_are_no_figures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
