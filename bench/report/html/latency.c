/* How the time of a launch is distributed. */
#include <math.h>

#include "bench/report/html/figure.h"
#include "bench/report/html/sections.h"

/* Spreads over the rows of a workload on a device: means of logs, and the widest. */
typedef struct spread {
    size_t rows, unstable;
    double low, p90, p99, widest, fastest, slowest;
} spread;

static spread look(const sy_html_page *page, const sy_html_work *work, size_t device) {
    spread found = {.widest = NAN, .fastest = NAN, .slowest = NAN};
    for (size_t i = 0; i < work->lines; i++) {
        const sy_html_row *row = page->works.line[work->line + i].cell[device].row;
        if (row == NULL || isnan(row->median_ns))
            continue;
        found.rows++;
        found.unstable += row->status == SY_ROW_UNSTABLE ? 1 : 0;
        found.low += log(row->min_ns / row->median_ns);
        found.p90 += log(row->p90_ns / row->median_ns);
        found.p99 += log(row->p99_ns / row->median_ns);
        found.widest = fmax(found.widest, row->p99_ns / row->median_ns);
        found.fastest = fmin(found.fastest, row->median_ns);
        found.slowest = fmax(found.slowest, row->median_ns);
    }
    return found;
}

static void put_multiple(sy_html_page *page, double value) {
    sy_html_cell_number(page, value, sy_print_digits(value, 4, &sy_html_style).text);
}

static void put_row(sy_html_page *page, const sy_html_work *work, size_t device) {
    spread found = look(page, work, device);
    if (found.rows == 0)
        return;
    double rows = (double)found.rows;
    sy_html_row_begin(page);
    sy_html_cell_work(page, work);
    sy_html_cell_text(page, page->model->device[device].label);
    sy_html_cell_rate(page, found.fastest, NAN, sy_unit_time(found.fastest));
    sy_html_cell_rate(page, found.slowest, NAN, sy_unit_time(found.slowest));
    put_multiple(page, exp(found.low / rows));
    put_multiple(page, exp(found.p90 / rows));
    put_multiple(page, exp(found.p99 / rows));
    put_multiple(page, found.widest);
    sy_html_cell_of(page, found.unstable, found.rows);
    sy_html_row_end(page);
}

static void write_set(sy_html_page *page, const sy_html_set *set) {
    sy_html_figure_latency(page, set);
    sy_html_table(page, "Time of a launch: range of the medians, and the spread about each median", true);
    sy_html_head(page, "Workload");
    sy_html_head(page, "Device");
    sy_html_head_number(page, "Shortest row");
    sy_html_head_number(page, "Longest row");
    sy_html_head_number(page, "Minimum / median");
    sy_html_head_number(page, "p90 / median");
    sy_html_head_number(page, "p99 / median");
    sy_html_head_number(page, "Widest p99 / median");
    sy_html_head_number(page, "Unstable");
    sy_html_heads_end(page);
    for (size_t i = 0; i < page->works.works; i++)
        for (size_t j = 0; j < set->count; j++)
            put_row(page, &page->works.work[i], set->device[j]);
    sy_html_table_end(page);
}

void sy_html_section_latency(sy_html_page *page) {
    sy_html_each_set(page, write_set);
    sy_html_note(page,
        "A sample is the mean of a batch of launches, so that the tail of single launches is longer than "
        "what is seen here. Samples of each row are in the list of rows.");
    if (sy_html_has_networks(page->model))
        sy_html_note(page, "Of a model that ran whole a sample is a single query, so that its tail is seen.");
}
