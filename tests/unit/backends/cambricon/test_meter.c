/* CNDEV of 2025: cards found by address, values in their units, versions of structs. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/backends/cambricon/world.h"

#define GENERATION "cambricon"

static void values_in_their_units(void **state) {
    (void)state;
    world w = {0};
    double value = 0.0;
    world_open(&w, GENERATION, "idle_watts=60;watts=300;temperature=51;core_mhz=1450;cap=400");
    assert_true(world_sensor(&w, SY_SENSOR_POWER_AVERAGE, &value));
    assert_true(value >= 60 && value <= 300);
    assert_true(world_sensor(&w, SY_SENSOR_TEMPERATURE, &value));
    assert_true(value == 51);
    assert_true(world_sensor(&w, SY_SENSOR_CLOCK, &value));
    assert_true(value == 1450e6);
    assert_true(world_sensor(&w, SY_SENSOR_POWER_CAP, &value));
    assert_true(value == 400);
    assert_true(world_sensor(&w, SY_SENSOR_THROTTLE, &value));
    assert_true(value == 0);
    assert_false(world_sensor(&w, SY_SENSOR_POWER_INSTANT, &value));
    world_end(&w);
    world_open(&w, GENERATION, "overtemp=1;board_mhz=900");
    assert_true(world_sensor(&w, SY_SENSOR_THROTTLE, &value));
    assert_true(value == CAMBRICON_THROTTLE_HEAT);
    assert_true(world_sensor(&w, SY_SENSOR_CLOCK, &value));
    assert_true(value == 900e6);
    world_end(&w);
}

/* CNRT's numbers are masked; CNDEV's are, or are not: the address tells. */
static void cards_are_found_by_address(void **state) {
    (void)state;
    static const char *const settings[] = {"devices=3;temperature@2=77;cndev_visible=0",
        "devices=3;temperature@2=77;cndev_visible=1", "devices=3;temperature@2=77;cndev_handle_base=0"};
    assert_int_equal(setenv("MLU_VISIBLE_DEVICES", "2,0", 1), 0);
    for (size_t i = 0; i < 3; i++) {
        world w = {0};
        double value = 0.0;
        world_open(&w, GENERATION, settings[i]);
        assert_true(world_sensor(&w, SY_SENSOR_TEMPERATURE, &value));
        assert_true(value == 77);
        world_end(&w);
    }
    unsetenv("MLU_VISIBLE_DEVICES");
}

static void found_without_the_look_up_by_address(void **state) {
    (void)state;
    world w = {0};
    double value = 0.0;
    world_begin(&w, GENERATION, "devices=3;temperature@1=66");
    /* Of this library the newer function fails: cards are gone through. */
    SIM(sim_fail)("cndevGetDeviceHandleByPciBusId", 1, 10);
    SIM(sim_fail)("cndevGetDeviceHandleByPciBusId", 2, 10);
    assert_int_equal(w.on.api->device->open(w.backend, 1, "", &w.on.device, &w.error), SY_OK);
    assert_int_equal(w.on.api->queue->create(w.on.device, &w.on.queue, &w.error), SY_OK);
    assert_true(world_sensor(&w, SY_SENSOR_TEMPERATURE, &value));
    assert_true(value == 66);
    world_end(&w);
}

static void versions_are_tried(void **state) {
    (void)state;
    static const char *const settings[] = {
        "cndev_min=5;cndev_max=5", "cndev_min=6;cndev_max=6", "cndev_min=3;cndev_max=3"};
    double value = 0.0;
    for (size_t i = 0; i < 3; i++) {
        world w = {0};
        world_open(&w, GENERATION, settings[i]);
        assert_true(world_sensor(&w, SY_SENSOR_TEMPERATURE, &value));
        world_end(&w);
    }
    world w = {0};
    world_open(&w, GENERATION, "cndev_min=9;cndev_max=9");
    assert_false(world_sensor(&w, SY_SENSOR_TEMPERATURE, &value));
    assert_true(world_sensor(&w, SY_SENSOR_POWER_AVERAGE, &value)); /* its struct has no version */
    world_end(&w);
}

static void sensors_that_are_not_there(void **state) {
    (void)state;
    static const char *const settings[] = {"absent_sensor=-1", "absent_sensor=0", "absent_sensor=-32768"};
    for (size_t i = 0; i < 3; i++) {
        world w = {0};
        double value = 0.0;
        world_open(&w, GENERATION, settings[i]);
        assert_true(world_sensor(&w, SY_SENSOR_TEMPERATURE, &value));
        world_end(&w);
    }
    world w = {0};
    double value = 0.0;
    world_open(&w, GENERATION, "temperature=-40");
    assert_false(world_sensor(&w, SY_SENSOR_TEMPERATURE, &value));
    world_end(&w);
}

static void a_cndev_that_does_not_start_costs_the_sensors(void **state) {
    (void)state;
    static const int codes[] = {1, 2, 12, 13};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        world w = {0};
        char settings[64];
        sy_sensor sensor = {.size = sizeof sensor};
        snprintf(settings, sizeof settings, "fail=cndevInit:1:%d", codes[i]);
        world_open(&w, GENERATION, settings);
        assert_int_equal(w.on.api->sensor->describe(w.on.device, 0, &sensor, &w.error), SY_UNAVAILABLE);
        world_says(w.error.text, "CNDEV: it does not start");
        world_says(w.error.text, "/dev/cambricon_ctl");
        world_solve(&w, "gemm:m=8,n=8,k=8", "cnnl/matmul");
        world_end(&w);
    }
}

static void a_read_that_fails(void **state) {
    (void)state;
    world w = {0};
    double value = 0.0;
    world_open(&w, GENERATION, "");
    SIM(sim_fail)("cndevGetDevicePowerInfo", 1, 13);
    assert_int_equal(w.on.api->sensor->read(w.on.device, 0, &value, &w.error), SY_UNAVAILABLE);
    world_says(w.error.text, "no permission (13)");
    assert_int_equal(w.error.vendor_code, 13);
    assert_int_equal(w.on.api->sensor->read(w.on.device, 0, &value, &w.error), SY_OK);
    assert_int_equal(w.on.api->sensor->read(w.on.device, 99, &value, &w.error), SY_UNAVAILABLE);
    world_end(&w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_in_their_units),
        cmocka_unit_test(cards_are_found_by_address),
        cmocka_unit_test(found_without_the_look_up_by_address),
        cmocka_unit_test(versions_are_tried),
        cmocka_unit_test(sensors_that_are_not_there),
        cmocka_unit_test(a_cndev_that_does_not_start_costs_the_sensors),
        cmocka_unit_test(a_read_that_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
