/* One pass of each model, as the records have it. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "bench/report/html/scope.h"
#include "bench/report/html/sections.h"
#include "bench/report/problem_text.h"

static void put_energy(sy_html_page *page, const sy_total *total) {
    const sy_total_energies *list = total->mix.count > 0 ? &total->mix : &total->energy;
    for (size_t i = 0; i < list->count; i++) {
        const sy_total_energy *energy = &list->item[i];
        if (energy->valid != SY_TRI_YES || !isfinite(energy->joule_per_pass))
            continue;
        sy_unit unit = sy_unit_joule(energy->joule_per_pass);
        sy_html_put(page, "<td class=\"n\">");
        sy_html_put_text(
            page, sy_print_digits(energy->joule_per_pass / unit.divisor, 3, &sy_html_style).text);
        sy_html_put(page, " <span class=\"u\">");
        sy_html_put_text(page, unit.name);
        sy_html_put(page, "</span>");
        sy_html_put_doubt(page, energy->u_random, energy->u_systematic);
        sy_html_put(page, "</td>");
        sy_html_cell_text(page, energy->scope);
        return;
    }
    sy_html_put(page, "<td colspan=\"2\"><small>");
    sy_html_put_text(page, total->energy_reason);
    sy_html_put(page, "</small></td>");
}

static void put_total(sy_html_page *page, const sy_total *total) {
    char name[200], unit[40];
    snprintf(name, sizeof name, "%.120s %.40s", total->model != NULL ? total->model : "?",
        total->phase != NULL ? total->phase : "");
    snprintf(unit, sizeof unit, "%.30s", total->unit != NULL ? total->unit : "");
    bool is_simulated = total->simulated == SY_TRI_YES;
    sy_html_row_begin(page);
    sy_html_put(page, "<th scope=\"row\">");
    sy_html_put_text(page, name);
    sy_html_put(page, "</th><td>");
    if (is_simulated) {
        sy_html_put(page, "<strong class=\"sim\">");
        sy_html_put_word(page, "SIMULATED");
        sy_html_put(page, "</strong> ");
    }
    sy_html_put_text(page, total->device);
    sy_html_put(page, " <small>");
    sy_html_put_text(page, total->algorithm);
    sy_html_put(page, "</small></td>");
    sy_html_cell_count(page, total->tokens != SY_NO_COUNT ? total->tokens : total->images);
    sy_html_cell_text(page, total->dtype != NULL ? sy_dtype_short(total->dtype).text : NULL);
    sy_html_cell_rate(page, total->per_s, sy_precision_of(total->ns, total->ci95_ns), (sy_unit){unit, 1.0});
    sy_unit time = sy_unit_time(total->ns);
    sy_html_cell_rate(page, total->ns, NAN, time);
    put_energy(page, total);
    sy_html_cell_of(page, total->rows - total->missing.count, total->rows);
    sy_html_cell_text(page, total->missing.count > 0 ? total->missing.item[0] : NULL);
    sy_html_row_end(page);
}

static void write_set(sy_html_page *page, const sy_html_set *set) {
    sy_html_table(page, "Matrix work of one pass: an upper bound of what a whole model can reach", true);
    sy_html_head(page, "Model");
    sy_html_head(page, "Device");
    sy_html_head_number(page, "Tokens or images");
    sy_html_head(page, "Type");
    sy_html_head_number(page, "Throughput");
    sy_html_head_number(page, "Time of a pass");
    sy_html_head_number(page, "Energy of a pass");
    sy_html_head(page, "Measured at");
    sy_html_head_number(page, "Rows");
    sy_html_head(page, "Missing");
    sy_html_heads_end(page);
    for (size_t i = 0; i < page->model->totals; i++) {
        const sy_total *total = &page->model->total[i].total;
        if ((total->simulated == SY_TRI_YES) == set->is_simulated)
            put_total(page, total);
    }
    sy_html_table_end(page);
}

static void put_field(sy_html_page *page, const sy_html_row *row, const char *field) {
    char value[80];
    sy_html_cell_text(page, sy_problem_field(row->problem, field, value, sizeof value) ? value : NULL);
}

static void put_network(sy_html_page *page, const sy_html_row *row) {
    double precision = sy_precision_of(row->median_ns, row->ci95_ns);
    sy_html_row_begin(page);
    sy_html_cell_text(page, row->label);
    sy_html_cell_device(page, row->device);
    put_field(page, row, "scenario=");
    put_field(page, row, "batch=");
    sy_html_cell_text(page, row->dtype);
    sy_html_cell_rate(page, row->median_ns, precision, sy_unit_time(row->median_ns));
    sy_html_cell_rate(page, row->p99_ns, NAN, sy_unit_time(row->p99_ns));
    sy_html_cell_word(page, sy_row_status_name(row->status));
    sy_html_row_end(page);
}

static void write_networks(sy_html_page *page, const sy_html_set *set) {
    sy_html_table(page,
        "Models that ran whole: time of a query, from its arrival to its answer; offline: of a run of a "
        "batch",
        true);
    sy_html_head(page, "Model");
    sy_html_head(page, "Device");
    sy_html_head(page, "Scenario");
    sy_html_head(page, "Batch");
    sy_html_head(page, "Type");
    sy_html_head_number(page, "Time");
    sy_html_head_number(page, "p99");
    sy_html_head(page, "Status");
    sy_html_heads_end(page);
    for (size_t i = 0; i < page->model->rows; i++) {
        const sy_html_row *row = &page->model->row[i];
        if (row->is_network && page->model->device[row->device].is_simulated == set->is_simulated)
            put_network(page, row);
    }
    sy_html_table_end(page);
}

void sy_html_section_totals(sy_html_page *page) {
    bool has_networks = sy_html_has_networks(page->model);
    if (page->model->totals == 0 && !has_networks)
        sy_html_paragraph(page, "No whole model was among the problems.");
    if (page->model->totals > 0)
        sy_html_each_set(page, write_set);
    if (has_networks)
        sy_html_each_set(page, write_networks);
}
