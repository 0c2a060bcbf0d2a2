/* A clock handed in by the caller, and what reading it costs. */
#include "bench/measure/clock.h"

#include "bench/stats/order.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include <inttypes.h>

static uint64_t read_host(void *ctx) {
    (void)ctx;
    return sy_clock_raw_ns();
}

sy_clock sy_clock_host(void) {
    return (sy_clock){.ctx = NULL, .now_ns = read_host};
}

sy_status sy_clock_read(const sy_clock *clock, uint64_t *out_ns, sy_error *err) {
    *out_ns = clock->now_ns(clock->ctx);
    if (*out_ns == 0)
        return sy_error_set(err, SY_INTERNAL, "the clock could not be read");
    return SY_OK;
}

sy_status sy_clock_elapsed(const sy_clock *clock, uint64_t start_ns, uint64_t *out_ns, sy_error *err) {
    uint64_t now_ns;
    *out_ns = 0;
    sy_status status = sy_clock_read(clock, &now_ns, err);
    if (status != SY_OK)
        return status;
    if (now_ns < start_ns)
        return sy_error_set(err, SY_INTERNAL, "the clock went back by %" PRIu64 " ns; no time can be trusted",
            start_ns - now_ns);
    *out_ns = now_ns - start_ns;
    return SY_OK;
}

sy_status sy_clock_measure(const sy_clock *clock, sy_clock_quality *out_quality, sy_error *err) {
    double deltas[SY_CLOCK_READS];
    uint64_t previous, total = 0, resolution = 0;
    *out_quality = (sy_clock_quality){0};
    sy_status status = sy_clock_read(clock, &previous, err);
    for (int i = 0; i < SY_CLOCK_READS && status == SY_OK; i++) {
        uint64_t delta;
        status = sy_clock_elapsed(clock, previous, &delta, err);
        previous += delta;
        total += delta;
        deltas[i] = (double)delta;
        if (delta > 0 && (resolution == 0 || delta < resolution))
            resolution = delta;
    }
    if (status != SY_OK)
        return status;
    sy_sort_f64(deltas, SY_CLOCK_READS);
    double median = sy_quantile(deltas, SY_CLOCK_READS, 0.5);
    out_quality->overhead_ns = median > 0.0 ? median : (double)total / SY_CLOCK_READS;
    out_quality->resolution_ns = resolution;
    return SY_OK;
}
