/* A comparison as comma-separated values: a line a ratio. */
#include <math.h>

#include "bench/fields/json_text.h"
#include "bench/report/compare_cells.h"
#include "bench/report/compare_rows.h"
#include "bench/report/csv_text.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Where a line is, and what it is of. */
typedef struct place {
    size_t line, column;
    int quantity;
} place;

static const char heading[] = "column,problem,name,suite,dtype,device,algorithm,simulated,quantity,base,"
                              "value,ratio,low,high,verdict,reason,"
                              "gateable,detectable,more_units,p,q,u_p,base_status,status,base_runs,runs,base_"
                              "rounds,rounds,gate,gate_threshold,"
                              "gate_reason,gate_before,base_clock_mhz,clock_mhz,clock_ratio\n";

static void write_number(sy_text *out, double value) {
    if (isfinite(value))
        sy_json_f64(out, value);
}

static void write_numbers(sy_text *out, const double *number, size_t count) {
    for (size_t i = 0; i < count; i++) {
        write_number(out, number[i]);
        sy_text_append(out, ",", 1);
    }
}

static void write_texts(sy_text *out, const char *const *text, size_t count) {
    for (size_t i = 0; i < count; i++) {
        sy_csv_text(out, text[i] != NULL ? text[i] : "");
        sy_text_append(out, ",", 1);
    }
}

static const char *status_of(const sy_group *group) {
    return group != NULL ? sy_row_status_name(group->status) : NULL;
}

static void write_ratio(const sy_compare_report *report, const place *at, sy_text *out) {
    const sy_ratio *ratio = sy_comparison_ratio(report->comparison, at->line, at->column, at->quantity);
    const sy_line_up *line = &report->comparison->join->line[at->line];
    const sy_entry *entry = sy_compare_entry(report, at->line);
    bool has_place = entry->place.count > 0;
    sy_cell column = sy_compare_column(report, at->column, true);
    const char *const names[] = {column.text, entry->problem, has_place ? entry->place.item[0].name : NULL,
        has_place ? entry->place.item[0].suite : NULL, entry->dtype, entry->device, entry->asked,
        entry->is_simulated ? "true" : "false", sy_quantity_name(at->quantity)};
    write_texts(out, names, sizeof names / sizeof names[0]);
    write_numbers(out, (const double[]){ratio->base, ratio->value, ratio->ratio, ratio->low, ratio->high}, 5);
    const char *const verdict[] = {
        sy_verdict_name(ratio->verdict), ratio->reason, ratio->is_gateable ? "true" : "false"};
    write_texts(out, verdict, 3);
    write_number(out, ratio->detectable);
    if (ratio->more_rounds != SIZE_MAX)
        sy_text_printf(out, ",%zu,", ratio->more_rounds);
    else
        sy_text_append(out, ",,", 2);
    write_numbers(out, (const double[]){ratio->p, ratio->q, ratio->u_p}, 3);
    const char *const statuses[] = {status_of(line->cell[0]), status_of(line->cell[at->column])};
    write_texts(out, statuses, 2);
    sy_text_printf(out, "%zu,%zu,%zu,%zu,", ratio->base_runs, ratio->runs, ratio->base_rounds, ratio->rounds);
}

static void write_gated(const sy_gated_row *row, sy_text *out) {
    if (row == NULL) {
        sy_text_append(out, ",,,", 3);
        return;
    }
    sy_text_printf(out, "%s,", sy_compare_gated_name(row->outcome));
    write_number(out, row->threshold);
    sy_text_append(out, ",", 1);
    sy_csv_text(out, row->reason != NULL ? row->reason : "");
    sy_text_printf(out, ",%s", row->before >= 0 ? sy_compare_gated_name(row->before) : "");
}

static void write_clocks(const sy_compare_report *report, const place *at, sy_text *out) {
    const sy_ratio *ratio = sy_comparison_ratio(report->comparison, at->line, at->column, at->quantity);
    const double clocks[] = {ratio->base_clock_mhz, ratio->clock_mhz, ratio->clock_ratio};
    for (size_t i = 0; i < 3; i++) {
        sy_text_append(out, ",", 1);
        write_number(out, clocks[i]);
    }
    sy_text_append(out, "\n", 1);
}

sy_status sy_compare_csv(const sy_compare_report *report, sy_text *out, sy_error *err) {
    const sy_join *join = report->comparison->join;
    const sy_gated_row **gated = NULL;
    sy_status status = sy_compare_index_gate(report, &gated, err);
    sy_text_append(out, heading, sizeof heading - 1);
    for (size_t column = 1; status == SY_OK && column < join->columns; column++)
        for (int quantity = 0; quantity < (int)SY_QUANTITY_COUNT; quantity++)
            for (size_t line = 0; line < join->lines; line++) {
                const place at = {line, column, quantity};
                write_ratio(report, &at, out);
                write_gated(gated[sy_compare_place(report, line, column, quantity)], out);
                write_clocks(report, &at, out);
            }
    sy_mem_free((void *)(uintptr_t)gated);
    if (status == SY_OK && out->failed)
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the comparison");
    return status;
}
