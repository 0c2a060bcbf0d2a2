/* mxsml's sensors. */
#include "tests/unit/backends/cuda_family/meter_rig.h"

#include <math.h>

#include "tests/support/near.h"

#define CARD "0000:af:00.0"

static void begin(meter_rig *rig) {
    meter_rig_begin(rig, "mxsml", FAKE_METERS "mxsml.so");
    rig->fake->scopes = 3; /* supply ways */
}

static void units_are_si(void **state) {
    (void)state;
    meter_rig rig = {0};
    begin(&rig);
    meter_rig_open(&rig, &cf_meter_mxsml, CARD, SY_OK);
    assert_near(321, meter_rig_value(&rig, SY_SENSOR_POWER_AVERAGE, 0), 1e-9);
    assert_near(41.25, meter_rig_value(&rig, SY_SENSOR_TEMPERATURE, 0), 1e-9);
    assert_int_equal(meter_rig_find(&rig, SY_SENSOR_TEMPERATURE, 1, NULL), -1);
    assert_near(1980e6, meter_rig_value(&rig, SY_SENSOR_CLOCK, 0), 0);
    assert_near(3201e6, meter_rig_value(&rig, SY_SENSOR_CLOCK, 1), 0);
    assert_near(650, meter_rig_value(&rig, SY_SENSOR_POWER_CAP, 0), 1e-9);
    assert_int_equal(meter_rig_find(&rig, SY_SENSOR_POWER_CAP_DEFAULT, 0, NULL), -1);
    assert_string_equal(rig.version, "MACA 3.1.0.14");
    meter_rig_end(&rig);
}

static void class_n_has_other_clocks(void **state) {
    (void)state;
    meter_rig rig = {0};
    sy_sensor sensor = {0};
    begin(&rig);
    rig.fake->mig = 1;
    meter_rig_open(&rig, &cf_meter_mxsml, CARD, SY_OK);
    assert_near(1980e6, meter_rig_value(&rig, SY_SENSOR_CLOCK, 0), 0);
    assert_true(meter_rig_find(&rig, SY_SENSOR_CLOCK, 0, &sensor) >= 0);
    assert_non_null(strstr(sensor.name, "class N"));
    assert_near(3201e6, meter_rig_value(&rig, SY_SENSOR_CLOCK, 1), 0);
    meter_rig_end(&rig);
}

/* A board draws what its ways draw together: two of three here. */
static void ways_are_summed(void **state) {
    (void)state;
    meter_rig rig = {0};
    double value = 0;
    begin(&rig);
    rig.fake->scopes = 2;
    meter_rig_open(&rig, &cf_meter_mxsml, CARD, SY_OK);
    assert_near(214, meter_rig_value(&rig, SY_SENSOR_POWER_AVERAGE, 0), 1e-9);
    rig.fake->scopes = 0;
    assert_int_equal(cf_meter_read(rig.meter, 0, &value, &rig.error), SY_UNAVAILABLE);
    uint32_t clock = (uint32_t)meter_rig_find(&rig, SY_SENSOR_CLOCK, 0, NULL);
    assert_int_equal(cf_meter_read(rig.meter, clock, &value, &rig.error), SY_UNAVAILABLE);
    rig.fake->scopes = 17;
    assert_int_equal(cf_meter_read(rig.meter, 0, &value, &rig.error), SY_UNAVAILABLE);
    meter_rig_end(&rig);
}

/* The count of cards is returned, or written with a status returned: both are understood. */
static void both_ways_to_count(void **state) {
    (void)state;
    for (int way = 0; way < 2; way++) {
        meter_rig rig = {0};
        begin(&rig);
        rig.fake->way = way;
        meter_rig_open(&rig, &cf_meter_mxsml, CARD, SY_OK);
        meter_rig_open(&rig, &cf_meter_mxsml, "0000:b0:00.0", SY_UNAVAILABLE);
        meter_rig_expect_words(&rig, "not one of the 2 cards");
        rig.fake->card_count = 0;
        meter_rig_open(&rig, &cf_meter_mxsml, CARD, SY_UNAVAILABLE);
        meter_rig_expect_words(&rig, "not one of the 0 cards");
        meter_rig_end(&rig);
    }
    meter_rig failed = {0};
    begin(&failed);
    failed.fake->way = 2;
    meter_rig_open(&failed, &cf_meter_mxsml, CARD, SY_UNAVAILABLE);
    meter_rig_expect_words(&failed, "not one of the 0 cards");
    meter_rig_end(&failed);
}

static void reasons_are_translated(void **state) {
    (void)state;
    static const struct {
        unsigned long long theirs;
        uint32_t ours;
    } cases[] = {{0, 0}, {0x1, CF_THROTTLE_IDLE}, {0x2, CF_THROTTLE_SETTING}, {0x4, CF_THROTTLE_POWER_CAP},
        {0x8, CF_THROTTLE_HEAT}, {0x10, CF_THROTTLE_HEAT}, {0x20, CF_THROTTLE_HEAT}, {0x40, CF_THROTTLE_HEAT},
        {0x80, CF_THROTTLE_HARDWARE}, {0x100, CF_THROTTLE_POWER_BRAKE}, {0x200, CF_THROTTLE_HARDWARE},
        {0x400, CF_THROTTLE_OTHER}, {0x80000000, CF_THROTTLE_OTHER}, {1ull << 50, CF_THROTTLE_OTHER},
        {0x28c, CF_THROTTLE_POWER_CAP | CF_THROTTLE_HEAT | CF_THROTTLE_HARDWARE}};
    meter_rig rig = {0};
    begin(&rig);
    meter_rig_open(&rig, &cf_meter_mxsml, CARD, SY_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rig.fake->reasons = cases[i].theirs;
        assert_near(cases[i].ours, meter_rig_value(&rig, SY_SENSOR_THROTTLE, 0), 0);
    }
    meter_rig_end(&rig);
}

/* Texts of the library may fill their room to the last byte. */
static void identity(void **state) {
    (void)state;
    meter_rig rig = {0};
    cf_meter_identity who;
    begin(&rig);
    meter_rig_open(&rig, &cf_meter_mxsml, CARD, SY_OK);
    assert_int_equal(cf_meter_identify(rig.meter, &who, &rig.error), SY_OK);
    assert_string_equal(who.vendor, "MetaX");
    assert_string_equal(who.name, "CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC");
    assert_int_equal(strlen(who.uuid), 47);
    assert_int_equal(strncmp(who.uuid, "GPU-1-", 6), 0);
    assert_string_equal(who.driver, "2.14.6");
    meter_rig_fail(&rig, "GetDeviceInfo", 4);
    meter_rig_fail(&rig, "GetDeviceVersion", 10);
    assert_int_equal(cf_meter_identify(rig.meter, &who, &rig.error), SY_OK);
    assert_string_equal(who.name, "");
    assert_string_equal(who.driver, "");
    meter_rig_end(&rig);
}

static void errors(void **state) {
    (void)state;
    static const struct {
        int code;
        sy_status status;
    } cases[] = {{3, SY_UNSUPPORTED}, {4, SY_UNAVAILABLE}, {8, SY_UNAVAILABLE}, {1, SY_INTERNAL}};
    static const char *const calls[] = {"GetBoardPowerInfo", "GetClocks", "GetTemperatureInfo"};
    static const uint32_t kinds[] = {SY_SENSOR_POWER_AVERAGE, SY_SENSOR_CLOCK, SY_SENSOR_TEMPERATURE};
    meter_rig rig = {0};
    begin(&rig);
    meter_rig_open(&rig, &cf_meter_mxsml, CARD, SY_OK);
    for (size_t i = 0; i < 4; i++)
        for (size_t k = 0; k < 3; k++) {
            double value = 0;
            uint32_t index = (uint32_t)meter_rig_find(&rig, kinds[k], 0, NULL);
            meter_rig_fail(&rig, calls[k], cases[i].code);
            assert_int_equal(cf_meter_read(rig.meter, index, &value, &rig.error), cases[i].status);
            assert_int_equal(rig.error.vendor_code, cases[i].code);
        }
    meter_rig_end(&rig);

    meter_rig closed = {0};
    begin(&closed);
    meter_rig_fail(&closed, "Init", 2);
    meter_rig_open(&closed, &cf_meter_mxsml, CARD, SY_UNAVAILABLE);
    meter_rig_expect_words(&closed, "/dev/mxcd");
    assert_int_equal(closed.libraries, 1);
    assert_string_equal(closed.version, "");
    meter_rig_end(&closed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_are_si),
        cmocka_unit_test(class_n_has_other_clocks),
        cmocka_unit_test(ways_are_summed),
        cmocka_unit_test(both_ways_to_count),
        cmocka_unit_test(reasons_are_translated),
        cmocka_unit_test(identity),
        cmocka_unit_test(errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
