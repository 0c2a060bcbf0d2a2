/* `run --tuned search`: the search of `tune` before the run. What it finds lives as long as the run; what the
 * rows show is measured after it, so that no row was chosen by its own samples. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/run/interrupt.h"
#include "bench/verbs/run_job.h"
#include "bench/verbs/tune_search.h"
#include "runtime/base/error.h"

static bool is_searched(const sy_run_job *job, const sy_work_row *work) {
    const sy_target *target = &job->targets.target[work->target];
    return work->refused == SY_OK && target->status == SY_OK && strcmp(work->algorithm, "auto") == 0 &&
           sy_tuning_find(&job->tuning, &target->tuning, work->problem) == NULL;
}

static sy_status keep(sy_run_job *job, const sy_work_row *work, const sy_tune_result *result, sy_error *err) {
    const sy_target *target = &job->targets.target[work->target];
    sy_tuning_entry entry = {
        .key = target->tuning, .device = target->tuning_device, .gain = result->gain, .tried = result->tried};
    snprintf(entry.problem, sizeof entry.problem, "%s", work->problem);
    snprintf(entry.algorithm, sizeof entry.algorithm, "%s", result->winner);
    return sy_tuning_put(&job->tuning, &entry, err);
}

/* What has nothing to choose from, or fails in the search, is measured as without one: the row says what is
 * wrong. An interruption is the run's matter. */
static sy_status search_row(sy_run_job *job, const sy_work_row *work, sy_error *err) {
    sy_target *target = &job->targets.target[work->target];
    sy_visit_shared shared = job->schedule.shared;
    sy_tune_field field;
    sy_tune_result result = {.tried = 0};
    sy_error reason = SY_ERROR_INIT;
    shared.tuning = NULL;
    sy_status status = sy_tune_ask(target, work, &field, &reason);
    if (status == SY_OK && field.count > 1)
        status = sy_tune_search(
            &shared, target, work, &field, job->program->config->max_time_ns, &result, &reason);
    if (status == SY_OK && field.count > 1)
        return keep(job, work, &result, err);
    return status == SY_OUT_OF_MEMORY ? sy_error_set(err, status, "%s", sy_error_text(&reason, status))
                                      : SY_OK;
}

sy_status sy_run_job_search(sy_run_job *job, sy_error *err) {
    bool is_terminal = isatty(STDERR_FILENO) == 1 && !job->program->config->quiet;
    sy_status status = SY_OK;
    for (size_t i = 0; status == SY_OK && i < job->list.count && !sy_interrupt_seen(job->wake_fd); i++) {
        if (!is_searched(job, &job->list.row[i]))
            continue;
        if (is_terminal)
            fprintf(stderr, "\r\033[Ksearch: %zu of %zu\r", i + 1, job->list.count);
        status = search_row(job, &job->list.row[i], err);
    }
    if (is_terminal)
        fprintf(stderr, "\r\033[K");
    return status;
}
