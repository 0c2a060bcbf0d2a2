/* Net energy, against closed forms and against made-up measurements. */
#include "bench/energy/net.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/near.h"
#include "tests/unit/bench/energy/world.h"

static sy_energy_result result_of(double joule, double length_s, double u_random_j) {
    return (sy_energy_result){
        .joule = joule, .watt = joule / length_s, .u_random_j = u_random_j, .u_systematic_j = 0.05 * joule};
}

static sy_energy_idle idle_of(double before_w, double after_w, double u_random_w) {
    sy_energy_result before = result_of(10 * before_w, 10, 10 * u_random_w);
    sy_energy_result after = result_of(5 * after_w, 5, 5 * u_random_w);
    sy_energy_idle idle;
    sy_energy_idle_join((sy_energy_idle_window){&before, 10}, (sy_energy_idle_window){&after, 5}, &idle);
    return idle;
}

static void idle_is_the_mean_of_before_and_after(void **state) {
    (void)state;
    sy_energy_idle idle = idle_of(50, 56, 0.6);
    assert_near(53, idle.watt, 1e-12);
    assert_near(6, idle.drift_w, 1e-12);
    assert_near(0.6 * sqrt(2), idle.u_drift_w, 1e-12);
    assert_near(sqrt(0.6 * 0.6 / 2 + 36.0 / 12), idle.u_random_w, 1e-12);
    assert_int_equal(0, idle.reasons);
}

static void one_idle_window_will_do_and_none_will_not(void **state) {
    (void)state;
    sy_energy_result good = result_of(400, 8, 4),
                     bad = {.joule = NAN, .watt = NAN, .reasons = SY_ENERGY_STUCK};
    good.reasons = SY_ENERGY_GAP;
    sy_energy_idle_window with = {&good, 8}, without = {&bad, 8}, nothing = {NULL, 0}, empty = {&good, 0};
    sy_energy_idle idle;
    sy_energy_idle_join(with, without, &idle);
    assert_near(50, idle.watt, 1e-12);
    assert_near(0.5, idle.u_random_w, 1e-12);
    assert_true(isnan(idle.drift_w) && idle.reasons == SY_ENERGY_GAP);
    sy_energy_idle_join(nothing, with, &idle);
    assert_near(50, idle.watt, 1e-12);
    sy_energy_idle_join(without, nothing, &idle);
    assert_true(isnan(idle.watt) && idle.reasons == SY_ENERGY_TOO_FEW);
    sy_energy_idle_join(empty, empty, &idle);
    assert_true(isnan(idle.watt));
    /* A plug that reads nothing of so little is one that read 0 W. */
    sy_energy_result zero = {.joule = 0, .watt = 0, .u_random_j = 2};
    sy_energy_idle_join((sy_energy_idle_window){&zero, 4}, nothing, &idle);
    assert_true(idle.watt == 0);
    assert_near(0.5, idle.u_random_w, 1e-12);
}

static void net_is_gross_less_idle(void **state) {
    (void)state;
    sy_energy_result gross = result_of(2000, 10, 3);
    sy_energy_idle idle = idle_of(50, 50, 0.2);
    sy_energy_net net;
    sy_energy_net_of(&gross, &idle, 10, 0.05, &net);
    assert_near(1500, net.joule, 1e-9);
    assert_near(150, net.watt, 1e-9);
    assert_near(sqrt(9 + 100 * 0.02), net.u_random_j, 1e-9);
    /* The gain is one and the same: 5 % of the difference, not of each. */
    assert_near(75, net.u_systematic_j, 1e-9);
    assert_false(net.is_low_confidence);
    assert_int_equal(0, net.reasons);
    sy_energy_net_of(&gross, &idle, 10, NAN, &net);
    assert_true(isnan(net.u_systematic_j) && !isnan(net.u_random_j));
}

static void little_over_idle_is_of_low_confidence(void **state) {
    (void)state;
    sy_energy_idle idle = idle_of(50, 50, 0.2);
    static const double gross_j[] = {626, 624, 500, 400};
    for (size_t i = 0; i < 4; i++) {
        sy_energy_result gross = result_of(gross_j[i], 10, 1);
        sy_energy_net net;
        sy_energy_net_of(&gross, &idle, 10, 0.05, &net);
        assert_int_equal(i > 0, net.is_low_confidence);
        assert_true(net.u_systematic_j >= 0);
    }
}

static void drift_counts_where_it_is_real_and_matters(void **state) {
    (void)state;
    sy_energy_result gross = result_of(1000, 10, 1);
    gross.reasons = SY_ENERGY_SHORT;
    sy_energy_net net;
    sy_energy_idle idle = idle_of(47, 53, 0.2);
    sy_energy_net_of(&gross, &idle, 10, 0.05, &net);
    assert_int_equal(SY_ENERGY_IDLE_DRIFT | SY_ENERGY_SHORT, net.reasons);
    idle = idle_of(47, 53, 4);
    sy_energy_net_of(&gross, &idle, 10, 0.05, &net);
    assert_int_equal(SY_ENERGY_SHORT, net.reasons);
    idle = idle_of(48, 52, 0.2);
    sy_energy_net_of(&gross, &idle, 10, 0.05, &net);
    assert_int_equal(SY_ENERGY_SHORT, net.reasons);
}

static void no_number_stays_none(void **state) {
    (void)state;
    sy_energy_result none = {.joule = NAN, .watt = NAN, .u_random_j = NAN, .reasons = SY_ENERGY_GONE};
    sy_energy_idle idle = idle_of(50, 50, 0.2);
    sy_energy_net net;
    sy_energy_net_of(&none, &idle, 10, 0.05, &net);
    assert_true(isnan(net.joule) && isnan(net.u_random_j) && isnan(net.u_systematic_j));
    assert_int_equal(SY_ENERGY_GONE, net.reasons);
    assert_false(net.is_low_confidence);
}

/* Gross and idle seen by one meter with one wrong gain: the truth is inside as often as is said. */
static void the_truth_is_inside(void **state) {
    (void)state;
    random_state random = {.state = 3};
    int inside = 0, cases = 2000;
    double error2 = 0, stated2 = 0;
    for (int i = 0; i < cases; i++) {
        double gain = 1 + 0.05 * random_normal(&random);
        sy_energy_result gross = result_of(gain * 2000 + 3 * random_normal(&random), 10, 3);
        sy_energy_result before = result_of(gain * 800 + random_normal(&random), 10, 1);
        sy_energy_result after = result_of(gain * 400 + random_normal(&random), 5, 1);
        sy_energy_idle idle;
        sy_energy_idle_join((sy_energy_idle_window){&before, 10}, (sy_energy_idle_window){&after, 5}, &idle);
        sy_energy_net net;
        sy_energy_net_of(&gross, &idle, 10, 0.05, &net);
        double u = hypot(net.u_random_j, net.u_systematic_j);
        inside += fabs(net.joule - 1200) <= 1.96 * u;
        error2 += (net.joule - 1200) * (net.joule - 1200);
        stated2 += u * u;
    }
    assert_true(inside >= cases * 93 / 100 && inside <= cases * 97 / 100);
    assert_near(1, sqrt(stated2 / error2), 0.1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(idle_is_the_mean_of_before_and_after),
        cmocka_unit_test(one_idle_window_will_do_and_none_will_not),
        cmocka_unit_test(net_is_gross_less_idle),
        cmocka_unit_test(little_over_idle_is_of_low_confidence),
        cmocka_unit_test(drift_counts_where_it_is_real_and_matters),
        cmocka_unit_test(no_number_stays_none),
        cmocka_unit_test(the_truth_is_inside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
