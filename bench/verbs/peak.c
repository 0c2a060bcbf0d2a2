/* `steelyard peak`: the ceilings of a device, each with its method, through the same machinery as any row. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/report/report.h"
#include "bench/run/interrupt.h"
#include "bench/verbs/peak_floor.h"
#include "bench/verbs/peak_problems.h"
#include "bench/verbs/run_job.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Everything of a run but what the command line names: the problems follow from the devices. */
static sy_status prepare(sy_run_job *job, sy_error *err) {
    sy_status status = sy_interrupt_open(&job->wake_fd, err);
    if (status == SY_OK)
        status = sy_peak_suite(job->program, &job->suite[0], err);
    if (status == SY_OK)
        job->suite_count = 1;
    if (status == SY_OK)
        status = sy_run_job_plan(job, err);
    return status == SY_OK ? sy_peak_floor_sort(job, err) : status;
}

static const char *name_of(const sy_row *row) {
    return row->origin.name != NULL ? row->origin.name : row->key.problem;
}

/* Rate in the unit of the row, with the half-width of its interval in percent. */
static void print_row(const sy_row *row) {
    double median_ns = NAN, ci_ns[2] = {NAN, NAN};
    sy_row_headline(row, &median_ns, ci_ns);
    printf("  %-26s ", name_of(row));
    if (!sy_row_has_time(row)) {
        printf("%s: %s\n", sy_row_status_name(row->status), row->reason != NULL ? row->reason : "");
        return;
    }
    bool is_flop = !isnan(row->rate.flop_per_s);
    bool is_integer =
        strstr(row->key.problem, "dtype=s8") != NULL || strstr(row->key.problem, "dtype=u8") != NULL;
    double ratio = isnan(row->subject.flop_ratio) || !is_flop ? 1.0 : row->subject.flop_ratio;
    double rate = (is_flop ? row->rate.flop_per_s : row->rate.byte_per_s) * ratio * 1e-9;
    const char *unit = !is_flop ? "GB/s" : is_integer ? "GOP/s" : "GFLOP/s";
    printf("%9.1f %-8s", rate, unit);
    if (!isnan(ci_ns[0]))
        printf(" +-%.1f %%", 50.0 * (ci_ns[1] - ci_ns[0]) / median_ns);
    printf("  %s%s\n", sy_peak_method(name_of(row)), row->status == SY_ROW_UNSTABLE ? "  (unstable)" : "");
}

static void print_devices(const sy_run_job *job) {
    for (size_t i = 0; i < job->targets.count; i++) {
        const sy_target *target = &job->targets.target[i];
        printf("%s  %s%s\n", target->id, target->status == SY_OK ? target->info.name : target->reason,
            target->simulated ? "  SIMULATED" : "");
        for (size_t j = 0; j < job->schedule.rows.count; j++)
            if (strcmp(job->schedule.rows.row[j].request.device, target->id) == 0)
                print_row(&job->schedule.rows.row[j]);
    }
}

static int run(sy_run_job *job) {
    sy_error error = SY_ERROR_INIT;
    sy_status status = prepare(job, &error);
    if (status == SY_OK)
        status = sy_run_job_open_record(job, &error);
    if (status == SY_OK)
        status = sy_run_job_measure(job, &error);
    bool interrupted = sy_interrupt_seen(job->wake_fd);
    if (status != SY_OK && !interrupted)
        return sy_program_fail(status, &error);
    if (job->record != NULL)
        status = sy_run_job_close_record(job, interrupted, &error);
    print_devices(job);
    if (status != SY_OK && !interrupted)
        return sy_program_fail(status, &error);
    return interrupted ? SY_EXIT_INTERRUPTED : SY_EXIT_FINE;
}

int sy_verb_peak(const sy_program *program) {
    sy_run_job *job = sy_mem_calloc(1, sizeof *job);
    sy_error error = SY_ERROR_INIT;
    if (job == NULL)
        return sy_program_fail(sy_error_set(&error, SY_OUT_OF_MEMORY, "no memory"), &error);
    job->program = program;
    job->wake_fd = -1;
    job->start_ns = sy_clock_raw_ns();
    job->without_ceilings = true;
    int result = run(job);
    int wake_fd = job->wake_fd;
    sy_run_job_release(job);
    sy_interrupt_close(wake_fd);
    sy_mem_free(job);
    return result;
}
