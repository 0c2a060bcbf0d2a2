/* Lengths of windows. */
#include "bench/energy/plan.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/near.h"

#define SECOND UINT64_C(1000000000)

static sy_energy_facts meter(uint32_t kind, double resolution, uint64_t update_ns) {
    return (sy_energy_facts){
        .name = "shelly:a:energy", .kind = kind, .resolution = resolution, .update_period_ns = update_ns};
}

static sy_energy_plan plan(const sy_energy_facts *facts, double watt, double precision, uint64_t longest_ns) {
    sy_energy_need wish = {.watt = watt, .precision = precision, .longest_ns = longest_ns};
    sy_energy_plan result;
    sy_energy_plan_window(facts, &wish, &result);
    return result;
}

static void check_length(double expected_s, const sy_energy_plan *got) {
    assert_near(expected_s, 1e-9 * (double)got->window_ns, 1e-8);
    assert_near(expected_s, 1e-9 * (double)got->needed_ns, 1e-8);
    assert_false(got->is_cut);
    assert_string_equal("", got->text);
}

static void edges_and_steps_make_the_length(void **state) {
    (void)state;
    sy_energy_facts facts = meter(SY_ENERGY_COUNTER, NAN, SECOND / 10);
    sy_energy_plan got = plan(&facts, 300, 0.01, 0);
    check_length(4.1, &got);
    /* The kernel's counters are good in no time, but a window is a second. */
    facts = meter(SY_ENERGY_COUNTER, 6e-5, SECOND / 1000);
    got = plan(&facts, 100, 0.01, 30 * SECOND);
    check_length(1, &got);
    facts = meter(SY_ENERGY_COUNTER, 36, SECOND);
    got = plan(&facts, 300, 0.01, 0);
    check_length(hypot(41, 12), &got);
    /* A power has no step at its edges. */
    facts = meter(SY_ENERGY_POWER_INSTANT, 1, SECOND);
    got = plan(&facts, 300, 0.01, 0);
    check_length(41, &got);
}

static void what_was_measured_goes_before_what_is_declared(void **state) {
    (void)state;
    sy_energy_facts facts = meter(SY_ENERGY_COUNTER, NAN, SECOND / 10);
    sy_energy_need wish = {.update_period_ns = SECOND / 2, .watt = 300, .precision = 0.01};
    sy_energy_plan got;
    sy_energy_plan_window(&facts, &wish, &got);
    check_length(20.5, &got);
    /* Nothing is known: a second. */
    facts.update_period_ns = 0;
    got = plan(&facts, 300, 0.01, 0);
    check_length(41, &got);
}

static void a_window_holds_several_updates_and_averages(void **state) {
    (void)state;
    sy_energy_facts facts = meter(SY_ENERGY_POWER_INSTANT, NAN, 2 * SECOND);
    sy_energy_plan got = plan(&facts, 300, 0.5, 0);
    check_length(10, &got);
    got = plan(&facts, 300, 0, 0);
    check_length(10, &got);
    assert_int_equal(4 * SECOND, got.before_ns);
    assert_int_equal(4 * SECOND, got.after_ns);
    facts = meter(SY_ENERGY_POWER_AVERAGE, NAN, SECOND / 10);
    facts.window_ns = 3 * SECOND;
    got = plan(&facts, 300, 0.5, 0);
    check_length(6, &got);
    assert_near(3.2, 1e-9 * (double)got.before_ns, 1e-8);
    assert_near(1.7, 1e-9 * (double)got.after_ns, 1e-8);
}

static void what_is_too_long_is_cut_and_said(void **state) {
    (void)state;
    sy_energy_facts facts = meter(SY_ENERGY_COUNTER, 3600, SECOND);
    sy_energy_plan got = plan(&facts, 300, 0.01, 30 * SECOND);
    assert_true(got.is_cut);
    assert_int_equal(30 * SECOND, got.window_ns);
    assert_near(hypot(41, 1200), 1e-9 * (double)got.needed_ns, 1e-8);
    assert_string_equal("shelly:a:energy: 1 % would need 1201 s, the longest window is 30 s", got.text);
    /* A power that nobody knows is a small one. */
    static const double unknown[] = {NAN, 0, -5, 0.1};
    for (size_t i = 0; i < 4; i++) {
        got = plan(&facts, unknown[i], 0.01, 0);
        assert_near(hypot(41, 360000), 1e-9 * (double)got.needed_ns, 1e-6);
    }
    facts.resolution = 1e12;
    assert_true(plan(&facts, 300, 0.01, 0).needed_ns == UINT64_MAX);
}

static void no_window_is_long_enough_for_the_step_of_a_power(void **state) {
    (void)state;
    sy_energy_facts facts = meter(SY_ENERGY_POWER_AVERAGE, 10, SECOND / 10);
    sy_energy_plan got = plan(&facts, 100, 0.01, 30 * SECOND);
    assert_true(got.is_cut && got.needed_ns == UINT64_MAX);
    assert_near(4.1, 1e-9 * (double)got.window_ns, 1e-8);
    assert_string_equal("shelly:a:energy: no window gives 1 % of 100 W, it reads in steps of 10 W", got.text);
    got = plan(&facts, 100, 0.03, 30 * SECOND);
    assert_false(got.is_cut);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edges_and_steps_make_the_length),
        cmocka_unit_test(what_was_measured_goes_before_what_is_declared),
        cmocka_unit_test(a_window_holds_several_updates_and_averages),
        cmocka_unit_test(what_is_too_long_is_cut_and_said),
        cmocka_unit_test(no_window_is_long_enough_for_the_step_of_a_power),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
