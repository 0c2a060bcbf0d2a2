/* One batch of launches between two synchronisations. */
#include "bench/measure/batch.h"

#include "runtime/base/error.h"
#include <stddef.h>

sy_status sy_batcher_check(const sy_work *work, const sy_clock *clock, sy_error *err) {
    if (work == NULL || work->launch == NULL || work->sync == NULL)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "work has no launch or no sync function");
    if (clock == NULL || clock->now_ns == NULL)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "no clock was given");
    return SY_OK;
}

bool sy_batcher_is_cancelled(const sy_batcher *batcher) {
    return batcher->work->is_cancelled != NULL && batcher->work->is_cancelled(batcher->work->ctx);
}

sy_status sy_batch_prepare(const sy_batcher *batcher, uint64_t launches, sy_error *err) {
    const sy_work *work = batcher->work;
    if (work->prepare == NULL)
        return SY_OK;
    sy_status status = work->prepare(work->ctx, batcher->next, launches, err);
    return status == SY_OK ? work->sync(work->ctx, err) : status;
}

sy_status sy_batch_run(sy_batcher *batcher, uint64_t launches, uint64_t *out_elapsed_ns, sy_error *err) {
    const sy_work *work = batcher->work;
    uint64_t start_ns;
    *out_elapsed_ns = 0;
    sy_status status = sy_clock_read(batcher->clock, &start_ns, err);
    for (uint64_t i = 0; i < launches && status == SY_OK; i++) {
        status = work->launch(work->ctx, batcher->next, err);
        batcher->next += status == SY_OK;
    }
    if (status == SY_OK)
        status = work->sync(work->ctx, err);
    if (status != SY_OK)
        return status;
    return sy_clock_elapsed(batcher->clock, start_ns, out_elapsed_ns, err);
}
