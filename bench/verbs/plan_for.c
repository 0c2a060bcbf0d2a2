/* How many rounds a run needs. */
#include "bench/verbs/plan_for.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/verbs/compare_job.h"
#include "bench/words/words.h"
#include "runtime/base/error.h"

enum { PILOT_RUNS = 2, PILOT_ROUNDS = 2, SHARE = 95 };

static sy_status read_threshold(const char *text, double *out_threshold, sy_error *err) {
    sy_gate_options options;
    sy_gate_options_init(&options);
    sy_status status = sy_gate_parse(text, &options, err);
    if (status != SY_OK)
        return sy_error_prefix(err, status, "--plan-for");
    for (int q = 0; q < (int)SY_QUANTITY_COUNT; q++)
        if (q != SY_QUANTITY_TIME && !isnan(options.threshold[q]))
            return sy_error_set(err, SY_INVALID_ARGUMENT,
                "--plan-for takes time alone, such as time:5%%: rounds do not make %s more certain",
                sy_quantity_name(q));
    *out_threshold = options.threshold[SY_QUANTITY_TIME];
    return SY_OK;
}

static sy_status find_noise(sy_compare_job *job, sy_error *err) {
    sy_status status = sy_compare_job_noise(job, err);
    if (status != SY_OK || job->has_noise)
        return status;
    status = sy_compare_job_repeat(job, "pilot for --plan-for", PILOT_RUNS, PILOT_ROUNDS, err);
    if (status != SY_OK || job->is_interrupted)
        return status;
    status = sy_compare_job_choose(job, err);
    job->noise_from = "a pilot of 2 runs of 2 rounds";
    return status == SY_OK
               ? sy_noise_measure(job->taken, job->program->config->delta, &job->arena, &job->noise, err)
               : status;
}

static int by_size(const void *a, const void *b) {
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return x < y ? -1 : x > y;
}

static void say(const sy_compare_job *job, const size_t *rounds, size_t most, size_t never) {
    const sy_config *config = job->program->config;
    size_t count = job->noise.count;
    if (config->quiet)
        return;
    fprintf(stderr,
        "plan for %s: %zu rounds do for half of the rows, %zu for %d of 100; by the noise of %s\n",
        sy_word_quote(config->plan_for).text, rounds[(count - 1) / 2], rounds[most], SHARE, job->noise_from);
    if (never > 0)
        fprintf(stderr,
            "plan: runs of %zu of %zu rows differ too much from each other: no number of rounds does\n",
            never, count);
}

/* Rounds of every row; those that no number of rounds helps count as the most. */
static sy_status plan(sy_compare_job *job, double threshold, size_t *out_rounds, sy_error *err) {
    const sy_noise *noise = &job->noise;
    size_t *rounds = sy_arena_array(&job->arena, noise->count + 1, sizeof *rounds), never = 0;
    if (rounds == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a plan");
    for (size_t i = 0; i < noise->count; i++) {
        rounds[i] = sy_plan_rounds(noise->row[i].round, noise->row[i].run, threshold);
        never += rounds[i] == 0;
        rounds[i] = rounds[i] == 0 ? SY_PLAN_ROUNDS_MAX : rounds[i];
    }
    if (noise->count == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "--plan-for: %s knows no row", job->noise_from);
    qsort(rounds, noise->count, sizeof *rounds, by_size);
    size_t most = (noise->count * SHARE + 99) / 100 - 1;
    *out_rounds = rounds[most];
    say(job, rounds, most, never);
    return SY_OK;
}

sy_status sy_plan_for(const sy_program *program, uint64_t *rounds, bool *out_interrupted, sy_error *err) {
    sy_compare_job job = {.program = program};
    double threshold = NAN;
    size_t needed = 0;
    sy_status status = read_threshold(program->config->plan_for, &threshold, err);
    if (status == SY_OK)
        status = find_noise(&job, err);
    *out_interrupted = job.is_interrupted;
    if (status == SY_OK && !job.is_interrupted)
        status = plan(&job, threshold, &needed, err);
    bool is_set = sy_config_has(program->config, "rounds");
    if (status == SY_OK && !job.is_interrupted && !is_set)
        *rounds = needed;
    if (status == SY_OK && !job.is_interrupted && !program->config->quiet)
        fprintf(
            stderr, "plan: %" PRIu64 " rounds are taken%s\n", *rounds, is_set ? ", as --rounds says" : "");
    sy_compare_job_release(&job);
    return status;
}
