/* The steps of a run before anything is measured: suites, devices, settings, rows. */
#include <stdio.h>
#include <string.h>

#include "bench/run/pair.h"
#include "bench/verbs/datasheets.h"
#include "bench/verbs/run_job.h"
#include "bench/worker/protocol.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Names as loaded: a total says what a filter left out. */
static sy_status keep_names(sy_run_job *job, const sy_suite *suite, sy_error *err) {
    char **names = sy_mem_realloc(job->name, (job->name_count + suite->count) * sizeof *names);
    if (names == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for names");
    job->name = names;
    for (size_t i = 0; i < suite->count; i++) {
        if (suite->item[i].name == NULL)
            continue;
        names[job->name_count] = sy_mem_strdup(suite->item[i].name);
        if (names[job->name_count] == NULL)
            return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for names");
        job->name_count++;
    }
    return SY_OK;
}

static sy_status load_suite(sy_run_job *job, const char *what, sy_error *err) {
    const sy_config *config = job->program->config;
    sy_suite_places places = sy_program_suites(job->program);
    if (job->suite_count == SY_SUITES_MAX)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "more than %u suites and problems", SY_SUITES_MAX);
    sy_suite *suite = NULL;
    sy_status status = sy_suite_load(what, &places, &suite, err);
    if (status != SY_OK)
        return status;
    job->suite[job->suite_count++] = suite;
    status = keep_names(job, suite, err);
    if (status == SY_OK && config->filter != NULL)
        status = sy_suite_filter(suite, config->filter, err);
    if (status == SY_OK && config->batch > 0)
        status = sy_suite_set_batch(suite, config->batch, &job->convolutions, err);
    return status;
}

sy_status sy_run_job_load_suites(sy_run_job *job, sy_error *err) {
    const sy_config *config = job->program->config;
    size_t items = 0;
    if (config->what.count == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "which problems? A suite (quick, smoke, resnet50 ...), a file, or a problem such as "
            "gemm:m=512,n=512,k=512");
    for (size_t i = 0; i < config->what.count; i++) {
        sy_status status = load_suite(job, config->what.word[i], err);
        if (status != SY_OK)
            return status;
        items += job->suite[i]->count;
    }
    if (config->batch > 0 && job->convolutions == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "--batch is for convolutions, and none was asked for");
    if (items == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "no problem is left%s%s%s",
            config->filter != NULL ? " by --filter '" : "", config->filter != NULL ? config->filter : "",
            config->filter != NULL ? "'" : "");
    return SY_OK;
}

/* Settings as the record wants them: names and values in one growing text, pointed into afterwards. */
typedef struct setting_walk {
    sy_run_job *job;
    size_t capacity;
    sy_status status;
} setting_walk;

static bool keep_setting(void *ctx, const char *name, const char *value, uint32_t from) {
    static const char *const sources[] = {"default", "file", "environment", "option"};
    setting_walk *walk = ctx;
    sy_run_job *job = walk->job;
    if (job->setting_count == walk->capacity) {
        walk->status = SY_OUT_OF_MEMORY;
        return false;
    }
    sy_setting *setting = &job->setting[job->setting_count];
    char *kept_name = sy_mem_strdup(name);
    char *kept_value = sy_mem_strdup(value);
    *setting = (sy_setting){.name = kept_name, .value = kept_value, .from = sources[from < 4 ? from : 0]};
    job->setting_count++;
    if (kept_name == NULL || kept_value == NULL)
        walk->status = SY_OUT_OF_MEMORY;
    return walk->status == SY_OK;
}

sy_status sy_run_job_settings(sy_run_job *job, sy_error *err) {
    setting_walk walk = {.job = job, .capacity = SY_OPTIONS_MAX};
    job->setting = sy_mem_calloc(SY_OPTIONS_MAX, sizeof *job->setting);
    if (job->setting == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for settings");
    sy_status status = sy_config_walk(job->program->config, keep_setting, &walk, err);
    if (status == SY_OK && walk.status != SY_OK)
        return sy_error_set(err, walk.status, "no memory for settings");
    return status;
}

/* The candidates for one problem, asked once and then told one by one. */
static sy_status ask_candidates(sy_run_job *job, size_t target, const char *problem, sy_error *err) {
    bool same = job->candidates != NULL && job->candidates_target == target &&
                strcmp(job->candidates_of, problem) == 0;
    if (same)
        return SY_OK;
    json_decref(job->candidates);
    job->candidates = NULL;
    sy_target *device = &job->targets.target[target];
    if (device->worker == NULL)
        return sy_error_set(err, SY_UNSUPPORTED, "%s", device->reason);
    sy_status status =
        sy_worker_call(device->worker, json_pack("{s:s,s:s}", "call", "candidates", "problem", problem),
            SY_TARGET_OPEN_LIMIT_MS, &job->candidates, err);
    job->candidates_target = target;
    snprintf(job->candidates_of, sizeof job->candidates_of, "%s", problem);
    return status;
}

static sy_status tell_candidate(
    void *ctx, size_t target, const char *problem, uint32_t index, char out_name[64], sy_error *err) {
    sy_run_job *job = ctx;
    sy_status status = ask_candidates(job, target, problem, err);
    if (status == SY_UNSUPPORTED && index > 0)
        return SY_UNAVAILABLE;
    if (status == SY_UNSUPPORTED)
        strcpy(out_name, "auto");
    if (status != SY_OK)
        return status;
    uint32_t seen = 0;
    const json_t *list = json_object_get(job->candidates, "candidates");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *candidate = json_array_get(list, i);
        if (sy_protocol_bool(candidate, "on_request", false) || seen++ != index)
            continue;
        snprintf(out_name, 64, "%s", sy_protocol_text(candidate, "name", "?"));
        status = (sy_status)sy_protocol_u64(candidate, "status", SY_INTERNAL);
        if (status == SY_OK)
            return SY_OK;
        return sy_error_set(err, SY_UNSUPPORTED, "%s", sy_protocol_text(candidate, "reason", ""));
    }
    return SY_UNAVAILABLE;
}

static sy_status describe_targets(sy_run_job *job, sy_error *err) {
    job->work_target = sy_mem_calloc(job->targets.count, sizeof *job->work_target);
    if (job->work_target == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for devices");
    for (size_t i = 0; i < job->targets.count; i++) {
        const sy_target *target = &job->targets.target[i];
        job->work_target[i] = (sy_work_target){.id = target->id,
            .physical_id = target->physical_id[0] != '\0' ? target->physical_id : NULL,
            .name = target->info.name};
    }
    return SY_OK;
}

/* Targets that could not be opened have no rows: they are told in the first screen and the environment. */
static size_t count_open(const sy_targets *targets) {
    size_t count = 0;
    while (count < targets->count && targets->target[count].status == SY_OK)
        count++;
    return count;
}

size_t sy_run_job_sort_open(sy_targets *targets) {
    size_t front = 0;
    for (size_t i = 0; i < targets->count; i++) {
        if (targets->target[i].status != SY_OK)
            continue;
        sy_target moved = targets->target[i];
        memmove(&targets->target[front + 1], &targets->target[front], (i - front) * sizeof moved);
        targets->target[front++] = moved;
    }
    return front;
}

sy_status sy_run_job_plan(sy_run_job *job, sy_error *err) {
    char settings_hash[SY_ROW_ID_MAX];
    job->places = sy_program_places(job->program, job->wake_fd);
    sy_status status = sy_targets_open(&job->places, &job->targets, err);
    if (status == SY_OK) {
        sy_run_job_sort_open(&job->targets);
        status = describe_targets(job, err);
    }
    if (status == SY_OK)
        status = sy_datasheets_load(job->program, &job->targets, &job->catalogue, err);
    if (status == SY_OK)
        status = sy_run_job_settings(job, err);
    if (status != SY_OK)
        return status;
    sy_settings_hash(job->setting, job->setting_count, settings_hash);
    sy_work_request request = {.config = job->program->config,
        .suite = job->suite,
        .suite_count = job->suite_count,
        .target = job->work_target,
        .target_count = count_open(&job->targets),
        .settings_hash = settings_hash,
        .candidates = tell_candidate,
        .ctx = job};
    status = sy_worklist_make(&request, &job->list, err);
    return status == SY_OK ? sy_pair_join(&job->list, job->program->config, err) : status;
}

void sy_run_job_print_plan(const sy_run_job *job) {
    static const double GUESS_FLOP_PER_S = 100e9, GUESS_BYTE_PER_S = 20e9;
    uint64_t largest = 0;
    for (size_t i = 0; i < job->list.count; i++) {
        const sy_work_row *row = &job->list.row[i];
        const char *name = row->origin.item->name;
        printf("%s %s %s %s%s%s%s\n", row->id, job->targets.target[row->target].id, row->algorithm,
            name != NULL ? name : "", name != NULL ? " " : "", row->problem,
            row->refused != SY_OK ? " (unsupported)" : "");
        largest = row->byte > largest ? row->byte : largest;
    }
    sy_schedule guess = {.shared.config = job->program->config, .list = &job->list};
    double seconds = sy_schedule_estimate_s(&guess, GUESS_FLOP_PER_S, GUESS_BYTE_PER_S);
    printf("%zu rows; largest operands %.1f MiB; about %.1f minutes at 100 GFLOP/s and 20 GB/s\n",
        job->list.count, (double)largest / 0x1p20, seconds / 60.0);
}
