/* `steelyard tune`: the fastest algorithms and settings for problems, into the tuning cache. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/run/interrupt.h"
#include "bench/verbs/run_job.h"
#include "bench/verbs/tune_export.h"
#include "bench/verbs/tune_print.h"
#include "bench/verbs/tune_search.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/dispatch/tuning_file.h"

/* What a whole command has come to. */
typedef struct tuner {
    sy_run_job *job;
    char folder[SY_TUNING_FOLDER_MAX];
    size_t kept, failed;
    sy_tune_printer printer;
    sy_tune_sum *sum; /* one for each device */
} tuner;

static const char *name_of(const sy_work_row *work) {
    return work->origin.item->name != NULL ? work->origin.item->name : work->problem;
}

/* A note about one problem, on stderr. */
static void say(const tuner *t, const sy_work_row *work, const char *what) {
    if (!t->job->program->config->quiet)
        fprintf(stderr, "steelyard: %s on %s: %s\n", name_of(work), t->job->targets.target[work->target].id,
            what);
}

static sy_status keep(tuner *t, const sy_work_row *work, const sy_tune_result *result, sy_error *err) {
    const sy_target *target = &t->job->targets.target[work->target];
    sy_logger logger = sy_program_logger(t->job->program);
    sy_tuning_entry entry = {.key = target->tuning, .gain = result->gain, .tried = result->tried};
    snprintf(entry.problem, sizeof entry.problem, "%s", work->problem);
    snprintf(entry.algorithm, sizeof entry.algorithm, "%s", result->winner);
    entry.device = target->tuning_device;
    sy_status status = sy_tuning_store(t->folder, &entry, 1, &logger, err);
    if (status != SY_OK)
        return status;
    sy_tune_finding finding = {.device = target->id,
        .name = work->origin.item->name,
        .problem = work->problem,
        .algorithm = result->winner,
        .gain = result->gain,
        .tried = result->tried};
    t->kept++;
    sy_tune_sum_add(&t->sum[work->target], result->gain);
    sy_tune_print_finding(&t->printer, &finding);
    return SY_OK;
}

/* Time for the next problem; 0: the budget is spent. */
static uint64_t time_for(const tuner *t, size_t problems_left) {
    const sy_config *config = t->job->program->config;
    uint64_t spent_ns = sy_clock_raw_ns() - t->job->start_ns;
    if (config->budget_ns == 0)
        return config->max_time_ns;
    if (spent_ns >= config->budget_ns)
        return 0;
    uint64_t share_ns = (config->budget_ns - spent_ns) / problems_left;
    return share_ns < config->max_time_ns ? share_ns : config->max_time_ns;
}

/* One problem on one device. What is wrong with it is told and is no error; a lost device has no more rows.
 */
static sy_status tune_one(tuner *t, const sy_work_row *work, size_t problems_left, sy_error *err) {
    sy_target *target = &t->job->targets.target[work->target];
    const sy_visit_shared *shared = &t->job->schedule.shared;
    sy_tune_field field;
    sy_tune_result result = {0};
    sy_error reason = SY_ERROR_INIT;
    uint64_t time_ns = time_for(t, problems_left);
    sy_status status = work->refused;
    if (status != SY_OK)
        sy_error_set(&reason, status, "%s", work->reason);
    else if (time_ns == 0)
        status = sy_error_set(&reason, SY_UNSUPPORTED, "skipped: budget");
    if (status == SY_OK)
        status = sy_tune_ask(target, work, &field, &reason);
    if (status == SY_OK)
        status = sy_tune_search(shared, target, work, &field, time_ns, &result, &reason);
    t->failed += result.failed;
    if (result.failure[0] != '\0')
        say(t, work, result.failure);
    if (status == SY_OK)
        return keep(t, work, &result, err);
    if (status == SY_REFUSED || status == SY_OUT_OF_MEMORY)
        return sy_error_set(err, status, "%s", sy_error_text(&reason, status));
    if (result.failure[0] == '\0')
        say(t, work, sy_error_text(&reason, status));
    return SY_OK;
}

static sy_status tune_all(tuner *t, sy_error *err) {
    const sy_worklist *list = &t->job->list;
    bool is_terminal = isatty(STDERR_FILENO) == 1 && !t->job->program->config->quiet;
    sy_status status = SY_OK;
    sy_tune_print_head(&t->printer);
    for (size_t i = 0; status == SY_OK && i < list->count; i++) {
        if (is_terminal)
            fprintf(stderr, "\r\033[K%zu of %zu: %.60s\r", i + 1, list->count, name_of(&list->row[i]));
        status = tune_one(t, &list->row[i], list->count - i, err);
    }
    if (is_terminal)
        fprintf(stderr, "\r\033[K");
    sy_tune_print_end(&t->printer, t->sum, t->job->targets.count);
    return status;
}

static sy_status print_candidates(tuner *t, sy_error *err) {
    sy_status status = SY_OK;
    for (size_t i = 0; status == SY_OK && i < t->job->list.count; i++) {
        const sy_work_row *work = &t->job->list.row[i];
        sy_target *target = &t->job->targets.target[work->target];
        sy_tune_field field = {0};
        status = work->refused == SY_OK ? sy_tune_ask(target, work, &field, err) : SY_OK;
        if (status == SY_UNSUPPORTED || status == SY_INVALID_ARGUMENT)
            status = SY_OK;
        printf("%s %s:", target->id, work->problem);
        for (size_t j = 0; j < field.count; j++)
            printf(" %s", field.name[j]);
        printf("%s\n", field.count == 0 ? " nothing to choose" : "");
    }
    return status;
}

static sy_status prepare_sums(tuner *t, sy_error *err) {
    const sy_targets *targets = &t->job->targets;
    t->printer.is_json = t->job->program->config->format == SY_FORMAT_JSON;
    t->sum = sy_mem_calloc(targets->count, sizeof *t->sum);
    if (t->sum == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %zu devices", targets->count);
    for (size_t i = 0; i < targets->count; i++)
        t->sum[i].device = targets->target[i].id;
    return SY_OK;
}

static sy_status prepare(tuner *t, sy_error *err) {
    sy_run_job *job = t->job;
    const sy_config *config = job->program->config;
    sy_logger logger = sy_program_logger(job->program);
    sy_status status = sy_interrupt_open(&job->wake_fd, err);
    if (status == SY_OK)
        status = sy_run_job_load_suites(job, err);
    if (status == SY_OK)
        status = sy_run_job_plan(job, err);
    if (status == SY_OK && !config->dry_run) /* now, not after the first search */
        status = sy_tuning_store(t->folder, NULL, 0, &logger, err);
    if (status == SY_OK)
        status = sy_data_block_create(config->data, config->seed, &job->block, err);
    job->schedule.shared = (sy_visit_shared){&job->places, config, job->block, NULL};
    return status == SY_OK ? prepare_sums(t, err) : status;
}

static int tune(tuner *t) {
    sy_error error = SY_ERROR_INIT;
    const sy_config *config = t->job->program->config;
    sy_status status = prepare(t, &error);
    if (status == SY_OK)
        status = config->dry_run ? print_candidates(t, &error) : tune_all(t, &error);
    if (sy_interrupt_seen(t->job->wake_fd))
        return SY_EXIT_INTERRUPTED;
    if (status != SY_OK)
        return sy_program_fail(status, &error);
    if (t->failed > 0)
        return SY_EXIT_WRONG;
    return t->kept > 0 || config->dry_run ? SY_EXIT_FINE : SY_EXIT_SKIPPED;
}

static void print_device(const sy_tuning_entry *entry) {
    char label[SY_TUNING_LABEL_MAX];
    sy_tuning_label(&entry->device, label);
    printf("%s  (%s, version %s)\n", label, entry->key.device, entry->key.version);
}

/* Without a device: the file as it is. */
static int show_cache(const sy_program *program, const char *folder) {
    sy_tuning tuning;
    sy_tune_printer printer = {0};
    sy_logger logger = sy_program_logger(program);
    sy_tuning_load(folder, &logger, &tuning);
    for (size_t i = 0; i < tuning.count; i++) {
        const sy_tuning_entry *entry = &tuning.entry[i];
        sy_tune_finding finding = {.device = "",
            .problem = entry->problem,
            .algorithm = entry->algorithm,
            .gain = entry->gain,
            .tried = entry->tried};
        if (i == 0 || memcmp(&entry->key, &entry[-1].key, sizeof entry->key) != 0)
            print_device(entry);
        sy_tune_print_finding(&printer, &finding);
    }
    sy_tuning_release(&tuning);
    return SY_EXIT_FINE;
}

static int clear_cache(const char *folder) {
    sy_error error = SY_ERROR_INIT;
    sy_status status = sy_tuning_clear(folder, &error);
    return status == SY_OK ? SY_EXIT_FINE : sy_program_fail(status, &error);
}

static int tune_problems(const sy_program *program, tuner *t) {
    sy_error error = SY_ERROR_INIT;
    t->job = sy_mem_calloc(1, sizeof *t->job);
    if (t->job == NULL)
        return sy_program_fail(sy_error_set(&error, SY_OUT_OF_MEMORY, "no memory"), &error);
    t->job->program = program;
    t->job->wake_fd = -1;
    t->job->start_ns = sy_clock_raw_ns();
    int result = tune(t);
    int wake_fd = t->job->wake_fd;
    sy_mem_free(t->sum);
    sy_run_job_release(t->job);
    sy_interrupt_close(wake_fd);
    sy_mem_free(t->job);
    return result;
}

int sy_verb_tune(const sy_program *program) {
    const sy_config *config = program->config;
    sy_error error = SY_ERROR_INIT;
    tuner t = {0};
    sy_program_tuning_folder(program, t.folder);
    bool is_alone =
        (config->list ? 1 : 0) + (config->clear ? 1 : 0) + (config->export_to != NULL ? 1 : 0) < 2;
    if (!is_alone || ((config->list || config->clear) && config->what.count > 0))
        return sy_program_fail(sy_error_set(&error, SY_INVALID_ARGUMENT,
                                   "--list and --clear are for the whole cache, alone; so is --export, but "
                                   "for devices and problems"),
            &error);
    if (config->list)
        return show_cache(program, t.folder);
    if (config->clear)
        return clear_cache(t.folder);
    if (config->export_to != NULL)
        return sy_tune_export(program, t.folder);
    return tune_problems(program, &t);
}
