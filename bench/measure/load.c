/* Keeping a device busy for a while, untimed. */
#include "bench/measure/load.h"

#include "bench/measure/batch.h"
#include "runtime/base/error.h"

static const uint64_t wanted_batch_ns =
    10000000; /* short enough to end in time, long enough to leave no gap */
static const uint64_t most_launches = UINT64_C(1) << 20;

sy_status sy_measure_load(const sy_work *work, const sy_clock *clock, uint64_t first_index,
    uint64_t duration_ns, sy_load_result *out_result, sy_error *err) {
    *out_result = (sy_load_result){0};
    sy_status status = sy_batcher_check(work, clock, err);
    if (status != SY_OK)
        return status;
    sy_batcher batcher = {.work = work, .clock = clock, .next = first_index};
    uint64_t start_ns = 0, launches = 1;
    status = sy_batch_prepare(&batcher, launches, err);
    if (status == SY_OK)
        status = sy_clock_read(clock, &start_ns, err);
    while (status == SY_OK && out_result->elapsed_ns < duration_ns) {
        out_result->is_cancelled = sy_batcher_is_cancelled(&batcher);
        if (out_result->is_cancelled)
            break;
        uint64_t batch_ns;
        status = sy_batch_run(&batcher, launches, &batch_ns, err);
        if (status == SY_OK)
            status = sy_clock_elapsed(clock, start_ns, &out_result->elapsed_ns, err);
        if (batch_ns < wanted_batch_ns / 2 && launches < most_launches)
            launches *= 2;
    }
    out_result->launches = batcher.next - first_index;
    return status == SY_OK ? SY_OK : sy_error_prefix(err, status, "load");
}
