/* One line a row: what, on what, how fast, how sure, how right. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/report/problem_text.h"
#include "bench/report/quantity.h"
#include "runtime/base/error.h"

enum { WIDTH = 100 };

/* A column of the table: its heading, width (0: takes what is left), and how a row fills it. */
typedef struct table_column {
    const char *heading;
    uint32_t width;
    bool is_right;
    sy_cell (*print)(const sy_row *row, const sy_report_style *style);
} table_column;

static sy_cell print_label(const sy_row *row, const sy_report_style *style) {
    return sy_row_label(row, style->utf8);
}

static sy_cell print_device(const sy_row *row, const sy_report_style *style) {
    sy_cell device = sy_print_clean(row->request.device, style->utf8), cell;
    snprintf(cell.text, sizeof cell.text, "%s%.200s", row->subject.simulated == SY_TRI_YES ? "SIM " : "",
        device.text);
    return cell;
}

static sy_cell print_algorithm(const sy_row *row, const sy_report_style *style) {
    const char *used = row->subject.algorithm != NULL ? row->subject.algorithm : row->request.algorithm;
    return sy_print_clean(used, style->utf8);
}

static sy_cell print_dtype(const sy_row *row, const sy_report_style *style) {
    sy_cell dtype = sy_problem_dtype(row->key.problem != NULL ? row->key.problem : "");
    return sy_print_clean(dtype.text, style->utf8);
}

static sy_cell print_time(const sy_row *row, const sy_report_style *style) {
    double median_ns, ci95_ns[2];
    sy_cell cell = {"-"};
    if (!sy_row_has_time(row))
        return cell;
    sy_row_headline(row, &median_ns, ci95_ns);
    sy_unit unit = sy_unit_time(median_ns);
    sy_cell number = sy_print_number(median_ns / unit.divisor, sy_precision_of(median_ns, ci95_ns), style);
    snprintf(cell.text, sizeof cell.text, "%.200s %s", number.text, unit.name);
    return cell;
}

static sy_cell print_precision(const sy_row *row, const sy_report_style *style) {
    double median_ns, ci95_ns[2];
    sy_row_headline(row, &median_ns, ci95_ns);
    return sy_row_has_time(row) ? sy_print_precision(sy_precision_of(median_ns, ci95_ns), style)
                                : (sy_cell){""};
}

static sy_cell print_rate(const sy_row *row, const sy_report_style *style) {
    sy_cell cell = {"-"};
    bool is_work = isfinite(row->rate.flop_per_s) && row->rate.flop_per_s > 0.0;
    double rate = is_work ? row->rate.flop_per_s : row->rate.byte_per_s;
    if (!sy_row_has_time(row) || !isfinite(rate))
        return cell;
    sy_cell dtype = print_dtype(row, style);
    bool is_integer = strncmp(dtype.text, "s8", 2) == 0 || strncmp(dtype.text, "u8", 2) == 0;
    sy_unit unit = is_work ? sy_unit_flop_rate(rate, is_integer) : sy_unit_byte_rate(rate);
    sy_cell number = sy_print_number(rate / unit.divisor, NAN, style);
    snprintf(cell.text, sizeof cell.text, "%.200s %s", number.text, unit.name);
    return cell;
}

static sy_cell print_ceiling(const sy_row *row, const sy_report_style *style) {
    (void)style;
    double fraction = isfinite(row->rate.of_ceiling) ? row->rate.of_ceiling : row->rate.of_roofline;
    return isfinite(fraction) && sy_row_has_time(row) ? sy_print_percent(fraction) : (sy_cell){"-"};
}

/* The status; of a good row what is to be known about its check, of one without a time the reason. */
static sy_cell print_status(const sy_row *row, const sy_report_style *style) {
    sy_cell cell, reason = sy_print_clean(row->reason, style->utf8);
    bool is_plain = row->status == SY_ROW_OK, has_time = sy_row_has_time(row);
    const char *check = !is_plain                              ? ""
                        : row->check.status == SY_CHECKED_WEAK ? ", weak check"
                        : row->check.status == SY_CHECKED_OFF  ? ", not checked"
                                                               : "";
    snprintf(cell.text, sizeof cell.text, "%s%s%s%.200s", sy_row_status_name(row->status), check,
        has_time || reason.text[0] == '\0' ? "" : ": ", has_time ? "" : reason.text);
    return cell;
}

/* Of a row without a time the status begins where the time would. */
static const table_column columns[] = {
    {"problem", 0, false, print_label},
    {"device", 8, false, print_device},
    {"algorithm", 9, false, print_algorithm},
    {"type", 5, false, print_dtype},
    {"time", 8, true, print_time},
    {"", 7, false, print_precision},
    {"rate", 12, true, print_rate},
    {"ceil.", 5, true, print_ceiling},
    {"status", 12, false, print_status},
};

enum {
    COLUMNS = sizeof columns / sizeof columns[0],
    TIME_COLUMN = 4,
    NUMBER_WIDTH = 5,
    SCREEN_MOST = 200,
    LABEL_WISH = 28,
    LABEL_LEAST = 12
};

/* The widths of a table's columns; 0: left out. */
typedef struct layout {
    uint32_t width[COLUMNS], screen;
} layout;

/* Whether all rows say the same: such a column is the first to go. */
static bool is_constant(const sy_report *report, const sy_report_style *style, size_t column) {
    for (size_t i = 1; i < report->n_rows; i++) {
        sy_cell first = columns[column].print(&report->rows[0], style);
        sy_cell each = columns[column].print(&report->rows[i], style);
        if (strcmp(first.text, each.text) != 0)
            return false;
    }
    return true;
}

static uint32_t space_left(const layout *of) {
    uint32_t used = NUMBER_WIDTH;
    for (size_t c = 1; c < COLUMNS; c++)
        used += of->width[c] > 0 ? of->width[c] + 1 : 0;
    return of->screen > used ? of->screen - used : 0;
}

/* Leave out columns until the problem has room: constant ones, then the ceiling, then the type. */
static void make_room(const sy_report *report, const sy_report_style *style, layout *of) {
    static const struct {
        size_t column;
        bool only_constant;
    } rows[] = {{3, true}, {2, true}, {1, true}, {7, false}, {3, false}, {2, false}};
    uint32_t wanted = of->width[0] < LABEL_WISH ? of->width[0] : LABEL_WISH;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0] && space_left(of) < wanted; i++)
        if (!rows[i].only_constant || is_constant(report, style, rows[i].column))
            of->width[rows[i].column] = 0;
}

/* Widths that the rows need, within the width of the screen: the problem gets what is left. */
static layout measure(const sy_report *report, const sy_report_style *style, uint32_t width) {
    layout found = {.screen = width};
    for (size_t c = 0; c < COLUMNS; c++)
        found.width[c] = sy_print_width(columns[c].heading);
    for (size_t i = 0; i < report->n_rows; i++) {
        size_t count = sy_row_has_time(&report->rows[i]) ? COLUMNS : TIME_COLUMN;
        for (size_t c = 0; c < count; c++) {
            sy_cell cell = columns[c].print(&report->rows[i], style);
            uint32_t needed = sy_print_width(cell.text), most = c > 0 ? columns[c].width + 4 : SCREEN_MOST;
            needed = needed < most ? needed : most;
            found.width[c] = needed > found.width[c] ? needed : found.width[c];
        }
    }
    make_room(report, style, &found);
    uint32_t left = space_left(&found) > LABEL_LEAST ? space_left(&found) : LABEL_LEAST;
    found.width[0] = found.width[0] < left ? found.width[0] : left;
    return found;
}

static void write_heading(const layout *of, const sy_report_style *style, sy_text *out) {
    sy_print_look(out, style, SY_LOOK_STRONG);
    sy_text_append(out, "   # ", 5);
    for (size_t c = 0; c + 1 < COLUMNS; c++) {
        if (of->width[c] == 0)
            continue;
        sy_print_padded(out, columns[c].heading, of->width[c], columns[c].is_right);
        sy_text_append(out, " ", 1);
    }
    sy_text_printf(out, "%s", columns[COLUMNS - 1].heading);
    sy_print_look(out, style, SY_LOOK_PLAIN);
    sy_text_append(out, "\n", 1);
}

static void write_row(
    const sy_row *row, size_t number, const layout *of, const sy_report_style *style, sy_text *out) {
    bool has_time = sy_row_has_time(row);
    size_t count = has_time ? COLUMNS - 1 : TIME_COLUMN;
    uint32_t used = NUMBER_WIDTH;
    sy_text_printf(out, "%4zu ", number);
    for (size_t c = 0; c < count; c++) {
        if (of->width[c] == 0)
            continue;
        sy_cell cell = columns[c].print(row, style);
        if (c == 0 && sy_print_width(cell.text) > of->width[c])
            sy_print_cut_middle(out, cell.text, of->width[c]);
        else
            sy_print_padded(out, cell.text, of->width[c], columns[c].is_right);
        sy_text_append(out, " ", 1);
        used += of->width[c] + 1;
    }
    sy_cell status = print_status(row, style);
    if (!has_time)
        sy_print_look(out, style, SY_LOOK_BAD);
    sy_print_cut(out, status.text, of->screen > used ? of->screen - used : 1);
    if (!has_time)
        sy_print_look(out, style, SY_LOOK_PLAIN);
    sy_text_append(out, "\n", 1);
}

sy_status sy_report_table(
    const sy_report *report, const sy_report_style *style, sy_text *out, sy_error *err) {
    uint32_t width = style->columns > 0 ? style->columns : WIDTH;
    layout found = measure(report, style, width < SCREEN_MOST ? width : SCREEN_MOST);
    write_heading(&found, style, out);
    for (size_t i = 0; i < report->n_rows; i++)
        write_row(&report->rows[i], i + 1, &found, style, out);
    return out->failed ? sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the table") : SY_OK;
}
