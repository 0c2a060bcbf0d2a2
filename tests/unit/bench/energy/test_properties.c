/* What must hold of any integral: it scales, adds up, and does not know what time it is. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/near.h"
#include "tests/unit/bench/energy/world.h"

enum { CASES = 60 };
static const uint32_t kinds[] = {SY_ENERGY_COUNTER, SY_ENERGY_POWER_AVERAGE, SY_ENERGY_POWER_INSTANT};

/* A wandering load, read by a meter of one of the kinds, with defects now and then. */
typedef struct scene {
    world_load load;
    world_sensor sensor;
    sy_energy_trace trace;
    sy_energy_window window;
} scene;

static scene draw(uint64_t seed, uint64_t zero_ns) {
    random_state random = {.state = seed};
    double update_s = random_uniform(&random, 0.02, 0.2);
    scene one = {.load = {.idle_w = 30,
                     .low_w = random_uniform(&random, 100, 300),
                     .slope_w = random_uniform(&random, -5, 5),
                     .swing_w = random_uniform(&random, 0, 100),
                     .period_s = random_uniform(&random, 0.01, 2),
                     .duty = random_uniform(&random, 0.1, 0.9),
                     .load_from_s = -1.5,
                     .load_to_s = 6},
        .sensor = {.real_update_s = update_s,
            .first_update_s = random_uniform(&random, 0, update_s),
            .noise_w = random_uniform(&random, 0, 3),
            .gain = 1,
            .seed = seed,
            .facts = {.kind = kinds[seed % 3],
                .resolution = 0.5,
                .gain = 0.03,
                .offset_w = 0.5,
                .window_ns = 300000000,
                .update_period_ns = (uint64_t)llround(1e9 * update_s)}}};
    sample(&one.sensor, &one.load, -2, 6.5, random_uniform(&random, 0.3, 1.5) * update_s, 0.2, zero_ns,
        &random, &one.trace);
    one.window = window_of(&one.load, 5, zero_ns);
    return one;
}

static sy_energy_result integrate(const scene *one, const sy_energy_window *window) {
    sy_energy_result result;
    sy_energy_integrate(&one->sensor.facts, &one->trace, window, 0.01, &result);
    return result;
}

static void assert_close(double expected, double value, double relative) {
    if (isnan(expected) && isnan(value))
        return;
    assert_near(expected, value, relative * fabs(expected) + 1e-9);
}

static void assert_same(const sy_energy_result *a, const sy_energy_result *b, double scale) {
    assert_close(scale * a->joule, b->joule, 1e-7);
    assert_close(scale * a->watt, b->watt, 1e-7);
    assert_close(scale * a->watt_peak, b->watt_peak, 1e-6);
    assert_close(scale * a->u_edge_j, b->u_edge_j, 1e-4);
    assert_close(scale * a->u_quantum_j, b->u_quantum_j, 1e-4);
    assert_close(scale * a->u_sampling_j, b->u_sampling_j, 1e-4);
    assert_close(scale * a->u_systematic_j, b->u_systematic_j, 1e-6);
    assert_int_equal(a->reasons, b->reasons);
    assert_int_equal(a->is_period_measured, b->is_period_measured);
}

static void twice_the_readings_are_twice_the_energy(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < CASES; seed++) {
        scene one = draw(seed, UINT64_C(3000000000));
        sy_energy_result plain = integrate(&one, &one.window);
        one.sensor.facts.resolution *= 4;
        one.sensor.facts.offset_w *= 4;
        for (size_t i = 0; i < one.trace.count; i++)
            one.trace.reading[i].value *= 4;
        sy_energy_result scaled = integrate(&one, &one.window);
        assert_same(&plain, &scaled, 4);
        sy_energy_trace_release(&one.trace);
    }
}

static void parts_of_a_window_add_up(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < CASES; seed++) {
        scene one = draw(seed, UINT64_C(3000000000));
        sy_energy_window first = one.window, second = one.window;
        first.end_ns = second.begin_ns = one.window.begin_ns + UINT64_C(2200000000) + 7919 * seed;
        double whole_j = integrate(&one, &one.window).joule;
        double parts_j = integrate(&one, &first).joule + integrate(&one, &second).joule;
        assert_true(whole_j > 0);
        assert_close(whole_j, parts_j, 1e-9);
        sy_energy_trace_release(&one.trace);
    }
}

/* From just after 0, when the clock had hardly begun, to where a signed one would overflow. */
static void time_itself_does_not_matter(void **state) {
    (void)state;
    static const uint64_t zeros_ns[] = {
        2000010000, UINT64_C(1) << 53, (UINT64_C(1) << 63) - 3000000000, UINT64_MAX - 7000000000};
    for (uint64_t seed = 0; seed < CASES; seed++) {
        scene one = draw(seed, UINT64_C(3000000000));
        sy_energy_result plain = integrate(&one, &one.window);
        sy_energy_trace_release(&one.trace);
        for (size_t i = 0; i < sizeof zeros_ns / sizeof *zeros_ns; i++) {
            scene other = draw(seed, zeros_ns[i]);
            sy_energy_result shifted = integrate(&other, &other.window);
            assert_same(&plain, &shifted, 1);
            sy_energy_trace_release(&other.trace);
        }
    }
}

/* A reading that takes long is one of its middle, less certainly. */
static void how_long_a_reading_takes_moves_nothing(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < CASES; seed++) {
        scene one = draw(seed, UINT64_C(3000000000));
        sy_energy_result plain = integrate(&one, &one.window);
        for (size_t i = 0; i < one.trace.count; i++) {
            one.trace.reading[i].begin_ns -= 15000000 + 1000 * i;
            one.trace.reading[i].end_ns += 15000000 + 1000 * i;
        }
        sy_energy_result slow = integrate(&one, &one.window);
        assert_close(plain.joule, slow.joule, 1e-9);
        assert_close(plain.u_quantum_j, slow.u_quantum_j, 1e-6);
        assert_true(slow.u_edge_j >= plain.u_edge_j);
        assert_true(one.sensor.facts.kind != SY_ENERGY_COUNTER || slow.u_edge_j > 1.01 * plain.u_edge_j);
        sy_energy_trace_release(&one.trace);
    }
}

/* Whatever the readings are, the answer is a number with an uncertainty, or none with a reason. */
static void anything_has_an_answer(void **state) {
    (void)state;
    static const double odd[] = {0, -1, NAN, INFINITY, -INFINITY, 1e300, -1e300, 5e-324};
    for (uint64_t seed = 0; seed < 2000; seed++) {
        scene one = draw(seed, UINT64_C(3000000000));
        random_state random = {.state = seed};
        one.trace.count = (size_t)random_uniform(&random, 0, seed % 2 == 0 ? 12 : (double)one.trace.count);
        for (int i = 0; i < 5 && one.trace.count > 0; i++) {
            sy_energy_reading *reading =
                &one.trace.reading[(size_t)random_uniform(&random, 0, (double)one.trace.count)];
            reading->value = odd[(size_t)random_uniform(&random, 0, 8)];
            reading->end_ns = i == 0 ? UINT64_MAX : reading->end_ns;
            reading->begin_ns = i == 1 ? 0 : reading->begin_ns;
        }
        one.window.begin_ns = seed % 7 == 0 ? 0 : one.window.begin_ns;
        one.window.end_ns = seed % 11 == 0 ? UINT64_MAX : one.window.end_ns;
        one.window.load_period_ns = seed % 13 == 0 ? UINT64_MAX : one.window.load_period_ns;
        sy_energy_result result = integrate(&one, &one.window);
        assert_int_equal(isnan(result.joule), isnan(result.watt));
        assert_true(!isnan(result.joule) || result.reasons != 0);
        assert_true(isnan(result.joule) || result.u_random_j >= 0);
        sy_energy_trace_release(&one.trace);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(twice_the_readings_are_twice_the_energy),
        cmocka_unit_test(parts_of_a_window_add_up),
        cmocka_unit_test(time_itself_does_not_matter),
        cmocka_unit_test(how_long_a_reading_takes_moves_nothing),
        cmocka_unit_test(anything_has_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
