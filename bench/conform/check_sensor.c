/* Sensors: what they declare, whether values can be true, and reading them while the device works. */
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

#include "bench/conform/checks.h"
#include "bench/conform/io.h"
#include "bench/conform/small.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

enum { READS = 50, MARK = 0x5a };

/* What updates or averages more slowly is no use, and no device's. */
static const uint64_t TIME_MOST_NS = UINT64_C(3600000000000);

/* Unit of each kind and what its values may be. */
static const struct {
    uint32_t kind, unit;
    double least, most;
} kinds[] = {{SY_SENSOR_POWER_AVERAGE, SY_UNIT_WATT, 0, 1e5}, {SY_SENSOR_POWER_INSTANT, SY_UNIT_WATT, 0, 1e5},
    {SY_SENSOR_ENERGY, SY_UNIT_JOULE, 0, 1e15}, {SY_SENSOR_TEMPERATURE, SY_UNIT_CELSIUS, -60, 200},
    {SY_SENSOR_CLOCK, SY_UNIT_HERTZ, 0, 2e10}, {SY_SENSOR_THROTTLE, SY_UNIT_BITS, 0, 0x1p64},
    {SY_SENSOR_POWER_CAP, SY_UNIT_WATT, 0, 1e5}, {SY_SENSOR_POWER_CAP_DEFAULT, SY_UNIT_WATT, 0, 1e5}};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static size_t row_of(uint32_t kind) {
    size_t row = 0;
    while (row < KINDS && kinds[row].kind != kind)
        row++;
    return row;
}

static bool is_nan_or(double value, double least, double most) {
    return isnan(value) || (value >= least && value <= most);
}

static const char *find_flaw(const sy_sensor *sensor, bool is_newer) {
    size_t row = row_of(sensor->kind);
    if (memchr(sensor->name, '\0', sizeof sensor->name) == NULL || sensor->name[0] == '\0')
        return "has no name, or one that does not end";
    if (row == KINDS)
        return is_newer ? NULL : "is of no kind that there is";
    if (sensor->unit != kinds[row].unit)
        return "has a unit that is not its kind's";
    if (sensor->scope > SY_SCOPE_PACKAGE)
        return "has none of SY_SCOPE_*";
    if (!is_nan_or(sensor->resolution, 0, 1e12) || !is_nan_or(sensor->gain_uncertainty, 0, 1))
        return "has an impossible resolution or gain_uncertainty (NaN: unknown)";
    if (sensor->update_period_ns > TIME_MOST_NS || sensor->window_ns > TIME_MOST_NS)
        return "has an update period or a window of more than an hour (0: unknown)";
    return is_nan_or(sensor->wrap, 1e-9, INFINITY) && sensor->wrap != 0.0
               ? NULL
               : "has an impossible wrap (NaN: none)";
}

/* Number of sensors; 0 with a skip or a failure. */
static uint32_t count_sensors(conform_kit *kit) {
    const sy_sensor_api *api = kit->on.api->sensor;
    uint32_t count = 0;
    for (; api != NULL && count < CONFORM_SENSORS_MAX; count++) {
        sy_sensor sensor = {.size = sizeof sensor};
        sy_error err = SY_ERROR_INIT;
        sy_status status = api->describe(kit->on.device, count, &sensor, &err);
        if (status == SY_UNAVAILABLE)
            break;
        if (!conform_succeeds(kit, "sensor.describe", status, &err))
            return 0;
    }
    if (count == CONFORM_SENSORS_MAX)
        conform_fail(kit, "sensor.describe knows no end");
    else if (count == 0)
        conform_skip(kit, "no sensors are offered");
    return count < CONFORM_SENSORS_MAX ? count : 0;
}

static void check_description(conform_kit *kit, uint32_t index, char *out_names, size_t capacity) {
    sy_error err = SY_ERROR_INIT;
    union {
        sy_sensor sensor;
        uint8_t bytes[sizeof(sy_sensor)];
    } guarded;
    memset(&guarded, MARK, sizeof guarded);
    guarded.sensor.size = sizeof guarded;
    kit->on.api->sensor->describe(kit->on.device, index, &guarded.sensor, &err);
    const char *flaw = find_flaw(&guarded.sensor, kit->found.api->abi_minor > SY_ABI_MINOR);
    if (flaw != NULL) {
        conform_fail(kit, "sensor %u (%.63s) %s", index, guarded.sensor.name, flaw);
        return;
    }
    size_t at = strlen(out_names);
    snprintf(out_names + at, capacity - at, "%s%s", index > 0 ? ", " : "", guarded.sensor.name);
    memset(&guarded, MARK, sizeof guarded);
    guarded.sensor.size = offsetof(sy_sensor, name);
    kit->on.api->sensor->describe(kit->on.device, index, &guarded.sensor, &err);
    conform_all_are(kit, "sensor.describe wrote beyond the caller's size",
        guarded.bytes + offsetof(sy_sensor, name), sizeof guarded.sensor.name, MARK);
}

void conform_check_sensors(conform_kit *kit, size_t item) {
    char names[400] = "";
    (void)item;
    conform_doing(kit, "describing sensors");
    uint32_t count = count_sensors(kit);
    for (uint32_t i = 0; i < count && conform_is_fine(kit); i++)
        check_description(kit, i, names, sizeof names);
    if (count > 0) {
        sy_error err = SY_ERROR_INIT;
        double value = 0.0;
        sy_status status = kit->on.api->sensor->read(kit->on.device, count, &value, &err);
        CONFORM_REFUSES(kit, "read past the last sensor", status, &err, SY_UNAVAILABLE, SY_INVALID_ARGUMENT);
    }
    conform_pass(kit, "%u: %s", count, names);
}

/* A value, NaN if it cannot be had now (with words). False: it cannot be true; `err` says how. */
static bool read_value(const conform_kit *kit, uint32_t index, double *out_value, sy_error *err) {
    sy_sensor sensor = {.size = sizeof sensor};
    *out_value = -1e300;
    kit->on.api->sensor->describe(kit->on.device, index, &sensor, NULL);
    sy_status status = kit->on.api->sensor->read(kit->on.device, index, out_value, err);
    if (status == SY_UNAVAILABLE || status == SY_UNSUPPORTED) {
        *out_value = NAN;
        return err->text[0] != '\0' || sy_error_set(err, SY_INTERNAL,
                                           "sensor %s is refused without a word why", sensor.name) == SY_OK;
    }
    size_t row = row_of(sensor.kind);
    if (status != SY_OK) {
        sy_error_prefix(err, status, "sensor %s: %s", sensor.name, sy_status_name(status));
        return false;
    }
    double least = row < KINDS ? kinds[row].least : -1e300, most = row < KINDS ? kinds[row].most : 1e300;
    bool is_bits = sensor.unit == SY_UNIT_BITS;
    if (isfinite(*out_value) && *out_value >= least && *out_value <= most &&
        (!is_bits || floor(*out_value) == *out_value))
        return true;
    sy_error_set(
        err, SY_INTERNAL, "sensor %s reads %g; %g to %g is possible", sensor.name, *out_value, least, most);
    return false;
}

static bool is_counter(const conform_kit *kit, uint32_t index) {
    sy_sensor sensor = {.size = sizeof sensor};
    return kit->on.api->sensor->describe(kit->on.device, index, &sensor, NULL) == SY_OK &&
           sensor.kind == SY_SENSOR_ENERGY && isnan(sensor.wrap);
}

/* Some reads with launches between them. */
static void read_often(conform_kit *kit, const conform_small *small, uint32_t index) {
    double before = -INFINITY, value = NAN;
    bool counts = is_counter(kit, index);
    for (int i = 0; i < READS && conform_is_fine(kit); i++) {
        sy_error err = SY_ERROR_INIT;
        if (!read_value(kit, index, &value, &err))
            conform_fail(kit, "%s", err.text);
        else if (counts && value < before)
            conform_fail(kit, "sensor %u counts back: %.9g after %.9g", index, value, before);
        before = isnan(value) ? before : value;
        if (small != NULL && conform_is_fine(kit) && conform_small_run(kit, small))
            conform_sync(kit);
    }
}

void conform_check_values(conform_kit *kit, size_t item) {
    uint32_t count = count_sensors(kit);
    (void)item;
    conform_small *small = count > 0 ? conform_small_open(kit, 64, 0) : NULL;
    if (small == NULL)
        return;
    for (uint32_t i = 0; i < count && conform_is_fine(kit); i++) {
        conform_doing(kit, "reading sensor %u", i);
        read_often(kit, small, i);
    }
    conform_small_close(small);
    conform_pass(kit, "%u sensors, %d reads each", count, READS);
}

/* The second thread. */
typedef struct reader {
    conform_kit *kit;
    uint32_t count;
    atomic_bool stop;
    atomic_ulong reads;
    bool is_wrong;
    sy_error error;
} reader;

static void *read_on(void *ctx) {
    reader *r = ctx;
    const sy_device_api *device = r->kit->on.api->device;
    r->error = SY_ERROR_INIT;
    if (device->thread_enter != NULL && device->thread_enter(r->kit->on.device, &r->error) != SY_OK) {
        r->is_wrong = true;
        return NULL;
    }
    while (!atomic_load(&r->stop) && !r->is_wrong)
        for (uint32_t i = 0; i < r->count && !r->is_wrong; i++) {
            double value;
            sy_error err = SY_ERROR_INIT;
            r->is_wrong = !read_value(r->kit, i, &value, &err);
            if (r->is_wrong)
                r->error = err;
            atomic_fetch_add(&r->reads, 1);
        }
    if (device->thread_leave != NULL)
        device->thread_leave(r->kit->on.device);
    return NULL;
}

/* Until the other thread has read each sensor some times, within the host's patience. */
static void work_on(conform_kit *kit, const conform_small *small, reader *r) {
    const uint64_t begin = sy_clock_raw_ns(), least_ns = 200000000, most_ns = UINT64_C(10000000000);
    unsigned long wanted = 10ul * r->count;
    uint64_t passed = 0;
    while (
        conform_is_fine(kit) && passed < most_ns && (passed < least_ns || atomic_load(&r->reads) < wanted)) {
        if (conform_small_run(kit, small))
            conform_sync(kit);
        passed = sy_clock_raw_ns() - begin;
        if (r->is_wrong)
            return;
    }
}

void conform_check_load(conform_kit *kit, size_t item) {
    reader r = {.kit = kit, .count = count_sensors(kit)};
    pthread_t thread;
    (void)item;
    conform_small *small = r.count > 0 ? conform_small_open(kit, 64, 0) : NULL;
    if (small == NULL)
        return;
    conform_doing(kit, "reading sensors beside launches");
    if (pthread_create(&thread, NULL, read_on, &r) != 0) {
        conform_skip(kit, "no second thread");
    } else {
        work_on(kit, small, &r);
        atomic_store(&r.stop, true);
        pthread_join(thread, NULL);
    }
    if (r.is_wrong)
        conform_fail(kit, "from a second thread: %s", r.error.text);
    else if (conform_is_fine(kit) && conform_small_poison(kit, small) && conform_small_run(kit, small) &&
             conform_sync(kit))
        conform_small_check(kit, small, "a launch after reads from another thread");
    conform_small_close(small);
    conform_pass(kit, "%lu reads beside launches", atomic_load(&r.reads));
}
