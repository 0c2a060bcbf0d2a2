/* How a rate held, from made-up marks and readings of which the truth is known. */
#include "tests/unit/bench/run/made_up_load.h"

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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
