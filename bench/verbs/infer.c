/* `steelyard infer`: a whole network on devices, under a load. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/run/interrupt.h"
#include "bench/verbs/infer_job.h"
#include "bench/verbs/present.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static bool is_strict_enough(const sy_row *row) {
    return row->status == SY_ROW_OK && row->check.verified == SY_TRI_YES && row->model.valid == SY_TRI_YES;
}

static int exit_status(const sy_infer_job *job) {
    const sy_row_list *rows = &job->run.schedule.rows;
    size_t fine = 0, wrong = 0, not_strict = 0;
    for (size_t i = 0; i < rows->count; i++) {
        uint32_t status = rows->row[i].status;
        fine += status == SY_ROW_OK || status == SY_ROW_UNSTABLE || status == SY_ROW_SUSPECT;
        wrong += status == SY_ROW_WRONG || status == SY_ROW_ERROR || status == SY_ROW_TIMEOUT;
        not_strict += !is_strict_enough(&rows->row[i]);
    }
    if (wrong > 0)
        return SY_EXIT_WRONG;
    if (fine == 0)
        return SY_EXIT_SKIPPED;
    return job->run.program->config->strict && not_strict > 0 ? SY_EXIT_UNDECIDED : SY_EXIT_FINE;
}

static sy_status prepare(sy_infer_job *job, sy_error *err) {
    const sy_config *config = job->run.program->config;
    if (config->strict && config->isolation == SY_ISOLATION_NONE)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "--strict refuses --isolation none");
    sy_status status = sy_infer_settings_read(job->run.program, &job->settings, err);
    if (status == SY_OK)
        status = sy_interrupt_open(&job->run.wake_fd, err);
    if (status == SY_OK)
        status = sy_infer_open(job, err);
    return status == SY_OK ? sy_infer_reference(job, err) : status;
}

static sy_status open_record(sy_infer_job *job, sy_error *err) {
    const char **ids = sy_mem_calloc(job->count + 1, sizeof *ids);
    if (ids == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the plan");
    for (size_t i = 0; i < job->count; i++)
        ids[i] = job->side[i].id;
    sy_status status = sy_run_job_open_record_of(&job->run, ids, job->count, err);
    sy_mem_free(ids);
    return status;
}

/* Measure, end the record, write what goes beside it; what was finished before an interruption stays. */
static sy_status measure(sy_infer_job *job, sy_error *err) {
    sy_error late = SY_ERROR_INIT;
    sy_status status = sy_infer_measure(job, err);
    bool interrupted = status == SY_REFUSED;
    if (status != SY_OK && !interrupted)
        return status;
    double duration_ns = (double)(sy_clock_raw_ns() - job->run.start_ns);
    sy_status closed = sy_record_end(job->run.record, duration_ns, interrupted, &late);
    sy_record_close(job->run.record);
    job->run.record = NULL;
    if (closed == SY_OK)
        closed = sy_infer_write_files(job, &late);
    return closed == SY_OK ? status : sy_error_set(err, closed, "%s", sy_error_text(&late, closed));
}

static void show(sy_infer_job *job) {
    const char *path = job->run.record_path;
    if (path[0] == '\0' || strcmp(path, "-") == 0)
        return;
    sy_present_file(job->run.program, path, job->run.temporary_fd <= 0);
    sy_infer_print(job);
}

static int run(sy_infer_job *job) {
    sy_error error = SY_ERROR_INIT;
    sy_status status = prepare(job, &error);
    bool is_prepared = status == SY_OK;
    if (status == SY_OK)
        status = open_record(job, &error);
    bool is_begun = job->run.record != NULL;
    if (status == SY_OK)
        status = measure(job, &error);
    bool interrupted = sy_interrupt_seen(job->run.wake_fd);
    if (status != SY_OK && !interrupted)
        return is_prepared && is_begun ? sy_program_fail(status, &error)
                                       : sy_program_fail_input(status, &error);
    if (is_begun && (status == SY_OK || job->run.schedule.rows.count > 0))
        show(job);
    return interrupted ? SY_EXIT_INTERRUPTED : exit_status(job);
}

int sy_verb_infer(const sy_program *program) {
    sy_error error = SY_ERROR_INIT;
    sy_infer_job *job = sy_mem_calloc(1, sizeof *job);
    if (job == NULL)
        return sy_program_fail(sy_error_set(&error, SY_OUT_OF_MEMORY, "no memory"), &error);
    job->run.program = program;
    job->run.wake_fd = -1;
    job->run.start_ns = sy_clock_raw_ns();
    int result = run(job);
    int wake_fd = job->run.wake_fd;
    sy_infer_job_release(job);
    sy_interrupt_close(wake_fd);
    sy_mem_free(job);
    return result;
}
