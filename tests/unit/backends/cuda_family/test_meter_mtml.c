/* MTML's sensors; its handles are all given back (the rig counts them). */
#include "tests/unit/backends/cuda_family/meter_rig.h"

#include <math.h>

#include "tests/support/near.h"

#define CARD "0000:af:00.0"

static void begin(meter_rig *rig) {
    meter_rig_begin(rig, "mtml", FAKE_METERS "mtml.so");
}

static void units_are_si(void **state) {
    (void)state;
    meter_rig rig = {0};
    sy_sensor sensor = {0};
    begin(&rig);
    meter_rig_open(&rig, &cf_meter_mtml, CARD, SY_OK);
    assert_true(meter_rig_find(&rig, SY_SENSOR_POWER_AVERAGE, 0, &sensor) >= 0);
    assert_int_equal(sensor.window_ns, 0);
    assert_near(321, meter_rig_value(&rig, SY_SENSOR_POWER_AVERAGE, 0), 1e-9);
    assert_near(41, meter_rig_value(&rig, SY_SENSOR_TEMPERATURE, 0), 0);
    assert_near(1980e6, meter_rig_value(&rig, SY_SENSOR_CLOCK, 0), 0);
    assert_near(3201e6, meter_rig_value(&rig, SY_SENSOR_CLOCK, 1), 0);
    assert_int_equal(meter_rig_find(&rig, SY_SENSOR_ENERGY, 0, NULL), -1);
    assert_string_equal(rig.version, "2.2.0");
    meter_rig_end(&rig);
}

static void identity(void **state) {
    (void)state;
    meter_rig rig = {0};
    cf_meter_identity who;
    begin(&rig);
    meter_rig_open(&rig, &cf_meter_mtml, CARD, SY_OK);
    assert_int_equal(cf_meter_identify(rig.meter, &who, &rig.error), SY_OK);
    assert_string_equal(who.vendor, "Moore Threads");
    assert_string_equal(who.name, "Fake S4001");
    assert_string_equal(who.uuid, "GPU-1");
    assert_string_equal(who.driver, "3.3.0-server");
    assert_int_equal(who.ecc, 1);
    assert_true(isnan(who.power_cap_w));
    meter_rig_fail(&rig, "LibraryInitSystem", 2);
    meter_rig_fail(&rig, "MemoryGetEccMode", 4);
    assert_int_equal(cf_meter_identify(rig.meter, &who, &rig.error), SY_OK);
    assert_string_equal(who.driver, "");
    assert_int_equal(who.ecc, -1);
    meter_rig_end(&rig);
}

/* The struct of an address differs by version: only its text is read, in either spelling; none is no card. */
static void addresses_of_every_version(void **state) {
    (void)state;
    meter_rig rig = {0};
    begin(&rig);
    rig.fake->way = 1;
    meter_rig_open(&rig, &cf_meter_mtml, CARD, SY_OK);
    meter_rig_end(&rig);
    meter_rig silent = {0};
    begin(&silent);
    silent.fake->way = 2;
    meter_rig_open(&silent, &cf_meter_mtml, CARD, SY_UNAVAILABLE);
    meter_rig_expect_words(&silent, "not one of the 2 cards");
    meter_rig_end(&silent);
}

static void a_part_that_fails_costs_its_sensors(void **state) {
    (void)state;
    meter_rig rig = {0};
    begin(&rig);
    meter_rig_fail(&rig, "mtmlDeviceInitGpu", 2);
    meter_rig_fail(&rig, "mtmlDeviceInitMemory", 2);
    meter_rig_open(&rig, &cf_meter_mtml, CARD, SY_OK);
    assert_true(meter_rig_find(&rig, SY_SENSOR_POWER_AVERAGE, 0, NULL) >= 0);
    assert_int_equal(meter_rig_find(&rig, SY_SENSOR_CLOCK, 0, NULL), -1);
    assert_int_equal(meter_rig_find(&rig, SY_SENSOR_TEMPERATURE, 0, NULL), -1);
    meter_rig_end(&rig);
}

static void errors(void **state) {
    (void)state;
    static const struct {
        int code;
        sy_status status;
    } cases[] = {{4, SY_UNSUPPORTED}, {667, SY_UNSUPPORTED}, {669, SY_LOST}, {999, SY_INTERNAL}};
    meter_rig rig = {0};
    begin(&rig);
    meter_rig_open(&rig, &cf_meter_mtml, CARD, SY_OK);
    for (size_t i = 0; i < 4; i++) {
        double value = 0;
        meter_rig_fail(&rig, "DeviceGetPowerUsage", cases[i].code);
        meter_rig_fail(&rig, "GpuGetTemperature", cases[i].code);
        assert_int_equal(cf_meter_read(rig.meter, 0, &value, &rig.error), cases[i].status);
        assert_int_equal(rig.error.vendor_code, cases[i].code);
        assert_int_equal(cf_meter_read(rig.meter, 1, &value, &rig.error), cases[i].status);
    }
    /* Gone while its sensors are looked for: no meter, and nothing kept. */
    meter_rig_fail(&rig, "DeviceGetPowerUsage", 669);
    meter_rig_open(&rig, &cf_meter_mtml, CARD, SY_LOST);
    meter_rig_fail(&rig, "LibraryInitDeviceByIndex", 5);
    meter_rig_open(&rig, &cf_meter_mtml, CARD, SY_UNAVAILABLE);
    meter_rig_fail(&rig, "LibraryInitDeviceByIndex", 0);
    meter_rig_fail(&rig, "LibraryCountDevice", 2);
    meter_rig_open(&rig, &cf_meter_mtml, CARD, SY_UNAVAILABLE);
    meter_rig_expect_words(&rig, "status (2)");
    meter_rig_end(&rig);

    meter_rig closed = {0};
    begin(&closed);
    meter_rig_fail(&closed, "LibraryInit", 1);
    meter_rig_open(&closed, &cf_meter_mtml, CARD, SY_UNAVAILABLE);
    meter_rig_expect_words(&closed, "MTHREADS_DRIVER_CAPABILITIES");
    meter_rig_end(&closed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_are_si),
        cmocka_unit_test(identity),
        cmocka_unit_test(addresses_of_every_version),
        cmocka_unit_test(a_part_that_fails_costs_its_sensors),
        cmocka_unit_test(errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
