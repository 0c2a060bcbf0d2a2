/* A run within another verb. */
#include "bench/verbs/repeat.h"

#include "bench/run/interrupt.h"
#include "bench/verbs/run_job.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static sy_status measure(sy_run_job *job, sy_error *err) {
    sy_status status = sy_interrupt_open(&job->wake_fd, err);
    if (status == SY_OK)
        status = sy_run_job_load_suites(job, err);
    if (status == SY_OK)
        status = sy_run_job_plan(job, err);
    if (status == SY_OK)
        status = sy_run_job_open_record(job, err);
    if (status == SY_OK)
        status = sy_run_job_measure(job, err);
    return status == SY_OK ? sy_run_job_close_record(job, false, err) : status;
}

sy_status sy_run_once(const sy_program *program, uint64_t rounds, sy_run_take *take, void *ctx,
    bool *out_interrupted, sy_error *err) {
    char off[] = "off";
    char *words[] = {off};
    sy_config config = *program->config;
    sy_program within = *program;
    config.verb = SY_VERB_RUN;
    config.output = config.resume = NULL;
    config.rounds = rounds;
    config.sustain_ns = 0;
    config.energy = (sy_words){.word = words, .count = 1};
    within.config = &config;
    sy_run_job *job = sy_mem_calloc(1, sizeof *job);
    *out_interrupted = false;
    if (job == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a run");
    job->program = &within;
    job->wake_fd = -1;
    job->start_ns = sy_clock_raw_ns();
    job->with_tuning = config.tuned == SY_TUNED_ON;
    job->without_ceilings = true;
    sy_status status = measure(job, err);
    int wake_fd = job->wake_fd;
    *out_interrupted = sy_interrupt_seen(wake_fd);
    if (status == SY_OK && !*out_interrupted)
        status = take(ctx, job->record_path, err);
    sy_run_job_release(job);
    sy_interrupt_close(wake_fd);
    sy_mem_free(job);
    return status;
}
