/* What the sensors show of a world: registers that change every period, averages, steps, wraps, and lies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "backends/sim/meter.h"

static sim_model model;
static sim_state world;

static void assert_close(double value, double wanted, double tolerance) {
    if (!(fabs(value - wanted) <= tolerance))
        fail_msg("%.9g, should be %.9g", value, wanted);
}

static void begin(const char *params) {
    sy_error error = SY_ERROR_INIT;
    if (sim_model_parse(params, &model, &error) != SY_OK)
        fail_msg("'%s': %s", params, error.text);
    sim_state_init(&model, &world);
}

/* One launch that takes so long. */
static void load(double taken_ns) {
    sim_enqueue(&model, &world, (sim_load){.work_ns = taken_ns - model.launch_ns});
}

static double power_at(double now_ns) {
    world.now_ns = now_ns;
    return sim_show_power_w(&model, &world);
}

static double average_at(double now_ns) {
    world.now_ns = now_ns;
    return sim_show_average_w(&model, &world);
}

static double energy_at(double now_ns) {
    world.now_ns = now_ns;
    return sim_show_energy_j(&model, &world);
}

static void power_is_of_the_last_update(void **state) {
    (void)state;
    begin("idle_w=10,busy_w=100,power_period=100ms");
    world.now_ns = 150e6;
    load(1e9); /* until 1.15 s, and a call */
    assert_close(power_at(199e6), 10.0, 1e-9);
    assert_close(power_at(200e6), 100.0, 1e-6);
    assert_close(power_at(1199e6), 100.0, 1e-6);
    assert_close(power_at(1200e6), 10.0, 1e-6);
}

static void the_future_is_not_shown(void **state) {
    (void)state;
    begin("idle_w=10,busy_w=100");
    load(50e9);
    assert_close(energy_at(1e9), 100.0, 0.01);
    assert_close(average_at(0.5e9), 55.0, 0.01); /* half a window of idling before */
    assert_close(power_at(2e9), 100.0, 1e-6);
    assert_close(energy_at(60e9), 5100.0, 0.01);
}

static void the_average_is_of_its_window(void **state) {
    (void)state;
    begin("idle_w=0,busy_w=100,power_period=100ms,power_window=1s,launch=0");
    world.now_ns = 2e9 - 200.0;
    load(1e9);
    for (int i = 0; i <= 10; i++)
        assert_close(average_at(2e9 + 1e8 * i), 10.0 * i, 1e-6);
    for (int i = 0; i <= 10; i++)
        assert_close(average_at(3e9 + 1e8 * i), 100.0 - 10.0 * i, 1e-6);
    assert_close(average_at(3.55e9), 50.0, 1e-6);
}

static void the_counter_steps(void **state) {
    (void)state;
    begin("idle_w=10,energy_period=100ms,energy_step=0.3");
    assert_close(energy_at(99e6), 0.0, 0.0);
    assert_close(energy_at(100e6), 0.9, 1e-9); /* 1 J in whole steps */
    assert_close(energy_at(199e6), 0.9, 1e-9);
    assert_close(energy_at(1000e6), 9.9, 1e-9);
}

static void the_counter_wraps(void **state) {
    (void)state;
    begin("idle_w=10,energy_wrap=25.5,energy_step=1");
    assert_close(sim_show_wrap_j(&model), 25.0, 0.0);
    assert_close(energy_at(2.4e9), 24.0, 0.0);
    assert_close(energy_at(2.52e9), 0.0, 0.0);
    assert_close(energy_at(10.3e9), 3.0, 0.0);
    begin("idle_w=10,energy_wrap=25,energy_step=1,sensor_fault=wrap");
    assert_true(isnan(sim_show_wrap_j(&model)));
    assert_close(energy_at(2.6e9), 1.0, 0.0);
    begin("");
    assert_true(isnan(sim_show_wrap_j(&model)));
}

static void gain_scales_and_clipping_clips(void **state) {
    (void)state;
    begin("idle_w=100,busy_w=400,gain=1.1,power_clip=300,launch=0,power_window=100ms");
    assert_close(power_at(1e9), 110.0, 1e-9);
    load(10e9);
    assert_close(power_at(2e9), 300.0, 0.0);
    assert_close(average_at(2e9), 300.0, 0.0);
    assert_close(energy_at(2e9), 550.0, 0.002); /* the counter is not clipped */
}

static void throttling_lowers_power_and_clock_and_is_told(void **state) {
    (void)state;
    begin("idle_w=10,busy_w=100,throttle=1s,throttle_factor=0.5,throttle_w=70,launch=0");
    double full_hz = sim_show_clock_hz(&model, &world);
    for (int i = 0; i < 20; i++)
        load(100e6);
    assert_true(world.throttled_ns > 1.0e9 && world.throttled_ns < 1.11e9);
    assert_close(power_at(1e9), 100.0, 1e-6);
    assert_true(sim_show_clock_hz(&model, &world) == full_hz && sim_show_throttle(&model, &world) == 0.0);
    assert_close(power_at(1.2e9), 70.0, 1e-6);
    assert_close(sim_show_clock_hz(&model, &world) / full_hz, 0.5, 1e-9);
    assert_true(sim_show_throttle(&model, &world) == SIM_THROTTLE_HEAT);
    assert_close(world.busy_until_ns, 1e9 + 100e6 + 9 * 200e6, 1e3);
}

static void temperature_rises_with_work(void **state) {
    (void)state;
    begin("");
    assert_close(sim_show_temperature_c(&model, &world), 40.0, 1e-9);
    load(2e6);
    assert_true(sim_show_temperature_c(&model, &world) > 40.0);
    load(1e12);
    assert_close(sim_show_temperature_c(&model, &world), 85.0, 0.1);
}

static void lies_begin_when_they_are_asked_to(void **state) {
    (void)state;
    begin("idle_w=10,busy_w=100,launch=0,sensor_fault=stuck,sensor_fault_at=1s");
    load(0.9e9);
    assert_close(power_at(0.5e9), 100.0, 1e-6);
    assert_close(power_at(0.95e9), 10.0, 1e-6);
    load(10e9);
    assert_close(power_at(5e9), 100.0, 1e-6);
    assert_close(power_at(20e9), 100.0, 1e-6); /* it is idle */
    assert_true(energy_at(20e9) > energy_at(10e9));
    begin("sensor_fault=zero,sensor_fault_at=1s");
    assert_close(energy_at(0.9e9), 45.0, 0.001);
    assert_close(energy_at(1e9), 0.0, 0.0);
    assert_close(power_at(1e9), 50.0, 1e-9);
    begin("sensor_fault=gone,sensor_fault_at=1s");
    world.now_ns = 0.9e9;
    assert_false(sim_sensors_are_gone(&model, &world));
    world.now_ns = 1e9;
    assert_true(sim_sensors_are_gone(&model, &world));
}

/* Counter and powers tell the same story. */
static void the_sensors_agree(void **state) {
    (void)state;
    begin("idle_w=50,busy_w=300,power_period=20ms,power_window=1s,jitter=0.1");
    double first_j = 0.0, average_j = 0.0, instant_j = 0.0;
    for (int i = 0; i < 3000; i++) { /* 60 s */
        if (world.now_ns > world.busy_until_ns && i % 100 < 50)
            load(1e9);
        double now_ns = 20e6 * (i + 1);
        if (i == 100)
            first_j = energy_at(now_ns);
        if (i >= 100 && i < 2900)
            instant_j += power_at(now_ns) * 0.02;
        if (i > 100 && i % 50 == 0 && i <= 2900)
            average_j += average_at(now_ns);
        world.now_ns = now_ns;
        if (i == 2900) {
            double counted_j = energy_at(now_ns) - first_j;
            assert_close(average_j, counted_j, 0.01);
            assert_close(instant_j, counted_j, 0.01 * counted_j);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(power_is_of_the_last_update),
        cmocka_unit_test(the_future_is_not_shown), cmocka_unit_test(the_average_is_of_its_window),
        cmocka_unit_test(the_counter_steps), cmocka_unit_test(the_counter_wraps),
        cmocka_unit_test(gain_scales_and_clipping_clips),
        cmocka_unit_test(throttling_lowers_power_and_clock_and_is_told),
        cmocka_unit_test(temperature_rises_with_work), cmocka_unit_test(lies_begin_when_they_are_asked_to),
        cmocka_unit_test(the_sensors_agree)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
