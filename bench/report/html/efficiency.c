/* Three efficiencies, and the ceilings they are made with. */
#include <math.h>
#include <string.h>

#include "bench/report/html/figure.h"
#include "bench/report/html/reference.h"
#include "bench/report/html/sections.h"
#include "bench/report/html/verdict.h"

static void put_row(sy_html_page *page, const sy_html_work *work, size_t device) {
    sy_html_sum sum = sy_html_add_up(page->model, &page->works, work, device, NULL);
    if (sum.timed == 0)
        return;
    sy_html_row_begin(page);
    sy_html_cell_work(page, work);
    sy_html_cell_text(page, page->model->device[device].label);
    sy_html_cell_percent(page, sum.of_datasheet);
    sy_html_cell_text(page, isfinite(sum.of_datasheet) ? sum.confidence : NULL);
    sy_html_cell_percent(page, sum.of_ceiling);
    sy_html_cell_text(page, isfinite(sum.of_ceiling) ? sum.method : NULL);
    sy_html_cell_percent(page, sum.of_clock);
    sy_html_cell_of(page, sum.timed, sum.rows);
    sy_html_row_end(page);
}

static void write_efficiencies(sy_html_page *page, const sy_html_set *set) {
    sy_html_table(page, "Rate as a part of three ceilings, weighted by time", true);
    sy_html_head(page, "Workload");
    sy_html_head(page, "Device");
    sy_html_head_number(page, "Of rated value");
    sy_html_head(page, "Confidence");
    sy_html_head_number(page, "Of measured ceiling");
    sy_html_head(page, "Method");
    sy_html_head_number(page, "Of ceiling at observed clock");
    sy_html_head_number(page, "Rows");
    sy_html_heads_end(page);
    for (size_t i = 0; i < page->works.works; i++)
        for (size_t j = 0; j < set->count; j++)
            put_row(page, &page->works.work[i], set->device[j]);
    sy_html_table_end(page);
}

static void put_peak(sy_html_page *page, const sy_peak *peak) {
    double largest = peak->value;
    bool is_bytes = peak->unit != NULL && strcmp(peak->unit, "byte/s") == 0;
    sy_html_row_begin(page);
    sy_html_put(page, "<th scope=\"row\">");
    sy_html_put_text(page, peak->device);
    sy_html_put(page, "</th>");
    sy_html_cell_text(page, peak->name);
    sy_html_cell_text(page, peak->dtype);
    sy_html_cell_rate(page, peak->value, sy_precision_of(peak->value, peak->ci95),
        is_bytes ? sy_unit_byte_rate(largest) : sy_unit_flop_rate(largest, false));
    sy_html_cell_text(page, peak->method);
    sy_html_cell_text(page, isfinite(peak->value) ? peak->source : peak->reason);
    sy_html_row_end(page);
}

static void write_peaks(sy_html_page *page, const sy_html_set *set) {
    size_t count = 0;
    for (size_t i = 0; i < page->model->peaks; i++)
        count += (page->model->peak[i].peak.simulated == SY_TRI_YES) == set->is_simulated ? 1 : 0;
    if (count == 0) {
        sy_html_paragraph(page, "No ceiling was measured.");
        return;
    }
    sy_html_table(page, "Ceilings", true);
    sy_html_head(page, "Device");
    sy_html_head(page, "Ceiling");
    sy_html_head(page, "Type");
    sy_html_head_number(page, "Measured");
    sy_html_head(page, "Method");
    sy_html_head(page, "Source");
    sy_html_heads_end(page);
    for (size_t i = 0; i < page->model->peaks; i++)
        if ((page->model->peak[i].peak.simulated == SY_TRI_YES) == set->is_simulated)
            put_peak(page, &page->model->peak[i].peak);
    sy_html_table_end(page);
}

/* Efficiency over that of the reference: how much better a device is used, whatever it is rated at. */
static void put_share(sy_html_page *page, double value, double reference) {
    double ratio = value / reference;
    sy_html_cell_number(page, ratio, sy_html_ratio_text(ratio).text);
}

static void put_relative(
    sy_html_page *page, const sy_html_work *work, const sy_html_set *set, size_t reference) {
    sy_html_sum base = sy_html_add_up(page->model, &page->works, work, reference, NULL);
    sy_html_row_begin(page);
    sy_html_cell_work(page, work);
    for (size_t i = 0; i < set->count; i++) {
        if (set->device[i] == reference)
            continue;
        sy_html_sum sum = sy_html_add_up(page->model, &page->works, work, set->device[i], NULL);
        put_share(page, sum.of_datasheet, base.of_datasheet);
        put_share(page, sum.of_ceiling, base.of_ceiling);
    }
    sy_html_row_end(page);
}

static void write_relative(sy_html_page *page, const sy_html_set *set, size_t reference) {
    sy_html_table(page,
        "Efficiency as a multiple; above 1 more of the device is used. Without interval: of all rows of each",
        true);
    sy_html_head(page, "Workload");
    for (size_t i = 0; i < set->count; i++) {
        if (set->device[i] == reference)
            continue;
        sy_html_head_device(page, set->device[i]);
        sy_html_head_number(page, "Of measured ceiling");
    }
    sy_html_heads_end(page);
    for (size_t i = 0; i < page->works.works; i++)
        if (sy_html_work_has(&page->works, &page->works.work[i], set))
            put_relative(page, &page->works.work[i], set, reference);
    sy_html_table_end(page);
}

static void write_set(sy_html_page *page, const sy_html_set *set) {
    sy_html_figure_efficiency(page, set);
    sy_html_figure_roofline(page, set);
    write_efficiencies(page, set);
    sy_html_references(page, set, false, write_relative);
    write_peaks(page, set);
}

void sy_html_section_efficiency(sy_html_page *page) {
    sy_html_each_set(page, write_set);
    sy_html_note(page,
        "The ceiling at the observed clock is the measured one scaled by the row's mean clock over the "
        "highest that was seen on the device. A ceiling that is the best result of a library is a "
        "floor, never \"of peak\".");
}
