/* Records read for the page. */
#include "bench/report/html/model.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/record/key.h"
#include "bench/report/print.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Where reading is. */
typedef struct intake {
    sy_html_model *model;
    const char *file;
    uint32_t file_number;
} intake;

void *sy_html_grow(void *items, size_t count, size_t *capacity, size_t bytes) {
    if (count < *capacity)
        return items;
    size_t more = *capacity == 0 ? 16 : *capacity * 2;
    void *grown = more > SIZE_MAX / bytes ? NULL : sy_mem_realloc(items, more * bytes);
    if (grown != NULL)
        *capacity = more;
    return grown;
}

static sy_status no_memory(sy_error *err) {
    return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the page");
}

static bool is_same(const char *a, const char *b) {
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* The run of a line; made when a line without an environment before it turns up. NULL without memory. */
static sy_html_run *run_of(intake *in, const sy_record_line *line) {
    sy_html_model *model = in->model;
    for (size_t i = model->runs; i-- > 0;)
        if (is_same(model->run[i].run_id, line->run_id))
            return &model->run[i];
    sy_html_run *grown = sy_html_grow(model->run, model->runs, &model->run_capacity, sizeof *grown);
    if (grown == NULL)
        return NULL;
    model->run = grown;
    grown = &model->run[model->runs++];
    *grown = (sy_html_run){.file = in->file, .file_number = in->file_number};
    grown->run_id = sy_intern_text(&model->texts, line->run_id);
    grown->time_utc = grown->last_utc = sy_intern_text(&model->texts, line->time_utc);
    sy_environment_init(&grown->environment);
    /* One side for all files: a copy of a run is that run. */
    sy_status status = sy_intake_run(&model->intake, 0, line->run_id, NULL, &grown->intake_run, NULL);
    return status == SY_OK ? grown : NULL;
}

/* The device's fact in a run's environment. */
static const sy_device_fact *fact_of(const sy_html_run *run, const char *id) {
    for (size_t i = 0; i < run->environment.devices.count; i++)
        if (is_same(run->environment.devices.item[i].id, id))
            return &run->environment.devices.item[i];
    return NULL;
}

static const char *label_of(sy_html_model *model, const sy_html_device *device) {
    char text[200];
    const char *brief = device->fact != NULL && device->fact->label != NULL ? device->fact->label
                        : device->name != NULL                              ? device->name
                                                                            : "";
    bool is_named = device->asked != NULL && strcmp(device->asked, "auto") != 0;
    snprintf(text, sizeof text, "%.60s %.90s%s%.40s", device->id != NULL ? device->id : "?", brief,
        is_named ? " / " : "", is_named ? device->asked : "");
    return sy_intern_text(&model->texts, sy_print_clean(text, true).text);
}

/* Number of the column a row belongs to; SIZE_MAX without memory. */
static size_t device_of(sy_html_model *model, const sy_row *row, const sy_html_run *run) {
    bool is_simulated = row->subject.simulated == SY_TRI_YES;
    for (size_t i = model->devices; i-- > 0;) {
        const sy_html_device *each = &model->device[i];
        bool has_name = is_same(each->name, row->subject.device.name) || row->subject.device.name == NULL;
        if (has_name && is_same(each->id, row->request.device) &&
            is_same(each->asked, row->request.algorithm) &&
            (each->is_simulated == is_simulated || row->subject.simulated == SY_TRI_UNKNOWN))
            return i;
    }
    sy_html_device *grown =
        sy_html_grow(model->device, model->devices, &model->device_capacity, sizeof *grown);
    if (grown == NULL)
        return SIZE_MAX;
    model->device = grown;
    grown = &model->device[model->devices];
    sy_intern *texts = &model->texts;
    *grown = (sy_html_device){.id = sy_intern_text(texts, row->request.device),
        .name = sy_intern_text(texts, row->subject.device.name),
        .vendor = sy_intern_text(texts, row->subject.device.vendor),
        .backend = sy_intern_text(texts, row->subject.backend),
        .scope = sy_intern_text(texts, row->subject.device.scope),
        .physical_id = sy_intern_text(texts, row->subject.device.physical_id),
        .asked = sy_intern_text(texts, row->request.algorithm),
        .fact = fact_of(run, row->request.device),
        .max_clock_mhz = NAN};
    if (grown->name == NULL && grown->fact != NULL)
        grown->name = sy_intern_text(texts, grown->fact->name);
    /* A name that only a simulated device has is believed too: better one mark too many. */
    grown->is_simulated = is_simulated || (grown->fact != NULL && grown->fact->simulated == SY_TRI_YES) ||
                          (grown->id != NULL && strncmp(grown->id, "sim:", 4) == 0);
    grown->label = label_of(model, grown);
    return model->devices++;
}

/* A place for the row: that of an earlier line with its id, or a new one. */
static sy_html_row *place_of(sy_html_model *model, const sy_record_line *line) {
    uint64_t id =
        sy_run_row_key(line->run_id != NULL ? line->run_id : "", line->row.id != NULL ? line->row.id : "");
    uint32_t before = line->row.id != NULL ? sy_ids_get(&model->seen, id) : 0;
    if (before > 0)
        return &model->row[before - 1];
    sy_html_row *grown = sy_html_grow(model->row, model->rows, &model->row_capacity, sizeof *grown);
    if (grown == NULL)
        return NULL;
    model->row = grown;
    if (line->row.id != NULL && !sy_ids_set(&model->seen, id, (uint32_t)(model->rows + 1)))
        return NULL;
    return &model->row[model->rows++];
}

/* A network is a workload of its own, by its name. */
static sy_row as_workload(const sy_row *from) {
    sy_row row = *from;
    const char *problem = from->key.problem != NULL ? from->key.problem : "";
    if (from->origin.suite == NULL && strncmp(problem, "model:", 6) == 0)
        row.origin.suite = from->origin.name;
    return row;
}

static sy_status take_row(intake *in, const sy_record_line *line, sy_error *err) {
    const sy_row taken = as_workload(&line->row);
    sy_html_model *model = in->model;
    sy_html_run *run = run_of(in, line);
    size_t device = run != NULL ? device_of(model, &line->row, run) : SIZE_MAX;
    size_t before = model->rows;
    sy_html_row *row = device != SIZE_MAX ? place_of(model, line) : NULL;
    if (row == NULL)
        return no_memory(err);
    uint32_t file = model->rows > before ? in->file_number : row->file;
    *row = (sy_html_row){.device = (uint32_t)device, .file = file};
    row->run = (uint32_t)(run - model->run);
    if (!sy_html_row_copy(&taken, model, row))
        return no_memory(err);
    run->last_utc = sy_intern_text(&model->texts, line->time_utc);
    run->rows += model->rows > before ? 1 : 0;
    return sy_intake_row(&model->intake, run->intake_run, &taken, err);
}

static sy_status take_environment(intake *in, const sy_record_line *line, sy_error *err) {
    sy_html_run *run = run_of(in, line);
    if (run == NULL)
        return no_memory(err);
    sy_status status =
        sy_intake_run(&in->model->intake, 0, line->run_id, &line->environment, &run->intake_run, err);
    if (status != SY_OK)
        return status;
    run->environment = line->environment;
    bool is_kept = sy_fields_keep(&sy_environment_fields, &in->model->arena, &run->environment);
    return is_kept ? SY_OK : no_memory(err);
}

static sy_status take_total(intake *in, const sy_record_line *line, sy_error *err) {
    sy_html_model *model = in->model;
    sy_html_run *run = run_of(in, line);
    sy_html_total *grown = sy_html_grow(model->total, model->totals, &model->total_capacity, sizeof *grown);
    model->total = grown != NULL ? grown : model->total;
    if (run == NULL || grown == NULL)
        return no_memory(err);
    grown = &model->total[model->totals];
    *grown = (sy_html_total){.total = line->total, .run = (uint32_t)(run - model->run)};
    if (!sy_fields_keep(&sy_total_fields, &model->arena, &grown->total))
        return no_memory(err);
    model->totals++;
    return SY_OK;
}

static sy_status take_peak(intake *in, const sy_record_line *line, sy_error *err) {
    sy_html_model *model = in->model;
    sy_html_run *run = run_of(in, line);
    sy_html_peak *grown = sy_html_grow(model->peak, model->peaks, &model->peak_capacity, sizeof *grown);
    model->peak = grown != NULL ? grown : model->peak;
    if (run == NULL || grown == NULL)
        return no_memory(err);
    grown = &model->peak[model->peaks];
    *grown = (sy_html_peak){.peak = line->peak, .run = (uint32_t)(run - model->run)};
    if (!sy_fields_keep(&sy_peak_fields, &model->arena, &grown->peak))
        return no_memory(err);
    model->peaks++;
    return SY_OK;
}

static sy_status take_end(intake *in, const sy_record_line *line, sy_error *err) {
    sy_html_run *run = run_of(in, line);
    if (run == NULL)
        return no_memory(err);
    run->is_ended = true;
    run->is_interrupted = line->ending.interrupted == SY_TRI_YES;
    return SY_OK;
}

static sy_status take(intake *in, const sy_record_line *line, sy_error *err) {
    switch (line->kind) {
    case SY_LINE_ENVIRONMENT: return take_environment(in, line, err);
    case SY_LINE_OP:
    case SY_LINE_MODEL: return take_row(in, line, err);
    case SY_LINE_TOTAL: return take_total(in, line, err);
    case SY_LINE_PEAK: return take_peak(in, line, err);
    case SY_LINE_END: return take_end(in, line, err);
    default: return SY_OK;
    }
}

static sy_status read_file(intake *in, sy_error *err) {
    sy_reader *reader = NULL;
    const sy_record_line *line = NULL;
    sy_status status = sy_reader_open(in->file, &reader, err);
    while (status == SY_OK) {
        status = sy_reader_next(reader, &line, err);
        if (status == SY_OK)
            status = take(in, line, err);
    }
    if (status == SY_UNAVAILABLE) {
        in->model->torn += sy_reader_torn(reader) > 0 ? 1 : 0;
        status = SY_OK;
    }
    sy_reader_close(reader);
    return status;
}

/* What is only known once every row is there. */
static void sum_up(sy_html_model *model) {
    for (size_t i = 0; i < model->rows; i++) {
        const sy_html_row *row = &model->row[i];
        sy_html_device *device = &model->device[row->device];
        device->rows++;
        device->timed += isfinite(row->median_ns) ? 1 : 0;
        device->max_clock_mhz = fmax(device->max_clock_mhz, row->clock_mhz);
    }
}

static const char *base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* Whether every file has rows of its own. */
static bool is_each_there(const sy_html_model *model, size_t count) {
    for (size_t i = 0; i < count; i++) {
        size_t at = 0;
        while (at < model->rows && model->row[at].file != i)
            at++;
        if (at == model->rows)
            return false;
    }
    return true;
}

/* Several files of one device are that device over time: a column each, named by the file. */
static bool split_by_file(sy_html_model *model, const char *const *files, size_t count) {
    if (model->devices != 1 || count < 2 || !is_each_there(model, count))
        return true;
    sy_html_device *split = sy_mem_calloc(count, sizeof *split);
    if (split == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        char text[200];
        split[i] = model->device[0];
        split[i].id = sy_intern_text(&model->texts, base_name(files[i]));
        snprintf(text, sizeof text, "%.90s (%.90s)", model->device[0].label, base_name(files[i]));
        split[i].label = sy_intern_text(&model->texts, sy_print_clean(text, true).text);
    }
    for (size_t i = 0; i < model->rows; i++)
        model->row[i].device = model->row[i].file;
    sy_mem_free(model->device);
    model->device = split;
    model->devices = model->device_capacity = count;
    return !model->texts.failed;
}

sy_status sy_html_model_read(const char *const *files, size_t count, sy_html_model *model, sy_error *err) {
    sy_status status = SY_OK;
    for (size_t i = 0; status == SY_OK && i < count; i++) {
        intake in = {.model = model, .file = files[i], .file_number = (uint32_t)i};
        status = read_file(&in, err);
    }
    if (status == SY_OK && model->rows != model->intake.count)
        status = sy_error_set(
            err, SY_INTERNAL, "%zu rows read, %zu of them to compare", model->rows, model->intake.count);
    if (status == SY_OK && !split_by_file(model, files, count))
        status = no_memory(err);
    if (status == SY_OK)
        sum_up(model);
    return status;
}

bool sy_html_has_networks(const sy_html_model *model) {
    for (size_t i = 0; i < model->rows; i++)
        if (model->row[i].is_network)
            return true;
    return false;
}

void sy_html_model_release(sy_html_model *model) {
    sy_mem_free(model->row);
    sy_mem_free(model->run);
    sy_mem_free(model->device);
    sy_mem_free(model->total);
    sy_mem_free(model->peak);
    sy_text_release(&model->samples);
    sy_ids_release(&model->seen);
    sy_intake_release(&model->intake);
    sy_intern_release(&model->texts);
    sy_arena_release(&model->arena);
    *model = (sy_html_model){0};
}
