/* RSMI's sensors, in every spelling of its versions. */
#include "tests/unit/backends/cuda_family/meter_rig.h"

#include <math.h>

#include "tests/support/near.h"

#define CARD "00000001:AF:03.2"

static void begin(meter_rig *rig) {
    meter_rig_begin(rig, "rsmi", FAKE_METERS "rsmi.so");
    /* Of the list of frequencies: length and place of the current one. */
    rig->fake->pid_count = 3;
    rig->fake->entry_bytes = 1;
}

static void units_are_si(void **state) {
    (void)state;
    meter_rig rig = {0};
    sy_sensor sensor = {0};
    begin(&rig);
    rig.fake->ecc = 1;
    meter_rig_open(&rig, &cf_meter_rsmi, CARD, SY_OK);
    assert_true(meter_rig_find(&rig, SY_SENSOR_ENERGY, 0, &sensor) >= 0);
    assert_near(15.259e-6, sensor.resolution, 1e-11);
    assert_int_equal(sensor.unit, SY_UNIT_JOULE);
    assert_near(123456789 * 15.259e-6, meter_rig_value(&rig, SY_SENSOR_ENERGY, 0), 1e-3);
    assert_true(meter_rig_find(&rig, SY_SENSOR_POWER_INSTANT, 0, &sensor) >= 0);
    assert_int_equal(sensor.scope, SY_SCOPE_PACKAGE);
    assert_near(700, meter_rig_value(&rig, SY_SENSOR_POWER_INSTANT, 0), 1e-9);
    assert_true(meter_rig_find(&rig, SY_SENSOR_POWER_INSTANT, 1, &sensor) >= 0);
    assert_int_equal(sensor.scope, SY_SCOPE_UNKNOWN);
    assert_near(321, meter_rig_value(&rig, SY_SENSOR_POWER_INSTANT, 1), 1e-9);
    assert_near(300.5, meter_rig_value(&rig, SY_SENSOR_POWER_AVERAGE, 0), 1e-9);
    assert_int_equal(meter_rig_find(&rig, SY_SENSOR_POWER_AVERAGE, 1, NULL), -1);
    assert_near(46.5, meter_rig_value(&rig, SY_SENSOR_TEMPERATURE, 0), 1e-9);
    assert_near(41, meter_rig_value(&rig, SY_SENSOR_TEMPERATURE, 1), 1e-9);
    assert_near(650, meter_rig_value(&rig, SY_SENSOR_POWER_CAP, 0), 1e-9);
    assert_near(700, meter_rig_value(&rig, SY_SENSOR_POWER_CAP_DEFAULT, 0), 1e-9);
    assert_string_equal(rig.version, "driver 6.2.1");
    meter_rig_end(&rig);
}

/* The newer call says which of both its number is: it is never taken for the other. */
static void the_newer_call_says_what_it_gives(void **state) {
    (void)state;
    meter_rig rig = {0};
    begin(&rig);
    rig.fake->ecc = 0;
    meter_rig_fail(&rig, "dev_power_ave_get", 2);
    meter_rig_fail(&rig, "dev_current_socket_power_get", 2);
    meter_rig_open(&rig, &cf_meter_rsmi, CARD, SY_OK);
    assert_int_equal(meter_rig_find(&rig, SY_SENSOR_POWER_INSTANT, 0, NULL), -1);
    assert_near(321, meter_rig_value(&rig, SY_SENSOR_POWER_AVERAGE, 0), 1e-9);
    rig.fake->ecc = 1;
    double value = 0;
    uint32_t index = (uint32_t)meter_rig_find(&rig, SY_SENSOR_POWER_AVERAGE, 0, NULL);
    assert_int_equal(cf_meter_read(rig.meter, index, &value, &rig.error), SY_UNAVAILABLE);
    meter_rig_end(&rig);
}

/* Whether a driver fills the counter is not known: one that does not has no sensor. */
static void a_counter_that_is_not_filled_is_none(void **state) {
    (void)state;
    static const struct {
        unsigned long long count;
        float step;
        const char *call;
        int code;
    } cases[] = {{0, 15.259f, NULL, 0}, {5, 0.0f, NULL, 0}, {5, -1.0f, NULL, 0}, {5, NAN, NULL, 0},
        {~0ull, 15.259f, NULL, 0}, {5, 15.259f, "dev_energy_count_get", 2}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        meter_rig rig = {0};
        begin(&rig);
        rig.fake->energy = cases[i].count;
        rig.fake->resolution = cases[i].step;
        if (cases[i].call != NULL)
            meter_rig_fail(&rig, cases[i].call, cases[i].code);
        meter_rig_open(&rig, &cf_meter_rsmi, CARD, SY_OK);
        assert_int_equal(meter_rig_find(&rig, SY_SENSOR_ENERGY, 0, NULL), -1);
        meter_rig_end(&rig);
    }
}

/* The second die of a socket tells 0 W: it is not measured. */
static void a_die_without_power_has_no_sensor_of_it(void **state) {
    (void)state;
    meter_rig rig = {0};
    begin(&rig);
    rig.fake->power = rig.fake->average = rig.fake->module = 0;
    meter_rig_open(&rig, &cf_meter_rsmi, CARD, SY_OK);
    assert_int_equal(meter_rig_find(&rig, SY_SENSOR_POWER_INSTANT, 0, NULL), -1);
    assert_int_equal(meter_rig_find(&rig, SY_SENSOR_POWER_AVERAGE, 0, NULL), -1);
    meter_rig_end(&rig);
}

static void clocks_of_both_layouts(void **state) {
    (void)state;
    for (int way = 0; way < 3; way++)
        for (uint32_t length = 1; length <= 32; length++)
            for (uint32_t place = 0; place < length; place += 5) {
                meter_rig rig = {0};
                begin(&rig);
                rig.fake->way = way;
                rig.fake->pid_count = length;
                rig.fake->entry_bytes = place;
                meter_rig_open(&rig, &cf_meter_rsmi, CARD, SY_OK);
                assert_near(1980e6 + place, meter_rig_value(&rig, SY_SENSOR_CLOCK, 0), 0);
                assert_near(3201e6 + place, meter_rig_value(&rig, SY_SENSOR_CLOCK, 1), 0);
                meter_rig_end(&rig);
            }
}

static void a_list_that_makes_no_sense_is_no_clock(void **state) {
    (void)state;
    static const uint32_t cases[][2] = {{0, 0}, {3, 3}, {34, 0}, {0xffffffffu, 0}};
    for (int way = 0; way < 3; way++)
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
            meter_rig rig = {0};
            begin(&rig);
            rig.fake->way = way;
            rig.fake->pid_count = cases[i][0];
            rig.fake->entry_bytes = cases[i][1];
            meter_rig_open(&rig, &cf_meter_rsmi, CARD, SY_OK);
            assert_int_equal(meter_rig_find(&rig, SY_SENSOR_CLOCK, 0, NULL), -1);
            meter_rig_end(&rig);
        }
}

static void identity(void **state) {
    (void)state;
    meter_rig rig = {0};
    cf_meter_identity who;
    begin(&rig);
    meter_rig_open(&rig, &cf_meter_rsmi, CARD, SY_OK);
    assert_int_equal(cf_meter_identify(rig.meter, &who, &rig.error), SY_OK);
    assert_string_equal(who.vendor, "AMD or Hygon");
    assert_string_equal(who.name, "card 1");
    assert_string_equal(who.uuid, "00000000abcdef01");
    assert_string_equal(who.driver, "6.2.1");
    assert_string_equal(who.pci, "0001:af:03.2");
    assert_int_equal(who.ecc, -1);
    assert_int_equal(who.other_processes, -1);
    meter_rig_end(&rig);
}

/* Parts of one card have its address, and its first one's meter. */
static void parts_share_the_first_meter(void **state) {
    (void)state;
    meter_rig rig = {0};
    cf_meter_identity who;
    begin(&rig);
    rig.fake->way = 3;
    rig.fake->bus[1] = rig.fake->bus[0];
    meter_rig_open(&rig, &cf_meter_rsmi, "1:3b:3.2", SY_OK);
    assert_int_equal(cf_meter_identify(rig.meter, &who, &rig.error), SY_OK);
    assert_string_equal(who.name, "card 0");
    meter_rig_end(&rig);
}

static void other_addresses_are_not_known(void **state) {
    (void)state;
    static const char *const addresses[] = {
        "0000:af:03.2", "0001:ae:03.2", "0001:af:02.2", "0001:af:03.1", "0001:af:03"};
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        meter_rig rig = {0};
        begin(&rig);
        meter_rig_open(&rig, &cf_meter_rsmi, addresses[i], SY_UNAVAILABLE);
        meter_rig_expect_words(&rig, "not one of the 2 cards");
        meter_rig_end(&rig);
    }
}

static void errors(void **state) {
    (void)state;
    static const struct {
        int code;
        sy_status status;
    } cases[] = {{2, SY_UNSUPPORTED}, {9, SY_UNSUPPORTED}, {14, SY_UNAVAILABLE}, {6, SY_INTERNAL}};
    meter_rig rig = {0};
    begin(&rig);
    meter_rig_open(&rig, &cf_meter_rsmi, CARD, SY_OK);
    for (size_t i = 0; i < 4; i++) {
        double value = 0;
        meter_rig_fail(&rig, "dev_energy_count_get", cases[i].code);
        assert_int_equal(cf_meter_read(rig.meter, 0, &value, &rig.error), cases[i].status);
        assert_int_equal(rig.error.vendor_code, cases[i].code);
        assert_true(isnan(value));
    }
    meter_rig_fail(&rig, "num_monitor_devices", 8);
    meter_rig_open(&rig, &cf_meter_rsmi, CARD, SY_UNAVAILABLE);
    meter_rig_expect_words(&rig, "words (8)");
    meter_rig_end(&rig);

    meter_rig closed = {0};
    begin(&closed);
    meter_rig_fail(&closed, "init", 8);
    meter_rig_fail(&closed, "status_string", 1);
    meter_rig_open(&closed, &cf_meter_rsmi, CARD, SY_UNAVAILABLE);
    meter_rig_expect_words(&closed, "does not start: status (8)");
    meter_rig_expect_words(&closed, "/dev/kfd");
    meter_rig_end(&closed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_are_si),
        cmocka_unit_test(the_newer_call_says_what_it_gives),
        cmocka_unit_test(a_counter_that_is_not_filled_is_none),
        cmocka_unit_test(a_die_without_power_has_no_sensor_of_it),
        cmocka_unit_test(clocks_of_both_layouts),
        cmocka_unit_test(a_list_that_makes_no_sense_is_no_clock),
        cmocka_unit_test(identity),
        cmocka_unit_test(parts_share_the_first_meter),
        cmocka_unit_test(other_addresses_are_not_known),
        cmocka_unit_test(errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
