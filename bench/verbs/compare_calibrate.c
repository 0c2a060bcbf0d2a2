/* `steelyard compare --calibrate`: how much a build differs from itself. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bench/record/line.h"
#include "bench/verbs/compare_job.h"
#include "bench/verbs/noise_file.h"
#include "bench/verbs/repeat.h"
#include "bench/words/words.h"
#include "runtime/base/error.h"

/* Whether a word names a record: a file that begins like one. */
static bool is_record(const char *path) {
    char beginning[sizeof SY_LINE_BEGINNING] = "";
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return false;
    size_t bytes = fread(beginning, 1, sizeof beginning - 1, file);
    fclose(file);
    return bytes == sizeof beginning - 1 && memcmp(beginning, SY_LINE_BEGINNING, bytes) == 0;
}

static sy_status count_records(const sy_words *what, size_t *out_count, sy_error *err) {
    *out_count = 0;
    for (size_t i = 0; i < what->count; i++)
        *out_count += is_record(what->word[i]);
    if (*out_count == 0 || *out_count == what->count)
        return SY_OK;
    return sy_error_set(err, SY_INVALID_ARGUMENT,
        "--calibrate takes either result files or what run takes, not both: %zu of %zu arguments are result "
        "files",
        *out_count, what->count);
}

static sy_status read_records(sy_compare_job *job, sy_error *err) {
    const sy_words *what = &job->program->config->what;
    sy_status status = SY_OK;
    for (size_t i = 0; status == SY_OK && i < what->count; i++)
        status = sy_compare_job_read(job, what->word[i], 0, err);
    return status;
}

static sy_status take_run(void *ctx, const char *record, sy_error *err) {
    return sy_compare_job_read(ctx, record, 0, err);
}

sy_status sy_compare_job_repeat(
    sy_compare_job *job, const char *why, uint64_t runs, uint64_t rounds, sy_error *err) {
    sy_status status = SY_OK;
    for (uint64_t i = 0; status == SY_OK && i < runs && !job->is_interrupted; i++) {
        if (!job->program->config->quiet)
            fprintf(stderr, "%s: run %" PRIu64 " of %" PRIu64 "\n", why, i + 1, runs);
        status = sy_run_once(job->program, rounds, take_run, job, &job->is_interrupted, err);
    }
    return status;
}

static void print(const sy_compare_job *job, const sy_noise *noise) {
    bool is_simulated = job->taken == &job->intake[SY_INTAKE_SIMULATED];
    if (is_simulated)
        puts("SIMULATED: no real device was measured, this noise says nothing of one");
    if (job->left_out > 0)
        printf("- %zu rows of simulated devices are left out\n", job->left_out);
    printf("noise of %zu rows in %zu runs%s%s\n", noise->count, job->taken->runs,
        noise->device_name != NULL ? " of " : "",
        noise->device_name != NULL ? sy_word_quote(noise->device_name).text : "");
    printf("  between rounds %.2f %%, between runs %.2f %% (medians over rows, standard deviations)\n",
        100.0 * noise->round, 100.0 * noise->run);
    printf("  smallest threshold that a gate can hold on the median row: %.2f %%\n",
        300.0 * sy_noise_total((sy_noise_row){.round = noise->round, .run = noise->run}));
    printf("  false alarms: %" PRIu64 " of %" PRIu64 " rows in %" PRIu64
           " comparisons of the build with itself (%.2f %%)\n",
        noise->alarms, noise->rows_compared, noise->compared, 100.0 * noise->false_alarm_rate);
}

static sy_status measure(sy_compare_job *job, sy_error *err) {
    const sy_config *config = job->program->config;
    size_t records = 0;
    sy_status status = count_records(&config->what, &records, err);
    if (status == SY_OK)
        status = records > 0 ? read_records(job, err)
                             : sy_compare_job_repeat(job, "calibrate", config->runs, config->rounds, err);
    if (status == SY_OK && job->is_interrupted)
        return status;
    if (status == SY_OK)
        status = sy_compare_job_choose(job, err);
    if (status == SY_OK)
        status = sy_noise_measure(job->taken, config->delta, &job->arena, &job->noise, err);
    if (status == SY_OK && config->output != NULL)
        status = sy_noise_file_write(config->output, &job->noise, err);
    return status;
}

int sy_compare_calibrate(sy_compare_job *job) {
    sy_error error = SY_ERROR_INIT;
    const char *output = job->program->config->output;
    sy_status status = measure(job, &error);
    if (job->is_interrupted)
        return SY_EXIT_INTERRUPTED;
    if (status != SY_OK)
        return sy_program_fail_input(status, &error);
    if (output == NULL || strcmp(output, "-") != 0)
        print(job, &job->noise);
    return SY_EXIT_FINE;
}
