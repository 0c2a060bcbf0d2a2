/* One batch of launches between two synchronisations: shared by the sampler and the load phase only. */
#ifndef STEELYARD_MEASURE_BATCH_H
#define STEELYARD_MEASURE_BATCH_H

#include "bench/measure/clock.h"
#include "bench/measure/work.h"

/** Something that launches: `next` is the index of the next launch. */
typedef struct sy_batcher {
    const sy_work *work;
    const sy_clock *clock;
    uint64_t next;
} sy_batcher;

/** SY_INVALID_ARGUMENT if a function that must be there is not. */
sy_status sy_batcher_check(const sy_work *work, const sy_clock *clock, sy_error *err);

/** True once the caller wants to end. */
bool sy_batcher_is_cancelled(const sy_batcher *batcher);

/** Prepare (untimed) the next `launches` launches and wait for it. */
sy_status sy_batch_prepare(const sy_batcher *batcher, uint64_t launches, sy_error *err);

/** Launch and wait; time between the two. Errors: of the work, or of the clock. */
sy_status sy_batch_run(sy_batcher *batcher, uint64_t launches, uint64_t *out_elapsed_ns, sy_error *err);

#endif
