/* Each reason why a result may not be valid, and what is no such reason. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/near.h"
#include "tests/unit/bench/energy/scene.h"

static uint32_t reasons_without(uint32_t kind, double from_s, double to_s) {
    scene one = scene_make(kind, 0.1);
    scene_read(&one);
    scene_cut(&one, from_s, to_s);
    sy_energy_result result = scene_integrate(&one);
    sy_energy_trace_release(&one.trace);
    return result.reasons;
}

static void gaps_count_where_they_matter(void **state) {
    (void)state;
    assert_int_equal(SY_ENERGY_GAP, reasons_without(SY_ENERGY_POWER_INSTANT, 2, 3));
    assert_int_equal(0, reasons_without(SY_ENERGY_POWER_INSTANT, 2, 2.15));
    assert_int_equal(0, reasons_without(SY_ENERGY_POWER_INSTANT, -1.5, -0.5));
    assert_int_equal(SY_ENERGY_GAP, reasons_without(SY_ENERGY_POWER_INSTANT, -3, 1));
    assert_int_equal(SY_ENERGY_GAP, reasons_without(SY_ENERGY_POWER_INSTANT, 4, 9));
    /* A counter goes on counting, but where the window begins or ends it has to be read. */
    assert_int_equal(0, reasons_without(SY_ENERGY_COUNTER, 2, 3));
    assert_int_equal(SY_ENERGY_GAP, reasons_without(SY_ENERGY_COUNTER, -0.5, 0.5));
    assert_int_equal(SY_ENERGY_GAP, reasons_without(SY_ENERGY_COUNTER, -3, 1));
    assert_int_equal(SY_ENERGY_GAP, reasons_without(SY_ENERGY_COUNTER, 4, 9));
}

/* A meter's log of ten lines a second, as its stamps are: to the millisecond. Where it falls against the
 * window must not matter. */
static void a_regular_log_of_a_constant_has_no_gap(void **state) {
    (void)state;
    const sy_energy_facts facts = {
        .kind = SY_ENERGY_POWER_INSTANT, .resolution = 1, .gain = 0.01, .offset_w = NAN};
    const uint64_t ms = 1000000, begin_ns = 5000 * ms;
    for (uint64_t phase_ms = 0; phase_ms < 100; phase_ms++) {
        sy_energy_trace trace = {0};
        for (uint64_t i = 0; i < 60; i++) {
            uint64_t at_ns = (3000 + phase_ms + 100 * i + (i * 7) % 3) * ms;
            sy_energy_reading reading = {.begin_ns = at_ns, .end_ns = at_ns, .value = 420};
            bool is_collected = at_ns + 100 * ms > begin_ns && at_ns < begin_ns + 2116 * ms;
            if (is_collected)
                assert_int_equal(SY_OK, sy_energy_trace_append(&trace, reading, NULL));
        }
        const sy_energy_window window = {.begin_ns = begin_ns,
            .end_ns = begin_ns + 2016 * ms,
            .load_begin_ns = begin_ns - 1000 * ms,
            .load_end_ns = begin_ns + 2040 * ms};
        sy_energy_result result;
        sy_energy_integrate(&facts, &trace, &window, 0.05, &result);
        assert_int_equal(0, result.reasons);
        assert_true(fabs(result.joule - 420 * 2.016) < 1e-6);
        sy_energy_trace_release(&trace);
    }
}

static void a_counter_that_stands_still_is_stuck(void **state) {
    (void)state;
    scene one = scene_make(SY_ENERGY_COUNTER, 0.1);
    scene_read(&one);
    for (size_t i = 0; i < one.trace.count; i++)
        one.trace.reading[i].value = 7;
    sy_energy_result result = scene_integrate(&one);
    check_nothing(&result, SY_ENERGY_STUCK);
    /* Unless a step of it is more than there can have been. */
    one.sensor.facts.resolution = 3600;
    assert_int_equal(SY_ENERGY_TOO_FEW, scene_integrate(&one).reasons);
    /* From 3 s on. */
    one.sensor.facts.resolution = NAN;
    scene_read(&one);
    double frozen_j = sensor_value(&one.sensor, &one.load, 3);
    for (size_t i = 0; i < one.trace.count; i++)
        one.trace.reading[i].value = fmin(one.trace.reading[i].value, frozen_j);
    assert_true((scene_integrate(&one).reasons & SY_ENERGY_STUCK) != 0);
    sy_energy_trace_release(&one.trace);
}

static void a_power_that_did_not_see_the_load_is_stuck(void **state) {
    (void)state;
    scene one = scene_make(SY_ENERGY_POWER_INSTANT, 0.1);
    one.load.idle_w = one.load.low_w;
    assert_int_equal(SY_ENERGY_STUCK, scene_measure(&one).reasons);
    /* Nobody looked outside of the load. */
    one.from_s = -1.9;
    one.to_s = 5.9;
    assert_int_equal(0, scene_measure(&one).reasons);
}

static void a_noisy_power_that_comes_to_rest_is_stuck(void **state) {
    (void)state;
    scene one = scene_make(SY_ENERGY_POWER_INSTANT, 0.1);
    one.sensor.noise_w = 3;
    scene_read(&one);
    assert_int_equal(0, scene_integrate(&one).reasons);
    for (size_t i = 0; i < one.trace.count; i++)
        if (one.trace.reading[i].begin_ns > ZERO_NS + UINT64_C(2500000000))
            one.trace.reading[i].value = 201;
    assert_int_equal(SY_ENERGY_STUCK, scene_integrate(&one).reasons);
    sy_energy_trace_release(&one.trace);
}

/* Nor is one stuck that flickers at the border of two steps, and then is no longer there. */
static void a_flicker_may_end(void **state) {
    (void)state;
    scene one = scene_make(SY_ENERGY_POWER_INSTANT, 0.05);
    one.sensor.facts.resolution = 1;
    one.sensor.noise_w = 0.05;
    one.load.low_w = 200.5;
    scene_read(&one);
    for (size_t i = 0; i < one.trace.count; i++)
        if (one.trace.reading[i].begin_ns > ZERO_NS + UINT64_C(2000000000) &&
            one.trace.reading[i].value > 150)
            one.trace.reading[i].value = 201;
    assert_int_equal(0, scene_integrate(&one).reasons);
    /* Or one that goes to and fro between two levels, in step with the sensor, and then shows one of them. */
    for (size_t i = 0; i < one.trace.count; i++) {
        uint64_t at_ns = one.trace.reading[i].begin_ns;
        bool is_high = at_ns < ZERO_NS + UINT64_C(2000000000) && at_ns / 50000000 % 2 == 0;
        one.trace.reading[i].value = is_high ? 300 : 201;
    }
    assert_int_equal(0, scene_integrate(&one).reasons & SY_ENERGY_STUCK);
    sy_energy_trace_release(&one.trace);
}

/* Without noise it may: here a rise of 1.5 s that ends at 230 W. */
static void a_smooth_power_may_come_to_rest(void **state) {
    (void)state;
    scene one = scene_make(SY_ENERGY_POWER_INSTANT, 0.05);
    one.load.slope_w = 20;
    scene_read(&one);
    for (size_t i = 0; i < one.trace.count; i++)
        if (one.trace.reading[i].begin_ns > ZERO_NS + UINT64_C(1500000000) &&
            one.trace.reading[i].value > 200)
            one.trace.reading[i].value = 230;
    assert_int_equal(0, scene_integrate(&one).reasons);
    sy_energy_trace_release(&one.trace);
}

static void a_counter_that_falls_was_reset(void **state) {
    (void)state;
    scene one = scene_make(SY_ENERGY_COUNTER, 0.1);
    scene_read(&one);
    for (size_t i = one.trace.count / 2; i < one.trace.count; i++)
        one.trace.reading[i].value -= 99000;
    assert_true((scene_integrate(&one).reasons & SY_ENERGY_RESET) != 0);
    /* Long before the window it does no harm. */
    scene_read(&one);
    one.trace.reading[0].value += 1e6;
    assert_int_equal(0, scene_integrate(&one).reasons);
    sy_energy_trace_release(&one.trace);
}

static void failures_tell_why_readings_end(void **state) {
    (void)state;
    scene one = scene_make(SY_ENERGY_COUNTER, 0.1);
    scene_read(&one);
    sy_energy_trace_fail(&one.trace, SY_UNAVAILABLE, "unplugged");
    assert_int_equal(0, scene_integrate(&one).reasons);
    scene_cut(&one, 4.9, 9);
    assert_int_equal(SY_ENERGY_GONE, scene_integrate(&one).reasons);
    sy_energy_trace_fail(&one.trace, SY_INTERNAL, "from 5 J to 4 J");
    assert_int_equal(SY_ENERGY_RESET, scene_integrate(&one).reasons);
    sy_energy_trace_fail(&one.trace, SY_TIMEOUT, "slow");
    assert_int_equal(0, scene_integrate(&one).reasons);
    sy_energy_trace_release(&one.trace);
}

static void a_short_window_says_how_long_it_should_be(void **state) {
    (void)state;
    scene one = scene_make(SY_ENERGY_COUNTER, 0.1);
    one.sensor.facts.resolution = 20;
    sy_energy_result loose = scene_measure(&one);
    assert_int_equal(0, loose.reasons);
    assert_int_equal(0, loose.needed_window_ns);
    one.precision = 0.002;
    sy_energy_result tight = scene_measure(&one);
    assert_int_equal(SY_ENERGY_SHORT, tight.reasons);
    double needed_s = 1e-9 * (double)tight.needed_window_ns;
    assert_near(5 * hypot(tight.u_edge_j, tight.u_quantum_j) / (0.002 * tight.joule), needed_s, 1e-6);
    one.length_s = 1.5 * needed_s;
    one.load.load_to_s = one.length_s + 1;
    one.to_s = one.length_s + 1.5;
    assert_int_equal(0, scene_measure(&one).reasons);
}

static void no_length_helps_against_the_step_of_a_constant(void **state) {
    (void)state;
    scene one = scene_make(SY_ENERGY_POWER_INSTANT, 0.1);
    one.sensor.facts.resolution = 10;
    one.precision = 0.001;
    sy_energy_result result = scene_measure(&one);
    assert_near(10 / sqrt(12) * 5, result.u_quantum_j, 1e-9);
    assert_int_equal(SY_ENERGY_SHORT, result.reasons);
    assert_true(result.needed_window_ns == UINT64_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gaps_count_where_they_matter),
        cmocka_unit_test(a_regular_log_of_a_constant_has_no_gap),
        cmocka_unit_test(a_counter_that_stands_still_is_stuck),
        cmocka_unit_test(a_power_that_did_not_see_the_load_is_stuck),
        cmocka_unit_test(a_noisy_power_that_comes_to_rest_is_stuck),
        cmocka_unit_test(a_flicker_may_end),
        cmocka_unit_test(a_smooth_power_may_come_to_rest),
        cmocka_unit_test(a_counter_that_falls_was_reset),
        cmocka_unit_test(failures_tell_why_readings_end),
        cmocka_unit_test(a_short_window_says_how_long_it_should_be),
        cmocka_unit_test(no_length_helps_against_the_step_of_a_constant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
