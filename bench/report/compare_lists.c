/* The lists of a comparison's screen: rows, what does not join, conditions, the gate's reasons. */
#include "bench/report/compare_screen.h"

#include <math.h>
#include <stdio.h>

#include "bench/report/compare_grid.h"
#include "bench/report/compare_rows.h"
#include "bench/report/problem_text.h"
#include "runtime/base/seam.h"

enum { FEW_ROWS = 8 };

/* Rows being printed. */
typedef struct row_list {
    const sy_compare_screen *screen;
    const sy_compare_rows *rows;
} row_list;

static void make_row(const void *ctx, size_t index, sy_compare_grid_row *out_row) {
    const row_list *list = ctx;
    const sy_compare_report *report = list->screen->report;
    const sy_report_style *style = list->screen->style;
    const sy_compare_row *row = &list->rows->row[index];
    const sy_entry *entry = sy_compare_entry(report, row->line);
    out_row->cell[0] = sy_compare_label(report, row->line, style->utf8);
    if (entry->dtype != NULL)
        out_row->cell[1] = sy_print_clean(sy_dtype_short(entry->dtype).text, style->utf8);
    out_row->cell[1].text[20] = '\0';
    out_row->cell[2] = sy_compare_amounts(report, row->line, row->quantity, row->ratio, style);
    if (!isnan(row->ratio->ratio))
        out_row->cell[3] = sy_compare_ratio(row->ratio->ratio);
    out_row->cell[4] = sy_compare_interval(row->ratio->low, row->ratio->high);
    out_row->cell[5] = sy_compare_verdict(row->quantity, row->ratio->verdict);
    out_row->note =
        sy_print_clean(sy_compare_note(report, row->line, row->quantity, row->ratio).text, style->utf8);
    out_row->look = row->ratio->verdict == SY_VERDICT_SLOWER ? SY_LOOK_BAD : SY_LOOK_PLAIN;
}

static void write_more(const sy_compare_screen *screen, size_t count) {
    if (count > screen->most)
        sy_compare_say(screen, SY_LOOK_PLAIN, "  and %zu more: -v", count - screen->most);
}

static void write_list(const sy_compare_screen *screen, const sy_compare_rows *rows, const char *what) {
    const row_list list = {screen, rows};
    if (rows->count == 0)
        return;
    sy_compare_say(screen, SY_LOOK_PLAIN, "%s: %zu", what, rows->count);
    const sy_compare_grid grid = {.count = rows->count < screen->most ? rows->count : screen->most,
        .make = make_row,
        .ctx = &list,
        .is_right = {[2] = true, [3] = true},
        .indent = 2,
        .width = screen->width};
    sy_compare_grid_write(&grid, screen->style, screen->out);
    write_more(screen, rows->count);
}

static sy_status write_picked(
    const sy_compare_screen *screen, size_t column, int which, const char *what, sy_error *err) {
    sy_compare_rows rows;
    sy_status status = sy_compare_pick(screen->report, column, which, &rows, err);
    if (status == SY_OK)
        write_list(screen, &rows, what);
    sy_mem_free(rows.row);
    return status;
}

sy_status sy_compare_screen_rows(const sy_compare_screen *screen, size_t column, sy_error *err) {
    const sy_compare_report *report = screen->report;
    if (report->all || report->comparison->join->lines <= FEW_ROWS)
        return write_picked(screen, column, SY_ROWS_ALL, "rows, worst first", err);
    sy_status status = write_picked(screen, column, SY_ROWS_CHANGED, "rows that changed, worst first", err);
    if (status == SY_OK)
        status = write_picked(screen, column, SY_ROWS_UNDECIDED, "rows without a verdict", err);
    return status;
}

/* Where something is that does not join. */
static sy_cell place_of(const sy_compare_screen *screen, const sy_unjoined *one) {
    const sy_compare_report *report = screen->report;
    bool utf8 = screen->style->utf8;
    sy_cell place = {"left out"};
    if (one->column != SY_NO_COLUMN)
        snprintf(place.text, sizeof place.text, "only in %.120s",
            sy_compare_column(report, one->column, utf8).text);
    return place;
}

/* Both ways: what the base has and the column lacks, and what the column has and the base lacks. */
static bool is_of(const sy_unjoined *one, size_t column) {
    if (column == SY_NO_COLUMN)
        return one->column == SY_NO_COLUMN;
    return (one->column == 0 && one->other == column) || (one->column == column && one->other == 0);
}

void sy_compare_screen_unjoined(const sy_compare_screen *screen, size_t column) {
    const sy_join *join = screen->report->comparison->join;
    bool utf8 = screen->style->utf8;
    size_t count = 0, shown = 0;
    for (size_t i = 0; i < join->unjoined_count; i++)
        count += is_of(&join->unjoined[i], column);
    if (count > 0)
        sy_compare_say(screen, SY_LOOK_PLAIN, "not joined: %zu", count);
    for (size_t i = 0; i < join->unjoined_count && shown < screen->most; i++) {
        const sy_unjoined *one = &join->unjoined[i];
        if (!is_of(one, column))
            continue;
        sy_compare_say(screen, SY_LOOK_PLAIN, "  %s: %.120s: %.200s", place_of(screen, one).text,
            sy_compare_group(screen->report, one->group, utf8).text,
            sy_print_clean(one->reason != NULL ? one->reason : "no such row", utf8).text);
        shown++;
    }
    write_more(screen, count);
}

void sy_compare_screen_conditions(const sy_compare_screen *screen, size_t column) {
    const sy_conditions *conditions = &screen->report->conditions[column - 1];
    bool utf8 = screen->style->utf8;
    if (conditions->statement != NULL)
        sy_compare_say(screen, SY_LOOK_PLAIN, "%.240s", conditions->statement);
    if (conditions->count > 0)
        sy_compare_say(screen, SY_LOOK_PLAIN, "conditions that differ: %zu", conditions->count);
    for (size_t i = 0; i < conditions->count && i < screen->most; i++) {
        const sy_condition *one = &conditions->item[i];
        bool is_bad = one->kind == SY_CONDITION_INCONCLUSIVE;
        sy_compare_say(screen, is_bad ? SY_LOOK_BAD : SY_LOOK_PLAIN, "  %.80s: %.120s %s %.120s (%s)",
            sy_print_clean(one->field, utf8).text, sy_print_clean(one->base, utf8).text,
            utf8 ? "\u2192" : "->", sy_print_clean(one->other, utf8).text, sy_condition_name(one->kind));
    }
    write_more(screen, conditions->count);
}

void sy_compare_screen_gate(const sy_compare_screen *screen) {
    const sy_gate *gate = screen->report->gate;
    if (gate == NULL)
        return;
    sy_cell asked = sy_print_clean(screen->report->gate_text, screen->style->utf8);
    sy_compare_say(screen, gate->status == SY_GATE_PASSED ? SY_LOOK_STRONG : SY_LOOK_BAD,
        "gate %.120s: %s; %zu of %zu rows decided, %zu regressed, %zu lost, %zu coarse", asked.text,
        sy_compare_outcome(gate), gate->decided, gate->gated, gate->regressed, gate->lost, gate->coarse);
    for (size_t i = 0; i < gate->reasons && i < screen->most; i++) {
        const sy_gate_reason *reason = &gate->reason[i];
        sy_compare_say(screen, reason->kind == SY_REASON_FAILURE ? SY_LOOK_BAD : SY_LOOK_PLAIN, "  %s %s",
            reason->kind == SY_REASON_FAILURE ? "!"
            : reason->kind == SY_REASON_NOTE  ? "-"
                                              : "?",
            sy_compare_reason(screen->report, reason, screen->style->utf8).text);
    }
    write_more(screen, gate->reasons);
}
