/* Sensors of a device whose backend says what this test wants it to say. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bench/energy/sources.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "tests/unit/bench/energy/tree.h"

/* The device: sensors, and what reading them gives. */
struct sy_device {
    sy_sensor sensor[8];
    double value[8];
    sy_status status[8];
    uint32_t count;
    sy_status end;
    int reads;
};

static sy_status describe(sy_device *device, uint32_t index, sy_sensor *out_sensor, sy_error *err) {
    if (index >= device->count)
        return sy_error_set(err, device->end, "no sensor %u", index);
    *out_sensor = device->sensor[index];
    return SY_OK;
}

static sy_status read_sensor(sy_device *device, uint32_t index, double *out_value, sy_error *err) {
    device->reads++;
    *out_value = device->value[index];
    if (device->status[index] != SY_OK)
        return sy_error_set(err, device->status[index], "sensor %u sulks", index);
    return SY_OK;
}

static const sy_sensor_api sensor_api = {
    .size = sizeof sensor_api, .describe = describe, .read = read_sensor};
static const sy_backend_api api = {.size = sizeof api, .sensor = &sensor_api};

static sy_device blank(void) {
    return (sy_device){.end = SY_UNAVAILABLE};
}

static void add(sy_device *device, const char *name, uint32_t kind, uint32_t unit, uint32_t scope) {
    sy_sensor *sensor = &device->sensor[device->count++];
    *sensor = (sy_sensor){.size = sizeof *sensor,
        .kind = kind,
        .unit = unit,
        .scope = scope,
        .resolution = 0.5,
        .gain_uncertainty = 0.05,
        .wrap = NAN,
        .update_period_ns = 7,
        .window_ns = 9};
    snprintf(sensor->name, sizeof sensor->name, "%s", name);
}

static sy_energy_places places_of(sy_device *device) {
    return (sy_energy_places){.api = &api, .device = device};
}

static sy_energy_list find(sy_device *device, const char *spec) {
    sy_energy_places places = places_of(device);
    sy_energy_list list = {0};
    assert_int_equal(sy_energy_device.find(&places, spec, &list, NULL), SY_OK);
    return list;
}

static sy_energy_meter *open_named(sy_device *device, const char *name) {
    sy_energy_places places = places_of(device);
    sy_energy_list list = find(device, NULL);
    sy_energy_meter *meter = NULL;
    assert_int_equal(sy_energy_device.open(&places, tree_row(&list, name), &meter, NULL), SY_OK);
    sy_energy_list_release(&list);
    return meter;
}

static void every_kind_has_its_row_and_limits_have_none(void **state) {
    (void)state;
    sy_device device = blank();
    add(&device, "cap", SY_SENSOR_POWER_CAP, SY_UNIT_WATT, SY_SCOPE_CARD);
    add(&device, "energy", SY_SENSOR_ENERGY, SY_UNIT_JOULE, SY_SCOPE_CARD);
    add(&device, "mean", SY_SENSOR_POWER_AVERAGE, SY_UNIT_WATT, SY_SCOPE_PACKAGE);
    add(&device, "now", SY_SENSOR_POWER_INSTANT, SY_UNIT_WATT, SY_SCOPE_DIE);
    add(&device, "heat", SY_SENSOR_TEMPERATURE, SY_UNIT_CELSIUS, SY_SCOPE_NODE);
    add(&device, "clock", SY_SENSOR_CLOCK, SY_UNIT_HERTZ, SY_SCOPE_UNKNOWN);
    add(&device, "why", SY_SENSOR_THROTTLE, SY_UNIT_BITS, 99);
    sy_energy_list list = find(&device, NULL);
    static const struct {
        const char *name;
        uint32_t kind, scope;
    } wanted[] = {{"device:energy", SY_ENERGY_COUNTER, SY_ENERGY_SCOPE_CARD},
        {"device:mean", SY_ENERGY_POWER_AVERAGE, SY_ENERGY_SCOPE_PACKAGE},
        {"device:now", SY_ENERGY_POWER_INSTANT, SY_ENERGY_SCOPE_DIE},
        {"device:heat", SY_ENERGY_TEMPERATURE, SY_ENERGY_SCOPE_NODE},
        {"device:clock", SY_ENERGY_CLOCK, SY_ENERGY_SCOPE_UNKNOWN},
        {"device:why", SY_ENERGY_THROTTLE, SY_ENERGY_SCOPE_UNKNOWN}};
    assert_int_equal(list.count, 6);
    for (size_t i = 0; i < 6; i++) {
        const sy_energy_facts *facts = &list.found[i].facts;
        assert_string_equal(facts->name, wanted[i].name);
        assert_int_equal(facts->kind, wanted[i].kind);
        assert_int_equal(facts->scope, wanted[i].scope);
        assert_true(facts->resolution == 0.5 && facts->gain == 0.05);
        assert_true(facts->update_period_ns == 7 && facts->window_ns == 9);
        assert_int_equal(list.found[i].index, i + 1);
        assert_int_equal(list.found[i].state, SY_OK);
    }
    sy_energy_list_release(&list);
    list = find(&device, "heat");
    assert_int_equal(list.count, 1);
    assert_string_equal(list.found[0].facts.name, "device:heat");
    sy_energy_list_release(&list);
}

static void values_come_as_they_are(void **state) {
    (void)state;
    sy_device device = blank();
    add(&device, "now", SY_SENSOR_POWER_INSTANT, SY_UNIT_WATT, SY_SCOPE_CARD);
    add(&device, "heat", SY_SENSOR_TEMPERATURE, SY_UNIT_CELSIUS, SY_SCOPE_CARD);
    device.value[0] = 250.5;
    device.value[1] = -12;
    sy_energy_meter *power = open_named(&device, "device:now"), *heat = open_named(&device, "device:heat");
    assert_true(tree_read(power) == 250.5);
    assert_true(tree_read(heat) == -12);
    power->close(power);
    heat->close(heat);
}

static void counters_start_at_opening_and_lose_their_wraps(void **state) {
    (void)state;
    sy_device device = blank();
    add(&device, "energy", SY_SENSOR_ENERGY, SY_UNIT_JOULE, SY_SCOPE_CARD);
    device.sensor[0].wrap = 1000;
    device.value[0] = 990;
    sy_energy_meter *meter = open_named(&device, "device:energy");
    assert_true(tree_read(meter) == 0);
    device.value[0] = 5.5;
    assert_true(tree_read(meter) == 15.5);
    device.value[0] = 5;
    tree_read_fails(meter, SY_INTERNAL, "went back from 5.5");
    device.value[0] = 6;
    assert_true(tree_read(meter) == 16.5);
    meter->close(meter);
}

static void without_a_wrap_a_fall_is_a_reset(void **state) {
    (void)state;
    sy_device device = blank();
    add(&device, "energy", SY_SENSOR_ENERGY, SY_UNIT_JOULE, SY_SCOPE_CARD);
    device.value[0] = 990;
    sy_energy_meter *meter = open_named(&device, "device:energy");
    device.value[0] = 5;
    tree_read_fails(meter, SY_INTERNAL, "990");
    meter->close(meter);
}

static void values_that_are_none(void **state) {
    (void)state;
    static const double values[] = {NAN, INFINITY, -INFINITY, -1};
    sy_device device = blank();
    add(&device, "energy", SY_SENSOR_ENERGY, SY_UNIT_JOULE, SY_SCOPE_CARD);
    sy_energy_meter *meter = open_named(&device, "device:energy");
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        device.value[0] = values[i];
        tree_read_fails(meter, SY_INVALID_ARGUMENT, "sensor 0 says");
    }
    device.value[0] = 2;
    assert_true(tree_read(meter) == 2);
    meter->close(meter);
}

static void failures_of_a_reading(void **state) {
    (void)state;
    static const struct {
        sy_status given, wanted;
    } cases[] = {{SY_IO, SY_IO}, {SY_TIMEOUT, SY_TIMEOUT}, {SY_UNAVAILABLE, SY_UNAVAILABLE},
        {SY_LOST, SY_UNAVAILABLE}, {SY_UNSUPPORTED, SY_UNAVAILABLE}, {SY_REFUSED, SY_IO},
        {SY_INTERNAL, SY_IO}, {77, SY_IO}};
    sy_device device = blank();
    add(&device, "now", SY_SENSOR_POWER_INSTANT, SY_UNIT_WATT, SY_SCOPE_CARD);
    sy_energy_meter *meter = open_named(&device, "device:now");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        device.status[0] = cases[i].given;
        tree_read_fails(meter, cases[i].wanted, "sensor 0 sulks");
    }
    device.status[0] = SY_OK;
    assert_true(tree_read(meter) == 0);
    meter->close(meter);
}

static void states_of_rows(void **state) {
    (void)state;
    sy_device device = blank();
    add(&device, "a", SY_SENSOR_POWER_INSTANT, SY_UNIT_WATT, SY_SCOPE_CARD);
    add(&device, "b", SY_SENSOR_POWER_INSTANT, SY_UNIT_WATT, SY_SCOPE_CARD);
    add(&device, "c", SY_SENSOR_ENERGY, SY_UNIT_WATT, SY_SCOPE_CARD);
    device.status[0] = SY_REFUSED;
    device.status[1] = SY_LOST;
    sy_energy_list list = find(&device, NULL);
    assert_int_equal(tree_row(&list, "device:a")->state, SY_REFUSED);
    assert_string_equal(tree_row(&list, "device:a")->reason, "sensor 0 sulks");
    assert_int_equal(tree_row(&list, "device:b")->state, SY_UNAVAILABLE);
    const sy_energy_found *row = tree_row(&list, "device:c");
    assert_int_equal(row->state, SY_UNAVAILABLE);
    assert_non_null(strstr(row->reason, "unit 1 instead of 2"));
    assert_int_equal(device.reads, 2);
    sy_energy_places places = places_of(&device);
    sy_energy_meter *meter;
    for (size_t i = 0; i < 3; i++) {
        assert_true(sy_energy_device.open(&places, &list.found[i], &meter, NULL) != SY_OK);
        assert_null(meter);
    }
    sy_energy_list_release(&list);
}

static void equal_names_and_long_ones(void **state) {
    (void)state;
    sy_device device = blank();
    add(&device, "power", SY_SENSOR_POWER_INSTANT, SY_UNIT_WATT, SY_SCOPE_CARD);
    add(&device, "power", SY_SENSOR_POWER_INSTANT, SY_UNIT_WATT, SY_SCOPE_CARD);
    add(&device, "", SY_SENSOR_CLOCK, SY_UNIT_HERTZ, SY_SCOPE_DIE);
    memset(device.sensor[2].name, 'x', sizeof device.sensor[2].name);
    device.value[1] = 2;
    sy_energy_meter *meter = open_named(&device, "device:power#2");
    assert_true(tree_read(meter) == 2);
    meter->close(meter);
    sy_energy_list list = find(&device, NULL);
    assert_int_equal(strlen(list.found[2].facts.name), 63);
    sy_energy_list_release(&list);
}

static void nothing_to_read(void **state) {
    (void)state;
    sy_energy_places none = {0};
    sy_energy_list list = {0};
    assert_int_equal(sy_energy_device.find(&none, NULL, &list, NULL), SY_OK);
    assert_int_equal(list.count, 0);

    sy_device device = blank();
    list = find(&device, NULL);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.found[0].facts.name, "device");
    assert_int_equal(list.found[0].state, SY_UNAVAILABLE);
    sy_energy_list_release(&list);

    sy_backend_api bare = {.size = sizeof bare};
    sy_energy_places places = {.api = &bare, .device = &device};
    sy_energy_found found = {.facts.name = "device:power"};
    sy_energy_meter *meter;
    assert_int_equal(sy_energy_device.find(&places, NULL, &list, NULL), SY_OK);
    assert_int_equal(list.found[0].state, SY_UNAVAILABLE);
    sy_energy_list_release(&list);
    assert_int_equal(sy_energy_device.open(&places, &found, &meter, NULL), SY_UNAVAILABLE);
    places = places_of(&device);
    assert_int_equal(sy_energy_device.open(&places, &found, &meter, NULL), SY_UNAVAILABLE);
}

static void a_backend_whose_list_breaks_off(void **state) {
    (void)state;
    sy_device device = blank();
    add(&device, "power", SY_SENSOR_POWER_INSTANT, SY_UNIT_WATT, SY_SCOPE_CARD);
    device.end = SY_IO;
    sy_energy_list list = find(&device, NULL);
    assert_int_equal(list.count, 2);
    assert_int_equal(tree_row(&list, "device:power")->state, SY_OK);
    assert_int_equal(tree_row(&list, "device")->state, SY_IO);
    sy_energy_list_release(&list);
}

static void no_memory(void **state) {
    (void)state;
    sy_device device = blank();
    add(&device, "power", SY_SENSOR_POWER_INSTANT, SY_UNIT_WATT, SY_SCOPE_CARD);
    sy_energy_places places = places_of(&device);
    sy_energy_list list = {0};
    sy_energy_found found = {.facts.name = "device:power"};
    sy_energy_meter *meter;
    sy_seam_arm(SY_SEAM_ALLOC, 1);
    assert_int_equal(sy_energy_device.find(&places, NULL, &list, NULL), SY_OUT_OF_MEMORY);
    for (uint64_t k = 1; k <= 2; k++) {
        sy_seam_arm(SY_SEAM_ALLOC, k);
        assert_int_equal(sy_energy_device.open(&places, &found, &meter, NULL), SY_OUT_OF_MEMORY);
        assert_null(meter);
    }
    sy_seam_disarm();
    sy_energy_list_release(&list);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_has_its_row_and_limits_have_none),
        cmocka_unit_test(values_come_as_they_are),
        cmocka_unit_test(counters_start_at_opening_and_lose_their_wraps),
        cmocka_unit_test(without_a_wrap_a_fall_is_a_reset),
        cmocka_unit_test(values_that_are_none),
        cmocka_unit_test(failures_of_a_reading),
        cmocka_unit_test(states_of_rows),
        cmocka_unit_test(equal_names_and_long_ones),
        cmocka_unit_test(nothing_to_read),
        cmocka_unit_test(a_backend_whose_list_breaks_off),
        cmocka_unit_test(no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
