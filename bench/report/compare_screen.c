/* The screen of a comparison: title, ranking, means; then its lists. */
#include "bench/report/compare_screen.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "bench/report/compare_grid.h"
#include "runtime/base/error.h"

enum { WIDTH = 100, WIDTH_LEAST = 60, WIDTH_MOST = 200, FEW = 10 };

void sy_compare_say(const sy_compare_screen *screen, uint32_t look, const char *format, ...) {
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (look != SY_LOOK_PLAIN)
        sy_print_look(screen->out, screen->style, look);
    sy_print_wrapped(screen->out, line, screen->width);
    if (look != SY_LOOK_PLAIN)
        sy_print_look(screen->out, screen->style, SY_LOOK_PLAIN);
}

static void write_title(const sy_compare_screen *screen) {
    const sy_compare_report *report = screen->report;
    size_t columns = report->comparison->join->columns, base = sy_compare_base_lines(report);
    bool utf8 = screen->style->utf8, is_paired = report->comparison->join->is_paired;
    if ((report->file != NULL || is_paired) && columns == 2)
        sy_compare_say(screen, SY_LOOK_STRONG, "steelyard compare  %.200s %s %.200s: %zu of %zu rows joined",
            sy_compare_column(report, 0, utf8).text, utf8 ? "\u2192" : "->",
            sy_compare_column(report, 1, utf8).text, sy_compare_joined(report, 1), base);
    else
        sy_compare_say(screen, SY_LOOK_STRONG, "steelyard compare  %zu %s against %.200s: %zu rows",
            columns - 1,
            report->file != NULL ? "results"
            : is_paired          ? "sides b"
            : columns == 2       ? "device"
                                 : "devices",
            sy_compare_column(report, 0, utf8).text, base);
    if (report->is_simulated)
        sy_compare_say(
            screen, SY_LOOK_BAD, "SIMULATED: no real device was measured, these ratios say nothing of one");
    if (report->left_out > 0)
        sy_compare_say(screen, SY_LOOK_BAD,
            "- %zu rows of simulated devices are left out: simulated never meets real", report->left_out);
}

static void make_rank(const void *ctx, size_t index, sy_compare_grid_row *out_row) {
    const sy_compare_screen *screen = ctx;
    const sy_rank *rank = &screen->report->ranks[index];
    bool is_base = rank->column == 0;
    snprintf(out_row->cell[0].text, SY_CELL_MAX, "%zu%s %.200s", index + 1, rank->is_tied ? "=" : " ",
        sy_compare_column(screen->report, rank->column, screen->style->utf8).text);
    out_row->cell[1] = sy_compare_ratio(rank->speed);
    if (!is_base)
        out_row->cell[2] = sy_compare_interval(rank->low, rank->high);
    snprintf(out_row->cell[3].text, SY_CELL_MAX, "has %zu of %zu rows%s", rank->rows, rank->of,
        is_base ? ", base" : "");
}

static void write_ranks(const sy_compare_screen *screen) {
    const sy_rank *ranks = screen->report->ranks;
    size_t columns = screen->report->comparison->join->columns;
    if (ranks == NULL)
        return;
    if (ranks[0].common == 0) {
        sy_compare_say(screen, SY_LOOK_BAD, "no row has a time on every device: nothing is ranked");
        return;
    }
    sy_compare_say(screen, SY_LOOK_PLAIN,
        "ranking on the %zu row%s that all have (= not told apart from the one before)", ranks[0].common,
        ranks[0].common == 1 ? "" : "s");
    const sy_compare_grid grid = {.count = columns,
        .make = make_rank,
        .ctx = screen,
        .is_right = {[1] = true},
        .indent = 2,
        .width = screen->width};
    sy_compare_grid_write(&grid, screen->style, screen->out);
}

/* Means of one column that are shown. */
typedef struct shown_means {
    const sy_compare_screen *screen;
    size_t column;
} shown_means;

static bool is_shown(const shown_means *of, const sy_mean *mean) {
    const sy_compare_report *report = of->screen->report;
    if (mean->column != of->column || mean->of == 0)
        return false;
    return sy_compare_is_brief(report, mean) || (report->all && mean->quantity == sy_compare_main(report) &&
                                                    mean->phase != NULL && mean->phase[0] != '\0');
}

/* The index-th that is shown; NULL beyond the last. */
static const sy_mean *find_mean(const shown_means *of, size_t index) {
    const int order[] = {sy_compare_main(of->screen->report), SY_QUANTITY_ENERGY};
    for (size_t q = 0; q < 2; q++) {
        const sy_mean_list *list = &of->screen->report->means[order[q]];
        for (size_t i = 0; i < list->count; i++)
            if (is_shown(of, &list->item[i]) && index-- == 0)
                return &list->item[i];
    }
    return NULL;
}

static void make_mean(const void *ctx, size_t index, sy_compare_grid_row *out_row) {
    const shown_means *of = ctx;
    const sy_mean *mean = find_mean(of, index);
    int verdict = sy_compare_judge(of->screen->report, mean);
    out_row->cell[0] = sy_compare_set(mean, of->screen->style->utf8);
    snprintf(out_row->cell[1].text, SY_CELL_MAX, "%s",
        mean->quantity == SY_QUANTITY_THROUGHPUT ? "speed" : sy_quantity_name(mean->quantity));
    out_row->cell[2] = sy_compare_ratio(mean->ratio);
    out_row->cell[3] = sy_compare_interval(mean->low, mean->high);
    snprintf(out_row->cell[4].text, SY_CELL_MAX, "%zu of %zu rows", mean->rows, mean->of);
    out_row->cell[5] = sy_compare_verdict(mean->quantity, verdict);
    out_row->look = verdict == SY_VERDICT_SLOWER ? SY_LOOK_BAD : SY_LOOK_PLAIN;
}

static void write_means(const sy_compare_screen *screen, size_t column) {
    const shown_means of = {screen, column};
    size_t count = 0;
    while (find_mean(&of, count) != NULL)
        count++;
    const sy_compare_grid grid = {.count = count,
        .make = make_mean,
        .ctx = &of,
        .is_right = {[2] = true, [4] = true},
        .indent = 2,
        .width = screen->width};
    sy_compare_grid_write(&grid, screen->style, screen->out);
}

/* What the intervals are made of, and what is not in them. */
static void write_basis(const sy_compare_screen *screen, size_t column) {
    const sy_compare_report *report = screen->report;
    bool is_paired = report->comparison->join->is_paired;
    sy_cell basis = sy_compare_basis(report, column), delta = sy_compare_percent(report->comparison->delta);
    if (basis.text[0] == '\0')
        return;
    sy_compare_say(screen, SY_LOOK_DIM, "same: within %s%s; [95 %% interval] of %s a side%s",
        screen->style->utf8 ? "\u00b1" : "+/-", delta.text, basis.text,
        is_paired ? ", block by block: what drifts evenly is not in it"
        : report->noise != NULL
            ? ""
            : "; what changes between runs is in it only from two runs on or with --noise");
    if (report->noise != NULL && !is_paired)
        sy_compare_say(screen, SY_LOOK_DIM, "noise between runs: %.200s",
            sy_print_clean(report->noise, screen->style->utf8).text);
}

static sy_status write_column(const sy_compare_screen *screen, size_t column, sy_error *err) {
    const sy_compare_report *report = screen->report;
    if (report->comparison->join->columns > 2)
        sy_compare_say(screen, SY_LOOK_STRONG, "%.200s: %zu of %zu rows joined",
            sy_compare_column(report, column, screen->style->utf8).text, sy_compare_joined(report, column),
            sy_compare_base_lines(report));
    sy_compare_say(screen, SY_LOOK_PLAIN, "geometric means (%s)", sy_compare_meaning(report));
    write_means(screen, column);
    write_basis(screen, column);
    sy_status status = sy_compare_screen_rows(screen, column, err);
    sy_compare_screen_unjoined(screen, column);
    sy_compare_screen_conditions(screen, column);
    return status;
}

sy_status sy_compare_text(
    const sy_compare_report *report, const sy_report_style *style, sy_text *out, sy_error *err) {
    uint32_t width = style->columns == 0            ? WIDTH
                     : style->columns < WIDTH_LEAST ? WIDTH_LEAST
                                                    : style->columns;
    const sy_compare_screen screen = {.report = report,
        .style = style,
        .width = width < WIDTH_MOST ? width : WIDTH_MOST,
        .most = report->all ? SIZE_MAX : FEW,
        .out = out};
    sy_status status = SY_OK;
    write_title(&screen);
    write_ranks(&screen);
    for (size_t column = 1; status == SY_OK && column < report->comparison->join->columns; column++)
        status = write_column(&screen, column, err);
    sy_compare_screen_unjoined(&screen, SY_NO_COLUMN);
    sy_compare_screen_gate(&screen);
    if (status == SY_OK && out->failed)
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the comparison");
    return status;
}
