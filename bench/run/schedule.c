/* Devices, process repeats, blocks. */
#include "bench/run/schedule.h"

#include <stdio.h>

#include "bench/run/block.h"
#include "bench/run/pair_run.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static sy_status run_block(
    sy_schedule *schedule, size_t target, const size_t *rows, size_t count, sy_error *err) {
    sy_block block = {.schedule = schedule, .target_index = target, .visits_each = 1};
    sy_status status = sy_block_open(&block, rows, count, err);
    if (status == SY_OK)
        status = sy_block_run(&block, err);
    sy_block_close(&block);
    return status;
}

/* Rows of one device and process that the record does not have yet; their count. The sides b of pairs come
 * with their sides a. */
static size_t collect_rows(const sy_schedule *schedule, size_t target, uint64_t process, size_t *out_rows) {
    size_t count = 0;
    for (size_t i = 0; i < schedule->list->count; i++) {
        const sy_work_row *row = &schedule->list->row[i];
        bool is_led = row->pair.side != NULL && row->pair.side[0] == 'b';
        bool wanted = row->target == target && row->process == process && !is_led;
        if (wanted && (schedule->record == NULL || !sy_record_done(schedule->record, row->id)))
            out_rows[count++] = i;
    }
    return count;
}

/* A process repeat means a worker of its own. */
static sy_status renew_worker(sy_schedule *schedule, sy_target *target, uint64_t process, sy_error *err) {
    if (process == 0 || target->status != SY_OK)
        return SY_OK;
    sy_error reason = SY_ERROR_INIT;
    sy_target_disconnect(target);
    sy_status status = sy_target_connect(schedule->shared.places, target, &reason);
    if (status == SY_REFUSED)
        return sy_error_set(err, status, "interrupted");
    if (status != SY_OK)
        snprintf(target->reason, sizeof target->reason, "%s", sy_error_text(&reason, status));
    return SY_OK;
}

static sy_status run_target(
    sy_schedule *schedule, size_t target, uint64_t process, size_t *rows, sy_error *err) {
    size_t count = collect_rows(schedule, target, process, rows);
    const sy_work_row *front = count > 0 ? &schedule->list->row[rows[0]] : NULL;
    bool is_paired = front != NULL && front->pair.side != NULL;
    size_t partner = is_paired ? schedule->list->row[front->pair.other].target : target;
    bool whole = schedule->shared.config->budget_ns > 0;
    size_t step = whole ? count : SY_SCHEDULE_BLOCK_ROWS;
    sy_status status = SY_OK;
    if (count > 0)
        status = renew_worker(schedule, &schedule->targets->target[target], process, err);
    if (status == SY_OK && partner != target)
        status = renew_worker(schedule, &schedule->targets->target[partner], process, err);
    for (size_t first = 0; status == SY_OK && first < count; first += step) {
        size_t some = count - first < step ? count - first : step;
        status = is_paired ? sy_pair_run(schedule, rows + first, some, err)
                           : run_block(schedule, target, rows + first, some, err);
    }
    return status;
}

sy_status sy_schedule_run(sy_schedule *schedule, sy_error *err) {
    uint64_t processes = schedule->shared.config->repeat_process;
    size_t *rows = sy_mem_calloc(schedule->list->count, sizeof *rows);
    sy_status status = SY_OK;
    if (rows == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %zu rows", schedule->list->count);
    for (uint64_t process = 0; status == SY_OK && process < (processes > 0 ? processes : 1); process++)
        for (size_t i = 0; status == SY_OK && i < schedule->targets->count; i++)
            status = run_target(schedule, i, process, rows, err);
    for (size_t i = 0; status == SY_OK && i < schedule->targets->count; i++)
        status = sy_schedule_mix(schedule, i, err);
    sy_mem_free(rows);
    return status;
}
