/* CNDEV of 2024 and before: devices by index, structs with a version, some of them shorter. */
#include <stdlib.h>

#include "tests/unit/backends/cambricon/world.h"

#define GENERATION "cambricon_1"

static void power_of_the_versioned_struct(void **state) {
    (void)state;
    world w = {0};
    double value = 0.0;
    world_open(&w, GENERATION, "idle_watts=60;watts=300;cap=250;power_decimals=2");
    assert_true(world_sensor(&w, SY_SENSOR_POWER_AVERAGE, &value));
    assert_true(value >= 60 && value <= 300 && value == (double)(int)value);
    assert_true(world_sensor(&w, SY_SENSOR_POWER_INSTANT, &value));
    assert_true(value >= 60 && value <= 300);
    assert_true(world_sensor(&w, SY_SENSOR_POWER_CAP, &value));
    assert_true(value == 250);
    world_end(&w);
}

/* What an older library did not write yet is no value. */
static void shorter_structs(void **state) {
    (void)state;
    static const char *const settings[] = {"power_bytes=28;frequency_bytes=16", "power_bytes=20"};
    for (size_t i = 0; i < 2; i++) {
        world w = {0};
        double value = 0.0;
        world_open(&w, GENERATION, settings[i]);
        assert_true(world_sensor(&w, SY_SENSOR_POWER_AVERAGE, &value));
        assert_true(world_sensor(&w, SY_SENSOR_CLOCK, &value));
        assert_int_equal(world_sensor(&w, SY_SENSOR_POWER_INSTANT, &value), i == 0);
        world_end(&w);
    }
}

static void versions_are_tried(void **state) {
    (void)state;
    static const char *const settings[] = {"cndev_min=4;cndev_max=4", "cndev_min=3;cndev_max=3"};
    for (size_t i = 0; i < 2; i++) {
        world w = {0};
        double value = 0.0;
        world_open(&w, GENERATION, settings[i]);
        assert_true(world_sensor(&w, SY_SENSOR_POWER_AVERAGE, &value));
        world_end(&w);
    }
    world w = {0};
    sy_sensor sensor = {.size = sizeof sensor};
    world_open(&w, GENERATION, "cndev_min=9;cndev_max=9");
    assert_int_equal(w.on.api->sensor->describe(w.on.device, 0, &sensor, &w.error), SY_UNAVAILABLE);
    world_says(w.error.text, "counting cards");
    world_end(&w);
}

static void cards_are_found_by_address(void **state) {
    (void)state;
    world w = {0};
    double value = 0.0;
    assert_int_equal(setenv("MLU_VISIBLE_DEVICES", "1", 1), 0);
    world_open(&w, GENERATION, "devices=3;temperature@1=66");
    assert_true(world_sensor(&w, SY_SENSOR_TEMPERATURE, &value));
    assert_true(value == 66);
    world_end(&w);
    unsetenv("MLU_VISIBLE_DEVICES");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(power_of_the_versioned_struct),
        cmocka_unit_test(shorter_structs),
        cmocka_unit_test(versions_are_tried),
        cmocka_unit_test(cards_are_found_by_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
