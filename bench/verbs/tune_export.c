/* Choosing findings, and writing them. */
#include "bench/verbs/tune_export.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "bench/verbs/run_job.h"
#include "bench/verbs/tuned.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/dispatch/tuning_key.h"

/* An export in progress. job: the devices and problems asked for. chosen: the findings left, in order. */
typedef struct exporter {
    const sy_program *program;
    sy_run_job *job;
    bool has_devices, has_problems;
    sy_tuning chosen;
} exporter;

/* The problems in canonical form: a list of rows for a device of no name. */
static sy_status list_problems(exporter *e, sy_error *err) {
    static const sy_work_target nowhere = {.id = "", .name = ""};
    sy_run_job *job = e->job;
    sy_status status = sy_run_job_load_suites(job, err);
    if (status != SY_OK)
        return status;
    sy_work_request request = {.config = e->program->config,
        .suite = job->suite,
        .suite_count = job->suite_count,
        .target = &nowhere,
        .target_count = 1,
        .settings_hash = ""};
    return sy_worklist_make(&request, &job->list, err);
}

static sy_status find_wishes(exporter *e, sy_error *err) {
    const sy_words *device = &e->program->config->device;
    sy_status status = SY_OK;
    e->has_devices = device->count > 0 && strcmp(device->word[0], "all") != 0;
    e->has_problems = e->program->config->what.count > 0;
    if (e->has_problems)
        status = list_problems(e, err);
    e->job->places = sy_program_places(e->program, -1);
    if (status == SY_OK && e->has_devices)
        status = sy_targets_open(&e->job->places, &e->job->targets, err);
    return status;
}

static bool is_key(const sy_tuning_key *a, const sy_tuning_key *b) {
    return strcmp(a->device, b->device) == 0 && strcmp(a->version, b->version) == 0;
}

static bool is_wanted(const exporter *e, const sy_tuning_entry *entry) {
    bool is_device = !e->has_devices, is_problem = !e->has_problems;
    for (size_t i = 0; !is_device && i < e->job->targets.count; i++)
        is_device = is_key(&e->job->targets.target[i].tuning, &entry->key);
    for (size_t i = 0; !is_problem && i < e->job->list.count; i++)
        is_problem = strcmp(e->job->list.row[i].problem, entry->problem) == 0;
    return is_device && is_problem;
}

static sy_status choose(exporter *e, const char *folder, sy_error *err) {
    sy_tuning all;
    sy_logger logger = sy_program_logger(e->program);
    sy_status status = find_wishes(e, err);
    if (status != SY_OK)
        return status;
    sy_tuning_load(folder, &logger, &all);
    for (size_t i = 0; status == SY_OK && i < all.count; i++)
        if (is_wanted(e, &all.entry[i]))
            status = sy_tuning_put(&e->chosen, &all.entry[i], err);
    sy_tuning_release(&all);
    return status;
}

/* How many findings from `first` on are of the same device and version. */
static size_t count_group(const sy_tuning *chosen, size_t first) {
    size_t end = first + 1;
    while (end < chosen->count && is_key(&chosen->entry[end].key, &chosen->entry[first].key))
        end++;
    return end - first;
}

static size_t count_groups(const sy_tuning *chosen) {
    size_t groups = 0;
    for (size_t i = 0; i < chosen->count; i += count_group(chosen, i))
        groups++;
    return groups;
}

static sy_status write_text(const char *path, const sy_text *text, sy_error *err) {
    if (strcmp(path, "-") == 0) {
        fwrite(text->data, 1, text->length, stdout);
        return SY_OK;
    }
    int fd = sy_file_open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (fd < 0)
        return sy_error_io(err, "%s", path);
    sy_status status = SY_OK;
    if (sy_file_write_all(fd, text->data, text->length) != 0)
        status = sy_error_io(err, "%s", path);
    if (sy_file_close(fd) != 0 && status == SY_OK)
        status = sy_error_io(err, "%s", path);
    return status;
}

static sy_status write_group(
    const exporter *e, const sy_tuning_entry *entries, size_t count, const char *path, sy_error *err) {
    char label[SY_TUNING_LABEL_MAX];
    sy_text text = {0};
    sy_status status = sy_tuned_print(entries, count, &text, err);
    if (status == SY_OK)
        status = write_text(path, &text, err);
    sy_text_release(&text);
    sy_tuning_label(&entries[0].device, label);
    if (status == SY_OK && !e->program->config->quiet && strcmp(path, "-") != 0)
        fprintf(stderr, "steelyard: %zu finding%s of %s -> %s\n", count, count > 1 ? "s" : "", label, path);
    return status;
}

static sy_status write_folder(const exporter *e, const char *folder, sy_error *err) {
    const sy_tuning *chosen = &e->chosen;
    sy_status status = SY_OK;
    for (size_t i = 0; status == SY_OK && i < chosen->count; i += count_group(chosen, i)) {
        char name[SY_TUNED_NAME_MAX];
        sy_text path = {0};
        sy_tuned_name(&chosen->entry[i], name);
        if (!sy_text_printf(&path, "%s/%s", folder, name))
            status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a file's name");
        else
            status = write_group(e, &chosen->entry[i], count_group(chosen, i), path.data, err);
        sy_text_release(&path);
    }
    return status;
}

static sy_status write_chosen(const exporter *e, sy_error *err) {
    const char *path = e->program->config->export_to;
    struct stat found;
    size_t groups = count_groups(&e->chosen);
    if (strcmp(path, "-") != 0 && stat(path, &found) == 0 && S_ISDIR(found.st_mode))
        return write_folder(e, path, err);
    if (groups > 1)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "there are findings of %zu devices or versions: choose a device with --device, or give a folder",
            groups);
    return write_group(e, e->chosen.entry, e->chosen.count, path, err);
}

static int export(exporter *e, const char *folder) {
    sy_error error = SY_ERROR_INIT;
    sy_status status = choose(e, folder, &error);
    if (status != SY_OK)
        return sy_program_fail(status, &error);
    if (e->chosen.count == 0) {
        fprintf(stderr, "steelyard: the tuning cache holds nothing of this kind (`steelyard tune --list`)\n");
        return SY_EXIT_SKIPPED;
    }
    status = write_chosen(e, &error);
    return status == SY_OK ? SY_EXIT_FINE : sy_program_fail(status, &error);
}

int sy_tune_export(const sy_program *program, const char *folder) {
    sy_error error = SY_ERROR_INIT;
    exporter e = {.program = program, .job = sy_mem_calloc(1, sizeof *e.job)};
    if (e.job == NULL)
        return sy_program_fail(sy_error_set(&error, SY_OUT_OF_MEMORY, "no memory"), &error);
    e.job->program = program;
    e.job->wake_fd = -1;
    int result = export(&e, folder);
    sy_tuning_release(&e.chosen);
    sy_run_job_release(e.job);
    sy_mem_free(e.job);
    return result;
}
