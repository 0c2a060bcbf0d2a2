/* One meter over one window: what comes out of plain cases, and each reason why it may not be valid. */
#include "bench/energy/integrate.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/near.h"
#include "tests/unit/bench/energy/world.h"

#define ZERO_NS UINT64_C(5000000000)

/* 200 W from 2 s before the window of 5 s to 1 s after it, 50 W elsewhere; read from -2.5 s to 6.5 s. */
typedef struct scene {
    world_load load;
    world_sensor sensor;
    double length_s, poll_s, from_s, to_s, precision;
    uint64_t zero_ns;
    sy_energy_trace trace;
    sy_energy_window window;
} scene;

static scene make(uint32_t kind, double update_s) {
    scene one = {.load = {.idle_w = 50, .low_w = 200, .load_from_s = -2, .load_to_s = 6},
        .sensor = {.real_update_s = update_s,
            .first_update_s = 0.3 * update_s,
            .gain = 1,
            .facts = {.kind = kind, .gain = NAN, .update_period_ns = (uint64_t)llround(1e9 * update_s)}},
        .length_s = 5,
        .poll_s = 0.45 * update_s,
        .from_s = -2.5,
        .to_s = 6.5,
        .zero_ns = ZERO_NS};
    return one;
}

static void read_all(scene *one) {
    random_state random = {.state = 11};
    sy_energy_trace_release(&one->trace);
    sample(&one->sensor, &one->load, one->from_s, one->to_s, one->poll_s, 0.2, one->zero_ns, &random,
        &one->trace);
    one->window = window_of(&one->load, one->length_s, one->zero_ns);
}

static sy_energy_result integrate(const scene *one) {
    sy_energy_result result;
    sy_energy_integrate(&one->sensor.facts, &one->trace, &one->window, one->precision, &result);
    return result;
}

static sy_energy_result measure(scene *one) {
    read_all(one);
    sy_energy_result result = integrate(one);
    sy_energy_trace_release(&one->trace);
    return result;
}

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
        scene one = make(kinds[i], 0.1);
        one.sensor.facts.window_ns = i * 1000000000u;
        sy_energy_result result = measure(&one);
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
    scene one = make(SY_ENERGY_COUNTER, 0.1);
    one.sensor.facts.gain = 0.02;
    one.sensor.facts.offset_w = 1;
    sy_energy_result result = measure(&one);
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
    scene one = make(SY_ENERGY_COUNTER, 0.001);
    one.poll_s = 0.1;
    read_all(&one);
    sy_energy_result result = integrate(&one);
    assert_near(1000, result.joule, 0.3);
    assert_true(result.u_random_j < 0.15);
    assert_false(result.is_period_measured);
    assert_int_equal(0, result.reasons);
    sy_energy_trace_release(&one.trace);
}

/* What averages over 1 s still says 125 W half a second after the load began. */
static void the_rise_of_an_averaging_sensor_stays_out(void **state) {
    (void)state;
    scene one = make(SY_ENERGY_POWER_AVERAGE, 0.1);
    one.sensor.facts.window_ns = 1000000000;
    one.load.load_from_s = -0.7;
    one.from_s = -1.5;
    sy_energy_result result = measure(&one);
    assert_near(1000, result.joule, 1e-9);
    assert_int_equal(0, result.reasons);
    /* Where the load only just began, nothing is known of the first half second, and that is said. */
    one.load.load_from_s = 0;
    result = measure(&one);
    assert_near(1000, result.joule, 1e-9);
    assert_int_equal(SY_ENERGY_UNSTEADY, result.reasons);
}

static void a_load_that_does_not_cover_the_window_is_unsteady(void **state) {
    (void)state;
    scene one = make(SY_ENERGY_COUNTER, 0.1);
    read_all(&one);
    one.window.load_begin_ns = one.window.begin_ns + 1;
    assert_true((integrate(&one).reasons & SY_ENERGY_UNSTEADY) != 0);
    one.window.load_begin_ns = one.window.begin_ns;
    one.window.load_end_ns = one.window.end_ns - 1;
    assert_true((integrate(&one).reasons & SY_ENERGY_UNSTEADY) != 0);
    sy_energy_trace_release(&one.trace);
}

static void check_nothing(const sy_energy_result *result, uint32_t reasons) {
    assert_true(isnan(result->joule) && isnan(result->watt) && isnan(result->watt_peak));
    assert_true(isnan(result->u_edge_j) && isnan(result->u_quantum_j) && isnan(result->u_sampling_j));
    assert_true(isnan(result->u_random_j) && isnan(result->u_systematic_j));
    assert_int_equal(0, result->needed_window_ns);
    assert_int_equal(reasons, result->reasons & reasons);
}

static void nothing_comes_of_nothing(void **state) {
    (void)state;
    static const uint32_t kinds[] = {SY_ENERGY_COUNTER, SY_ENERGY_POWER_AVERAGE, SY_ENERGY_POWER_INSTANT};
    for (size_t i = 0; i < 3; i++) {
        scene one = make(kinds[i], 0.1);
        read_all(&one);
        size_t count = one.trace.count;
        one.trace.count = 0;
        sy_energy_result result = integrate(&one);
        check_nothing(&result, SY_ENERGY_TOO_FEW);
        one.trace.count = 1;
        result = integrate(&one);
        check_nothing(&result, SY_ENERGY_TOO_FEW);
        one.trace.count = count;
        for (size_t k = 0; k < count; k++)
            one.trace.reading[k].value = k % 2 == 0 ? NAN : INFINITY;
        result = integrate(&one);
        check_nothing(&result, SY_ENERGY_TOO_FEW);
        sy_energy_trace_release(&one.trace);
    }
}

static void no_window_and_no_energy_are_refused(void **state) {
    (void)state;
    scene one = make(SY_ENERGY_COUNTER, 0.1);
    read_all(&one);
    one.window.end_ns = one.window.begin_ns;
    sy_energy_result result = integrate(&one);
    check_nothing(&result, SY_ENERGY_TOO_FEW);
    one.window.end_ns = one.window.begin_ns - 1;
    result = integrate(&one);
    check_nothing(&result, SY_ENERGY_TOO_FEW);
    one.window = window_of(&one.load, one.length_s, ZERO_NS);
    one.sensor.facts.kind = SY_ENERGY_TEMPERATURE;
    result = integrate(&one);
    check_nothing(&result, SY_ENERGY_TOO_FEW);
    sy_energy_trace_release(&one.trace);
}

static void readings_that_make_no_sense_are_left_out(void **state) {
    (void)state;
    static const uint32_t kinds[] = {SY_ENERGY_COUNTER, SY_ENERGY_POWER_INSTANT};
    for (size_t i = 0; i < 2; i++) {
        scene one = make(kinds[i], 0.1);
        one.sensor.noise_w = 2;
        read_all(&one);
        sy_energy_result clean = integrate(&one);
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
        sy_energy_result result = integrate(&one);
        assert_memory_equal(&clean, &result, sizeof result);
        sy_energy_trace_release(&one.trace);
    }
}

/* Take away the readings from from_s to to_s. */
static void cut_out(scene *one, double from_s, double to_s) {
    size_t kept = 0;
    for (size_t i = 0; i < one->trace.count; i++) {
        double at_s = 1e-9 * ((double)one->trace.reading[i].begin_ns - (double)one->zero_ns);
        if (at_s < from_s || at_s > to_s)
            one->trace.reading[kept++] = one->trace.reading[i];
    }
    one->trace.count = kept;
}

static uint32_t reasons_without(uint32_t kind, double from_s, double to_s) {
    scene one = make(kind, 0.1);
    read_all(&one);
    cut_out(&one, from_s, to_s);
    sy_energy_result result = integrate(&one);
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

static void a_counter_that_stands_still_is_stuck(void **state) {
    (void)state;
    scene one = make(SY_ENERGY_COUNTER, 0.1);
    read_all(&one);
    for (size_t i = 0; i < one.trace.count; i++)
        one.trace.reading[i].value = 7;
    sy_energy_result result = integrate(&one);
    check_nothing(&result, SY_ENERGY_STUCK);
    /* Unless a step of it is more than there can have been. */
    one.sensor.facts.resolution = 3600;
    assert_int_equal(SY_ENERGY_TOO_FEW, integrate(&one).reasons);
    /* From 3 s on. */
    one.sensor.facts.resolution = NAN;
    read_all(&one);
    double frozen_j = sensor_value(&one.sensor, &one.load, 3);
    for (size_t i = 0; i < one.trace.count; i++)
        one.trace.reading[i].value = fmin(one.trace.reading[i].value, frozen_j);
    assert_true((integrate(&one).reasons & SY_ENERGY_STUCK) != 0);
    sy_energy_trace_release(&one.trace);
}

static void a_power_that_did_not_see_the_load_is_stuck(void **state) {
    (void)state;
    scene one = make(SY_ENERGY_POWER_INSTANT, 0.1);
    one.load.idle_w = one.load.low_w;
    assert_int_equal(SY_ENERGY_STUCK, measure(&one).reasons);
    /* Nobody looked outside of the load. */
    one.from_s = -1.9;
    one.to_s = 5.9;
    assert_int_equal(0, measure(&one).reasons);
}

static void a_noisy_power_that_comes_to_rest_is_stuck(void **state) {
    (void)state;
    scene one = make(SY_ENERGY_POWER_INSTANT, 0.1);
    one.sensor.noise_w = 3;
    read_all(&one);
    assert_int_equal(0, integrate(&one).reasons);
    for (size_t i = 0; i < one.trace.count; i++)
        if (one.trace.reading[i].begin_ns > ZERO_NS + UINT64_C(2500000000))
            one.trace.reading[i].value = 201;
    assert_int_equal(SY_ENERGY_STUCK, integrate(&one).reasons);
    sy_energy_trace_release(&one.trace);
}

static void a_counter_that_falls_was_reset(void **state) {
    (void)state;
    scene one = make(SY_ENERGY_COUNTER, 0.1);
    read_all(&one);
    for (size_t i = one.trace.count / 2; i < one.trace.count; i++)
        one.trace.reading[i].value -= 99000;
    assert_true((integrate(&one).reasons & SY_ENERGY_RESET) != 0);
    /* Long before the window it does no harm. */
    read_all(&one);
    one.trace.reading[0].value += 1e6;
    assert_int_equal(0, integrate(&one).reasons);
    sy_energy_trace_release(&one.trace);
}

static void failures_tell_why_readings_end(void **state) {
    (void)state;
    scene one = make(SY_ENERGY_COUNTER, 0.1);
    read_all(&one);
    sy_energy_trace_fail(&one.trace, SY_UNAVAILABLE, "unplugged");
    assert_int_equal(0, integrate(&one).reasons);
    cut_out(&one, 4.9, 9);
    assert_int_equal(SY_ENERGY_GONE, integrate(&one).reasons);
    sy_energy_trace_fail(&one.trace, SY_INTERNAL, "from 5 J to 4 J");
    assert_int_equal(SY_ENERGY_RESET, integrate(&one).reasons);
    sy_energy_trace_fail(&one.trace, SY_TIMEOUT, "slow");
    assert_int_equal(0, integrate(&one).reasons);
    sy_energy_trace_release(&one.trace);
}

static void a_short_window_says_how_long_it_should_be(void **state) {
    (void)state;
    scene one = make(SY_ENERGY_COUNTER, 0.1);
    one.sensor.facts.resolution = 20;
    sy_energy_result loose = measure(&one);
    assert_int_equal(0, loose.reasons);
    assert_int_equal(0, loose.needed_window_ns);
    one.precision = 0.002;
    sy_energy_result tight = measure(&one);
    assert_int_equal(SY_ENERGY_SHORT, tight.reasons);
    double needed_s = 1e-9 * (double)tight.needed_window_ns;
    assert_near(5 * hypot(tight.u_edge_j, tight.u_quantum_j) / (0.002 * tight.joule), needed_s, 1e-6);
    one.length_s = 1.5 * needed_s;
    one.load.load_to_s = one.length_s + 1;
    one.to_s = one.length_s + 1.5;
    assert_int_equal(0, measure(&one).reasons);
}

static void no_length_helps_against_the_step_of_a_constant(void **state) {
    (void)state;
    scene one = make(SY_ENERGY_POWER_INSTANT, 0.1);
    one.sensor.facts.resolution = 10;
    one.precision = 0.001;
    sy_energy_result result = measure(&one);
    assert_near(10 / sqrt(12) * 5, result.u_quantum_j, 1e-9);
    assert_int_equal(SY_ENERGY_SHORT, result.reasons);
    assert_true(result.needed_window_ns == UINT64_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_those_of_records),
        cmocka_unit_test(a_constant_power_is_exact),
        cmocka_unit_test(a_counter_is_known_to_a_part_of_an_update),
        cmocka_unit_test(readings_at_the_edges_need_no_guess),
        cmocka_unit_test(the_rise_of_an_averaging_sensor_stays_out),
        cmocka_unit_test(a_load_that_does_not_cover_the_window_is_unsteady),
        cmocka_unit_test(nothing_comes_of_nothing),
        cmocka_unit_test(no_window_and_no_energy_are_refused),
        cmocka_unit_test(readings_that_make_no_sense_are_left_out),
        cmocka_unit_test(gaps_count_where_they_matter),
        cmocka_unit_test(a_counter_that_stands_still_is_stuck),
        cmocka_unit_test(a_power_that_did_not_see_the_load_is_stuck),
        cmocka_unit_test(a_noisy_power_that_comes_to_rest_is_stuck),
        cmocka_unit_test(a_counter_that_falls_was_reset),
        cmocka_unit_test(failures_tell_why_readings_end),
        cmocka_unit_test(a_short_window_says_how_long_it_should_be),
        cmocka_unit_test(no_length_helps_against_the_step_of_a_constant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
