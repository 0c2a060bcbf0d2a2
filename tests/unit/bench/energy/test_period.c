/* The update period from readings of sensors whose period is known. */
#include "bench/energy/period.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/near.h"
#include "tests/unit/bench/energy/world.h"

#define ZERO_NS UINT64_C(9000000000)

/* 20 s of a load from -1 s on. */
typedef struct scene {
    world_load load;
    world_sensor sensor;
    double poll_s, length_s;
} scene;

static scene make(uint32_t kind, double update_s) {
    scene one = {.load = {.idle_w = 50, .low_w = 200, .load_from_s = -1, .load_to_s = 30},
        .sensor = {.real_update_s = update_s,
            .first_update_s = 0.3 * update_s,
            .noise_w = kind == SY_ENERGY_COUNTER ? 0 : 3,
            .gain = 1,
            .facts = {.kind = kind, .resolution = NAN}},
        .poll_s = 0.45 * update_s,
        .length_s = 20};
    return one;
}

static sy_energy_period measure(const scene *one, uint64_t seed) {
    random_state random = {.state = seed};
    sy_energy_trace trace = {0};
    sample(&one->sensor, &one->load, 0, one->length_s, one->poll_s, 0.2, ZERO_NS, &random, &trace);
    sy_energy_period period;
    sy_energy_period_measure(&trace, &one->sensor.facts, ZERO_NS, ZERO_NS + UINT64_C(20000000000), &period);
    sy_energy_trace_release(&trace);
    return period;
}

static void it_is_found_within_its_uncertainty(void **state) {
    (void)state;
    static const uint32_t kinds[] = {SY_ENERGY_COUNTER, SY_ENERGY_POWER_INSTANT, SY_ENERGY_POWER_AVERAGE};
    static const double polls[] = {0.1, 0.3, 0.45, 0.55};
    for (uint64_t i = 0; i < 240; i++) {
        scene one = make(kinds[i % 3], 0.02 + 0.001 * (double)i);
        one.poll_s = polls[i % 4] * one.sensor.real_update_s;
        one.sensor.facts.window_ns = 200000000;
        sy_energy_period period = measure(&one, i);
        assert_true(period.is_measured);
        assert_true(period.sigma_s > 0 && period.sigma_s < 0.01 * period.period_s);
        assert_near(one.sensor.real_update_s, period.period_s, 3 * period.sigma_s);
        assert_near(1.1 * one.poll_s, period.poll_s, 0.05 * one.poll_s);
    }
}

/* With steps of 4 W and noise of 3 W, each sixth to third update has the value of the one before it. */
static void equal_values_one_after_another_do_no_harm(void **state) {
    (void)state;
    for (uint64_t i = 0; i < 100; i++) {
        scene one = make(SY_ENERGY_POWER_INSTANT, 0.05 + 0.0005 * (double)i);
        one.sensor.facts.resolution = 4;
        one.sensor.seed = i;
        sy_energy_period period = measure(&one, i);
        assert_true(period.is_measured);
        assert_near(one.sensor.real_update_s, period.period_s, 0.02 * period.period_s);
    }
}

static void check_not_measured(const scene *one) {
    sy_energy_period period = measure(one, 5);
    assert_false(period.is_measured);
    assert_true(period.period_s == 0 && period.sigma_s == 0);
    assert_true(period.poll_s > 0);
}

static void no_period_shows_where_readings_are_too_few_or_too_seldom(void **state) {
    (void)state;
    /* A change at each reading: it is at most the polling interval. */
    scene one = make(SY_ENERGY_POWER_INSTANT, 0.01);
    one.poll_s = 0.1;
    check_not_measured(&one);
    one = make(SY_ENERGY_COUNTER, 0.001);
    one.poll_s = 0.1;
    check_not_measured(&one);
    /* It never changes. */
    one = make(SY_ENERGY_POWER_INSTANT, 0.1);
    one.sensor.noise_w = 0;
    check_not_measured(&one);
    assert_int_equal(0, measure(&one, 5).changes);
    /* Seven changes. */
    one = make(SY_ENERGY_POWER_INSTANT, 0.1);
    one.length_s = 0.7;
    check_not_measured(&one);
}

/* A 1 W step that noise of 0.3 W flips now and then, updated each millisecond. */
static void a_flicker_is_no_period(void **state) {
    (void)state;
    for (uint64_t i = 0; i < 100; i++) {
        scene one = make(SY_ENERGY_POWER_INSTANT, 0.001);
        one.load.low_w = 200 + 0.01 * (double)i;
        one.sensor.noise_w = 0.3;
        one.sensor.facts.resolution = 1;
        one.sensor.seed = i;
        one.poll_s = 0.1;
        check_not_measured(&one);
    }
}

/* What is counted in steps of 60 J changes each 0.3 s at 200 W, though it is updated ten times a second. */
static void full_steps_are_no_updates(void **state) {
    (void)state;
    scene one = make(SY_ENERGY_COUNTER, 0.1);
    one.sensor.facts.resolution = 60;
    check_not_measured(&one);
    /* Nor is a power that climbs by a step each 0.3 s. */
    one = make(SY_ENERGY_POWER_INSTANT, 0.1);
    one.sensor.noise_w = 0;
    one.sensor.facts.resolution = 1;
    one.load.slope_w = 1 / 0.3;
    check_not_measured(&one);
}

static void nothing_comes_of_nothing(void **state) {
    (void)state;
    sy_energy_facts facts = {.kind = SY_ENERGY_COUNTER, .resolution = NAN};
    sy_energy_reading readings[] = {{.begin_ns = ZERO_NS, .end_ns = ZERO_NS, .value = 1},
        {.begin_ns = ZERO_NS + 1, .end_ns = ZERO_NS + 1, .value = NAN}};
    sy_energy_trace trace = {.reading = readings};
    for (trace.count = 0; trace.count <= 2; trace.count++) {
        sy_energy_period period;
        sy_energy_period_measure(&trace, &facts, 0, UINT64_MAX, &period);
        assert_false(period.is_measured);
        assert_true(period.poll_s == 0 && period.changes == 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_found_within_its_uncertainty),
        cmocka_unit_test(equal_values_one_after_another_do_no_harm),
        cmocka_unit_test(no_period_shows_where_readings_are_too_few_or_too_seldom),
        cmocka_unit_test(a_flicker_is_no_period),
        cmocka_unit_test(full_steps_are_no_updates),
        cmocka_unit_test(nothing_comes_of_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
