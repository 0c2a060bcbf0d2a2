/* The record of a run: environment first, rows by the schedule, totals and end last. */
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench/record/load.h"
#include "bench/totals/totals.h"
#include "bench/verbs/run_job.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/dispatch/tuning_file.h"

static const char *text_or_null(const char *text) {
    return text[0] != '\0' ? text : NULL;
}

static void fill_device_fact(const sy_target *target, sy_device_fact *fact) {
    static const char *const scopes[] = {NULL, "die", "card", "node", "package"};
    *fact = (sy_device_fact){.id = target->id,
        .backend = target->parsed.backend,
        .name = text_or_null(target->info.name),
        .vendor = text_or_null(target->info.vendor),
        .driver = text_or_null(target->info.driver),
        .platform = text_or_null(target->info.platform),
        .features = text_or_null(target->info.features),
        .isa = text_or_null(target->info.isa),
        .physical_id = text_or_null(target->physical_id),
        .scope = target->info.scope < 5 ? scopes[target->info.scope] : NULL,
        .status = target->status == SY_OK ? "used" : "not run",
        .reason = text_or_null(target->reason),
        .memory_byte = target->info.memory_bytes > 0 ? target->info.memory_bytes : SY_NO_COUNT,
        .cache_byte = target->info.cache_bytes > 0 ? target->info.cache_bytes : SY_NO_COUNT,
        .units = target->info.units > 0 ? target->info.units : SY_NO_COUNT,
        .simulated = sy_tri_of(target->simulated)};
}

/* Facts about devices and the libraries they opened, into the environment. */
static sy_status add_devices(sy_run_job *job, sy_environment *environment, sy_error *err) {
    size_t libraries = 0;
    for (size_t i = 0; i < job->targets.count; i++)
        libraries += job->targets.target[i].library_count;
    job->device_fact = sy_mem_calloc(job->targets.count, sizeof *job->device_fact);
    job->library_fact = sy_mem_calloc(libraries, sizeof *job->library_fact);
    if (job->device_fact == NULL || job->library_fact == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for devices");
    libraries = 0;
    for (size_t i = 0; i < job->targets.count; i++) {
        const sy_target *target = &job->targets.target[i];
        fill_device_fact(target, &job->device_fact[i]);
        for (size_t j = 0; j < target->library_count; j++)
            job->library_fact[libraries++] = (sy_library_fact){.name = target->library[j].name,
                .version = text_or_null(target->library[j].version),
                .path = text_or_null(target->library[j].path),
                .build_id = text_or_null(target->library[j].build_id)};
    }
    environment->devices.item = job->device_fact;
    environment->devices.count = job->targets.count;
    environment->libraries.item = job->library_fact;
    environment->libraries.count = libraries;
    return SY_OK;
}

static sy_status collect_environment(sy_run_job *job, sy_error *err) {
    const sy_program *program = job->program;
    sy_environment_request request = {.sysroot = program->sysroot,
        .argc = program->argc,
        .argv = (const char *const *)program->argv,
        .anonymize = program->config->anonymize,
        .settings = job->setting,
        .n_settings = job->setting_count};
    sy_status status = sy_environment_collect(&request, &job->environment, err);
    if (status != SY_OK)
        return status;
    sy_environment *environment = sy_environment_of(job->environment);
    if (job->targets.count > 0 && job->targets.target[0].status == SY_OK) {
        environment->clock.overhead_ns = job->targets.target[0].clock_overhead_ns;
        environment->clock.resolution_ns = job->targets.target[0].clock_resolution_ns;
    }
    return add_devices(job, environment, err);
}

/* Without -o the record lives in an unnamed file as long as the program: the screen is always made from a
 * record. */
static sy_status choose_path(sy_run_job *job, bool *out_resume, sy_error *err) {
    const sy_config *config = job->program->config;
    *out_resume = config->resume != NULL;
    if (config->resume != NULL && config->output != NULL && strcmp(config->resume, config->output) != 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "--resume %s and -o %s differ: a resumed record is completed in place", config->resume,
            config->output);
    const char *path = config->resume != NULL ? config->resume : config->output;
    if (path == NULL) {
        job->temporary_fd = memfd_create("steelyard-record", MFD_CLOEXEC);
        if (job->temporary_fd < 0)
            return sy_error_io(err, "record in memory");
        snprintf(job->record_path, sizeof job->record_path, "/proc/self/fd/%d", job->temporary_fd);
        return SY_OK;
    }
    snprintf(job->record_path, sizeof job->record_path, "%s", path);
    return SY_OK;
}

sy_status sy_run_job_open_record_of(sy_run_job *job, const char *const *ids, size_t count, sy_error *err) {
    sy_record_target target = {.rank = SY_NO_COUNT};
    sy_status status = choose_path(job, &target.resume, err);
    target.path = job->record_path;
    if (status == SY_OK)
        status = collect_environment(job, err);
    if (status == SY_OK)
        status = sy_record_open(&target, &job->record, err);
    return status == SY_OK
               ? sy_record_begin(job->record, sy_environment_of(job->environment), ids, count, err)
               : status;
}

sy_status sy_run_job_open_record(sy_run_job *job, sy_error *err) {
    job->plan_id = sy_mem_calloc(job->list.count, sizeof *job->plan_id);
    if (job->plan_id == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the plan");
    for (size_t i = 0; i < job->list.count; i++)
        job->plan_id[i] = job->list.row[i].id;
    return sy_run_job_open_record_of(job, job->plan_id, job->list.count, err);
}

/* Whoever names a meter is told at once if it cannot be read: a table may have no room for the reason. */
static void tell_missing_meters(const sy_run_job *job) {
    const sy_config *config = job->program->config;
    sy_energy_wish wish;
    if (sy_energy_wish_read(config->energy.word, config->energy.count, &wish, NULL) != SY_OK ||
        wish.spec_count == 0)
        return;
    for (size_t i = 0; i < job->targets.count; i++)
        if (job->schedule.kits[i].why[0] != '\0')
            fprintf(
                stderr, "steelyard: energy: %s: %s\n", job->targets.target[i].id, job->schedule.kits[i].why);
}

/* The time that energy takes is said before it is taken. */
static void announce_energy(const sy_run_job *job) {
    for (size_t i = 0; i < job->targets.count; i++) {
        size_t rows = 0;
        double seconds = sy_schedule_energy_s(&job->schedule, i, &rows);
        if (rows > 0 && !job->program->config->quiet)
            fprintf(stderr, "energy: %s: %zu %s, about %.0f s\n", job->targets.target[i].id, rows,
                rows == 1 ? "window" : "windows", seconds);
        seconds = sy_schedule_sustain_s(&job->schedule, i, &rows);
        if (rows > 0 && seconds > 0.0 && !job->program->config->quiet)
            fprintf(stderr, "sustain: %s: %zu %s, %.0f s\n", job->targets.target[i].id, rows,
                rows == 1 ? "row" : "rows", seconds);
    }
}

/* Samples lie beside a record that has a name. */
static sy_status open_series(sy_run_job *job, sy_error *err) {
    const sy_config *config = job->program->config;
    bool is_file = job->temporary_fd <= 0 && job->record_path[0] != '\0';
    if (config->sustain_ns == 0 || !is_file ||
        !sy_series_path(job->record_path, job->series_path, sizeof job->series_path))
        return SY_OK;
    job->schedule.series.name = sy_series_name(job->series_path);
    return sy_series_open(job->series_path, sy_record_run_id(job->record), config->resume != NULL,
        &job->schedule.series.file, err);
}

sy_status sy_run_job_measure(sy_run_job *job, sy_error *err) {
    const sy_config *config = job->program->config;
    sy_status status = sy_data_block_create(config->data, config->seed, &job->block, err);
    job->ceilings = sy_mem_calloc(job->targets.count, sizeof *job->ceilings);
    if (status == SY_OK && job->ceilings == NULL)
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for ceilings");
    if (status != SY_OK)
        return status;
    if (job->with_tuning) {
        sy_logger logger = sy_program_logger(job->program);
        char folder[SY_TUNING_FOLDER_MAX];
        sy_program_tuning_folder(job->program, folder);
        sy_tuning_load(folder, &logger, &job->tuning);
    }
    job->schedule = (sy_schedule){.shared = {&job->places, config, job->block, &job->tuning},
        .targets = &job->targets,
        .list = &job->list,
        .record = job->record,
        .ceilings = job->ceilings,
        .progress = &job->progress,
        .names = (const char *const *)job->name,
        .n_names = job->name_count,
        .start_ns = job->start_ns};
    if (config->tuned == SY_TUNED_SEARCH)
        status = sy_run_job_search(job, err);
    uint64_t visits = (uint64_t)job->list.count * config->rounds;
    sy_progress_start(&job->progress, visits, config->quiet, config->verbose > 0);
    for (size_t i = 0; status == SY_OK && i < job->targets.count; i++) {
        sy_ceilings_init(&job->ceilings[i]);
        if (!job->without_ceilings)
            status = sy_ceilings_measure(&job->schedule, i, err);
    }
    if (status == SY_OK)
        status = open_series(job, err);
    if (status == SY_OK)
        status = sy_schedule_open_energy(&job->schedule, err);
    if (status == SY_OK) {
        tell_missing_meters(job);
        announce_energy(job);
        status = sy_schedule_run(&job->schedule, err);
    }
    sy_series_close(job->schedule.series.file);
    sy_progress_end(&job->progress);
    return status;
}

/* Totals of all rows of the record, those of an earlier sitting included. */
static sy_status write_totals(
    sy_run_job *job, const sy_row *rows, size_t count, sy_arena *arena, sy_error *err) {
    sy_totals_request request = {
        .rows = rows, .n_rows = count, .names = (const char *const *)job->name, .n_names = job->name_count};
    sy_total_list totals = {0};
    sy_status status = sy_totals_compute(&request, arena, &totals, err);
    for (size_t i = 0; status == SY_OK && i < totals.count; i++) {
        sy_total total = totals.item[i];
        sy_mixes_apply(&job->schedule.mixes, &total);
        status = sy_record_total(job->record, &total, err);
    }
    return status;
}

static sy_status record_totals(sy_run_job *job, sy_error *err) {
    sy_loaded loaded = {0};
    if (job->program->config->resume == NULL) {
        sy_status status =
            write_totals(job, job->schedule.rows.row, job->schedule.rows.count, &loaded.arena, err);
        sy_loaded_release(&loaded);
        return status;
    }
    sy_status status = sy_record_load(job->record_path, &loaded, err);
    if (status == SY_OK)
        status = write_totals(job, loaded.rows.row, loaded.rows.count, &loaded.arena, err);
    sy_loaded_release(&loaded);
    return status;
}

sy_status sy_run_job_close_record(sy_run_job *job, bool interrupted, sy_error *err) {
    double duration_ns = (double)(sy_clock_raw_ns() - job->start_ns);
    sy_status status = record_totals(job, err);
    if (status == SY_OK)
        status = sy_record_end(job->record, duration_ns, interrupted, err);
    sy_record_close(job->record);
    job->record = NULL;
    return status;
}

static void release_settings(sy_run_job *job) {
    for (size_t i = 0; i < job->setting_count; i++) {
        sy_mem_free((char *)(uintptr_t)job->setting[i].name);
        sy_mem_free((char *)(uintptr_t)job->setting[i].value);
    }
    sy_mem_free(job->setting);
}

void sy_run_job_release(sy_run_job *job) {
    sy_schedule_close_energy(&job->schedule);
    sy_record_close(job->record);
    sy_row_list_release(&job->schedule.rows);
    sy_worklist_release(&job->list);
    sy_targets_release(&job->targets);
    sy_catalogue_release(&job->catalogue);
    sy_environment_destroy(job->environment);
    sy_data_block_destroy(job->block);
    sy_tuning_release(&job->tuning);
    json_decref(job->candidates);
    release_settings(job);
    for (size_t i = 0; i < job->name_count; i++)
        sy_mem_free(job->name[i]);
    sy_mem_free(job->name);
    sy_mem_free(job->work_target);
    sy_mem_free(job->device_fact);
    sy_mem_free(job->library_fact);
    sy_mem_free(job->plan_id);
    sy_mem_free(job->ceilings);
    for (size_t i = 0; i < job->suite_count; i++)
        sy_suite_destroy(job->suite[i]);
    if (job->temporary_fd > 0)
        sy_file_close(job->temporary_fd);
}
