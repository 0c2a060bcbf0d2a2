/* The rows of a comparison that are worth a line. */
#include "bench/report/compare_rows.h"

#include <math.h>
#include <stdlib.h>

#include "bench/report/compare_cells.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

enum { QUANTITIES = 3 };

/* Errors are the largest of the outputs that were drawn: without another math they change a row only where
 * they double. */
static bool has_changed(const sy_compare_row *row) {
    const double least = 2.0;
    const sy_ratio *ratio = row->ratio;
    bool is_small = row->quantity == SY_QUANTITY_PRECISION && ratio->reason == NULL && ratio->ratio < least &&
                    ratio->ratio > 1.0 / least;
    return !is_small && (ratio->verdict == SY_VERDICT_FASTER || ratio->verdict == SY_VERDICT_SLOWER);
}

static bool is_wanted(const sy_compare_report *report, const sy_compare_row *row, size_t column, int which) {
    const sy_line_up *line = &report->comparison->join->line[row->line];
    bool is_main = row->quantity == sy_compare_main(report);
    if (line->cell[0] == NULL || line->cell[column] == NULL)
        return false;
    switch (which) {
    case SY_ROWS_CHANGED: return has_changed(row);
    case SY_ROWS_UNDECIDED:
        return (row->ratio->verdict == SY_VERDICT_INCONCLUSIVE && row->quantity != SY_QUANTITY_PRECISION) ||
               (is_main && row->ratio->verdict == SY_VERDICT_NOT_COMPARABLE);
    default: return is_main || has_changed(row);
    }
}

/* Larger is told earlier; what has no number last. */
static double worth(const sy_compare_row *row, int which) {
    double value = which == SY_ROWS_UNDECIDED ? row->ratio->detectable : row->ratio->log_cost;
    return isnan(value) ? -INFINITY : value;
}

static int by_place(const sy_compare_row *a, const sy_compare_row *b) {
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    return a->quantity - b->quantity;
}

static int by_cost(const void *a, const void *b) {
    double x = worth(a, SY_ROWS_CHANGED), y = worth(b, SY_ROWS_CHANGED);
    return x != y ? (x > y ? -1 : 1) : by_place(a, b);
}

static int by_detectable(const void *a, const void *b) {
    double x = worth(a, SY_ROWS_UNDECIDED), y = worth(b, SY_ROWS_UNDECIDED);
    return x != y ? (x > y ? -1 : 1) : by_place(a, b);
}

sy_status sy_compare_pick(
    const sy_compare_report *report, size_t column, int which, sy_compare_rows *out_rows, sy_error *err) {
    const int quantities[QUANTITIES] = {sy_compare_main(report), SY_QUANTITY_ENERGY, SY_QUANTITY_PRECISION};
    size_t lines = report->comparison->join->lines, count = 0;
    *out_rows = (sy_compare_rows){0};
    for (int pass = 0; pass < 2; pass++) {
        count = 0;
        for (size_t i = 0; i < lines * QUANTITIES; i++) {
            sy_compare_row row = {.line = i / QUANTITIES, .quantity = quantities[i % QUANTITIES]};
            row.ratio = sy_comparison_ratio(report->comparison, row.line, column, row.quantity);
            if (!is_wanted(report, &row, column, which))
                continue;
            if (pass > 0)
                out_rows->row[count] = row;
            count++;
        }
        if (count == 0)
            return SY_OK;
        if (pass == 0)
            out_rows->row = sy_mem_calloc(count, sizeof *out_rows->row);
        if (out_rows->row == NULL)
            return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the rows of a comparison");
    }
    out_rows->count = count;
    qsort(out_rows->row, count, sizeof *out_rows->row, which == SY_ROWS_UNDECIDED ? by_detectable : by_cost);
    return SY_OK;
}

size_t sy_compare_place(const sy_compare_report *report, size_t line, size_t column, int quantity) {
    size_t columns = report->comparison->join->columns;
    return (line * (columns - 1) + column - 1) * SY_QUANTITY_COUNT + (size_t)quantity;
}

sy_status sy_compare_index_gate(
    const sy_compare_report *report, const sy_gated_row ***out_gated, sy_error *err) {
    const sy_join *join = report->comparison->join;
    size_t places = join->lines * (join->columns - 1) * SY_QUANTITY_COUNT;
    const sy_gated_row **gated = sy_mem_calloc(places > 0 ? places : 1, sizeof *gated);
    *out_gated = gated;
    if (gated == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for what the gate says");
    for (size_t i = 0; report->gate != NULL && i < report->gate->rows; i++) {
        const sy_gated_row *row = &report->gate->row[i];
        gated[sy_compare_place(report, row->line, row->column, row->quantity)] = row;
    }
    return SY_OK;
}

const char *sy_compare_gated_name(int outcome) {
    static const char *const names[] = {[SY_GATED_PASS] = "pass",
        [SY_GATED_REGRESSED] = "regressed",
        [SY_GATED_UNDECIDED] = "undecided",
        [SY_GATED_LOST] = "lost",
        [SY_GATED_SKIPPED] = "skipped"};
    return outcome >= 0 && outcome < (int)(sizeof names / sizeof names[0]) ? names[outcome] : "?";
}
