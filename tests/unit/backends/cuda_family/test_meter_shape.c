/* The libraries of NVML's shape that are not NVIDIA's. */
#include "tests/unit/backends/cuda_family/meter_rig.h"

#include <math.h>
#include <unistd.h>

#include "tests/support/near.h"

#define CARD "0000:af:00.0"

/* Neither energy nor fields: one number of power, of which the averaging is not told. */
static void expect_one_power(meter_rig *rig) {
    sy_sensor sensor = {0};
    assert_int_equal(meter_rig_find(rig, SY_SENSOR_ENERGY, 0, NULL), -1);
    assert_int_equal(meter_rig_find(rig, SY_SENSOR_POWER_INSTANT, 0, NULL), -1);
    assert_true(meter_rig_find(rig, SY_SENSOR_POWER_AVERAGE, 0, &sensor) >= 0);
    assert_int_equal(sensor.window_ns, 0);
    assert_true(sensor.update_period_ns == 0 && isnan(sensor.gain_uncertainty)); /* nobody has told */
    assert_near(300.5, meter_rig_value(rig, SY_SENSOR_POWER_AVERAGE, 0), 1e-12);
    assert_int_equal(meter_rig_find(rig, SY_SENSOR_POWER_AVERAGE, 1, NULL), -1);
}

static void ixml_has_what_nvml_had(void **state) {
    (void)state;
    meter_rig rig = {0};
    cf_meter_identity who;
    meter_rig_begin(&rig, "ixml", FAKE_METERS "ixml.so");
    rig.fake->entry_bytes = 16;
    rig.fake->pid_count = 2;
    rig.fake->pids[0] = (uint32_t)getpid();
    rig.fake->pids[1] = rig.fake->pids[0] + 100000;
    meter_rig_open(&rig, &cf_meter_ixml, CARD, SY_OK);
    expect_one_power(&rig);
    assert_near(1980e6, meter_rig_value(&rig, SY_SENSOR_CLOCK, 0), 0);
    assert_near(3201e6, meter_rig_value(&rig, SY_SENSOR_CLOCK, 1), 0);
    assert_near(41, meter_rig_value(&rig, SY_SENSOR_TEMPERATURE, 0), 0);
    assert_near(650, meter_rig_value(&rig, SY_SENSOR_POWER_CAP, 0), 1e-12);
    rig.fake->reasons = CF_THROTTLE_HEAT;
    assert_near(CF_THROTTLE_HEAT, meter_rig_value(&rig, SY_SENSOR_THROTTLE, 0), 0);
    assert_int_equal(cf_meter_identify(rig.meter, &who, &rig.error), SY_OK);
    assert_string_equal(who.library, "ixml");
    assert_string_equal(who.vendor, "Iluvatar");
    assert_int_equal(who.mig, -1);
    assert_int_equal(who.other_processes, 1);
    assert_string_equal(rig.library, "ixml");
    meter_rig_end(&rig);
}

/* The look-up of an address says no: the cards are asked one by one. */
static void without_lookup_by_list(void **state) {
    (void)state;
    meter_rig rig = {0};
    meter_rig_begin(&rig, "ixml", FAKE_METERS "ixml.so");
    meter_rig_fail(&rig, "DeviceGetHandleByPciBusId", 13);
    rig.fake->way = 1; /* and the first of them is somebody else's */
    meter_rig_open(&rig, &cf_meter_ixml, CARD, SY_OK);
    meter_rig_open(&rig, &cf_meter_ixml, "0000:3b:00.0", SY_UNAVAILABLE);
    meter_rig_expect_words(&rig, "(13)");
    meter_rig_fail(&rig, "DeviceGetCount", 999);
    meter_rig_open(&rig, &cf_meter_ixml, CARD, SY_UNAVAILABLE);
    meter_rig_end(&rig);
}

static void xpuml_lists_its_cards(void **state) {
    (void)state;
    meter_rig rig = {0};
    cf_meter_identity who;
    meter_rig_begin(&rig, "xpuml", FAKE_METERS "xpuml.so");
    meter_rig_open(&rig, &cf_meter_xpuml, CARD, SY_OK);
    expect_one_power(&rig);
    assert_near(1980e6, meter_rig_value(&rig, SY_SENSOR_CLOCK, 0), 0);
    assert_int_equal(meter_rig_find(&rig, SY_SENSOR_CLOCK, 1, NULL), -1);
    assert_near(41, meter_rig_value(&rig, SY_SENSOR_TEMPERATURE, 0), 0);
    assert_int_equal(cf_meter_identify(rig.meter, &who, &rig.error), SY_OK);
    assert_string_equal(who.vendor, "Kunlunxin");
    assert_int_equal(who.other_processes, -1);
    meter_rig_open(&rig, &cf_meter_xpuml, "0000:3b:00.1", SY_UNAVAILABLE);
    meter_rig_fail(&rig, "DeviceGetPciInfo", 15);
    meter_rig_open(&rig, &cf_meter_xpuml, CARD, SY_UNAVAILABLE);
    meter_rig_fail(&rig, "DeviceGetCount", 9);
    meter_rig_open(&rig, &cf_meter_xpuml, CARD, SY_UNAVAILABLE);
    meter_rig_expect_words(&rig, "Driver Not Loaded (9)");
    meter_rig_end(&rig);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ixml_has_what_nvml_had),
        cmocka_unit_test(without_lookup_by_list),
        cmocka_unit_test(xpuml_lists_its_cards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
