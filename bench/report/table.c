/* One line a row: what, on what, how fast, how sure, how right. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/report/energy_entry.h"
#include "bench/report/problem_text.h"
#include "runtime/base/error.h"

enum { WIDTH = 100 };

/* How rows are looked at. scope: whose energy is shown, one for the whole table; NULL: none. */
typedef struct table_view {
    const sy_report_style *style;
    const char *scope;
} table_view;

/* A column of the table: its heading, width (0: takes what is left), and how a row fills it. */
typedef struct table_column {
    const char *heading;
    uint32_t width;
    bool is_right;
    sy_cell (*print)(const sy_row *row, const table_view *view);
} table_column;

static sy_cell print_label(const sy_row *row, const table_view *view) {
    return sy_row_label(row, view->style->utf8);
}

static sy_cell print_device(const sy_row *row, const table_view *view) {
    sy_cell device = sy_print_clean(row->request.device, view->style->utf8), cell;
    snprintf(cell.text, sizeof cell.text, "%s%.200s", row->subject.simulated == SY_TRI_YES ? "SIM " : "",
        device.text);
    return cell;
}

static sy_cell print_algorithm(const sy_row *row, const table_view *view) {
    const char *used = row->subject.algorithm != NULL ? row->subject.algorithm : row->request.algorithm;
    return sy_print_clean(used, view->style->utf8);
}

static sy_cell print_dtype(const sy_row *row, const table_view *view) {
    sy_cell dtype = sy_problem_dtype(row->key.problem != NULL ? row->key.problem : "");
    return sy_print_clean(dtype.text, view->style->utf8);
}

static sy_cell print_time(const sy_row *row, const table_view *view) {
    double median_ns, ci95_ns[2];
    sy_cell cell = {"-"};
    if (!sy_row_has_time(row))
        return cell;
    sy_row_headline(row, &median_ns, ci95_ns);
    sy_unit unit = sy_unit_time(median_ns);
    sy_cell number =
        sy_print_number(median_ns / unit.divisor, sy_precision_of(median_ns, ci95_ns), view->style);
    snprintf(cell.text, sizeof cell.text, "%.200s %s", number.text, unit.name);
    return cell;
}

static sy_cell print_precision(const sy_row *row, const table_view *view) {
    double median_ns, ci95_ns[2];
    sy_row_headline(row, &median_ns, ci95_ns);
    return sy_row_has_time(row) ? sy_print_precision(sy_precision_of(median_ns, ci95_ns), view->style)
                                : (sy_cell){""};
}

/* Of a network what is asked for first: how many inferences a second. */
static sy_cell print_inferences(const sy_row *row, const table_view *view) {
    sy_cell cell = {"-"};
    if (sy_row_has_time(row) && isfinite(row->model.inference_per_s))
        snprintf(cell.text, sizeof cell.text, "%.200s inf/s",
            sy_print_number(row->model.inference_per_s, NAN, view->style).text);
    return cell;
}

static sy_cell print_rate(const sy_row *row, const table_view *view) {
    sy_cell cell = {"-"};
    if (sy_row_model_is_there(&row->model))
        return print_inferences(row, view);
    bool is_work = isfinite(row->rate.flop_per_s) && row->rate.flop_per_s > 0.0;
    double rate = is_work ? row->rate.flop_per_s : row->rate.byte_per_s;
    if (!sy_row_has_time(row) || !isfinite(rate))
        return cell;
    sy_cell dtype = print_dtype(row, view);
    bool is_integer = sy_dtype_is_integer(dtype.text);
    sy_unit unit = is_work ? sy_unit_flop_rate(rate, is_integer) : sy_unit_byte_rate(rate);
    sy_cell number = sy_print_number(rate / unit.divisor, NAN, view->style);
    snprintf(cell.text, sizeof cell.text, "%.200s %s", number.text, unit.name);
    return cell;
}

static sy_cell print_ceiling(const sy_row *row, const table_view *view) {
    (void)view;
    double fraction = isfinite(row->rate.of_ceiling) ? row->rate.of_ceiling : row->rate.of_roofline;
    return isfinite(fraction) && sy_row_has_time(row) ? sy_print_percent(fraction) : (sy_cell){"-"};
}

/* Joules of one launch by the meter of the table's scope, or why there is no number. */
static sy_cell print_energy(const sy_row *row, const table_view *view) {
    const sy_row_energy *entry = view->scope != NULL ? sy_energy_of_scope(row, view->scope) : NULL;
    sy_cell cell = {"-"};
    if (entry == NULL)
        return cell;
    if (!sy_energy_is_shown(row, entry))
        return sy_energy_why_not(row, entry, view->style);
    const sy_energy_doubt doubt = {entry->u_random, entry->u_systematic};
    sy_unit unit = sy_unit_joule(entry->joule_per_run);
    sy_cell number = sy_print_doubted(entry->joule_per_run / unit.divisor, doubt, view->style);
    snprintf(cell.text, sizeof cell.text, "%.60s %s %.100s", number.text, unit.name,
        sy_print_doubt(doubt, true, view->style).text);
    return cell;
}

/* The status; of a good row what is to be known about its check, of one without a time the reason. */
static sy_cell print_status(const sy_row *row, const table_view *view) {
    sy_cell cell, reason = sy_print_clean(row->reason, view->style->utf8);
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
    {"energy", 20, false, print_energy},
    {"status", 12, false, print_status},
};

enum {
    COLUMNS = sizeof columns / sizeof columns[0],
    DEVICE_COLUMN = 1,
    TIME_COLUMN = 4,
    ENERGY_COLUMN = 8,
    NUMBER_WIDTH = 5,
    SCREEN_MOST = 200,
    LABEL_WISH = 28,
    LABEL_WISH_WITH_ENERGY = 20,
    LABEL_LEAST = 12
};

/* The widths of a table's columns; 0: left out. */
typedef struct layout {
    uint32_t width[COLUMNS], screen;
    sy_cell energy; /* heading of its column */
} layout;

/* Whether all rows say the same: such a column is the first to go; never the one that says SIM. */
static bool is_constant(const sy_report *report, const table_view *view, size_t column) {
    for (size_t i = 0; i < report->n_rows; i++) {
        sy_cell first = columns[column].print(&report->rows[0], view);
        sy_cell each = columns[column].print(&report->rows[i], view);
        bool is_mark = column == DEVICE_COLUMN && report->rows[i].subject.simulated == SY_TRI_YES;
        if (is_mark || strcmp(first.text, each.text) != 0)
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

/* Whether the problem has less room than it should; a table with energy makes do with less. */
static bool is_tight(const layout *of) {
    uint32_t wish = of->width[ENERGY_COLUMN] > 0 ? LABEL_WISH_WITH_ENERGY : LABEL_WISH;
    return space_left(of) < (of->width[0] < wish ? of->width[0] : wish);
}

/* Leave out columns until the problem has room: constant ones, then the ceiling, energy, the type. */
static void make_room(const sy_report *report, const table_view *view, layout *of) {
    static const struct {
        size_t column;
        bool only_constant;
    } rows[] = {{3, true}, {2, true}, {DEVICE_COLUMN, true}, {7, false}, {ENERGY_COLUMN, false}, {3, false},
        {2, false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0] && is_tight(of); i++)
        if (!rows[i].only_constant || is_constant(report, view, rows[i].column))
            of->width[rows[i].column] = 0;
}

/* The scope that most rows have: numbers of different scopes are never put in one column. */
static const char *choose_scope(const sy_report *report) {
    const char *best = NULL;
    size_t most = 0;
    sy_scopes scopes;
    sy_scopes_find(report, &scopes);
    for (size_t i = 0; i < scopes.count; i++) {
        size_t count = 0;
        for (size_t j = 0; j < report->n_rows; j++)
            count += sy_row_has_time(&report->rows[j]) &&
                     sy_energy_of_scope(&report->rows[j], scopes.scope[i]) != NULL;
        best = count > most ? scopes.scope[i] : best;
        most = count > most ? count : most;
    }
    return best;
}

/* Widths that the rows need, within the width of the screen: the problem gets what is left. */
static layout measure(const sy_report *report, const table_view *view, uint32_t width) {
    layout found = {.screen = width};
    sy_cell scope = sy_print_clean(view->scope, view->style->utf8);
    snprintf(found.energy.text, sizeof found.energy.text, "energy/run, %.60s", scope.text);
    for (size_t c = 0; c < COLUMNS; c++)
        found.width[c] = sy_print_width(c == ENERGY_COLUMN ? found.energy.text : columns[c].heading);
    for (size_t i = 0; i < report->n_rows; i++) {
        size_t count = sy_row_has_time(&report->rows[i]) ? COLUMNS : TIME_COLUMN;
        for (size_t c = 0; c < count; c++) {
            sy_cell cell = columns[c].print(&report->rows[i], view);
            uint32_t needed = sy_print_width(cell.text), most = c > 0 ? columns[c].width + 4 : SCREEN_MOST;
            needed = needed < most ? needed : most;
            found.width[c] = needed > found.width[c] ? needed : found.width[c];
        }
    }
    found.width[ENERGY_COLUMN] = view->scope != NULL ? found.width[ENERGY_COLUMN] : 0;
    make_room(report, view, &found);
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
        sy_print_padded(out, c == ENERGY_COLUMN ? of->energy.text : columns[c].heading, of->width[c],
            columns[c].is_right);
        sy_text_append(out, " ", 1);
    }
    sy_text_printf(out, "%s", columns[COLUMNS - 1].heading);
    sy_print_look(out, style, SY_LOOK_PLAIN);
    sy_text_append(out, "\n", 1);
}

static void write_row(
    const sy_row *row, size_t number, const layout *of, const table_view *view, sy_text *out) {
    bool has_time = sy_row_has_time(row);
    size_t count = has_time ? COLUMNS - 1 : TIME_COLUMN;
    uint32_t used = NUMBER_WIDTH;
    sy_text_printf(out, "%4zu ", number);
    for (size_t c = 0; c < count; c++) {
        if (of->width[c] == 0)
            continue;
        sy_cell cell = columns[c].print(row, view);
        if (c == 0 && sy_print_width(cell.text) > of->width[c])
            sy_print_cut_middle(out, cell.text, of->width[c]);
        else
            sy_print_padded(out, cell.text, of->width[c], columns[c].is_right);
        sy_text_append(out, " ", 1);
        used += of->width[c] + 1;
    }
    sy_cell status = print_status(row, view);
    if (!has_time)
        sy_print_look(out, view->style, SY_LOOK_BAD);
    sy_print_cut(out, status.text, of->screen > used ? of->screen - used : 1);
    if (!has_time)
        sy_print_look(out, view->style, SY_LOOK_PLAIN);
    sy_text_append(out, "\n", 1);
}

sy_status sy_report_table(
    const sy_report *report, const sy_report_style *style, sy_text *out, sy_error *err) {
    uint32_t width = style->columns > 0 ? style->columns : WIDTH;
    const table_view view = {.style = style, .scope = choose_scope(report)};
    layout found = measure(report, &view, width < SCREEN_MOST ? width : SCREEN_MOST);
    write_heading(&found, style, out);
    for (size_t i = 0; i < report->n_rows; i++)
        write_row(&report->rows[i], i + 1, &found, &view, out);
    return out->failed ? sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the table") : SY_OK;
}
