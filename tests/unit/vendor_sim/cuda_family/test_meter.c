/* The management libraries. */
#include "tests/unit/vendor_sim/cuda_family/rig.h"

typedef struct field {
    unsigned id, scope;
    long long timestamp, latency;
    int type, status;
    union {
        unsigned single;
        unsigned long long wide;
    } value;
} field;

static void check_fields(int (*fields)(void *, int, field *), void *card) {
    field asked[4] = {{.id = 186}, {.id = 191}, {.id = 999}, {.id = 190}};
    assert_int_equal(fields(card, 4, asked), 0);
    assert_int_equal(asked[0].value.single, 50000);
    assert_int_equal(asked[1].type, 3);
    assert_int_equal(asked[2].status, 3);
    assert_int_equal(asked[3].value.single, 300000);
}

static void test_nvml(void **state) {
    (void)state;
    rig one = rig_open(
        "nvidia", "libcudart.so.13", "cuda", "devices=2;order=1,0;watts=300;idle_watts=50;throttle=4");
    void *library = rig_library("nvidia", "libnvidia-ml.so.1"), *first, *second;
    int (*init)(void), (*shutdown)(void), (*by_pci)(const char *, void **), (*by_index)(unsigned, void **);
    int (*power)(void *, unsigned *), (*energy)(void *, unsigned long long *),
        (*fields)(void *, int, field *);
    int (*reasons)(void *, unsigned long long *);
    rig_find(library, "nvml", "Init_v2", &init);
    rig_find(library, "nvml", "Shutdown", &shutdown);
    rig_find(library, "nvml", "DeviceGetHandleByPciBusId_v2", &by_pci);
    rig_find(library, "nvml", "DeviceGetHandleByIndex_v2", &by_index);
    rig_find(library, "nvml", "DeviceGetPowerUsage", &power);
    rig_find(library, "nvml", "DeviceGetTotalEnergyConsumption", &energy);
    rig_find(library, "nvml", "DeviceGetFieldValues", &fields);
    rig_find(library, "nvml", "DeviceGetCurrentClocksEventReasons", &reasons);
    unsigned mw;
    unsigned long long wide;
    assert_int_equal(by_index(0, &first), 1);
    assert_int_equal(init(), 0);
    assert_int_equal(by_pci("00000000:3C:00.0", &second), 0);
    assert_int_equal(by_index(0, &first), 0);
    assert_ptr_equal(first, second); /* its own order */
    assert_int_equal(by_pci("0000:99:00.0", &second), 6);
    assert_int_equal(power(first, &mw), 0);
    assert_int_equal(mw, 50000);
    assert_int_equal(power(&mw, &mw), 2);
    assert_int_equal(energy(first, &wide), 0);
    assert_int_equal(reasons(first, &wide), 0);
    assert_int_equal(wide, 4);
    check_fields(fields, first);
    one.configure("energy_status=3");
    assert_int_equal(init(), 0);
    assert_int_equal(by_index(0, &first), 0);
    assert_int_equal(energy(first, &wide), 3);
    assert_int_equal(shutdown(), 0);
    rig_close(&one, 0);
}

/* Work on the device's clock is what the counter counts: 1e9 FLOP at 1 TFLOP/s are 1 ms at 300 W. */
static void test_energy_of_work(void **state) {
    (void)state;
    rig one = rig_open(
        "nvidia", "libcudart.so.13", "cuda", "gbps=1;watts=300;idle_watts=0;step_ms=1;energy_base=1000");
    void *library = rig_library("nvidia", "libnvidia-ml.so.1"), *handle, *device;
    int (*init)(void), (*by_index)(unsigned, void **), (*energy)(void *, unsigned long long *);
    rig_find(library, "nvml", "Init_v2", &init);
    rig_find(library, "nvml", "DeviceGetHandleByIndex_v2", &by_index);
    rig_find(library, "nvml", "DeviceGetTotalEnergyConsumption", &energy);
    unsigned long long before, after;
    assert_int_equal(init(), 0);
    assert_int_equal(by_index(0, &handle), 0);
    assert_int_equal(one.malloc(&device, 10000000), 0);
    assert_int_equal(energy(handle, &before), 0);
    assert_int_equal(before, 1000000);
    assert_int_equal(one.memset_async(device, 0, 10000000, NULL), 0); /* 10 ms */
    assert_int_equal(one.stream_sync(NULL), 0);
    assert_int_equal(energy(handle, &after), 0);
    assert_int_equal(after - before, 3000);
    assert_int_equal(one.free(device), 0);
    rig_close(&one, 0);
}

/* NVML's calls for one card. */
typedef struct nvml {
    rig one;
    void *card;
    int (*energy)(void *, unsigned long long *), (*power)(void *, unsigned *);
    int (*fields)(void *, int, field *), (*shutdown)(void);
} nvml;

static nvml nvml_open(const char *settings) {
    nvml meter = {.one = rig_open("nvidia", "libcudart.so.13", "cuda", settings)};
    void *library = rig_library("nvidia", "libnvidia-ml.so.1");
    int (*init)(void), (*by_index)(unsigned, void **);
    rig_find(library, "nvml", "Init_v2", &init);
    rig_find(library, "nvml", "Shutdown", &meter.shutdown);
    rig_find(library, "nvml", "DeviceGetHandleByIndex_v2", &by_index);
    rig_find(library, "nvml", "DeviceGetTotalEnergyConsumption", &meter.energy);
    rig_find(library, "nvml", "DeviceGetPowerUsage", &meter.power);
    rig_find(library, "nvml", "DeviceGetFieldValues", &meter.fields);
    assert_int_equal(init(), 0);
    assert_int_equal(by_index(0, &meter.card), 0);
    return meter;
}

static void nvml_close(nvml *meter) {
    assert_int_equal(meter->shutdown(), 0);
    rig_close(&meter->one, 0);
}

/* While work lasts the counter and both powers tell of it, and of nothing else afterwards. */
static void test_meters_in_the_hosts_time(void **state) {
    (void)state;
    nvml meter =
        nvml_open("meter=host;pace=1;gbps=1;watts=300;idle_watts=0;step_ms=1;window_ms=1;energy_base=5");
    field asked[] = {{.id = 185}, {.id = 186}, {.id = 191}};
    unsigned long long energy;
    unsigned mw, most = 0;
    void *memory;
    assert_int_equal(meter.one.malloc(&memory, 20000000), 0);
    assert_int_equal(meter.energy(meter.card, &energy), 0);
    assert_int_equal(energy, 5000);
    for (int i = 0; i < 100 && most < 300000; i++) { /* again, if the host was away for all of 20 ms */
        assert_int_equal(meter.one.memset_async(memory, 0, 20000000, NULL), 0);
        for (int j = 0; j < 100000 && most < 300000; j++) {
            assert_int_equal(meter.power(meter.card, &mw), 0);
            most = mw > most ? mw : most;
        }
        assert_int_equal(meter.one.stream_sync(NULL), 0);
    }
    assert_int_equal(most, 300000);
    do /* idle within two steps */
        assert_int_equal(meter.fields(meter.card, 3, asked), 0);
    while (asked[0].value.single + asked[1].value.single > 0);
    assert_true(asked[2].value.wide >= 5000 + 300 * 18);
    assert_int_equal(meter.energy(meter.card, &energy), 0);
    assert_int_equal(energy, asked[2].value.wide);
    assert_int_equal(meter.one.free(memory), 0);
    nvml_close(&meter);
}

/* A module has no counter and draws more than its card; most cards are on none. */
static void test_modules(void **state) {
    (void)state;
    static const char *const settings[] = {
        "meter=host;idle_watts=50;module_w=30", "meter=host;idle_watts=50"};
    for (int i = 0; i < 2; i++) {
        nvml meter = nvml_open(settings[i]);
        field asked[] = {
            {.id = 185, .scope = 1}, {.id = 186, .scope = 1}, {.id = 191, .scope = 1}, {.id = 185}};
        assert_int_equal(meter.fields(meter.card, 4, asked), 0);
        for (int j = 0; j < 2; j++) {
            assert_int_equal(asked[j].status, i == 0 ? 0 : 3);
            assert_true(i == 1 || asked[j].value.single == 80000);
        }
        assert_int_equal(asked[2].status, 3);
        assert_int_equal(asked[3].status, 0);
        assert_int_equal(asked[3].value.single, 50000);
        nvml_close(&meter);
    }
}

/* 4: no permission, 15: the card is lost. */
static void test_meters_refused_and_lost(void **state) {
    (void)state;
    nvml meter = nvml_open("meter=host;fail=nvmlDeviceGetPowerUsage:1+:4;"
                           "fail=nvmlDeviceGetTotalEnergyConsumption:3+:15");
    unsigned long long energy;
    unsigned mw;
    for (int i = 0; i < 4; i++) {
        assert_int_equal(meter.power(meter.card, &mw), 4);
        assert_int_equal(meter.energy(meter.card, &energy), i < 2 ? 0 : 15);
    }
    nvml_close(&meter);
}

static void test_others(void **state) {
    (void)state;
    void *library = rig_library("musa", "libmtml.so"), *mtml, *card;
    rig one = rig_open("musa", "libmusart.so.5", "musa", "idle_watts=20");
    int (*init)(void **), (*count)(void *, unsigned *), (*open)(void *, unsigned, void **);
    int (*power)(void *, unsigned *), (*free_card)(void *), (*shut)(void *);
    rig_find(library, "mtmlLibrary", "Init", &init);
    rig_find(library, "mtmlLibrary", "CountDevice", &count);
    rig_find(library, "mtmlLibrary", "InitDeviceByIndex", &open);
    rig_find(library, "mtmlLibrary", "FreeDevice", &free_card);
    rig_find(library, "mtmlLibrary", "ShutDown", &shut);
    rig_find(library, "mtmlDevice", "GetPowerUsage", &power);
    unsigned value;
    assert_int_equal(init(&mtml), 0);
    assert_int_equal(count(mtml, &value), 0);
    assert_int_equal(value, 1);
    assert_int_equal(open(mtml, 1, &card), 3);
    assert_int_equal(open(mtml, 0, &card), 0);
    assert_int_equal(power(card, &value), 0);
    assert_int_equal(value, 20000);
    assert_int_equal(free_card(card), 0);
    assert_int_equal(shut(mtml), 0);
    rig_close(&one, 0);
}

static void test_mxsml(void **state) {
    (void)state;
    void *library = rig_library("maca", "libmxsml.so");
    rig one = rig_open("maca", "libmcruntime.so", "mc", "idle_watts=100;devices=2");
    int (*init)(void), (*power)(unsigned, unsigned *, void *);
    unsigned (*count)(unsigned *), way[6] = {0}, ways = 2;
    rig_find(library, "mxSml", "Init", &init);
    rig_find(library, "mxSml", "GetDeviceCount", &count);
    rig_find(library, "mxSml", "GetBoardPowerInfo", &power);
    assert_int_equal(init(), 0);
    assert_int_equal(count(NULL), 2);
    assert_int_equal(power(1, &ways, way), 0);
    assert_int_equal(way[2] + way[5], 100000);
    assert_true(way[5] > 0);
    one.configure("devices=2;mx_count=status");
    assert_int_equal(init(), 0);
    assert_int_equal(count(&ways), 0);
    assert_int_equal(ways, 2);
    rig_close(&one, 0);
}

static void test_rsmi(void **state) {
    (void)state;
    void *library = rig_library("rocm", "librocm_smi64.so.7");
    rig one = rig_open("rocm", "libamdhip64.so.6", "hip", "idle_watts=90");
    int (*init)(uint64_t), (*pci)(uint32_t, uint64_t *), (*power)(uint32_t, uint32_t, uint64_t *);
    rig_find(library, "rsmi_", "init", &init);
    rig_find(library, "rsmi_", "dev_pci_id_get", &pci);
    rig_find(library, "rsmi_", "dev_power_ave_get", &power);
    uint64_t value;
    assert_int_equal(init(0), 0);
    assert_int_equal(pci(0, &value), 0);
    assert_int_equal(value, 0x3b00);
    assert_int_equal(power(0, 0, &value), 0);
    assert_int_equal(value, 90000000);
    assert_int_equal(pci(1, &value), 1);
    rig_close(&one, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_nvml), cmocka_unit_test(test_energy_of_work),
        cmocka_unit_test(test_meters_in_the_hosts_time), cmocka_unit_test(test_meters_refused_and_lost),
        cmocka_unit_test(test_modules), cmocka_unit_test(test_others), cmocka_unit_test(test_mxsml),
        cmocka_unit_test(test_rsmi)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
