/* NVML's sensors and what it tells of a card. */
#include "tests/unit/backends/cuda_family/meter_rig.h"

#include <math.h>
#include <unistd.h>

#include "tests/support/near.h"

#define CARD "0000:3b:00.0"

static void begin(meter_rig *rig) {
    meter_rig_begin(rig, "nvml", FAKE_METERS "nvml.so");
}

static void expect_sensor(meter_rig *rig, uint32_t kind, uint32_t n, double value, uint32_t unit,
    uint32_t scope, double resolution, uint64_t window) {
    sy_sensor sensor = {0};
    assert_true(meter_rig_find(rig, kind, n, &sensor) >= 0);
    assert_near(value, meter_rig_value(rig, kind, n), fabs(value) * 1e-15);
    assert_int_equal(sensor.unit, unit);
    assert_int_equal(sensor.scope, scope);
    assert_true(sensor.resolution == resolution);
    assert_int_equal(sensor.window_ns, window);
    bool is_measured =
        kind == SY_SENSOR_ENERGY || kind == SY_SENSOR_POWER_AVERAGE || kind == SY_SENSOR_POWER_INSTANT;
    assert_true(isnan(sensor.wrap) && isnan(sensor.gain_uncertainty) != is_measured);
    if (is_measured)
        assert_near(0.0288675, sensor.gain_uncertainty, 1e-7);
    assert_true(sensor.name[0] != '\0');
}

static void expect_period(meter_rig *rig, uint32_t kind, uint64_t period_ns) {
    sy_sensor sensor = {0};
    assert_true(meter_rig_find(rig, kind, 0, &sensor) >= 0);
    assert_int_equal(sensor.update_period_ns, period_ns);
}

static void units_are_si(void **state) {
    (void)state;
    meter_rig rig = {0};
    begin(&rig);
    meter_rig_open(&rig, &cf_meter_nvml, CARD, SY_OK);
    expect_sensor(&rig, SY_SENSOR_ENERGY, 0, 123456.789, SY_UNIT_JOULE, SY_SCOPE_CARD, 1e-3, 0);
    expect_sensor(&rig, SY_SENSOR_POWER_INSTANT, 0, 321.0, SY_UNIT_WATT, SY_SCOPE_CARD, 1e-3, 0);
    expect_sensor(&rig, SY_SENSOR_POWER_AVERAGE, 0, 300.5, SY_UNIT_WATT, SY_SCOPE_CARD, 1e-3, 1000000000u);
    expect_sensor(&rig, SY_SENSOR_TEMPERATURE, 0, 41, SY_UNIT_CELSIUS, SY_SCOPE_DIE, 1, 0);
    expect_sensor(&rig, SY_SENSOR_CLOCK, 0, 1980e6, SY_UNIT_HERTZ, SY_SCOPE_DIE, 1e6, 0);
    expect_sensor(&rig, SY_SENSOR_CLOCK, 1, 3201e6, SY_UNIT_HERTZ, SY_SCOPE_CARD, 1e6, 0);
    expect_sensor(&rig, SY_SENSOR_THROTTLE, 0, 0, SY_UNIT_BITS, SY_SCOPE_CARD, 1, 0);
    expect_sensor(&rig, SY_SENSOR_POWER_CAP, 0, 650, SY_UNIT_WATT, SY_SCOPE_CARD, 1e-3, 0);
    expect_sensor(&rig, SY_SENSOR_POWER_CAP_DEFAULT, 0, 700, SY_UNIT_WATT, SY_SCOPE_CARD, 1e-3, 0);
    expect_period(&rig, SY_SENSOR_ENERGY, 100000000);
    expect_period(&rig, SY_SENSOR_POWER_INSTANT, 100000000);
    expect_period(&rig, SY_SENSOR_POWER_AVERAGE, 100000000);
    expect_period(&rig, SY_SENSOR_TEMPERATURE, 0);
    expect_period(&rig, SY_SENSOR_POWER_CAP, 0);
    /* The module does not answer, and the old call is not asked where fields tell more. */
    assert_int_equal(meter_rig_find(&rig, SY_SENSOR_POWER_INSTANT, 1, NULL), -1);
    assert_int_equal(meter_rig_find(&rig, SY_SENSOR_POWER_AVERAGE, 1, NULL), -1);
    meter_rig_end(&rig);
}

static void a_counter_that_stands_still_at_zero_is_none(void **state) {
    (void)state;
    static const unsigned long long values[] = {0, ~0ull};
    for (size_t i = 0; i < 2; i++) {
        meter_rig rig = {0};
        begin(&rig);
        rig.fake->energy = values[i];
        meter_rig_open(&rig, &cf_meter_nvml, CARD, SY_OK);
        assert_int_equal(meter_rig_find(&rig, SY_SENSOR_ENERGY, 0, NULL), -1);
        meter_rig_end(&rig);
    }
}

/* More than 2^32 mJ, and as much as a double still counts in steps of 1 mJ. */
static void a_counter_has_all_its_bits(void **state) {
    (void)state;
    meter_rig rig = {0};
    begin(&rig);
    rig.fake->energy = 9007199254740991ull;
    meter_rig_open(&rig, &cf_meter_nvml, CARD, SY_OK);
    assert_near(
        9007199254740.991, meter_rig_value(&rig, SY_SENSOR_ENERGY, 0), fabs(9007199254740.991) * 1e-15);
    meter_rig_end(&rig);
}

static void a_module_may_be_all_that_answers(void **state) {
    (void)state;
    meter_rig rig = {0};
    begin(&rig);
    rig.fake->scopes = 2;
    meter_rig_fail(&rig, "DeviceGetPowerUsage", 3);
    meter_rig_open(&rig, &cf_meter_nvml, CARD, SY_OK);
    expect_sensor(&rig, SY_SENSOR_POWER_INSTANT, 0, 700, SY_UNIT_WATT, SY_SCOPE_PACKAGE, 1e-3, 0);
    expect_sensor(&rig, SY_SENSOR_POWER_AVERAGE, 0, 700, SY_UNIT_WATT, SY_SCOPE_PACKAGE, 1e-3, 1000000000u);
    meter_rig_end(&rig);
}

/* Without fields the old call's one number is what the chip's generation says. */
static void the_old_call_by_generation(void **state) {
    (void)state;
    static const struct {
        int major, minor;
        uint32_t kind;
        uint64_t window;
    } cases[] = {{7, 5, SY_SENSOR_POWER_INSTANT, 0}, {8, 0, SY_SENSOR_POWER_INSTANT, 0},
        {8, 6, SY_SENSOR_POWER_AVERAGE, 1000000000u}, {9, 0, SY_SENSOR_POWER_AVERAGE, 1000000000u}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        meter_rig rig = {0};
        begin(&rig);
        rig.fake->capability_major = cases[i].major;
        rig.fake->capability_minor = cases[i].minor;
        meter_rig_fail(&rig, "DeviceGetFieldValues", 13);
        meter_rig_open(&rig, &cf_meter_nvml, CARD, SY_OK);
        expect_sensor(&rig, cases[i].kind, 0, 300.5, SY_UNIT_WATT, SY_SCOPE_CARD, 1e-3, cases[i].window);
        expect_period(&rig, cases[i].kind, cases[i].window > 0 ? 100000000 : 0);
        expect_period(&rig, SY_SENSOR_ENERGY, 100000000);
        uint32_t other = SY_SENSOR_POWER_AVERAGE + SY_SENSOR_POWER_INSTANT - cases[i].kind;
        assert_int_equal(meter_rig_find(&rig, other, 0, NULL), -1);
        meter_rig_end(&rig);
    }
}

static void of_unknown_generation_the_window_is_unknown(void **state) {
    (void)state;
    meter_rig rig = {0};
    begin(&rig);
    meter_rig_fail(&rig, "DeviceGetFieldValues", 13);
    meter_rig_fail(&rig, "DeviceGetCudaComputeCapability", 999);
    meter_rig_open(&rig, &cf_meter_nvml, CARD, SY_OK);
    expect_sensor(&rig, SY_SENSOR_POWER_AVERAGE, 0, 300.5, SY_UNIT_WATT, SY_SCOPE_CARD, 1e-3, 0);
    expect_period(&rig, SY_SENSOR_POWER_AVERAGE, 0);
    meter_rig_end(&rig);
}

/* A chip without the average (GA100) has the instantaneous field alone. */
static void one_field_of_two(void **state) {
    (void)state;
    meter_rig rig = {0};
    begin(&rig);
    rig.fake->average = 0;
    meter_rig_open(&rig, &cf_meter_nvml, CARD, SY_OK);
    expect_sensor(&rig, SY_SENSOR_POWER_INSTANT, 0, 321, SY_UNIT_WATT, SY_SCOPE_CARD, 1e-3, 0);
    assert_int_equal(meter_rig_find(&rig, SY_SENSOR_POWER_AVERAGE, 0, NULL), -1);
    meter_rig_end(&rig);
}

/* A field comes as whatever type it says; one that nobody knows, or none, is no value. */
static void fields_of_every_type(void **state) {
    (void)state;
    static const int types[] = {100, 1, 2, 3, 4, 5, 6};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        meter_rig rig = {0};
        begin(&rig);
        rig.fake->way = types[i];
        rig.fake->power = 54321;
        meter_rig_open(&rig, &cf_meter_nvml, CARD, SY_OK);
        assert_near(54.321, meter_rig_value(&rig, SY_SENSOR_POWER_INSTANT, 0), fabs(54.321) * 1e-15);
        meter_rig_end(&rig);
    }
    meter_rig rig = {0};
    begin(&rig);
    rig.fake->way = 77;
    meter_rig_open(&rig, &cf_meter_nvml, CARD, SY_OK);
    assert_int_equal(meter_rig_find(&rig, SY_SENSOR_POWER_INSTANT, 0, NULL), -1);
    meter_rig_end(&rig);
}

static void no_value_is_told_from_a_large_one(void **state) {
    (void)state;
    static const int types[] = {1, 3};
    for (size_t i = 0; i < 2; i++) {
        meter_rig rig = {0};
        double value = 0;
        begin(&rig);
        rig.fake->way = types[i];
        meter_rig_open(&rig, &cf_meter_nvml, CARD, SY_OK);
        rig.fake->power = rig.fake->cap = rig.fake->clock = 0xffffffffu;
        rig.fake->energy = ~0ull;
        static const uint32_t kinds[] = {
            SY_SENSOR_POWER_INSTANT, SY_SENSOR_POWER_CAP, SY_SENSOR_CLOCK, SY_SENSOR_ENERGY};
        for (size_t k = 0; k < 4; k++) {
            uint32_t index = (uint32_t)meter_rig_find(&rig, kinds[k], 0, NULL);
            assert_int_equal(cf_meter_read(rig.meter, index, &value, &rig.error), SY_UNAVAILABLE);
            assert_true(isnan(value));
            meter_rig_expect_words(&rig, "no value now");
        }
        meter_rig_end(&rig);
    }
}

static void temperature_by_the_older_call(void **state) {
    (void)state;
    meter_rig rig = {0};
    begin(&rig);
    meter_rig_fail(&rig, "DeviceGetTemperatureV", 25);
    meter_rig_open(&rig, &cf_meter_nvml, CARD, SY_OK);
    assert_true(meter_rig_value(&rig, SY_SENSOR_TEMPERATURE, 0) == 41);
    rig.fake->celsius = 0xffffffffu;
    double value = 0;
    uint32_t index = (uint32_t)meter_rig_find(&rig, SY_SENSOR_TEMPERATURE, 0, NULL);
    assert_int_equal(cf_meter_read(rig.meter, index, &value, &rig.error), SY_UNAVAILABLE);
    meter_rig_fail(&rig, "DeviceGetTemperature", 3);
    assert_int_equal(cf_meter_read(rig.meter, index, &value, &rig.error), SY_UNSUPPORTED);
    meter_rig_expect_words(&rig, "Not Supported");
    meter_rig_end(&rig);
}

static void reasons_keep_their_numbers(void **state) {
    (void)state;
    meter_rig rig = {0};
    begin(&rig);
    meter_rig_open(&rig, &cf_meter_nvml, CARD, SY_OK);
    for (unsigned bit = 1; bit <= 0x100; bit *= 2) {
        rig.fake->reasons = bit;
        assert_true(meter_rig_value(&rig, SY_SENSOR_THROTTLE, 0) == (double)bit);
        assert_non_null(cf_throttle_word(bit));
    }
    rig.fake->reasons = 0x4 | 0x200 | 1ull << 40;
    assert_true(
        meter_rig_value(&rig, SY_SENSOR_THROTTLE, 0) == (double)(CF_THROTTLE_POWER_CAP | CF_THROTTLE_OTHER));
    assert_non_null(cf_throttle_word(CF_THROTTLE_OTHER));
    assert_null(cf_throttle_word(0x400));
    assert_null(cf_throttle_word(0));
    meter_rig_end(&rig);
}

static void identity(void **state) {
    (void)state;
    meter_rig rig = {0};
    cf_meter_identity who;
    begin(&rig);
    rig.fake->mig = 1;
    meter_rig_open(&rig, &cf_meter_nvml, "3B:00", SY_OK);
    assert_int_equal(cf_meter_identify(rig.meter, &who, &rig.error), SY_OK);
    assert_string_equal(who.library, "nvml");
    assert_string_equal(who.vendor, "NVIDIA");
    assert_string_equal(who.name, "Fake H200");
    assert_string_equal(who.uuid, "GPU-12345678-1234-1234-1234-123456789012");
    assert_string_equal(who.driver, "580.65.06");
    assert_string_equal(who.pci, CARD);
    assert_int_equal(who.mig, 1);
    assert_int_equal(who.ecc, 1);
    assert_true(who.power_cap_w == 650 && who.power_cap_default_w == 700);
    meter_rig_end(&rig);
}

static void what_is_not_told_is_unknown(void **state) {
    (void)state;
    meter_rig rig = {0};
    cf_meter_identity who;
    begin(&rig);
    meter_rig_fail(&rig, "DeviceGetMigMode", 3);
    meter_rig_fail(&rig, "DeviceGetEccMode", 3);
    meter_rig_fail(&rig, "DeviceGetUUID", 999);
    meter_rig_fail(&rig, "DeviceGetComputeRunningProcesses", 4);
    rig.fake->cap = 0;
    meter_rig_open(&rig, &cf_meter_nvml, CARD, SY_OK);
    assert_int_equal(cf_meter_identify(rig.meter, &who, &rig.error), SY_OK);
    assert_int_equal(who.mig, -1);
    assert_int_equal(who.ecc, -1);
    assert_int_equal(who.other_processes, -1);
    assert_string_equal(who.uuid, "");
    assert_true(isnan(who.power_cap_w));
    meter_rig_end(&rig);
}

static int32_t count_others(meter_rig *rig) {
    cf_meter_identity who;
    assert_int_equal(cf_meter_identify(rig->meter, &who, &rig->error), SY_OK);
    return who.other_processes;
}

/* Entries of the list have 16, 24 or 32 bytes by version: found out, not assumed. */
static void other_processes_are_counted(void **state) {
    (void)state;
    static const uint32_t entries[] = {16, 24, 32};
    for (size_t i = 0; i < 3; i++) {
        meter_rig rig = {0};
        begin(&rig);
        rig.fake->entry_bytes = entries[i];
        meter_rig_open(&rig, &cf_meter_nvml, CARD, SY_OK);
        uint32_t own = (uint32_t)getpid();
        rig.fake->pid_count = 3;
        rig.fake->pids[0] = own + 100000;
        rig.fake->pids[1] = own;
        rig.fake->pids[2] = own + 200000;
        assert_int_equal(count_others(&rig), 2);
        rig.fake->pids[1] = own + 300000;
        rig.fake->pids[2] = own;
        assert_int_equal(count_others(&rig), 2);
        rig.fake->pid_count = 1;
        rig.fake->pids[0] = own;
        assert_int_equal(count_others(&rig), 0);
        /* Not listed: nobody else, or a container that sees nobody. */
        rig.fake->pid_count = 0;
        int32_t unseen = count_others(&rig);
        assert_true(unseen == 0 || unseen == -1);
        rig.fake->pid_count = 65;
        assert_int_equal(count_others(&rig), -1);
        meter_rig_end(&rig);
    }
}

static void errors_have_words_and_numbers(void **state) {
    (void)state;
    static const struct {
        int code;
        sy_status status;
        const char *words;
    } cases[] = {{3, SY_UNSUPPORTED, "Not Supported (3)"}, {13, SY_UNSUPPORTED, "(13)"},
        {15, SY_LOST, "GPU is lost (15)"}, {16, SY_LOST, "(16)"}, {999, SY_INTERNAL, "(999)"}};
    meter_rig rig = {0};
    begin(&rig);
    meter_rig_open(&rig, &cf_meter_nvml, CARD, SY_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double value = 0;
        meter_rig_fail(&rig, "DeviceGetTotalEnergyConsumption", cases[i].code);
        assert_int_equal(cf_meter_read(rig.meter, 0, &value, &rig.error), cases[i].status);
        assert_true(isnan(value));
        assert_int_equal(rig.error.vendor_code, cases[i].code);
        meter_rig_expect_words(&rig, cases[i].words);
        meter_rig_expect_words(&rig, "nvml " CARD ": energy");
    }
    meter_rig_fail(&rig, "DeviceGetTotalEnergyConsumption", 0);
    meter_rig_fail(&rig, "DeviceGetFieldValues", 15);
    double value = 0;
    assert_int_equal(cf_meter_read(rig.meter, 1, &value, &rig.error), SY_LOST);
    meter_rig_end(&rig);
}

static void a_call_that_fails_costs_its_sensor(void **state) {
    (void)state;
    static const struct {
        const char *call;
        uint32_t kind;
    } cases[] = {{"DeviceGetTotalEnergyConsumption", SY_SENSOR_ENERGY},
        {"DeviceGetEnforcedPowerLimit", SY_SENSOR_POWER_CAP},
        {"DeviceGetPowerManagementDefaultLimit", SY_SENSOR_POWER_CAP_DEFAULT},
        {"DeviceGetCurrentClocksEventReasons", SY_SENSOR_THROTTLE},
        {"DeviceGetClockInfo of memory", SY_SENSOR_CLOCK}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        meter_rig rig = {0};
        begin(&rig);
        meter_rig_fail(&rig, cases[i].call, 3);
        meter_rig_open(&rig, &cf_meter_nvml, CARD, SY_OK);
        assert_int_equal(
            meter_rig_find(&rig, cases[i].kind, cases[i].kind == SY_SENSOR_CLOCK ? 1 : 0, NULL), -1);
        assert_true(meter_rig_find(&rig, SY_SENSOR_TEMPERATURE, 0, NULL) >= 0);
        meter_rig_end(&rig);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_are_si),
        cmocka_unit_test(a_counter_that_stands_still_at_zero_is_none),
        cmocka_unit_test(a_counter_has_all_its_bits),
        cmocka_unit_test(a_module_may_be_all_that_answers),
        cmocka_unit_test(the_old_call_by_generation),
        cmocka_unit_test(of_unknown_generation_the_window_is_unknown),
        cmocka_unit_test(one_field_of_two),
        cmocka_unit_test(fields_of_every_type),
        cmocka_unit_test(no_value_is_told_from_a_large_one),
        cmocka_unit_test(temperature_by_the_older_call),
        cmocka_unit_test(reasons_keep_their_numbers),
        cmocka_unit_test(identity),
        cmocka_unit_test(what_is_not_told_is_unknown),
        cmocka_unit_test(other_processes_are_counted),
        cmocka_unit_test(errors_have_words_and_numbers),
        cmocka_unit_test(a_call_that_fails_costs_its_sensor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
