/* The devices' time and energy. */
#include "tests/vendor_sim/common/clock.h"

#include "tests/unit/vendor_sim/common/rig.h"

#include <math.h>

static void enqueue(double flop, double moved) {
    sim_stream_enqueue(sim_stream_default(0), &(sim_work){.flop = flop, .moved = moved});
}

static void test_cost(void **state) {
    (void)state;
    rig_begin("tflops=2;gbps=50;launch_ns=3;watts=100;idle_watts=0;step_ms=0;energy_base=5");
    enqueue(4e6, 0);
    enqueue(0, 1e6);
    assert_int_equal(sim_device_sync(0), 0);
    assert_true(sim_clock_ns(0) == 2000 + 20000 + 6);
    double joules = sim_energy_joules(0) - 5;
    assert_true(joules > 100 * 22005e-9 && joules < 100 * 22007e-9);
    rig_end();
}

static void test_steps(void **state) {
    (void)state;
    rig_begin("tflops=1;watts=100;idle_watts=0;step_ms=100;energy_base=0");
    enqueue(99e9, 0); /* 99 ms */
    assert_int_equal(sim_device_sync(0), 0);
    assert_true(sim_energy_joules(0) == 0);
    enqueue(2e9, 0);
    assert_int_equal(sim_device_sync(0), 0);
    assert_true(sim_energy_joules(0) > 9.99 && sim_energy_joules(0) < 10.01);
    rig_end();
}

static void test_power(void **state) {
    (void)state;
    rig_begin("watts=250;idle_watts=40");
    assert_true(sim_power_now(0) == 40);
    assert_true(sim_power_average(0) == 40);
    enqueue(1, 0);
    assert_int_equal(sim_device_sync(0), 0);
    assert_true(sim_power_average(0) >= 40 && sim_power_average(0) <= 250);
    rig_end();
}

/* Of a truth in the host's time: whole steps of idle power, one at a time. */
static void test_idle_meter(void **state) {
    (void)state;
    rig_begin("meter=host;watts=250;idle_watts=40;step_ms=2;energy_base=7");
    for (int i = 0; i < 100; i++) {
        double before = floor(sim_clock_host_ns() / 2e6), steps = (sim_energy_joules(0) - 7) / (40 * 2e-3);
        double after = floor(sim_clock_host_ns() / 2e6);
        assert_true(fabs(steps - round(steps)) < 1e-6 && round(steps) >= before && round(steps) <= after);
        assert_true(sim_power_now(0) == 40 && sim_power_average(0) == 40);
    }
    rig_end();
}

/* What is counted lies between what the work took at least, and what the host saw it take at most. */
static void test_busy_meter(void **state) {
    (void)state;
    rig_begin("meter=host;pace=1;watts=300;idle_watts=0;step_ms=1;window_ms=10000;energy_base=0");
    double began = sim_clock_host_ns();
    sim_stream_enqueue(sim_stream_default(0), &(sim_work){.ns = 50e6});
    assert_int_equal(sim_device_sync(0), 0);
    double taken = sim_clock_host_ns() - began;
    while (sim_clock_host_ns() < began + taken + 2e6) /* until the next step */
        continue;
    double joules = sim_energy_joules(0);
    assert_true(joules > 300 * (50e6 - 1e6) * 1e-9 && joules <= 300 * (taken + 1e6) * 1e-9);
    assert_true(sim_power_now(0) == 0);    /* no afterglow */
    double average = sim_power_average(0); /* the window began before the world */
    assert_true(average * 10 >= joules - 1e-9 && average * 10 <= 300 * (taken + 1e6) * 1e-9);
    rig_end();
}

static void test_stuck_meters(void **state) {
    (void)state;
    rig_begin("meter=host;pace=1;watts=300;idle_watts=30;step_ms=1;power_stuck_ms=0;energy_stuck_ms=0;energy_"
              "base=0");
    sim_stream_enqueue(sim_stream_default(0), &(sim_work){.ns = 5e6});
    assert_int_equal(sim_device_sync(0), 0);
    assert_true(sim_energy_joules(0) == 0 && sim_power_now(0) == 30 && sim_power_average(0) == 30);
    rig_end();
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cost), cmocka_unit_test(test_steps),
        cmocka_unit_test(test_power), cmocka_unit_test(test_idle_meter), cmocka_unit_test(test_busy_meter),
        cmocka_unit_test(test_stuck_meters)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
