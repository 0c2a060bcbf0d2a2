/* A whole run in this process of many tiny products on one simulated device. */
#ifndef STEELYARD_TESTS_RUN_WHOLE_RUN_H
#define STEELYARD_TESTS_RUN_WHOLE_RUN_H

#include "tests/unit/bench/run/rig.h"

#include <stdio.h>
#include <unistd.h>

#include "bench/plan/worklist.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

enum { MANY = 70 };

/* A run of `count` tiny products with k = 1, 2, ... */
typedef struct whole_run {
    rig r;
    char text[MANY][48];
    sy_suite_item item[MANY];
    sy_suite suite;
    sy_suite *suites[1];
    sy_work_target target;
    sy_worklist list;
    sy_ceilings ceilings;
    sy_progress progress;
    sy_schedule schedule;
} whole_run;

static char device[160];

/* A device of this process's own; locks are between programs. */
static inline const char *device_with(const char *params) {
    snprintf(device, sizeof device, "sim:0?memory=1M,cache=1K,jitter=0.01,seed=%d%s", (int)getpid(), params);
    return device;
}

/* Devices and problems, which may be given names before plan(). */
static inline void prepare(whole_run *run, const char *params, size_t count, const char *const *options) {
    memset(run, 0, sizeof *run);
    rig_open(&run->r, device_with(params), options);
    for (size_t i = 0; i < count; i++) {
        snprintf(run->text[i], sizeof run->text[i], "gemm:m=3,n=3,k=%zu", i + 1);
        run->item[i] = (sy_suite_item){.problem = run->text[i], .count = 1};
    }
    run->suite = (sy_suite){.name = (char *)(uintptr_t) "tiny", .item = run->item, .count = count};
    run->suites[0] = &run->suite;
}

static inline void plan(whole_run *run) {
    sy_error error = SY_ERROR_INIT;
    run->target = (sy_work_target){.id = run->r.targets.target[0].id, .name = "sim"};
    sy_work_request request = {.config = &run->r.config,
        .suite = run->suites,
        .suite_count = 1,
        .target = &run->target,
        .target_count = 1,
        .settings_hash = "0123456789abcdef"};
    if (sy_worklist_make(&request, &run->list, &error) != SY_OK)
        fail_msg("%s", error.text);
    sy_ceilings_init(&run->ceilings);
    sy_progress_start(&run->progress, 0, true, false);
    run->schedule = (sy_schedule){.shared = run->r.shared,
        .targets = &run->r.targets,
        .list = &run->list,
        .ceilings = &run->ceilings,
        .progress = &run->progress,
        .start_ns = sy_clock_raw_ns()};
    if (sy_schedule_open_energy(&run->schedule, &error) != SY_OK)
        fail_msg("%s", error.text);
}

static inline void start(whole_run *run, const char *params, size_t count, const char *const *options) {
    prepare(run, params, count, options);
    plan(run);
}

static inline void end(whole_run *run) {
    sy_schedule_close_energy(&run->schedule);
    sy_row_list_release(&run->schedule.rows);
    sy_worklist_release(&run->list);
    rig_close(&run->r);
}

static inline const sy_row *row_of(const whole_run *run, size_t index) {
    const sy_row *found = NULL;
    for (size_t i = 0; i < run->schedule.rows.count; i++)
        if (strcmp(run->schedule.rows.row[i].id, run->list.row[index].id) == 0) {
            assert_null(found); /* once */
            found = &run->schedule.rows.row[i];
        }
    assert_non_null(found);
    return found;
}

#endif
