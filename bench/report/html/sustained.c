/* Sustained against burst: rows that were kept up. */
#include <math.h>

#include "bench/report/html/figure.h"
#include "bench/report/html/sections.h"

enum { ROWS_MOST = 60 };

static void put_row(sy_html_page *page, const sy_html_row *row) {
    const sy_row_sustain *sustain = row->sustain;
    sy_html_row_begin(page);
    sy_html_cell_device(page, row->device);
    sy_html_cell_text(page, row->label);
    sy_html_cell_number(page, sustain->seconds, sy_print_duration(sustain->seconds * 1e9).text);
    sy_html_cell_percent(page, sustain->sustained_of_burst);
    sy_html_cell_number(page, sustain->steady_s, sy_print_duration(sustain->steady_s * 1e9).text);
    sy_html_cell_number(page, sustain->throttle_s, sy_print_duration(sustain->throttle_s * 1e9).text);
    sy_html_cell_text(page, sustain->throttle_how);
    sy_html_cell_rate(page, sustain->watt_burst, NAN, sy_unit_watt(sustain->watt_burst));
    sy_html_cell_rate(page, sustain->watt_sustained, NAN, sy_unit_watt(sustain->watt_sustained));
    sy_html_cell_text(page, sustain->scope);
    sy_html_row_end(page);
}

static void write_set(sy_html_page *page, const sy_html_set *set) {
    size_t count = 0;
    for (size_t i = 0; i < page->model->rows; i++)
        count += page->model->row[i].sustain != NULL &&
                         page->model->device[page->model->row[i].device].is_simulated == set->is_simulated
                     ? 1
                     : 0;
    if (count == 0) {
        sy_html_paragraph(page, "No row was kept up for long: `steelyard run --sustain` does that.");
        return;
    }
    sy_html_figure_sustained(page, set);
    sy_html_table(page, "The same work kept up", true);
    sy_html_head(page, "Device");
    sy_html_head(page, "Row");
    sy_html_head_number(page, "Kept up for");
    sy_html_head_number(page, "Sustained of burst");
    sy_html_head_number(page, "Steady after");
    sy_html_head_number(page, "Throttled after");
    sy_html_head(page, "Seen by");
    sy_html_head_number(page, "Power, burst");
    sy_html_head_number(page, "Power, sustained");
    sy_html_head(page, "Measured at");
    sy_html_heads_end(page);
    for (size_t i = 0, shown = 0; i < page->model->rows && shown < ROWS_MOST; i++) {
        const sy_html_row *row = &page->model->row[i];
        if (row->sustain == NULL || page->model->device[row->device].is_simulated != set->is_simulated)
            continue;
        put_row(page, row);
        shown++;
    }
    sy_html_table_end(page);
}

void sy_html_section_sustained(sy_html_page *page) {
    sy_html_each_set(page, write_set);
}
