/* Records read line by line into what is compared. */
#include <regex.h>
#include <stdio.h>
#include <string.h>

#include "bench/record/line.h"
#include "bench/verbs/compare_job.h"
#include "bench/words/words.h"
#include "runtime/base/error.h"

/* A file being read. run: of the last line, run_id its name, kept in the job's arena; simulated: ids of
 * devices that the last environment calls so. */
typedef struct reading {
    sy_compare_job *job;
    uint32_t side, run[2];
    bool has_run, has_filter;
    char *run_id;
    regex_t filter;
    sy_arena arena;
    struct {
        char **id;
        size_t count;
    } simulated;
} reading;

static sy_status open_filter(reading *in, const char *expression, sy_error *err) {
    char why[128];
    int failed = expression != NULL ? regcomp(&in->filter, expression, REG_EXTENDED | REG_NOSUB) : 0;
    in->has_filter = expression != NULL && failed == 0;
    if (failed == 0)
        return SY_OK;
    regerror(failed, &in->filter, why, sizeof why);
    return sy_error_set(err, SY_INVALID_ARGUMENT, "--filter %s: %s", sy_word_quote(expression).text, why);
}

static bool matches(const reading *in, const char *text) {
    return text != NULL && regexec(&in->filter, text, 0, NULL, 0) == 0;
}

static bool is_wanted(const reading *in, const sy_row *row) {
    if (in->job->is_extending)
        return in->job->pooled == NULL || sy_extension_takes(in->job->pooled, in->side, row);
    if (!in->has_filter || matches(in, row->key.problem) || matches(in, row->origin.name))
        return true;
    for (size_t i = 0; i < row->also.count; i++)
        if (matches(in, row->also.item[i].name))
            return true;
    return false;
}

static sy_status no_memory(sy_error *err) {
    return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory to compare");
}

static sy_status keep_simulated(reading *in, const sy_environment *environment, sy_error *err) {
    size_t count = environment->devices.count;
    char **id = sy_arena_array(&in->arena, count + 1, sizeof *id);
    if (id == NULL)
        return no_memory(err);
    in->simulated.id = id;
    in->simulated.count = 0;
    for (size_t i = 0; i < count; i++) {
        const sy_device_fact *device = &environment->devices.item[i];
        if (device->simulated != SY_TRI_YES || device->id == NULL)
            continue;
        id[in->simulated.count] = sy_arena_text(&in->arena, device->id);
        if (id[in->simulated.count++] == NULL)
            return no_memory(err);
    }
    return SY_OK;
}

static bool is_same(const char *a, const char *b) {
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* The run that a line belongs to; files that were merged change it in the middle. */
static sy_status follow_run(reading *in, const sy_record_line *line, sy_error *err) {
    const sy_environment *environment = line->kind == SY_LINE_ENVIRONMENT ? &line->environment : NULL;
    if (in->has_run && environment == NULL && is_same(in->run_id, line->run_id))
        return SY_OK;
    in->run_id = sy_arena_text(&in->arena, line->run_id);
    if (line->run_id != NULL && in->run_id == NULL)
        return no_memory(err);
    sy_status status = environment != NULL ? keep_simulated(in, environment, err) : SY_OK;
    for (size_t i = 0; status == SY_OK && i < 2; i++)
        status = sy_intake_run(&in->job->intake[i], in->side, line->run_id, environment, &in->run[i], err);
    in->has_run = true;
    return status;
}

/* A row that failed before it had a device says nothing; its environment does. */
static bool is_simulated(const reading *in, const sy_row *row) {
    if (row->subject.simulated != SY_TRI_UNKNOWN)
        return row->subject.simulated == SY_TRI_YES;
    for (size_t i = 0; i < in->simulated.count; i++)
        if (is_same(in->simulated.id[i], row->request.device))
            return true;
    return false;
}

static sy_status take_line(reading *in, const sy_record_line *line, sy_error *err) {
    if (line->kind != SY_LINE_ENVIRONMENT && !sy_line_is_row(line->kind))
        return SY_OK;
    sy_status status = follow_run(in, line, err);
    if (status != SY_OK || !sy_line_is_row(line->kind) || !is_wanted(in, &line->row))
        return status;
    sy_row row = line->row;
    bool is_made_up = is_simulated(in, &row);
    if (row.subject.simulated == SY_TRI_UNKNOWN && is_made_up)
        row.subject.simulated = SY_TRI_YES;
    size_t to = is_made_up && !in->job->is_across ? SY_INTAKE_SIMULATED : SY_INTAKE_REAL;
    return sy_intake_row(&in->job->intake[to], in->run[to], &row, err);
}

static sy_status read_all(reading *in, const char *path, sy_error *err) {
    sy_reader *reader = NULL;
    const sy_record_line *line = NULL;
    sy_status status = sy_reader_open(path, &reader, err);
    while (status == SY_OK) {
        status = sy_reader_next(reader, &line, err);
        if (status == SY_OK)
            status = take_line(in, line, err);
    }
    if (status == SY_UNAVAILABLE) {
        status = SY_OK;
        if (sy_reader_torn(reader) > 0 && !in->job->program->config->quiet)
            fprintf(stderr, "%s: a torn last line was left out\n", sy_word_quote(path).text);
    }
    sy_reader_close(reader);
    return status;
}

sy_status sy_compare_job_read(sy_compare_job *job, const char *path, uint32_t side, sy_error *err) {
    reading in = {.job = job, .side = side};
    sy_status status = open_filter(&in, job->program->config->filter, err);
    if (status == SY_OK)
        status = read_all(&in, path, err);
    if (in.has_filter)
        regfree(&in.filter);
    sy_arena_release(&in.arena);
    return status;
}

sy_status sy_compare_job_choose(sy_compare_job *job, sy_error *err) {
    const sy_intake *real = &job->intake[SY_INTAKE_REAL], *simulated = &job->intake[SY_INTAKE_SIMULATED];
    job->taken = real->count > 0 ? real : simulated;
    job->left_out = real->count > 0 ? simulated->count : 0;
    if (job->taken->count > 0)
        return SY_OK;
    const char *filter = job->program->config->filter;
    return sy_error_set(err, SY_INVALID_ARGUMENT, "no row to compare%s%s",
        filter != NULL ? " is left by --filter " : "", filter != NULL ? sy_word_quote(filter).text : "");
}

void sy_compare_job_release(sy_compare_job *job) {
    sy_intake_release(&job->intake[SY_INTAKE_REAL]);
    sy_intake_release(&job->intake[SY_INTAKE_SIMULATED]);
    sy_arena_release(&job->arena);
}
