/* `steelyard run`: suites and problems on devices, every row checked, with an interval. */
#include <stdio.h>
#include <string.h>

#include "bench/run/interrupt.h"
#include "bench/run/pair.h"
#include "bench/verbs/pair_text.h"
#include "bench/verbs/plan_for.h"
#include "bench/verbs/present.h"
#include "bench/verbs/run_job.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Rows by outcome, for the exit status. */
typedef struct outcome {
    size_t fine, wrong, skipped, not_strict;
} outcome;

static bool is_strict_enough(const sy_row *row) {
    return row->status == SY_ROW_OK && row->check.verified == SY_TRI_YES;
}

static outcome count_rows(const sy_row_list *rows) {
    outcome counted = {0};
    for (size_t i = 0; i < rows->count; i++) {
        const sy_row *row = &rows->row[i];
        switch (row->status) {
        case SY_ROW_OK:
        case SY_ROW_UNSTABLE: counted.fine++; break;
        case SY_ROW_SUSPECT: counted.fine++; break;
        case SY_ROW_WRONG:
        case SY_ROW_ERROR:
        case SY_ROW_TIMEOUT: counted.wrong++; break;
        default: counted.skipped++; break;
        }
        bool is_judged = sy_row_has_time(row) || row->status == SY_ROW_SUSPECT;
        counted.not_strict += is_judged && !is_strict_enough(row) ? 1 : 0;
    }
    return counted;
}

static int exit_status(const sy_run_job *job, bool interrupted) {
    outcome counted = count_rows(&job->schedule.rows);
    if (interrupted)
        return SY_EXIT_INTERRUPTED;
    if (counted.wrong > 0)
        return SY_EXIT_WRONG;
    if (counted.fine == 0 && counted.skipped > 0)
        return SY_EXIT_SKIPPED;
    if (job->program->config->strict && counted.not_strict > 0)
        return SY_EXIT_UNDECIDED;
    return SY_EXIT_FINE;
}

static sy_status check_settings(const sy_config *config, sy_error *err) {
    if (config->strict && config->isolation == SY_ISOLATION_NONE)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "--strict refuses --isolation none");
    if (config->strict && (config->data == SY_DATA_ZEROS || config->data == SY_DATA_INTEGER))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "--strict refuses --data %s: it is no headline",
            sy_data_name(config->data));
    return SY_OK;
}

static sy_status prepare(sy_run_job *job, sy_error *err) {
    sy_status status = check_settings(job->program->config, err);
    if (status == SY_OK)
        status = sy_interrupt_open(&job->wake_fd, err);
    if (status == SY_OK)
        status = sy_run_job_load_suites(job, err);
    return status == SY_OK ? sy_run_job_plan(job, err) : status;
}

/* Measure and write; what was finished before an interruption or an error stays, with its totals. */
static sy_status measure(sy_run_job *job, sy_error *err) {
    sy_error late = SY_ERROR_INIT;
    sy_status status = sy_run_job_measure(job, err);
    bool interrupted = status == SY_REFUSED;
    if (status != SY_OK && !interrupted)
        return status;
    sy_status closed = sy_run_job_close_record(job, interrupted, &late);
    if (closed != SY_OK)
        return sy_error_set(err, closed, "%s", sy_error_text(&late, closed));
    return status;
}

static int run(sy_run_job *job) {
    sy_error error = SY_ERROR_INIT;
    const sy_config *config = job->program->config;
    sy_status status = prepare(job, &error);
    if (status == SY_OK && config->dry_run) {
        sy_run_job_print_plan(job);
        return SY_EXIT_FINE;
    }
    if (status == SY_OK)
        status = sy_run_job_open_record(job, &error);
    if (status != SY_OK && !sy_interrupt_seen(job->wake_fd))
        return job->record == NULL ? sy_program_fail_input(status, &error) : sy_program_fail(status, &error);
    if (status == SY_OK)
        status = measure(job, &error);
    bool interrupted = sy_interrupt_seen(job->wake_fd);
    if (status != SY_OK && !interrupted)
        return sy_program_fail(status, &error);
    bool has_record = job->record_path[0] != '\0' && strcmp(job->record_path, "-") != 0;
    if (has_record && (status == SY_OK || job->schedule.rows.count > 0)) {
        sy_present_file(job->program, job->record_path, job->temporary_fd <= 0);
        sy_pair_print(job);
    }
    if (interrupted && job->record_path[0] == '\0')
        return SY_EXIT_INTERRUPTED;
    return exit_status(job, interrupted);
}

static int run_planned(const sy_program *program) {
    sy_run_job *job = sy_mem_calloc(1, sizeof *job);
    sy_error error = SY_ERROR_INIT;
    if (job == NULL)
        return sy_program_fail(sy_error_set(&error, SY_OUT_OF_MEMORY, "no memory"), &error);
    job->program = program;
    job->wake_fd = -1;
    job->start_ns = sy_clock_raw_ns();
    job->with_tuning = program->config->tuned == SY_TUNED_ON;
    int result = run(job);
    int wake_fd = job->wake_fd;
    sy_run_job_release(job);
    sy_interrupt_close(wake_fd);
    sy_mem_free(job);
    return result;
}

/* --plan-for: the rounds, before anything is measured. */
static sy_status plan_rounds(
    const sy_program *program, sy_config *config, bool *out_interrupted, sy_error *err) {
    if (config->plan_for == NULL)
        return config->noise == NULL || !sy_config_has(config, "noise")
                   ? SY_OK
                   : sy_error_set(err, SY_INVALID_ARGUMENT, "--noise belongs to --plan-for");
    sy_status status = check_settings(config, err);
    return status == SY_OK ? sy_plan_for(program, &config->rounds, out_interrupted, err) : status;
}

int sy_verb_run(const sy_program *program) {
    sy_error error = SY_ERROR_INIT;
    sy_config config = *program->config; /* borrows, and is not released */
    sy_program planned = *program;
    bool is_interrupted = false;
    sy_status status = sy_pair_apply(&config, program->builtins, program->builtin_count, &error);
    if (status == SY_OK)
        status = plan_rounds(program, &config, &is_interrupted, &error);
    if (status != SY_OK)
        return sy_program_fail_input(status, &error);
    planned.config = &config;
    return is_interrupted ? SY_EXIT_INTERRUPTED : run_planned(&planned);
}
