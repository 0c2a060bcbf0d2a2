/* A host for tests of meters. */
#include "tests/unit/backends/cuda_family/meter_rig.h"

#include <dlfcn.h>
#include <math.h>

static const char *option(void *ctx, const char *key) {
    meter_rig *rig = ctx;
    for (int i = 0; i < RIG_OPTIONS_MAX; i++)
        if (rig->option[i].key != NULL && strcmp(rig->option[i].key, key) == 0)
            return rig->option[i].value;
    return NULL;
}

static void note_library(void *ctx, const char *name, const char *path, void *handle) {
    meter_rig *rig = ctx;
    assert_non_null(handle);
    rig->libraries++;
    snprintf(rig->library, sizeof rig->library, "%s", name);
    snprintf(rig->path, sizeof rig->path, "%s", path);
}

static void note_version(void *ctx, const char *name, const char *version) {
    meter_rig *rig = ctx;
    assert_string_equal(name, rig->library);
    snprintf(rig->version, sizeof rig->version, "%s", version);
}

/* Keys are of kinds, which are few. */
static const char *key_of(const char *name) {
    static const char *const keys[] = {
        "lib.nvml", "lib.ixml", "lib.rsmi", "lib.mtml", "lib.mxsml", "lib.xpuml"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (strcmp(keys[i] + 4, name) == 0)
            return keys[i];
    return NULL;
}

static void choose_library(meter_rig *rig, const char *name, const char *path) {
    int i = 0;
    while (rig->option[i].key != NULL)
        i++;
    rig->option[i].key = key_of(name);
    rig->option[i].value = path;
}

void meter_rig_begin(meter_rig *rig, const char *name, const char *path) {
    choose_library(rig, name, path);
    rig->error = SY_ERROR_INIT;
    rig->host = (sy_host){.size = sizeof rig->host,
        .ctx = rig,
        .option = option,
        .library = note_library,
        .library_version = note_version};
    void *handle = path != NULL ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;
    rig->fake = handle != NULL ? dlsym(handle, "fake") : NULL;
    if (rig->fake != NULL) {
        fake_script fresh = {.card_count = 2,
            .bus = {0x3b, 0xaf},
            .energy = 123456789,
            .power = 321000,
            .average = 300500,
            .module = 700000,
            .cap = 650000,
            .cap_default = 700000,
            .celsius = 41,
            .clock = 1980,
            .memory_clock = 3201,
            .scopes = 1,
            .capability_major = 9,
            .ecc = 1,
            .entry_bytes = 24,
            .resolution = 15.259f};
        *rig->fake = fresh;
    }
    rig->meters = cf_meters_create(&rig->host, NULL);
    assert_non_null(rig->meters);
}

void meter_rig_end(meter_rig *rig) {
    cf_meter_close(rig->meter);
    cf_meters_destroy(rig->meters);
    if (rig->fake != NULL) {
        assert_int_equal(rig->fake->inits, rig->fake->shutdowns);
        assert_int_equal(rig->fake->handles, 0);
    }
}

void meter_rig_open(meter_rig *rig, const cf_meter_kind *kind, const char *pci, sy_status wanted) {
    const cf_meter_kind *const kinds[] = {kind, NULL};
    cf_meter_close(rig->meter);
    rig->error = SY_ERROR_INIT;
    sy_status status = cf_meter_open(rig->meters, kinds, pci, &rig->meter, &rig->error);
    if (status != wanted)
        print_message("%s\n", rig->error.text);
    assert_int_equal(status, wanted);
    assert_int_equal(rig->meter != NULL, wanted == SY_OK);
}

void meter_rig_fail(meter_rig *rig, const char *call, int code) {
    for (int i = 0; i < FAKE_FAILS_MAX; i++)
        if (rig->fake->fail[i].call == NULL || strcmp(rig->fake->fail[i].call, call) == 0) {
            rig->fake->fail[i].call = call;
            rig->fake->fail[i].code = code;
            return;
        }
    fail_msg("no room for one more failure");
}

int meter_rig_find(meter_rig *rig, uint32_t kind, uint32_t n, sy_sensor *out_sensor) {
    for (uint32_t i = 0;; i++) {
        sy_sensor sensor = {.size = sizeof sensor};
        if (cf_meter_describe(rig->meter, i, &sensor, NULL) != SY_OK)
            return -1;
        if (sensor.kind != kind || n-- > 0)
            continue;
        if (out_sensor != NULL)
            *out_sensor = sensor;
        return (int)i;
    }
}

double meter_rig_value(meter_rig *rig, uint32_t kind, uint32_t n) {
    double value = NAN;
    int index = meter_rig_find(rig, kind, n, NULL);
    assert_true(index >= 0);
    assert_int_equal(cf_meter_read(rig->meter, (uint32_t)index, &value, &rig->error), SY_OK);
    return value;
}

void meter_rig_expect_words(const meter_rig *rig, const char *words) {
    if (strstr(rig->error.text, words) == NULL)
        fail_msg("\"%s\" is not in \"%s\"", words, rig->error.text);
}
