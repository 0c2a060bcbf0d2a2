/* Runs, one a line, and the rows of one. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "bench/history/runs.h"
#include "bench/history/view/view.h"
#include "bench/report/problem_text.h"
#include "bench/report/quantity.h"
#include "runtime/base/error.h"

static const sy_grid_column run_columns[] = {{"run_id", SY_COLUMN_TEXT}, {"time_utc", SY_COLUMN_TEXT},
    {"host", SY_COLUMN_TEXT}, {"os", SY_COLUMN_TEXT}, {"version", SY_COLUMN_TEXT}, {"commit", SY_COLUMN_TEXT},
    {"rows", SY_COLUMN_COUNT}, {"rows_with_time", SY_COLUMN_COUNT}, {"simulated", SY_COLUMN_TEXT},
    {"command", SY_COLUMN_TEXT}};
static const sy_grid_column row_columns[] = {{"row_id", SY_COLUMN_TEXT}, {"key", SY_COLUMN_TEXT},
    {"problem", SY_COLUMN_TEXT}, {"name", SY_COLUMN_TEXT}, {"device", SY_COLUMN_TEXT},
    {"device_name", SY_COLUMN_TEXT}, {"backend", SY_COLUMN_TEXT}, {"algorithm", SY_COLUMN_TEXT},
    {"asked", SY_COLUMN_TEXT}, {"simulated", SY_COLUMN_YES}, {"status", SY_COLUMN_TEXT},
    {"reason", SY_COLUMN_TEXT}, {"median_ns", SY_COLUMN_NUMBER}, {"low_ns", SY_COLUMN_NUMBER},
    {"high_ns", SY_COLUMN_NUMBER}, {"flop_per_s", SY_COLUMN_NUMBER}, {"byte_per_s", SY_COLUMN_NUMBER}};
#define COUNT(array) (sizeof array / sizeof array[0])

/* What the visits share. */
typedef struct listing {
    const sy_view_form *form;
    sy_text *out;
    sy_grid grid;
} listing;

static const char *simulated_text(sy_tri simulated) {
    return simulated == SY_TRI_YES ? "all" : simulated == SY_TRI_NO ? "none" : "some";
}

static void write_cell(listing *list, const char *text, uint32_t columns) {
    sy_cell clean = sy_print_clean(text, list->form->style.utf8);
    sy_print_padded(list->out, clean.text, columns, false);
    sy_text_append(list->out, " ", 1);
}

static bool list_run(void *ctx, const sy_history_run *run) {
    listing *list = ctx;
    char rows[48];
    if (list->form->form != SY_GRID_TEXT) {
        const sy_grid_value values[COUNT(run_columns)] = {{.text = run->run_id}, {.text = run->time_utc},
            {.text = run->host}, {.text = run->os}, {.text = run->version}, {.text = run->commit},
            {.count = run->rows}, {.count = run->with_time}, {.text = simulated_text(run->simulated)},
            {.text = run->command}};
        sy_grid_row(&list->grid, values);
        return true;
    }
    snprintf(rows, sizeof rows, "%" PRIu64 "/%" PRIu64, run->with_time, run->rows);
    write_cell(list, run->run_id, 25);
    write_cell(list, run->host, 12);
    write_cell(list, run->version, 8);
    write_cell(list, run->commit, 12);
    write_cell(list, rows, 9);
    write_cell(list, run->simulated == SY_TRI_NO ? "" : "SIM", 3);
    sy_cell command = sy_print_clean(run->command, list->form->style.utf8);
    sy_print_cut(list->out, command.text, 60);
    sy_text_append(list->out, "\n", 1);
    return true;
}

sy_status sy_view_list(
    sy_history *history, const sy_view_wish *wish, const sy_view_form *form, sy_text *out, sy_error *err) {
    listing list = {.form = form, .out = out};
    list.grid =
        (sy_grid){.column = run_columns, .columns = COUNT(run_columns), .form = form->form, .out = out};
    if (form->form == SY_GRID_TEXT)
        sy_text_printf(
            out, "%-25s %-12s %-8s %-12s %-9s     command\n", "run", "host", "version", "commit", "timed");
    sy_grid_begin(&list.grid);
    sy_status status = sy_history_runs(history, wish->last, list_run, &list, err);
    sy_grid_end(&list.grid);
    if (status == SY_OK && out->failed)
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory to list runs");
    return status;
}

static bool show_head(void *ctx, const sy_history_run *run) {
    listing *list = ctx;
    bool utf8 = list->form->style.utf8;
    sy_text_printf(list->out, "run      %s  %s\n", sy_print_clean(run->run_id, utf8).text,
        sy_print_clean(run->time_utc, utf8).text);
    sy_text_printf(list->out, "host     %s  %s\n", sy_print_clean(run->host, utf8).text,
        sy_print_clean(run->os, utf8).text);
    sy_text_printf(list->out, "program  %s  commit %s\n", sy_print_clean(run->version, utf8).text,
        sy_print_clean(run->commit, utf8).text);
    sy_text_printf(list->out, "command  %s\n", sy_print_clean(run->command, utf8).text);
    sy_text_printf(list->out, "%-16s %-34s %-6s %-24s %-20s %14s  status\n", "row", "problem", "type",
        "device", "algorithm", "time");
    return true;
}

static void write_row(listing *list, const sy_history_row *row) {
    const sy_report_style *style = &list->form->style;
    sy_cell device = sy_print_clean(row->device_name != NULL ? row->device_name : row->device, style->utf8);
    sy_text name = {0};
    sy_unit unit = sy_unit_time(row->median_ns);
    double precision = sy_precision_of(row->median_ns, row->ci95_ns);
    bool has_time = isfinite(row->median_ns);
    sy_text_printf(&name, "%s%s", row->is_simulated ? "SIM " : "", device.text);
    write_cell(list, row->row_id, 16);
    write_cell(list, row->name != NULL ? row->name : sy_problem_short(row->problem).text, 34);
    write_cell(list, sy_problem_dtype(row->problem).text, 6);
    write_cell(list, name.data, 24);
    write_cell(list, row->algorithm, 20);
    sy_text_printf(list->out, "%9s %-4s  ",
        has_time ? sy_print_number(row->median_ns / unit.divisor, precision, style).text : "-",
        has_time ? unit.name : "");
    sy_text_printf(list->out, "%s%s%s\n", sy_row_status_name(row->status), row->reason != NULL ? ": " : "",
        sy_print_clean(row->reason, style->utf8).text);
    sy_text_release(&name);
}

static bool show_row(void *ctx, const sy_history_row *row) {
    listing *list = ctx;
    if (list->form->form == SY_GRID_TEXT) {
        write_row(list, row);
        return true;
    }
    const sy_grid_value values[COUNT(row_columns)] = {{.text = row->row_id}, {.text = row->key_hash},
        {.text = row->problem}, {.text = row->name}, {.text = row->device}, {.text = row->device_name},
        {.text = row->backend}, {.text = row->algorithm}, {.text = row->asked}, {.count = row->is_simulated},
        {.text = sy_row_status_name(row->status)}, {.text = row->reason}, {.number = row->median_ns},
        {.number = row->ci95_ns[0]}, {.number = row->ci95_ns[1]}, {.number = row->flop_per_s},
        {.number = row->byte_per_s}};
    sy_grid_row(&list->grid, values);
    return true;
}

sy_status sy_view_show(
    sy_history *history, const sy_view_wish *wish, const sy_view_form *form, sy_text *out, sy_error *err) {
    listing list = {.form = form, .out = out};
    int64_t number = 0;
    list.grid =
        (sy_grid){.column = row_columns, .columns = COUNT(row_columns), .form = form->form, .out = out};
    sy_status status = sy_history_find_run(history, wish->what, &number, err);
    if (status == SY_OK && form->form == SY_GRID_TEXT)
        status = sy_history_run_by_number(history, number, show_head, &list, err);
    sy_grid_begin(&list.grid);
    if (status == SY_OK)
        status = sy_history_rows(history, number, show_row, &list, err);
    sy_grid_end(&list.grid);
    if (status == SY_OK && out->failed)
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory to show a run");
    return status;
}
