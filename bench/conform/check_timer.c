/* Timers against the host's time: never how fast, only whether they can be true. */
#include <math.h>

#include "bench/conform/checks.h"
#include "bench/conform/io.h"
#include "bench/conform/small.h"

/* Samples of each length, of which the shortest counts; launches are repeated until a part takes so long. */
enum { SAMPLES = 5, ATTEMPTS = 3, LAUNCHES_MAX = 4096 };
static const double PART_NS = 2e6;

/* Device time may exceed the host's by a thousandth (two clocks) and by what starting takes. */
static const double RATE = 1.001, SLACK_NS = 20e3;

/* Bounds of the time of 8 parts over that of one: both carry the cost of a beginning and others' noise. */
static const double LEAST = 4.0, MOST = 16.0;

typedef struct timing {
    double device_ns, host_ns, resolution_ns;
} timing;

static bool sample(
    conform_kit *kit, const conform_small *small, sy_timer *timer, uint64_t launches, timing *out) {
    const sy_queue_api *api = kit->on.api->queue;
    sy_error err = SY_ERROR_INIT;
    uint64_t begin = 0, end = 0;
    *out = (timing){.device_ns = NAN, .resolution_ns = NAN};
    bool ok = conform_sync(kit) && sy_clock_read(&kit->on.clock, &begin, &err) == SY_OK &&
              conform_succeeds(kit, "timer_start", api->timer_start(timer, &err), &err);
    for (uint64_t i = 0; ok && i < launches; i++)
        ok = conform_small_run(kit, small);
    ok = ok && conform_succeeds(kit, "timer_stop", api->timer_stop(timer, &err), &err) && conform_sync(kit) &&
         sy_clock_read(&kit->on.clock, &end, &err) == SY_OK &&
         conform_succeeds(
             kit, "timer_read", api->timer_read(timer, &out->device_ns, &out->resolution_ns, &err), &err);
    out->host_ns = (double)(end - begin);
    return ok;
}

static bool is_possible(conform_kit *kit, const timing *one, uint64_t launches) {
    const double slack = SLACK_NS + one->resolution_ns;
    if (!isfinite(one->resolution_ns) || one->resolution_ns < 0.0 || one->resolution_ns > 1e9)
        conform_fail(kit, "the timer's resolution is said to be %g ns", one->resolution_ns);
    else if (!isfinite(one->device_ns) || one->device_ns <= 0.0)
        conform_fail(kit,
            "%llu launches that take the host %.0f ns take %g ns of device time; it must be positive",
            (unsigned long long)launches, one->host_ns, one->device_ns);
    else if (one->device_ns > one->host_ns * RATE + slack)
        conform_fail(kit,
            "%llu launches take %.0f ns of device time, more than the %.0f ns between two waits of the host",
            (unsigned long long)launches, one->device_ns, one->host_ns);
    return conform_is_fine(kit);
}

/* The shortest of some samples, each of which must be possible. */
static bool shortest(
    conform_kit *kit, const conform_small *small, sy_timer *timer, uint64_t launches, timing *out) {
    *out = (timing){.device_ns = INFINITY};
    for (int i = 0; i < SAMPLES; i++) {
        timing one;
        if (!sample(kit, small, timer, launches, &one) || !is_possible(kit, &one, launches))
            return false;
        *out = one.device_ns < out->device_ns ? one : *out;
    }
    return true;
}

static bool find_launches(
    conform_kit *kit, const conform_small *small, sy_timer *timer, uint64_t *out_launches) {
    timing one = {0};
    bool ok = sample(kit, small, timer, 1, &one); /* the first launch may be a long one */
    for (*out_launches = 1; ok && *out_launches < LAUNCHES_MAX; *out_launches *= 2) {
        ok = sample(kit, small, timer, *out_launches, &one);
        if (one.host_ns >= PART_NS)
            break;
    }
    return ok;
}

static void compare(conform_kit *kit, const conform_small *small, sy_timer *timer) {
    timing one, eight;
    uint64_t launches = 1;
    double ratio = 0.0;
    if (!find_launches(kit, small, timer, &launches))
        return;
    for (int i = 0; i < ATTEMPTS && (ratio < LEAST || ratio > MOST); i++) {
        conform_doing(kit, "timing %llu and %llu launches", (unsigned long long)launches,
            (unsigned long long)launches * 8);
        if (!shortest(kit, small, timer, launches, &one) ||
            !shortest(kit, small, timer, 8 * launches, &eight))
            return;
        ratio = eight.device_ns / one.device_ns;
    }
    if (ratio < LEAST || ratio > MOST)
        conform_fail(kit,
            "8 times as many launches take %.3g times the device time (%.0f and %.0f ns); %g to %g would do",
            ratio, eight.device_ns, one.device_ns, LEAST, MOST);
    conform_pass(kit,
        "%llu launches: device %.4g ms within the host's %.4g ms; 8 times as many: %.2f times the time",
        (unsigned long long)launches, one.device_ns / 1e6, one.host_ns / 1e6, ratio);
}

void conform_check_timer(conform_kit *kit, size_t item) {
    const sy_queue_api *api = kit->on.api->queue;
    sy_error err = SY_ERROR_INIT;
    sy_timer *timer = NULL;
    (void)item;
    if (api->timer_create == NULL) {
        conform_skip(kit, "no timers are offered");
        return;
    }
    conform_small *small = conform_small_open(kit, 192, 0);
    conform_doing(kit, "creating a timer");
    if (small != NULL &&
        conform_succeeds(kit, "timer_create", api->timer_create(kit->on.queue, &timer, &err), &err))
        compare(kit, small, timer);
    if (timer != NULL)
        api->timer_destroy(timer);
    conform_small_close(small);
}
