/* What is measured, seen as functions: the measuring code knows no op, no device and no memory. */
#ifndef STEELYARD_MEASURE_WORK_H
#define STEELYARD_MEASURE_WORK_H

#include "steelyard/status.h"
#include <stdbool.h>

/**
 * Work that can be launched again and again. Every function returns a status and sets `err`; any error ends
 * the measurement. All are called from one thread.
 *
 * prepare       before each batch, never timed: the next `launches` launches will have the indices
 *               first_index .. first_index + launches - 1. Poison the output slots they write. May enqueue; a
 *               sync follows before the clock is read. NULL: nothing to prepare.
 * launch        enqueue launch number `index`. Indices run from 0 over the whole visit, warm-up included,
 *               without gaps but those before a batch that begins at a unit of the sampler's, so that a
 *               ring's slot is index % sets.
 * sync          wait until everything enqueued is done; carries asynchronous errors.
 * device_ns     device time of the batch that was synchronised last, in ns (whole batch). NULL: the device
 *               has no timer; the value NaN: it had none for this batch.
 * clock_mhz     the device's clock now, for the end of the warm-up. NULL: unknown.
 * is_cancelled  asked between launches and batches; true ends the measurement at once. NULL: never.
 * resume        before launches that follow others without a pause: what prepare() does, but nothing that
 *               enqueues. NULL: nothing.
 * mark, reach   put mark `which` (0 or 1) behind what is enqueued; wait until what is before it is done,
 *               while more may be enqueued behind it. NULL, both: there are no marks, sync() stands for them.
 */
typedef struct sy_work {
    void *ctx;
    sy_status (*prepare)(void *ctx, uint64_t first_index, uint64_t launches, sy_error *err);
    sy_status (*launch)(void *ctx, uint64_t index, sy_error *err);
    sy_status (*sync)(void *ctx, sy_error *err);
    sy_status (*device_ns)(void *ctx, double *out_ns, sy_error *err);
    sy_status (*clock_mhz)(void *ctx, double *out_mhz, sy_error *err);
    bool (*is_cancelled)(void *ctx);
    sy_status (*resume)(void *ctx, uint64_t first_index, uint64_t launches, sy_error *err);
    sy_status (*mark)(void *ctx, uint32_t which, sy_error *err);
    sy_status (*reach)(void *ctx, uint32_t which, sy_error *err);
} sy_work;

#endif
