/* The devices' time and energy. */
#include "tests/vendor_sim/common/clock.h"

#include "tests/unit/vendor_sim/common/rig.h"

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
    rig_begin("tflops=1;watts=100;idle_watts=0;step_ms=100");
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cost), cmocka_unit_test(test_steps), cmocka_unit_test(test_power)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
