/* Which device of the telemetry a device of the runtime is, and what it reads. */
#include <math.h>
#include <stdlib.h>

#include "tests/unit/backends/ascend/rig.h"

static int card_of(rig *r, uint32_t index) {
    ascend_place place;
    r->error = SY_ERROR_INIT;
    return ascend_place_find(r->backend->stack, index, &place, &r->error) == SY_OK ? place.card : -1;
}

/* Cards have numbers of their own. */
static void numbers_are_the_same_without_a_mask(void **state) {
    rig r;
    (void)state;
    rig_begin(&r, "ascend", "devices=2;cards=4,7");
    assert_int_equal(card_of(&r, 0), 4);
    assert_int_equal(card_of(&r, 1), 7);
    rig_end(&r);
    rig_begin(&r, "ascend", "devices=2;cards=4,7;logic=1,0");
    assert_int_equal(card_of(&r, 0), 7);
    rig_end(&r);
}

/* The mask renumbers the runtime's devices, and not the telemetry's. */
static void a_mask_is_undone(void **state) {
    rig r;
    (void)state;
    setenv("ASCEND_RT_VISIBLE_DEVICES", "3,1", 1);
    rig_begin(&r, "ascend", "devices=4;cards=10,11,12,13");
    assert_int_equal(card_of(&r, 0), 13);
    assert_int_equal(card_of(&r, 1), 11);
    assert_int_equal(card_of(&r, 2), -1);
    rig_expect_words(r.error.text, "ASCEND_RT_VISIBLE_DEVICES=3,1");
    rig_end(&r);
    setenv("ASCEND_RT_VISIBLE_DEVICES", "a", 1);
    rig_begin(&r, "ascend", "devices=4");
    assert_int_equal(card_of(&r, 0), -1);
    rig_end(&r);
    unsetenv("ASCEND_RT_VISIBLE_DEVICES");
}

/* A container that shows one device of two to one side: it cannot be known which. */
static void what_cannot_be_known_is_unknown(void **state) {
    rig r;
    sy_device_info info = {.size = sizeof info};
    sy_sensor sensor = {.size = sizeof sensor};
    (void)state;
    rig_open(&r, "ascend", "devices=2;fail=dcmi_get_device_id_in_card:2:-8008");
    assert_int_equal(sy_card_device_api.describe(r.backend, 1, &info, &r.error), SY_OK);
    assert_string_equal(info.pci, "");
    assert_int_equal(sy_card_sensor_api.describe(r.device, 0, &sensor, &r.error), SY_UNAVAILABLE);
    rig_expect_words(r.error.text, "dcmi knows 1 devices");
    rig_end(&r);
}

static void read_all(rig *r, char *out_names, size_t capacity, double *out_first) {
    out_names[0] = '\0';
    for (uint32_t i = 0;; i++) {
        sy_sensor sensor = {.size = sizeof sensor};
        double value = 0.0;
        if (sy_card_sensor_api.describe(r->device, i, &sensor, &r->error) != SY_OK)
            return;
        assert_int_equal(sy_card_sensor_api.read(r->device, i, &value, &r->error), SY_OK);
        if (i == 0)
            *out_first = value;
        size_t used = strlen(out_names);
        snprintf(out_names + used, capacity - used, "%s %u; ", sensor.name, sensor.scope);
    }
}

static void expect_sensors(const char *folder_world, const char *names, double first) {
    rig r;
    char got[256];
    double value = 0.0;
    rig_open(&r, "ascend", folder_world);
    read_all(&r, got, sizeof got, &value);
    assert_string_equal(got, names);
    assert_true(fabs(value - first) < 1e-9);
    rig_end(&r);
}

/* Tenths of a watt; a card of the 310P kind tells its whole power alone. A die may tell its package's. */
static void power_is_where_the_card_tells_it(void **state) {
    (void)state;
    expect_sensors("power=1234", "dcmi device power 2; dcmi temperature 2; dcmi core clock 2; ", 123.4);
    expect_sensors(
        "soc=Ascend310P3;mcu_power=725", "dcmi card power 2; dcmi temperature 2; dcmi core clock 2; ", 72.5);
    expect_sensors("soc=Ascend310P3;mcu_power=0x7ffd", "dcmi temperature 2; dcmi core clock 2; ", 45.0);
    expect_sensors("soc=Ascend310P3;mcu_power=0x7fff", "dcmi temperature 2; dcmi core clock 2; ", 45.0);
    expect_sensors("power=-1", "dcmi temperature 2; dcmi core clock 2; ", 45.0);
    expect_sensors("soc=Ascend910_9392;devices=2;power=2000",
        "dcmi device power 0; dcmi temperature 1; dcmi core clock 1; ", 200.0);
}

static void a_read_may_fail(void **state) {
    rig r;
    double value = 0.0;
    (void)state;
    rig_open(&r, "ascend", "");
    sim.fail_call("dcmi_get_device_power_info", 1, -8020);
    assert_int_equal(sy_card_sensor_api.read(r.device, 0, &value, &r.error), SY_INTERNAL);
    assert_true(isnan(value) || value == 0.0);
    rig_expect_words(r.error.text, "power: busy (-8020)");
    assert_int_equal(r.error.vendor_code, -8020);
    sim.fail_call("dcmi_get_device_power_info", 1, -8008);
    assert_int_equal(sy_card_sensor_api.read(r.device, 0, &value, &r.error), SY_LOST);
    assert_int_equal(sy_card_sensor_api.read(r.device, 9, &value, &r.error), SY_UNAVAILABLE);
    rig_end(&r);
}

static void the_telemetry_may_not_start(void **state) {
    rig r;
    sy_sensor sensor = {.size = sizeof sensor};
    (void)state;
    rig_open(&r, "ascend", "dcmi_code=-8013");
    assert_int_equal(sy_card_sensor_api.describe(r.device, 0, &sensor, &r.error), SY_UNAVAILABLE);
    rig_expect_words(r.error.text, "not inside a container (-8013)");
    rig_expect_words(r.error.text, "/usr/local/dcmi");
    rig_end(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(numbers_are_the_same_without_a_mask),
        cmocka_unit_test(a_mask_is_undone), cmocka_unit_test(what_cannot_be_known_is_unknown),
        cmocka_unit_test(power_is_where_the_card_tells_it), cmocka_unit_test(a_read_may_fail),
        cmocka_unit_test(the_telemetry_may_not_start)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
