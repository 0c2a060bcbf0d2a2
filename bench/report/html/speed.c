/* Throughput by suite: absolute, and relative to a device of the reader's choice. */
#include <math.h>

#include "bench/report/html/figure.h"
#include "bench/report/html/reference.h"
#include "bench/report/html/sections.h"
#include "bench/report/html/verdict.h"

static void put_absolute(sy_html_page *page, const sy_html_work *work, const sy_html_set *set) {
    sy_unit unit = sy_html_rate_unit(page, work, set);
    sy_html_row_begin(page);
    sy_html_cell_work(page, work);
    for (size_t i = 0; i < set->count; i++) {
        sy_html_sum sum = sy_html_add_up(page->model, &page->works, work, set->device[i], NULL);
        sy_html_cell_rate(page, sum.rate, sum.precision, unit);
        sy_html_cell_of(page, sum.timed, sum.rows);
    }
    sy_html_row_end(page);
}

static void write_absolute(sy_html_page *page, const sy_html_set *set) {
    sy_html_table(page, "Rate of each device over all its rows of a workload, one after the other", true);
    sy_html_head(page, "Workload");
    for (size_t i = 0; i < set->count; i++) {
        sy_html_head_device(page, set->device[i]);
        sy_html_head_number(page, "Rows");
    }
    sy_html_heads_end(page);
    for (size_t i = 0; i < page->works.works; i++)
        if (sy_html_work_has(&page->works, &page->works.work[i], set))
            put_absolute(page, &page->works.work[i], set);
    sy_html_table_end(page);
}

static void put_relative(
    sy_html_page *page, const sy_html_work *work, const sy_html_set *set, size_t reference) {
    sy_html_row_begin(page);
    if (work != NULL)
        sy_html_cell_work(page, work);
    else {
        sy_html_put(page, "<th scope=\"row\">");
        sy_html_put_word(page, "All workloads");
        sy_html_put(page, "</th>");
    }
    for (size_t i = 0; i < set->count; i++) {
        if (set->device[i] == reference)
            continue;
        sy_html_ratio ratio = sy_html_speed_of(page, work, set->device[i], reference);
        sy_html_cell_ratio(page, &ratio);
        sy_html_cell_verdict(page, &ratio);
    }
    sy_html_row_end(page);
}

static void write_relative(sy_html_page *page, const sy_html_set *set, size_t reference) {
    sy_html_table(page, "Throughput as a multiple, with its 95 % interval; above 1 is faster", true);
    sy_html_head(page, "Workload");
    for (size_t i = 0; i < set->count; i++) {
        if (set->device[i] == reference)
            continue;
        sy_html_head_device(page, set->device[i]);
        sy_html_head(page, "Verdict");
    }
    sy_html_heads_end(page);
    put_relative(page, NULL, set, reference);
    for (size_t i = 0; i < page->works.works; i++)
        if (sy_html_work_has(&page->works, &page->works.work[i], set))
            put_relative(page, &page->works.work[i], set, reference);
    sy_html_table_end(page);
}

static void write_set(sy_html_page *page, const sy_html_set *set) {
    sy_html_figure_throughput(page, set);
    write_absolute(page, set);
    sy_html_references(page, set, true, write_relative);
}

void sy_html_section_speed(sy_html_page *page) {
    sy_html_each_set(page, write_set);
    sy_html_note(page,
        "A verdict is on the geometric mean over the rows that both devices have: same within 2 %, "
        "undecided where the interval holds both. Differences between runs that were made once are "
        "not in an interval.");
}
