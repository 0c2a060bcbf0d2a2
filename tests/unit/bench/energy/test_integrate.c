/* One meter over one window: what comes out of plain cases. */
#include "bench/energy/integrate.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/near.h"
#include "tests/unit/bench/energy/scene.h"

static void names_are_those_of_records(void **state) {
    (void)state;
    assert_string_equal("too_few_readings", sy_energy_reason_name(SY_ENERGY_TOO_FEW));
    assert_string_equal("idle_drift", sy_energy_reason_name(SY_ENERGY_IDLE_DRIFT));
    assert_string_equal("alias", sy_energy_reason_name(SY_ENERGY_ALIAS));
    for (uint32_t i = 0; i < SY_ENERGY_REASON_COUNT; i++)
        assert_non_null(sy_energy_reason_name(UINT32_C(1) << i));
    assert_null(sy_energy_reason_name(0));
    assert_null(sy_energy_reason_name(SY_ENERGY_GAP | SY_ENERGY_GONE));
    assert_null(sy_energy_reason_name(UINT32_C(1) << SY_ENERGY_REASON_COUNT));
}

static void a_constant_power_is_exact(void **state) {
    (void)state;
    static const uint32_t kinds[] = {SY_ENERGY_POWER_INSTANT, SY_ENERGY_POWER_AVERAGE};
    for (size_t i = 0; i < 2; i++) {
        scene one = scene_make(kinds[i], 0.1);
        one.sensor.facts.window_ns = i * 1000000000u;
        sy_energy_result result = scene_measure(&one);
        assert_near(1000, result.joule, 1e-9);
        assert_near(200, result.watt, 1e-9);
        assert_near(200, result.watt_peak, 1e-9);
        assert_near(0, result.u_random_j, 1e-9);
        assert_true(isnan(result.u_systematic_j));
        assert_int_equal(0, result.reasons);
        assert_near(0.1, 1e-9 * (double)result.update_period_ns, 0.006);
        /* The mean rises for a second, which shows each update; what is instant never changes. */
        assert_int_equal(i, result.is_period_measured);
    }
}

static void a_counter_is_known_to_a_part_of_an_update(void **state) {
    (void)state;
    scene one = scene_make(SY_ENERGY_COUNTER, 0.1);
    one.sensor.facts.gain = 0.02;
    one.sensor.facts.offset_w = 1;
    sy_energy_result result = scene_measure(&one);
    assert_near(1000, result.joule, 4);
    assert_near(200, result.watt_peak, 12);
    assert_near(0.1, 1e-9 * (double)result.update_period_ns, 0.001);
    assert_true(result.is_period_measured);
    assert_true(result.u_edge_j > 0.5 && result.u_edge_j < 5);
    assert_near(hypot(0.02 * result.joule, 5), result.u_systematic_j, 1e-9);
    assert_int_equal(0, result.reasons);
}

/* The kernel's counters: 1 ms, read at the edges and ten times a second. */
static void readings_at_the_edges_need_no_guess(void **state) {
    (void)state;
    scene one = scene_make(SY_ENERGY_COUNTER, 0.001);
    one.poll_s = 0.1;
    scene_read(&one);
    sy_energy_result result = scene_integrate(&one);
    assert_near(1000, result.joule, 0.3);
    assert_true(result.u_random_j < 0.15);
    assert_false(result.is_period_measured);
    assert_int_equal(0, result.reasons);
    sy_energy_trace_release(&one.trace);
}

/* What averages over 1 s still says 125 W half a second after the load began. */
static void the_rise_of_an_averaging_sensor_stays_out(void **state) {
    (void)state;
    scene one = scene_make(SY_ENERGY_POWER_AVERAGE, 0.1);
    one.sensor.facts.window_ns = 1000000000;
    one.load.load_from_s = -0.7;
    one.from_s = -1.5;
    sy_energy_result result = scene_measure(&one);
    assert_near(1000, result.joule, 1e-9);
    assert_int_equal(0, result.reasons);
    /* Where the load only just began, nothing is known of the first half second, and that is said. */
    one.load.load_from_s = 0;
    result = scene_measure(&one);
    assert_near(1000, result.joule, 1e-9);
    assert_int_equal(SY_ENERGY_UNSTEADY, result.reasons);
}

static void so_does_the_fall_after_the_load(void **state) {
    (void)state;
    scene one = scene_make(SY_ENERGY_POWER_AVERAGE, 0.1);
    one.sensor.facts.window_ns = 1000000000;
    one.load.load_to_s = 5.7;
    sy_energy_result result = scene_measure(&one);
    assert_near(1000, result.joule, 1e-9);
    assert_int_equal(0, result.reasons);
    one.load.load_to_s = 5;
    result = scene_measure(&one);
    assert_near(1000, result.joule, 1e-9);
    assert_int_equal(SY_ENERGY_UNSTEADY, result.reasons);
    /* A sensor of the moment sees the load begin and end. */
    one = scene_make(SY_ENERGY_POWER_INSTANT, 0.1);
    one.load.load_from_s = 0;
    one.load.load_to_s = 5;
    result = scene_measure(&one);
    assert_near(1000, result.joule, 1e-9);
    assert_int_equal(0, result.reasons);
}

static void a_load_that_does_not_cover_the_window_is_unsteady(void **state) {
    (void)state;
    scene one = scene_make(SY_ENERGY_COUNTER, 0.1);
    scene_read(&one);
    one.window.load_begin_ns = one.window.begin_ns + 1;
    assert_true((scene_integrate(&one).reasons & SY_ENERGY_UNSTEADY) != 0);
    one.window.load_begin_ns = one.window.begin_ns;
    one.window.load_end_ns = one.window.end_ns - 1;
    assert_true((scene_integrate(&one).reasons & SY_ENERGY_UNSTEADY) != 0);
    sy_energy_trace_release(&one.trace);
}

static void nothing_comes_of_nothing(void **state) {
    (void)state;
    static const uint32_t kinds[] = {SY_ENERGY_COUNTER, SY_ENERGY_POWER_AVERAGE, SY_ENERGY_POWER_INSTANT};
    for (size_t i = 0; i < 3; i++) {
        scene one = scene_make(kinds[i], 0.1);
        scene_read(&one);
        size_t count = one.trace.count;
        one.trace.count = 0;
        sy_energy_result result = scene_integrate(&one);
        check_nothing(&result, SY_ENERGY_TOO_FEW);
        one.trace.count = 1;
        result = scene_integrate(&one);
        check_nothing(&result, SY_ENERGY_TOO_FEW);
        one.trace.count = count;
        for (size_t k = 0; k < count; k++)
            one.trace.reading[k].value = k % 2 == 0 ? NAN : INFINITY;
        result = scene_integrate(&one);
        check_nothing(&result, SY_ENERGY_TOO_FEW);
        sy_energy_trace_release(&one.trace);
    }
}

static void no_window_and_no_energy_are_refused(void **state) {
    (void)state;
    scene one = scene_make(SY_ENERGY_COUNTER, 0.1);
    scene_read(&one);
    one.window.end_ns = one.window.begin_ns;
    sy_energy_result result = scene_integrate(&one);
    check_nothing(&result, SY_ENERGY_TOO_FEW);
    one.window.end_ns = one.window.begin_ns - 1;
    result = scene_integrate(&one);
    check_nothing(&result, SY_ENERGY_TOO_FEW);
    one.window = window_of(&one.load, one.length_s, ZERO_NS);
    one.sensor.facts.kind = SY_ENERGY_TEMPERATURE;
    result = scene_integrate(&one);
    check_nothing(&result, SY_ENERGY_TOO_FEW);
    sy_energy_trace_release(&one.trace);
}

static void readings_that_make_no_sense_are_left_out(void **state) {
    (void)state;
    static const uint32_t kinds[] = {SY_ENERGY_COUNTER, SY_ENERGY_POWER_INSTANT};
    for (size_t i = 0; i < 2; i++) {
        scene one = scene_make(kinds[i], 0.1);
        one.sensor.noise_w = 2;
        scene_read(&one);
        sy_energy_result clean = scene_integrate(&one);
        sy_energy_reading bad[] = {{.begin_ns = 1, .end_ns = 2, .value = 1e9},
            {.begin_ns = ZERO_NS + 90, .end_ns = ZERO_NS + 80, .value = 1e9},
            {.begin_ns = UINT64_MAX - 1, .end_ns = UINT64_MAX, .value = -NAN}};
        sy_energy_trace with = {0};
        for (size_t k = 0; k < one.trace.count; k++) {
            assert_int_equal(SY_OK, sy_energy_trace_append(&with, one.trace.reading[k], NULL));
            assert_int_equal(SY_OK, sy_energy_trace_append(&with, bad[k % 3], NULL));
        }
        sy_energy_trace_release(&one.trace);
        one.trace = with;
        sy_energy_result result = scene_integrate(&one);
        assert_memory_equal(&clean, &result, sizeof result);
        sy_energy_trace_release(&one.trace);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_those_of_records),
        cmocka_unit_test(a_constant_power_is_exact),
        cmocka_unit_test(a_counter_is_known_to_a_part_of_an_update),
        cmocka_unit_test(readings_at_the_edges_need_no_guess),
        cmocka_unit_test(the_rise_of_an_averaging_sensor_stays_out),
        cmocka_unit_test(so_does_the_fall_after_the_load),
        cmocka_unit_test(a_load_that_does_not_cover_the_window_is_unsteady),
        cmocka_unit_test(nothing_comes_of_nothing),
        cmocka_unit_test(no_window_and_no_energy_are_refused),
        cmocka_unit_test(readings_that_make_no_sense_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
