/* The noise that a comparison stands above: of a file, else of the history. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/history/history.h"
#include "bench/stats/order.h"
#include "bench/verbs/compare_job.h"
#include "bench/verbs/noise_file.h"
#include "runtime/base/error.h"

/* Runs that the past of a row is taken from, and differences between them under which it says little. */
enum { LAST_RUNS = 50, LEAST_FREEDOM = 4 };

static sy_status no_memory(sy_error *err) {
    return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the noise of rows");
}

/* Standard deviation of the logs of a row's rounds; 0 if it has less than two. */
static double round_noise(const sy_entry *entry) {
    double sum = 0, square = 0, mean = 0;
    for (uint32_t i = 0; i < entry->rounds; i++)
        sum += log(entry->round_ns[i]);
    mean = entry->rounds > 0 ? sum / entry->rounds : 0.0;
    for (uint32_t i = 0; i < entry->rounds; i++)
        square += (log(entry->round_ns[i]) - mean) * (log(entry->round_ns[i]) - mean);
    return entry->rounds > 1 ? sqrt(square / (entry->rounds - 1)) : 0.0;
}

/* A row's past, as the comparison wants it; runs 0: too little is known. */
static sy_status ask(sy_history *history, const sy_entry *entry, const char *const *except, size_t n_except,
    sy_noise_row *out_row, sy_error *err) {
    char key[SY_ROW_ID_MAX], subject[SY_ROW_ID_MAX];
    sy_row row;
    sy_history_noise known = {0};
    sy_row_init(&row);
    snprintf(key, sizeof key, "%016" PRIx64, entry->key);
    snprintf(subject, sizeof subject, "%016" PRIx64, entry->subject);
    row.key_hash = key;
    row.subject_hash = subject;
    const sy_history_wish wish = {
        .row = &row, .quantity = SY_HISTORY_TIME, .last = LAST_RUNS, .except = except, .n_except = n_except};
    *out_row = (sy_noise_row){.key = entry->key, .subject = entry->subject};
    sy_status status = sy_history_noise_of(history, &wish, &known, err);
    if (status != SY_OK || known.freedom < LEAST_FREEDOM || isnan(known.relative))
        return status;
    double round = round_noise(entry), explained = entry->rounds > 0 ? round * round / entry->rounds : 0.0;
    out_row->round = round;
    out_row->run = sqrt(fmax(0.0, known.relative * known.relative - explained));
    out_row->runs = known.runs;
    return SY_OK;
}

static int by_row(const void *left, const void *right) {
    const sy_entry *a = *(const sy_entry *const *)left, *b = *(const sy_entry *const *)right;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return a->subject < b->subject ? -1 : a->subject > b->subject;
}

/* One entry for each key and subject, with a time. */
static const sy_entry **find_rows(sy_compare_job *job, size_t *out_count) {
    const sy_intake *taken = job->taken;
    const sy_entry **row = sy_arena_array(&job->arena, taken->count + 1, sizeof *row);
    size_t count = 0, kept = 0;
    for (size_t i = 0; row != NULL && i < taken->count; i++)
        if (taken->entry[i].has_time && taken->entry[i].subject != 0)
            row[count++] = &taken->entry[i];
    if (count > 0)
        qsort(row, count, sizeof *row, by_row);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || by_row(&row[kept - 1], &row[i]) != 0)
            row[kept++] = row[i];
    *out_count = kept;
    return row;
}

static double median(sy_compare_job *job, bool of_runs) {
    double *value = sy_arena_array(&job->arena, job->noise.count, sizeof *value);
    for (size_t i = 0; value != NULL && i < job->noise.count; i++)
        value[i] = of_runs ? job->noise.row[i].run : job->noise.row[i].round;
    if (value != NULL)
        sy_sort_f64(value, job->noise.count);
    return value != NULL ? sy_quantile(value, job->noise.count, 0.5) : NAN;
}

static sy_status take_history(sy_compare_job *job, sy_history *history, sy_error *err) {
    size_t count = 0;
    const sy_entry **row = find_rows(job, &count);
    const char **except = sy_arena_array(&job->arena, job->taken->runs + 1, sizeof *except);
    sy_noise *noise = &job->noise;
    size_t excepted = 0;
    sy_status status = SY_OK;
    noise->row = sy_arena_array(&job->arena, count + 1, sizeof *noise->row);
    if (row == NULL || except == NULL || noise->row == NULL)
        return no_memory(err);
    for (size_t i = 0; i < job->taken->runs; i++)
        if (job->taken->run[i].run_id != NULL)
            except[excepted++] = job->taken->run[i].run_id;
    for (size_t i = 0; status == SY_OK && i < count; i++) {
        status = ask(history, row[i], except, excepted, &noise->row[noise->count], err);
        noise->count += noise->row[noise->count].runs > 0;
    }
    if (status != SY_OK || noise->count == 0)
        return status;
    noise->round = median(job, false);
    noise->run = median(job, true);
    if (isnan(noise->round) || isnan(noise->run))
        return no_memory(err);
    sy_noise_sort(noise);
    job->has_noise = true;
    job->noise_from = "history";
    return SY_OK;
}

/* A history that is asked for has to be there; else it is used where there is one. */
static sy_status from_history(sy_compare_job *job, sy_error *err) {
    const sy_config *config = job->program->config;
    void *ctx = (void *)(uintptr_t)job->program;
    char usual[SY_HISTORY_PATH_MAX] = "";
    sy_history *history = NULL;
    sy_error why = SY_ERROR_INIT;
    if (config->db == NULL && !sy_history_default_path(sy_program_variable, ctx, usual))
        return SY_OK;
    const sy_history_place place = {.path = config->db != NULL ? config->db : usual,
        .library = secure_getenv("STEELYARD_SQLITE"),
        .is_readonly = true};
    sy_status status = sy_history_open(&place, &history, &why);
    bool is_absent = status == SY_INVALID_ARGUMENT || status == SY_UNSUPPORTED;
    if (status == SY_OK)
        status = take_history(job, history, &why);
    sy_history_close(history);
    if (status == SY_OK || (is_absent && config->db == NULL))
        return SY_OK;
    if (config->db != NULL || status == SY_OUT_OF_MEMORY)
        return sy_error_set(err, status, "%s", sy_error_text(&why, status));
    if (!config->quiet)
        fprintf(stderr, "history is not used: %s\n", sy_error_text(&why, status));
    job->noise = (sy_noise){0};
    return SY_OK;
}

sy_status sy_compare_job_noise(sy_compare_job *job, sy_error *err) {
    const char *path = job->program->config->noise;
    if (path == NULL)
        return job->taken != NULL ? from_history(job, err) : SY_OK;
    sy_status status = sy_noise_file_read(path, &job->arena, &job->noise, err);
    job->has_noise = status == SY_OK;
    job->noise_from = path;
    return status;
}
