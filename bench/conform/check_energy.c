/* A counter of energy against the power that a sensor of the same scope shows, while the device idles: not
 * how exact they are, only whether both can be true (a wrong unit is a factor of a thousand). */
#include <math.h>
#include <time.h>

#include "bench/conform/checks.h"
#include "runtime/base/error.h"

/* Readings of power in a stretch of so many update periods; what is asked for again before it is a failure.
 */
enum { READINGS = 20, PERIODS = 10, ATTEMPTS = 3 };

/* The period where none is declared; what lasts longer is not waited for; after work power falls that slowly.
 */
static const double PERIOD_NS = 1e8, PERIOD_MOST_NS = 1e9, SETTLING_NS = 2e8;

/* By how much counter and power may differ. */
static const double FACTOR = 2.0;

typedef struct meter {
    uint32_t counter, power;
    sy_sensor counts, shows;
    double period_ns, pause_ns; /* the slower one's; from one reading to the next */
} meter;

/* Of a stretch. */
typedef struct stretch {
    double joule, taken_ns, watt_least, watt_most;
} stretch;

static bool is_power(const sy_sensor *sensor) {
    return sensor->kind == SY_SENSOR_POWER_INSTANT || sensor->kind == SY_SENSOR_POWER_AVERAGE;
}

static bool read_sensor(const conform_kit *kit, uint32_t index, double *out_value) {
    *out_value = NAN;
    return kit->on.api->sensor->read(kit->on.device, index, out_value, NULL) == SY_OK && isfinite(*out_value);
}

/* The next readable sensor from `index` on that is a counter, or a power of that scope. */
static bool find_sensor(
    const conform_kit *kit, uint32_t index, const sy_sensor *of, sy_sensor *out, uint32_t *out_index) {
    double value;
    for (; index < CONFORM_SENSORS_MAX; index++) {
        *out = (sy_sensor){.size = sizeof *out};
        if (kit->on.api->sensor->describe(kit->on.device, index, out, NULL) != SY_OK)
            return false;
        bool fits = of == NULL ? out->kind == SY_SENSOR_ENERGY : is_power(out) && out->scope == of->scope;
        *out_index = index;
        if (fits && read_sensor(kit, index, &value))
            return true;
    }
    return false;
}

/* A counter and a power that can be compared within a few seconds. */
static bool find_pair(const conform_kit *kit, meter *out) {
    if (kit->on.api->sensor == NULL)
        return false;
    for (uint32_t at = 0; find_sensor(kit, at, NULL, &out->counts, &out->counter); at = out->counter + 1) {
        if (!find_sensor(kit, 0, &out->counts, &out->shows, &out->power))
            continue;
        out->period_ns = fmax((double)out->counts.update_period_ns, (double)out->shows.update_period_ns);
        if (out->period_ns <= 0.0)
            out->period_ns = PERIOD_NS;
        out->pause_ns = PERIODS * out->period_ns / READINGS;
        if (out->period_ns <= PERIOD_MOST_NS && (double)out->shows.window_ns <= 10 * PERIOD_MOST_NS)
            return true;
    }
    return false;
}

/* Let time pass, the device's own if it has a clock of its own. */
static void pause_for(const conform_kit *kit, double ns) {
    const sy_device_api *device = kit->on.api->device;
    if ((kit->info.flags & SY_DEVICE_SIMULATED) != 0 && device->clock_advance != NULL) {
        device->clock_advance(kit->on.device, (uint64_t)ns);
        return;
    }
    struct timespec time = {.tv_sec = (time_t)(ns / 1e9)};
    time.tv_nsec = (long)(ns - (double)time.tv_sec * 1e9);
    nanosleep(&time, NULL);
}

static void settle(const conform_kit *kit, const meter *of) {
    double left_ns = SETTLING_NS + (double)of->shows.window_ns + 2 * of->period_ns;
    for (; left_ns > 0.0; left_ns -= SETTLING_NS) {
        conform_doing(kit, "waiting for the sensors to settle");
        pause_for(kit, SETTLING_NS);
    }
}

/* Both sensors, and what the counter has gone on since `*before`. False: one could not be read. */
static bool read_both(const conform_kit *kit, const meter *of, double *before, stretch *out) {
    double counted = 0.0, watt = 0.0;
    if (!read_sensor(kit, of->counter, &counted) || !read_sensor(kit, of->power, &watt))
        return false;
    if (isfinite(*before))
        out->joule +=
            counted - *before + (counted < *before && isfinite(of->counts.wrap) ? of->counts.wrap : 0.0);
    out->watt_least = fmin(out->watt_least, watt);
    out->watt_most = fmax(out->watt_most, watt);
    *before = counted;
    return true;
}

/* False: a sensor could not be read in the middle, or the clock not. */
static bool measure(const conform_kit *kit, const meter *of, stretch *out) {
    uint64_t begin = 0, end = 0;
    double before = NAN;
    *out = (stretch){.watt_least = INFINITY};
    bool ok = sy_clock_read(&kit->on.clock, &begin, NULL) == SY_OK && read_both(kit, of, &before, out);
    for (int i = 0; ok && i < READINGS; i++) {
        conform_doing(kit, "reading sensors %s and %s of an idle device", of->counts.name, of->shows.name);
        pause_for(kit, of->pause_ns);
        ok = read_both(kit, of, &before, out);
    }
    ok = ok && sy_clock_read(&kit->on.clock, &end, NULL) == SY_OK;
    out->taken_ns = (double)(end - begin);
    return ok;
}

/* The counter may be late by a period at either edge, and so may the power be. */
static bool is_possible(const meter *of, const stretch *s) {
    double edge_ns = 2 * of->period_ns, step = isfinite(of->counts.resolution) ? of->counts.resolution : 0.0;
    double least = s->watt_least / FACTOR * fmax(s->taken_ns - edge_ns, 0.0) * 1e-9 - 2 * step;
    double most = s->watt_most * FACTOR * (s->taken_ns + edge_ns) * 1e-9 + 2 * step;
    return s->joule >= least && s->joule <= most;
}

void conform_check_energy(conform_kit *kit, size_t item) {
    meter of;
    stretch s = {0};
    (void)item;
    conform_doing(kit, "looking for a counter of energy");
    if (!find_pair(kit, &of)) {
        conform_skip(kit, "no counter of energy beside a power of the same scope");
        return;
    }
    settle(kit, &of);
    bool is_read = true, is_fine = false;
    for (int i = 0; i < ATTEMPTS && is_read && !is_fine; i++) {
        is_read = measure(kit, &of, &s);
        is_fine = is_read && is_possible(&of, &s);
    }
    if (!is_read)
        conform_skip(kit, "sensors %s and %s cannot be read all the time", of.counts.name, of.shows.name);
    else if (!is_fine)
        conform_fail(kit,
            "sensor %s counts %.4g J in %.4g s (%.4g W), of which sensor %s shows %.4g to %.4g W",
            of.counts.name, s.joule, s.taken_ns * 1e-9, s.joule / (s.taken_ns * 1e-9), of.shows.name,
            s.watt_least, s.watt_most);
    conform_pass(kit, "idle: %s %.4g W, %s %.4g to %.4g W", of.counts.name, s.joule / (s.taken_ns * 1e-9),
        of.shows.name, s.watt_least, s.watt_most);
}
