/* The first screen: title, what was not run, the grid, what went wrong, footnotes, where to go on. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/record/ids.h"
#include "bench/record/key.h"
#include "bench/report/energy_text.h"
#include "bench/report/problem_text.h"
#include "bench/report/summary_lines.h"
#include "runtime/base/error.h"

enum { WIDTH = 100, LINES = 25, NOT_RUN_MOST = 3, TROUBLES_MOST = 3, SUSTAINED_MOST = 3 };

/* Text in front of the grid and behind it; its lines are counted, so that the grid gets the rest. */
typedef struct frame {
    sy_text top, bottom;
    uint32_t top_lines, bottom_lines, width;
    const sy_report_style *style;
} frame;

static void add_line(frame *to, bool is_top, uint32_t look, const char *text) {
    sy_text *out = is_top ? &to->top : &to->bottom;
    sy_cell clean = sy_print_clean(text, to->style->utf8);
    if (look != SY_LOOK_PLAIN)
        sy_print_look(out, to->style, look);
    uint32_t lines = sy_print_wrapped(out, clean.text, to->width);
    if (look != SY_LOOK_PLAIN)
        sy_print_look(out, to->style, SY_LOOK_PLAIN);
    *(is_top ? &to->top_lines : &to->bottom_lines) += lines;
}

/* Distinct problems among the rows: several devices, algorithms and processes share one. */
static size_t count_problems(const sy_report *report, bool *out_failed) {
    sy_ids seen = {0};
    for (size_t i = 0; i < report->n_rows; i++) {
        const char *key = report->rows[i].key_hash;
        if (key != NULL && !sy_ids_set(&seen, sy_line_key(key, strlen(key)), 1))
            *out_failed = true;
    }
    size_t count = seen.count;
    sy_ids_release(&seen);
    return count;
}

typedef const char *text_of(const sy_row *row);

static const char *data_of(const sy_row *row) {
    return row->key.data;
}

static const char *cache_of(const sy_row *row) {
    return row->key.cache;
}

/* What all rows share, "mixed" if they differ, NULL if no row says. */
static const char *common(const sy_report *report, text_of *of) {
    const char *found = NULL;
    for (size_t i = 0; i < report->n_rows; i++) {
        const char *text = of(&report->rows[i]);
        if (text != NULL && found != NULL && strcmp(text, found) != 0)
            return "mixed";
        found = text != NULL ? text : found;
    }
    return found;
}

static sy_cell common_dtype(const sy_report *report) {
    sy_cell found = {""};
    for (size_t i = 0; i < report->n_rows; i++) {
        if (report->rows[i].key.problem == NULL)
            continue;
        sy_cell dtype = sy_problem_dtype(report->rows[i].key.problem);
        if (dtype.text[0] == '\0' || strcmp(dtype.text, found.text) == 0)
            continue;
        if (found.text[0] != '\0')
            return (sy_cell){"mixed types"};
        found = dtype;
    }
    bool sums_in_f32 = strcmp(found.text, "bf16") == 0 || strcmp(found.text, "f16") == 0 ||
                       strncmp(found.text, "f8", 2) == 0;
    if (sums_in_f32)
        snprintf(found.text + strlen(found.text), 16, " (acc f32)");
    return found;
}

static uint64_t most_rounds(const sy_report *report) {
    uint64_t rounds = 0;
    for (size_t i = 0; i < report->n_rows; i++)
        if (report->rows[i].time.rounds != SY_NO_COUNT && report->rows[i].time.rounds > rounds)
            rounds = report->rows[i].time.rounds;
    return rounds;
}

/* Add ", <text>" to a title; nothing for NULL and "". */
static void add_part(sy_cell *title, const char *before, const char *text) {
    size_t used = strlen(title->text);
    if (text != NULL && text[0] != '\0')
        snprintf(title->text + used, sizeof title->text - used, ", %s%.60s", before, text);
}

static bool add_title(const sy_report *report, frame *to) {
    static const char *const ranges[][2] = {{"uniform", "uniform[-1,1]"}, {"normal", "normal data"},
        {"integer", "integer data"}, {"zeros", "all zeros"}};
    bool failed = false;
    size_t problems = count_problems(report, &failed);
    const char *version = report->environment != NULL ? report->environment->build.version : NULL;
    const char *data = common(report, data_of);
    uint64_t rounds = most_rounds(report);
    char rounds_text[40] = "";
    sy_cell title, dtype = common_dtype(report);
    snprintf(title.text, sizeof title.text, "steelyard%s%.20s  %.80s: %zu problem%s",
        version != NULL ? " " : "", version != NULL ? version : "",
        report->title != NULL ? report->title : "result", problems, problems == 1 ? "" : "s");
    add_part(&title, "", dtype.text);
    for (size_t i = 0; data != NULL && i < sizeof ranges / sizeof ranges[0]; i++)
        if (strcmp(data, ranges[i][0]) == 0)
            add_part(&title, "", ranges[i][1]);
    add_part(&title, "cache ", common(report, cache_of));
    if (rounds > 0)
        snprintf(rounds_text, sizeof rounds_text, "%" PRIu64 " round%s", rounds, rounds == 1 ? "" : "s");
    add_part(&title, "", rounds_text);
    add_line(to, true, SY_LOOK_STRONG, title.text);
    if (data != NULL && (strcmp(data, "zeros") == 0 || strcmp(data, "integer") == 0))
        add_line(to, true, SY_LOOK_BAD,
            "- such data are for checking: many devices are faster with them than with real ones");
    return !failed;
}

static const char *id_of(const sy_device_fact *device) {
    return device->id != NULL ? device->id : "a device";
}

static bool is_not_run(const sy_device_fact *device) {
    return device->status != NULL && strcmp(device->status, "not run") == 0;
}

/* Few with their reasons; of many, as where no vendor's stack is installed, the names alone. */
static void add_not_run(const sy_report *report, frame *to) {
    char names[SY_CELL_MAX] = "- not run:", text[SY_CELL_MAX];
    size_t count = 0, all = report->environment != NULL ? report->environment->devices.count : 0;
    for (size_t i = 0; i < all; i++) {
        const sy_device_fact *device = &report->environment->devices.item[i];
        size_t length = strlen(names);
        if (is_not_run(device))
            snprintf(
                names + length, sizeof names - length, "%s %.40s", count++ > 0 ? "," : "", id_of(device));
    }
    if (count > NOT_RUN_MOST) {
        snprintf(text, sizeof text, "%.200s; why: steelyard devices", names);
        add_line(to, true, SY_LOOK_PLAIN, text);
        return;
    }
    for (size_t i = 0; i < all; i++) {
        const sy_device_fact *device = &report->environment->devices.item[i];
        if (!is_not_run(device))
            continue;
        snprintf(text, sizeof text, "- %.40s not run%s%.180s", id_of(device),
            device->reason != NULL ? ": " : "", device->reason != NULL ? device->reason : "");
        add_line(to, true, SY_LOOK_PLAIN, text);
    }
}

/* Rows that need a word each: wrong before suspect before errors. */
static void add_troubles(const sy_report *report, frame *to) {
    static const uint32_t statuses[] = {SY_ROW_WRONG, SY_ROW_SUSPECT, SY_ROW_ERROR, SY_ROW_TIMEOUT};
    size_t count = 0;
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++)
        for (size_t j = 0; j < report->n_rows; j++) {
            const sy_row *row = &report->rows[j];
            char text[SY_CELL_MAX];
            if (row->status != statuses[i] || ++count > TROUBLES_MOST)
                continue;
            sy_cell label = sy_row_label(row, to->style->utf8);
            snprintf(text, sizeof text, "! %s: %.60s on %.30s%s%.120s", sy_row_status_name(row->status),
                label.text, row->request.device, row->reason != NULL ? ": " : "",
                row->reason != NULL ? row->reason : "");
            add_line(to, false, SY_LOOK_BAD, text);
        }
    char more[64];
    snprintf(more, sizeof more, "! and %zu more", count - TROUBLES_MOST);
    if (count > TROUBLES_MOST)
        add_line(to, false, SY_LOOK_BAD, more);
}

/* How long the rate was held, of those that were kept up. */
static void add_sustained(const sy_report *report, frame *to) {
    size_t count = 0;
    char text[SY_CELL_MAX];
    for (size_t i = 0; i < report->n_rows; i++) {
        const sy_row *row = &report->rows[i];
        sy_cell how = sy_print_sustain(&row->sustain, to->style);
        if (how.text[0] == '\0' || ++count > SUSTAINED_MOST)
            continue;
        snprintf(text, sizeof text, "%s%.60s on %.30s %.140s",
            row->subject.simulated == SY_TRI_YES ? "SIMULATED " : "", sy_row_label(row, to->style->utf8).text,
            row->request.device, how.text);
        add_line(to, false, SY_LOOK_PLAIN, text);
    }
    snprintf(text, sizeof text, "and %zu more that were kept up",
        count > SUSTAINED_MOST ? count - SUSTAINED_MOST : 0);
    if (count > SUSTAINED_MOST)
        add_line(to, false, SY_LOOK_PLAIN, text);
}

static void add_footnotes(const sy_summary *summary, frame *to) {
    const sy_summary_marks *marks = &summary->marks;
    uint64_t rounds = most_rounds(summary->report);
    char text[SY_CELL_MAX];
    if (marks->has_star)
        add_line(to, false, SY_LOOK_DIM,
            "* matrix work alone: no softmax, attention fusion, sampling or network; a bound, not a service "
            "rate");
    if (marks->has_unstable)
        add_line(to, false, SY_LOOK_DIM, "? made from unstable rows: the interval may be too narrow");
    sy_cell rate = sy_summary_rate_note(summary->report);
    if (rate.text[0] != '\0')
        add_line(to, false, SY_LOOK_DIM, rate.text);
    if (marks->has_gain)
        add_line(to, false, SY_LOOK_DIM, sy_energy_doubt_note(summary->style));
    if (!marks->has_precision)
        return;
    snprintf(text, sizeof text,
        "%s 95 %%, %" PRIu64 " round%s, one run, ONE device of each kind; other devices, "
        "days and drivers are not in it",
        summary->style->utf8 ? "\u00b1" : "+/-", rounds, rounds == 1 ? "" : "s");
    add_line(to, false, SY_LOOK_DIM, text);
}

/* Where the rows are and how to go on: never cut, or the command would not work. */
static void add_ending(const sy_report *report, size_t left_out, frame *to) {
    sy_cell duration = sy_print_duration(report->duration_ns);
    sy_text done = {0}, next = {0};
    sy_text_printf(&done, "%s%s%s%zu row%s", report->interrupted ? "interrupted after " : "", duration.text,
        duration.text[0] != '\0' ? ", " : "", report->n_rows, report->n_rows == 1 ? "" : "s");
    if (report->file != NULL && strcmp(report->file, "-") != 0) {
        sy_cell file = sy_print_clean(report->file, to->style->utf8);
        sy_text_printf(&done, " -> %s", file.text);
        if (left_out > 0)
            sy_text_printf(&next, "%zu more lines: steelyard show %s -v", left_out, file.text);
        else
            sy_text_printf(&next, "rows: steelyard show %s", file.text);
    }
    if (!done.failed && !next.failed) {
        bool is_long = next.length > 0 && done.length + 4 + next.length > to->width;
        sy_text_append(&to->bottom, done.data, done.length);
        if (next.length > 0)
            sy_text_printf(&to->bottom, "%s%s", is_long ? "\n" : "    ", next.data);
        sy_text_append(&to->bottom, "\n", 1);
    }
    to->bottom.failed = to->bottom.failed || done.failed || next.failed;
    sy_text_release(&done);
    sy_text_release(&next);
}

/* Lines that the ending will take. */
static uint32_t count_ending(const sy_report *report, size_t left_out, const frame *like) {
    frame scratch = {.style = like->style, .width = like->width};
    uint32_t lines = 0;
    add_ending(report, left_out, &scratch);
    for (size_t i = 0; i < scratch.bottom.length; i++)
        lines += scratch.bottom.data[i] == '\n';
    sy_text_release(&scratch.bottom);
    return lines > 0 ? lines : 1;
}

static void add_columns_left_out(const sy_summary *summary, size_t fitting, frame *to) {
    size_t more = summary->columns.count - fitting + summary->columns.more;
    sy_cell text;
    if (more == 0)
        return;
    snprintf(text.text, sizeof text.text, "- %zu more column%s:", more, more == 1 ? "" : "s");
    for (size_t i = fitting; i < summary->columns.count; i++) {
        size_t used = strlen(text.text);
        const sy_column *column = &summary->columns.column[i];
        snprintf(text.text + used, sizeof text.text - used, " %.40s%s%.40s", column->device,
            column->algorithm != NULL ? " " : "", column->algorithm != NULL ? column->algorithm : "");
    }
    add_line(to, true, SY_LOOK_PLAIN, text.text);
}

static void fill(sy_summary *summary) {
    sy_columns_find(summary->report->rows, summary->report->n_rows, &summary->columns);
    summary->screen.columns = summary->columns.count;
    for (size_t i = 0; i < summary->columns.count; i++)
        summary->screen.heading[i] =
            sy_column_heading(summary->report, &summary->columns.column[i], summary->style->utf8);
    sy_summary_add_work(summary);
    sy_summary_add_totals(summary);
    sy_summary_add_memory(summary);
    sy_summary_add_energy(summary);
    sy_summary_add_counts(summary);
}

/* The grid between the two parts of its frame, in `most` lines altogether. */
static void compose(sy_summary *summary, frame *around, uint32_t most, sy_text *out) {
    size_t left_out = 0, fitted = 0;
    add_sustained(summary->report, around);
    add_troubles(summary->report, around);
    add_footnotes(summary, around);
    add_columns_left_out(summary, sy_screen_fitting(&summary->screen, around->width), around);
    sy_text_append(out, around->top.data != NULL ? around->top.data : "", around->top.length);
    uint32_t taken = around->top_lines + around->bottom_lines + 1;
    size_t too_many = taken + summary->screen.count + 1 > most ? summary->screen.count : 0;
    taken += count_ending(summary->report, too_many, around) - 1;
    uint32_t rest = most > taken + 4 ? most - taken : 4;
    sy_screen_write(&summary->screen, summary->style, around->width, rest, out, &left_out, &fitted);
    add_ending(summary->report, left_out, around);
    sy_text_append(out, around->bottom.data != NULL ? around->bottom.data : "", around->bottom.length);
}

sy_status sy_report_summary(
    const sy_report *report, const sy_report_style *style, sy_text *out, sy_error *err) {
    frame around = {.style = style, .width = style->columns > 0 ? style->columns : WIDTH};
    sy_summary summary = {.report = report, .style = style};
    bool is_whole = add_title(report, &around);
    add_not_run(report, &around);
    fill(&summary);
    compose(&summary, &around, style->lines > 0 ? style->lines : LINES, out);
    is_whole =
        is_whole && !summary.screen.failed && !around.top.failed && !around.bottom.failed && !out->failed;
    sy_screen_release(&summary.screen);
    sy_text_release(&around.top);
    sy_text_release(&around.bottom);
    return is_whole ? SY_OK : sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the summary");
}
