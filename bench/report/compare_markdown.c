/* A comparison as GitHub's Markdown. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/report/compare_cells.h"
#include "bench/report/compare_rows.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

enum { MOST = 50 };

/* GitHub shows this many characters of a step's summary (1 MiB) and more rows would not be read. */
typedef struct page {
    const sy_compare_report *report;
    sy_report_style style;
    size_t most;
    sy_text *out;
} page;

/* A name as plain text of a cell: what begins a mark, a link or markup is escaped. */
static void put(const page *to, const char *text) {
    sy_cell clean = sy_print_clean(text, true);
    for (const char *next = clean.text; *next != '\0'; next++) {
        if (*next == '<')
            sy_text_append(to->out, "&lt;", 4);
        else if (*next == '>')
            sy_text_append(to->out, "&gt;", 4);
        else if (*next == '&')
            sy_text_append(to->out, "&amp;", 5);
        else if (*next == '@') /* a mention would call someone */
            sy_text_append(to->out, "&#64;", 5);
        else {
            sy_text_append(to->out, "\\", strchr("\\`*_{}[]()#!|~$:", *next) != NULL ? 1 : 0);
            sy_text_append(to->out, next, 1);
        }
    }
}

static void put_row(const page *to, const char *const *cell, size_t count) {
    for (size_t i = 0; i < count; i++) {
        sy_text_append(to->out, "| ", 2);
        put(to, cell[i]);
        sy_text_append(to->out, " ", 1);
    }
    sy_text_append(to->out, "|\n", 2);
}

static void say(const page *to, const char *text) {
    sy_text_printf(to->out, "%s", text);
}

static void write_title(const page *to) {
    const sy_compare_report *report = to->report;
    say(to, "### steelyard compare: ");
    for (size_t i = 0; i < report->comparison->join->columns; i++) {
        say(to, i == 0 ? "" : i == 1 ? " \u2192 " : ", ");
        put(to, sy_compare_column(report, i, true).text);
    }
    say(to, "\n\n");
    if (report->is_simulated)
        say(to, "**SIMULATED**: no real device was measured, these ratios say nothing of one.\n\n");
    if (report->left_out > 0)
        sy_text_printf(to->out, "%zu rows of simulated devices are left out: simulated never meets real.\n\n",
            report->left_out);
}

static void write_gate(const page *to) {
    const sy_gate *gate = to->report->gate;
    if (gate == NULL)
        return;
    say(to, "**Gate ");
    put(to, to->report->gate_text);
    sy_text_printf(to->out, ": %s** (%zu of %zu rows decided, %zu regressed, %zu lost, %zu coarse)\n\n",
        sy_compare_outcome(gate), gate->decided, gate->gated, gate->regressed, gate->lost, gate->coarse);
    for (size_t i = 0; i < gate->reasons && i < to->most; i++) {
        const sy_gate_reason *reason = &gate->reason[i];
        say(to, reason->kind == SY_REASON_FAILURE ? "- fails: "
                : reason->kind == SY_REASON_NOTE  ? "- note: "
                                                  : "- undecided: ");
        put(to, sy_compare_reason(to->report, reason, true).text);
        say(to, "\n");
    }
    if (gate->reasons > to->most)
        sy_text_printf(to->out, "- and %zu more\n", gate->reasons - to->most);
    say(to, "\n");
}

static void write_ranks(const page *to) {
    const sy_rank *ranks = to->report->ranks;
    if (ranks == NULL || ranks[0].common == 0)
        return;
    sy_text_printf(to->out, "Ranking on the %zu rows that all have:\n\n", ranks[0].common);
    say(to, "| | device | speed | 95 % | rows |\n|--:|---|--:|---|--:|\n");
    for (size_t i = 0; i < to->report->comparison->join->columns; i++) {
        char place[32], rows[64];
        snprintf(place, sizeof place, "%zu%s", i + 1, ranks[i].is_tied ? "=" : "");
        snprintf(rows, sizeof rows, "%zu of %zu", ranks[i].rows, ranks[i].of);
        sy_cell column = sy_compare_column(to->report, ranks[i].column, true);
        sy_cell speed = sy_compare_ratio(ranks[i].speed);
        sy_cell interval =
            ranks[i].column > 0 ? sy_compare_interval(ranks[i].low, ranks[i].high) : (sy_cell){"base"};
        put_row(to, (const char *const[]){place, column.text, speed.text, interval.text, rows}, 5);
    }
    say(to, "\n");
}

static void write_means(const page *to, size_t column) {
    const int order[] = {sy_compare_main(to->report), SY_QUANTITY_ENERGY};
    sy_text_printf(to->out, "Geometric means (%s):\n\n", sy_compare_meaning(to->report));
    say(to, "| rows | quantity | ratio | 95 % | n of N | verdict |\n|---|---|--:|---|--:|---|\n");
    for (size_t q = 0; q < 2; q++)
        for (size_t i = 0; i < to->report->means[order[q]].count; i++) {
            const sy_mean *mean = &to->report->means[order[q]].item[i];
            char rows[64];
            if (mean->column != column || mean->of == 0 || !sy_compare_is_brief(to->report, mean))
                continue;
            snprintf(rows, sizeof rows, "%zu of %zu", mean->rows, mean->of);
            sy_cell set = sy_compare_set(mean, true), ratio = sy_compare_ratio(mean->ratio);
            sy_cell interval = sy_compare_interval(mean->low, mean->high);
            sy_cell verdict = sy_compare_verdict(mean->quantity, sy_compare_judge(to->report, mean));
            put_row(to,
                (const char *const[]){set.text, sy_quantity_name(mean->quantity), ratio.text, interval.text,
                    rows, verdict.text},
                6);
        }
    sy_cell basis = sy_compare_basis(to->report, column);
    sy_text_printf(to->out, "\n%s%s%s\n\n", basis.text[0] != '\0' ? "Intervals of " : "", basis.text,
        basis.text[0] != '\0' ? " a side." : "");
}

static void write_rows(const page *to, const sy_compare_rows *rows, const char *what) {
    if (rows->count == 0)
        return;
    sy_text_printf(to->out,
        "%s: %zu\n\n| row | both | ratio | 95 %% | verdict | note |\n|---|---|--:|---|---|---|\n", what,
        rows->count);
    for (size_t i = 0; i < rows->count && i < to->most; i++) {
        const sy_compare_row *row = &rows->row[i];
        sy_cell label = sy_compare_label(to->report, row->line, true);
        sy_cell both = sy_compare_amounts(to->report, row->line, row->quantity, row->ratio, &to->style);
        sy_cell ratio = sy_compare_ratio(row->ratio->ratio);
        sy_cell interval = sy_compare_interval(row->ratio->low, row->ratio->high);
        sy_cell verdict = sy_compare_verdict(row->quantity, row->ratio->verdict);
        sy_cell note = sy_compare_note(to->report, row->line, row->quantity, row->ratio);
        put_row(to,
            (const char *const[]){label.text, both.text, ratio.text, interval.text, verdict.text, note.text},
            6);
    }
    if (rows->count > to->most)
        sy_text_printf(to->out, "\nand %zu more\n", rows->count - to->most);
    say(to, "\n");
}

static sy_status write_picked(const page *to, size_t column, int which, const char *what, sy_error *err) {
    sy_compare_rows rows;
    sy_status status = sy_compare_pick(to->report, column, which, &rows, err);
    if (status == SY_OK)
        write_rows(to, &rows, what);
    sy_mem_free(rows.row);
    return status;
}

static void write_unjoined(const page *to) {
    const sy_join *join = to->report->comparison->join;
    if (join->unjoined_count > 0)
        sy_text_printf(to->out, "Not joined: %zu\n\n", join->unjoined_count);
    for (size_t i = 0; i < join->unjoined_count && i < to->most; i++) {
        const sy_unjoined *one = &join->unjoined[i];
        say(to, "- ");
        if (one->column != SY_NO_COLUMN) {
            say(to, "only in ");
            put(to, sy_compare_column(to->report, one->column, true).text);
            say(to, ": ");
        }
        put(to, sy_compare_group(to->report, one->group, true).text);
        say(to, ": ");
        put(to, one->reason);
        say(to, "\n");
    }
    if (join->unjoined_count > to->most)
        sy_text_printf(to->out, "- and %zu more\n", join->unjoined_count - to->most);
    say(to, join->unjoined_count > 0 ? "\n" : "");
}

static void write_conditions(const page *to, size_t column) {
    const sy_conditions *conditions = &to->report->conditions[column - 1];
    if (conditions->statement != NULL)
        sy_text_printf(to->out, "%s.\n\n", conditions->statement);
    if (conditions->count == 0)
        return;
    say(to, "Conditions that differ:\n\n| what | base | here | meaning |\n|---|---|---|---|\n");
    for (size_t i = 0; i < conditions->count && i < to->most; i++) {
        const sy_condition *one = &conditions->item[i];
        put_row(
            to, (const char *const[]){one->field, one->base, one->other, sy_condition_name(one->kind)}, 4);
    }
    say(to, "\n");
}

static sy_status write_column(const page *to, size_t column, sy_error *err) {
    if (to->report->comparison->join->columns > 2) {
        say(to, "#### ");
        put(to, sy_compare_column(to->report, column, true).text);
        say(to, "\n\n");
    }
    write_means(to, column);
    sy_status status = write_picked(to, column, SY_ROWS_CHANGED, "Rows that changed, worst first", err);
    if (status == SY_OK)
        status = write_picked(to, column, SY_ROWS_UNDECIDED, "Rows without a verdict", err);
    write_conditions(to, column);
    return status;
}

sy_status sy_compare_markdown(const sy_compare_report *report, sy_text *out, sy_error *err) {
    const page to = {
        .report = report, .style = {.utf8 = true}, .most = report->all ? SIZE_MAX : MOST, .out = out};
    sy_status status = SY_OK;
    write_title(&to);
    write_gate(&to);
    write_ranks(&to);
    for (size_t column = 1; status == SY_OK && column < report->comparison->join->columns; column++)
        status = write_column(&to, column, err);
    write_unjoined(&to);
    if (status == SY_OK && out->failed)
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the comparison");
    return status;
}
