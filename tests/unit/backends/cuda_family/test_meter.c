/* What all meters have in common: libraries, cards, sensors by index, failures of memory, threads. */
#include "tests/unit/backends/cuda_family/meter_rig.h"

#include <math.h>
#include <pthread.h>

#include "runtime/base/seam.h"

#define CARD "0000:3b:00.0"

static void a_library_is_opened_once_and_told(void **state) {
    (void)state;
    meter_rig rig = {0};
    meter_rig_begin(&rig, "nvml", FAKE_METERS "nvml.so");
    meter_rig_open(&rig, &cf_meter_nvml, CARD, SY_OK);
    cf_meter *first = rig.meter;
    rig.meter = NULL;
    meter_rig_open(&rig, &cf_meter_nvml, "0000:af:00.0", SY_OK);
    assert_int_equal(rig.libraries, 1);
    assert_int_equal(rig.fake->inits, 1);
    assert_string_equal(rig.library, "nvml");
    assert_non_null(strstr(rig.path, "/nvml.so"));
    assert_string_equal(rig.version, "13.580.65.06, driver 580.65.06");
    cf_meter_close(first);
    meter_rig_end(&rig);
}

static void versions_that_are_not_told(void **state) {
    (void)state;
    meter_rig rig = {0};
    meter_rig_begin(&rig, "nvml", FAKE_METERS "nvml.so");
    meter_rig_fail(&rig, "SystemGetNVMLVersion", 3);
    meter_rig_open(&rig, &cf_meter_nvml, CARD, SY_OK);
    assert_string_equal(rig.version, "driver 580.65.06");
    meter_rig_end(&rig);
    meter_rig silent = {0};
    meter_rig_begin(&silent, "nvml", FAKE_METERS "nvml.so");
    meter_rig_fail(&silent, "SystemGetNVMLVersion", 3);
    meter_rig_fail(&silent, "SystemGetDriverVersion", 3);
    meter_rig_open(&silent, &cf_meter_nvml, CARD, SY_OK);
    assert_string_equal(silent.version, "");
    meter_rig_end(&silent);
}

/* No host, or one without any service, is enough. */
static void a_host_may_offer_nothing(void **state) {
    (void)state;
    const sy_host host = {.size = offsetof(sy_host, option)};
    const sy_host *const hosts[] = {NULL, &host};
    for (size_t i = 0; i < 2; i++) {
        static const cf_meter_kind *const kinds[] = {&cf_meter_mtml, NULL};
        const cf_vendor *vendor = NULL;
        cf_meter *meter = NULL;
        cf_meters *meters = cf_meters_create(hosts[i], NULL);
        assert_non_null(meters);
        assert_int_not_equal(cf_meter_open(meters, kinds, "ffff:ff:1f.7", &meter, NULL), SY_OK);
        assert_null(meter);
        cf_meters_destroy(meters);
        assert_int_not_equal(cf_vendor_of_pci(hosts[i], "ffff:ff:1f.7", &vendor, NULL), SY_OK);
    }
}

/* Which library, where it was looked for, and what helps. */
static void an_absent_library_is_explained(void **state) {
    (void)state;
    static const struct {
        const cf_meter_kind *kind;
        const char *words[3];
    } cases[] = {
        {&cf_meter_ixml, {"libixml.so", "/usr/local/corex/lib64", "STEELYARD_IXML"}},
        {&cf_meter_rsmi, {"librocm_smi64.so", "/opt/hyhal/lib", "STEELYARD_RSMI"}},
        {&cf_meter_mtml, {"libmtml.so", "/usr/local/musa/lib", "STEELYARD_MTML"}},
        {&cf_meter_mxsml, {"libmxsml.so", "/opt/mxdriver/lib", "STEELYARD_MXSML"}},
        {&cf_meter_xpuml, {"libxpuml.so", "/usr/local/xpu/so", "STEELYARD_XPUML"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        meter_rig rig = {0};
        meter_rig_begin(&rig, "none", NULL);
        meter_rig_open(&rig, cases[i].kind, "ffff:ff:1f.7", SY_UNAVAILABLE);
        for (size_t k = 0; k < 3 && rig.libraries == 0; k++) /* unless this machine has it */
            meter_rig_expect_words(&rig, cases[i].words[k]);
        if (rig.libraries == 0)
            meter_rig_expect_words(&rig, "container");
        meter_rig_end(&rig);
    }
}

static void a_chosen_path_is_the_only_one(void **state) {
    (void)state;
    meter_rig rig = {0};
    meter_rig_begin(&rig, "nvml", "/nowhere/libnvidia-ml.so.1");
    meter_rig_open(&rig, &cf_meter_nvml, CARD, SY_UNAVAILABLE);
    meter_rig_expect_words(&rig, "nvml: option lib.nvml: /nowhere/libnvidia-ml.so.1");
    meter_rig_end(&rig);
}

static void another_library_is_none(void **state) {
    (void)state;
    meter_rig rig = {0};
    meter_rig_begin(&rig, "nvml", FAKE_METERS "mtml.so");
    meter_rig_open(&rig, &cf_meter_nvml, CARD, SY_INCOMPATIBLE);
    meter_rig_expect_words(&rig, "nvmlDeviceGetHandleByPciBusId_v2");
    assert_int_equal(rig.libraries, 1);
    meter_rig_end(&rig);
}

static void a_library_that_does_not_start_says_why(void **state) {
    (void)state;
    meter_rig rig = {0};
    meter_rig_begin(&rig, "nvml", FAKE_METERS "nvml.so");
    meter_rig_fail(&rig, "Init", 9);
    meter_rig_open(&rig, &cf_meter_nvml, CARD, SY_UNAVAILABLE);
    meter_rig_expect_words(&rig, "nvml: it does not start: Driver Not Loaded (9)");
    meter_rig_expect_words(&rig, "NVIDIA_DRIVER_CAPABILITIES");
    /* It is not tried again. */
    meter_rig_fail(&rig, "Init", 0);
    meter_rig_open(&rig, &cf_meter_nvml, CARD, SY_UNAVAILABLE);
    meter_rig_end(&rig);
}

static void not_an_address(void **state) {
    (void)state;
    meter_rig rig = {0};
    meter_rig_begin(&rig, "nvml", FAKE_METERS "nvml.so");
    meter_rig_open(&rig, &cf_meter_nvml, "GPU 0", SY_INVALID_ARGUMENT);
    meter_rig_expect_words(&rig, "GPU 0");
    assert_int_equal(rig.libraries, 0);
    meter_rig_open(&rig, &cf_meter_nvml, "0000:3c:00.0", SY_UNAVAILABLE);
    meter_rig_expect_words(&rig, "nvml 0000:3c:00.0: no card is found there: Words (6)");
    meter_rig_fail(&rig, "DeviceGetHandleByPciBusId", 15);
    meter_rig_open(&rig, &cf_meter_nvml, CARD, SY_LOST);
    meter_rig_end(&rig);
}

/* A card lost while its sensors are looked for gives no meter. */
static void lost_at_the_beginning(void **state) {
    (void)state;
    meter_rig rig = {0};
    meter_rig_begin(&rig, "nvml", FAKE_METERS "nvml.so");
    meter_rig_fail(&rig, "DeviceGetClockInfo", 15);
    meter_rig_open(&rig, &cf_meter_nvml, CARD, SY_LOST);
    meter_rig_expect_words(&rig, "GPU is lost");
    meter_rig_fail(&rig, "DeviceGetClockInfo", 0);
    meter_rig_open(&rig, &cf_meter_nvml, CARD, SY_OK);
    cf_meter_identity who;
    meter_rig_fail(&rig, "DeviceGetEnforcedPowerLimit", 16);
    assert_int_equal(cf_meter_identify(rig.meter, &who, &rig.error), SY_LOST);
    meter_rig_end(&rig);
}

/*
 * Behind a libcudart.so may be any of several vendors' cards: whose, is told by the library that knows the
 * address. Here NVIDIA's is there too and has other cards.
 */
static void the_library_that_knows_the_card_answers(void **state) {
    (void)state;
    static const cf_meter_kind *const kinds[] = {&cf_meter_nvml, &cf_meter_mtml, &cf_meter_ixml, NULL};
    meter_rig rig = {0}, other = {0};
    cf_meter_identity who;
    meter_rig_begin(&other, "nvml", FAKE_METERS "nvml.so");
    other.fake->bus[0] = 0x17;
    rig.option[0].key = "lib.nvml";
    rig.option[0].value = FAKE_METERS "nvml.so";
    rig.option[1].key = "lib.mtml";
    rig.option[1].value = "/nowhere/libmtml.so.1";
    meter_rig_begin(&rig, "ixml", FAKE_METERS "ixml.so");
    assert_int_equal(cf_meter_open(rig.meters, kinds, CARD, &rig.meter, &rig.error), SY_OK);
    assert_int_equal(cf_meter_identify(rig.meter, &who, &rig.error), SY_OK);
    assert_string_equal(who.vendor, "Iluvatar");
    cf_meter_close(rig.meter);
    assert_int_equal(cf_meter_open(rig.meters, kinds, "0:17:0.0", &rig.meter, &rig.error), SY_OK);
    assert_int_equal(cf_meter_identify(rig.meter, &who, &rig.error), SY_OK);
    assert_string_equal(who.vendor, "NVIDIA");
    cf_meter_close(rig.meter);
    /* Nobody's: each is named with its reason. */
    assert_int_equal(cf_meter_open(rig.meters, kinds, "0:18:0.0", &rig.meter, &rig.error), SY_UNAVAILABLE);
    assert_null(rig.meter);
    meter_rig_expect_words(&rig, "nvml 0000:18:00.0: no card is found there");
    meter_rig_expect_words(&rig, "; mtml: option lib.mtml: /nowhere");
    meter_rig_end(&rig);
    meter_rig_end(&other);
}

static void all_kinds_or_none(void **state) {
    (void)state;
    static const cf_meter_kind *const none[] = {NULL};
    meter_rig rig = {0};
    meter_rig_begin(&rig, "nvml", FAKE_METERS "nvml.so");
    assert_int_equal(cf_meter_open(rig.meters, NULL, CARD, &rig.meter, &rig.error), SY_OK);
    cf_meter_close(rig.meter);
    assert_int_equal(cf_meter_open(rig.meters, none, CARD, &rig.meter, &rig.error), SY_UNAVAILABLE);
    assert_null(rig.meter);
    meter_rig_end(&rig);
    cf_meter_close(NULL);
    cf_meters_destroy(NULL);
}

static void past_the_end_there_is_nothing(void **state) {
    (void)state;
    meter_rig rig = {0};
    sy_sensor sensor = {.size = sizeof sensor};
    double value = 0;
    uint32_t count = 0;
    meter_rig_begin(&rig, "nvml", FAKE_METERS "nvml.so");
    meter_rig_open(&rig, &cf_meter_nvml, CARD, SY_OK);
    while (cf_meter_describe(rig.meter, count, &sensor, NULL) == SY_OK)
        count++;
    assert_int_equal(count, 9);
    assert_int_equal(cf_meter_describe(rig.meter, 9, &sensor, &rig.error), SY_UNAVAILABLE);
    meter_rig_expect_words(&rig, "no sensor 9");
    assert_int_equal(cf_meter_read(rig.meter, 9, &value, &rig.error), SY_UNAVAILABLE);
    assert_true(isnan(value));
    assert_int_equal(cf_meter_read(rig.meter, UINT32_MAX, &value, NULL), SY_UNAVAILABLE);
    meter_rig_end(&rig);
}

/* A caller of an older interface has a smaller struct: nothing is written behind it. */
static void a_smaller_sensor_is_respected(void **state) {
    (void)state;
    meter_rig rig = {0};
    meter_rig_begin(&rig, "nvml", FAKE_METERS "nvml.so");
    meter_rig_open(&rig, &cf_meter_nvml, CARD, SY_OK);
    sy_sensor sensor;
    memset(&sensor, 0x5a, sizeof sensor);
    sensor.size = offsetof(sy_sensor, update_period_ns);
    assert_int_equal(cf_meter_describe(rig.meter, 0, &sensor, NULL), SY_OK);
    assert_int_equal(sensor.size, offsetof(sy_sensor, update_period_ns));
    assert_int_equal(sensor.kind, SY_SENSOR_ENERGY);
    assert_int_equal(sensor.name[0], 0x5a);
    assert_int_equal(sensor.window_ns, 0x5a5a5a5a5a5a5a5aull);
    meter_rig_end(&rig);
}

/* Every allocation and every look-up that fails gives an error or one sensor less, and nothing is lost. */
static void each_failure_of_the_system(void **state) {
    (void)state;
    for (uint64_t k = 1;; k++) {
        meter_rig rig = {0};
        meter_rig_begin(&rig, "nvml", FAKE_METERS "nvml.so");
        const cf_meter_kind *const kinds[] = {&cf_meter_nvml, NULL};
        sy_seam_arm(SY_SEAM_ALLOC | SY_SEAM_DYNLIB, k);
        sy_status status = cf_meter_open(rig.meters, kinds, CARD, &rig.meter, &rig.error);
        uint64_t seen = sy_seam_disarm();
        assert_int_equal(rig.meter != NULL, status == SY_OK);
        if (status != SY_OK)
            assert_true(rig.error.text[0] != '\0');
        meter_rig_end(&rig);
        if (seen < k)
            break;
    }
    sy_seam_arm(SY_SEAM_ALLOC, 1);
    assert_null(cf_meters_create(NULL, NULL));
    sy_seam_disarm();
}

static void *read_often(void *argument) {
    cf_meter *meter = argument;
    cf_meter_identity who;
    sy_sensor sensor = {.size = sizeof sensor};
    double value = 0;
    for (uint32_t i = 0; i < 2000; i++)
        if (cf_meter_read(meter, i % 4, &value, NULL) != SY_OK ||
            cf_meter_describe(meter, i % 4, &sensor, NULL) != SY_OK)
            return argument;
    return cf_meter_identify(meter, &who, NULL) == SY_OK ? NULL : argument;
}

/* Two cards of a library that may not be thread-safe, read by four threads: never two calls at a time. */
static void calls_take_turns(void **state) {
    (void)state;
    meter_rig rig = {0};
    pthread_t threads[4];
    meter_rig_begin(&rig, "rsmi", FAKE_METERS "rsmi.so");
    rig.fake->pid_count = 1;
    rig.fake->entry_bytes = 0;
    cf_meter *cards[2] = {NULL, NULL};
    meter_rig_open(&rig, &cf_meter_rsmi, "1:3b:3.2", SY_OK);
    cards[0] = rig.meter;
    rig.meter = NULL;
    meter_rig_open(&rig, &cf_meter_rsmi, "1:af:3.2", SY_OK);
    cards[1] = rig.meter;
    rig.meter = NULL;
    rig.fake->overlaps = 0;
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_often, cards[i % 2]), 0);
    for (int i = 0; i < 4; i++) {
        void *failed = NULL;
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
    assert_int_equal(rig.fake->overlaps, 0);
    cf_meter_close(cards[0]);
    cf_meter_close(cards[1]);
    meter_rig_end(&rig);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_library_is_opened_once_and_told),
        cmocka_unit_test(versions_that_are_not_told),
        cmocka_unit_test(a_host_may_offer_nothing),
        cmocka_unit_test(an_absent_library_is_explained),
        cmocka_unit_test(a_chosen_path_is_the_only_one),
        cmocka_unit_test(another_library_is_none),
        cmocka_unit_test(a_library_that_does_not_start_says_why),
        cmocka_unit_test(not_an_address),
        cmocka_unit_test(lost_at_the_beginning),
        cmocka_unit_test(the_library_that_knows_the_card_answers),
        cmocka_unit_test(all_kinds_or_none),
        cmocka_unit_test(past_the_end_there_is_nothing),
        cmocka_unit_test(a_smaller_sensor_is_respected),
        cmocka_unit_test(each_failure_of_the_system),
        cmocka_unit_test(calls_take_turns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
