/* A device made of numbers, for tests of the measuring code: its clock goes only when it is told to. */
#ifndef STEELYARD_TESTS_MEASURE_DEVICE_H
#define STEELYARD_TESTS_MEASURE_DEVICE_H

#include "bench/measure/clock.h"
#include "bench/measure/work.h"
#include "runtime/base/error.h"

/**
 * What happens. Times in ns; all calls of the work are counted in `calls`, and number fail_at fails.
 *
 * launch_ns, sync_ns, prepare_ns   what each takes; the first launch cold_ns more, which fades
 *                 linearly over cold_launches launches.
 * ripple          every second batch's sync takes so much longer.
 * device_share    device time as share of the batch; 0: NaN.
 * cancel_at       asked for the n-th time, is_cancelled says yes; 0: never.
 * back_at, dead_at   the n-th reading of the clock goes back, or fails; 0: never.
 */
typedef struct test_device {
    uint64_t now_ns, launch_ns, sync_ns, prepare_ns, cold_ns, cold_launches, ripple_ns;
    double device_share;
    uint64_t calls, fail_at, launches, next_index, syncs, prepares, pending, batch_start_ns;
    uint64_t prepared_first, prepared_count, longest_batch;
    uint64_t asked, cancel_at, reads, back_at, dead_at;
    bool is_out_of_order;
} test_device;

static inline bool must_fail(test_device *device) {
    return ++device->calls == device->fail_at;
}

static inline sy_status device_prepare(void *ctx, uint64_t first, uint64_t launches, sy_error *err) {
    test_device *device = ctx;
    if (must_fail(device))
        return sy_error_set(err, SY_LOST, "prepare failed");
    device->is_out_of_order |= first != device->next_index;
    device->prepared_first = first;
    device->prepared_count = launches;
    device->prepares++;
    device->now_ns += device->prepare_ns;
    return SY_OK;
}

static inline sy_status device_launch(void *ctx, uint64_t index, sy_error *err) {
    test_device *device = ctx;
    if (must_fail(device))
        return sy_error_set(err, SY_LOST, "launch failed");
    device->is_out_of_order |= index != device->next_index;
    device->next_index = index + 1;
    if (device->pending++ == 0)
        device->batch_start_ns = device->now_ns;
    device->now_ns += device->launch_ns;
    if (device->launches < device->cold_launches)
        device->now_ns +=
            device->cold_ns * (device->cold_launches - device->launches) / device->cold_launches;
    device->launches++;
    return SY_OK;
}

static inline sy_status device_sync(void *ctx, sy_error *err) {
    test_device *device = ctx;
    if (must_fail(device))
        return sy_error_set(err, SY_LOST, "sync failed");
    if (device->pending > 0) {
        device->syncs++;
        device->now_ns += device->sync_ns + (device->syncs % 2 == 0 ? device->ripple_ns : 0);
    }
    if (device->pending > device->longest_batch)
        device->longest_batch = device->pending;
    device->pending = 0;
    return SY_OK;
}

static inline sy_status device_time(void *ctx, double *out_ns, sy_error *err) {
    test_device *device = ctx;
    if (must_fail(device))
        return sy_error_set(err, SY_LOST, "device time failed");
    *out_ns = device->device_share > 0.0
                  ? device->device_share * (double)(device->now_ns - device->batch_start_ns)
                  : (double)NAN;
    return SY_OK;
}

static inline bool device_is_cancelled(void *ctx) {
    test_device *device = ctx;
    return ++device->asked == device->cancel_at;
}

static inline uint64_t device_now(void *ctx) {
    test_device *device = ctx;
    device->reads++;
    if (device->reads == device->dead_at)
        return 0;
    return device->reads == device->back_at ? 1 : device->now_ns;
}

static inline sy_work device_work(test_device *device) {
    return (sy_work){.ctx = device,
        .prepare = device_prepare,
        .launch = device_launch,
        .sync = device_sync,
        .device_ns = device_time,
        .is_cancelled = device_is_cancelled};
}

static inline sy_clock device_clock(test_device *device) {
    return (sy_clock){.ctx = device, .now_ns = device_now};
}

#endif
