/* Showing a record. */
#include "bench/verbs/present.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/record/load.h"
#include "bench/report/report.h"
#include "runtime/base/error.h"

/* Up to so many rows are shown one by one instead of as a summary. */
enum { FEW_ROWS = 8 };

static uint32_t choose_format(const sy_config *config, const sy_report *report) {
    if (config->format != SY_FORMAT_AUTO)
        return config->format;
    return config->verbose > 0 || report->n_rows <= FEW_ROWS ? SY_FORMAT_TABLE : SY_FORMAT_SUMMARY;
}

static size_t count_models(const sy_report *report) {
    size_t count = 0;
    for (size_t i = 0; i < report->n_rows; i++)
        count += sy_row_model_is_there(&report->rows[i].model);
    return count;
}

static sy_status compose(const sy_program *program, const sy_report *report, sy_text *out, sy_error *err) {
    sy_report_style style = sy_report_style_of(STDOUT_FILENO, program->config->no_color);
    uint32_t format = choose_format(program->config, report);
    bool is_screen = format == SY_FORMAT_SUMMARY || program->config->format == SY_FORMAT_AUTO;
    if (is_screen && count_models(report) == report->n_rows && report->n_rows > 0)
        return sy_report_models(report, &style, out, err);
    switch (format) {
    case SY_FORMAT_TABLE: return sy_report_table(report, &style, out, err);
    case SY_FORMAT_CSV: return sy_report_csv(report, out, err);
    case SY_FORMAT_JSONL: return sy_report_jsonl(report, out, err);
    case SY_FORMAT_JSON: return sy_report_json(report, out, err);
    default: return sy_report_summary(report, &style, out, err);
    }
}

/* "run quick/1" from the suite the rows came from. */
static void make_title(const sy_program *program, char *out_title, size_t capacity) {
    size_t at = 0;
    const sy_words *what = &program->config->what;
    at +=
        (size_t)snprintf(out_title, capacity, "%s", program->config->verb == SY_VERB_INFER ? "infer" : "run");
    for (size_t i = 0; i < what->count && at < capacity; i++)
        at += (size_t)snprintf(out_title + at, capacity - at, " %s", what->word[i]);
}

int sy_present_file(const sy_program *program, const char *path, bool is_kept) {
    sy_error error = SY_ERROR_INIT;
    sy_loaded loaded = {0};
    sy_report report;
    sy_text text = {0};
    char title[200];
    make_title(program, title, sizeof title);
    sy_status status = sy_record_load(path, &loaded, &error);
    if (status == SY_OK)
        status = sy_report_from_loaded(&loaded, program->config->verb == SY_VERB_SHOW ? NULL : title,
            is_kept ? path : NULL, &report, &error);
    if (status == SY_OK)
        status = compose(program, &report, &text, &error);
    if (status != SY_OK) {
        sy_text_release(&text);
        sy_loaded_release(&loaded);
        return sy_program_fail_input(status, &error);
    }
    if (text.length > 0 && fwrite(text.data, 1, text.length, stdout) != text.length)
        status = sy_error_io(&error, "standard output");
    sy_text_release(&text);
    sy_loaded_release(&loaded);
    return status == SY_OK ? SY_EXIT_FINE : sy_program_fail(status, &error);
}
