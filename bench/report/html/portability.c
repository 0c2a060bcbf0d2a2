/* Performance portability over the devices of a set. */
#include <math.h>

#include "bench/report/html/sections.h"

/* Harmonic mean of efficiencies, 0 if a platform has none. Source: Pennycook, Sewall, Lee, "A metric for
 * performance portability", 2016 (arXiv:1611.07409). */
static double harmonic(const double *efficiency, size_t count) {
    double sum = 0.0;
    for (size_t i = 0; i < count; i++) {
        if (!(efficiency[i] > 0.0))
            return 0.0;
        sum += 1.0 / efficiency[i];
    }
    return (double)count / sum;
}

/* Efficiencies of every device on a workload. A platform that lacks a row does not support the workload.
 * application: against the best rate of the set; otherwise against the measured ceiling. */
static void fill(sy_html_page *page, const sy_html_work *work, const sy_html_set *set, bool is_application,
    double *out_efficiency) {
    double best = NAN;
    for (size_t i = 0; i < set->count; i++) {
        sy_html_sum sum = sy_html_add_up(page->model, &page->works, work, set->device[i], NULL);
        bool is_whole = sum.timed == sum.of;
        out_efficiency[i] = !is_whole ? 0.0 : is_application ? sum.rate : sum.of_ceiling;
        best = fmax(best, out_efficiency[i]);
    }
    for (size_t i = 0; is_application && i < set->count; i++)
        out_efficiency[i] /= best;
}

static void put_row(sy_html_page *page, const sy_html_work *work, const sy_html_set *set, bool is_application,
    double *efficiency) {
    fill(page, work, set, is_application, efficiency);
    bool is_known = true;
    for (size_t i = 0; i < set->count; i++)
        is_known = is_known && isfinite(efficiency[i]);
    sy_html_row_begin(page);
    sy_html_cell_work(page, work);
    sy_html_cell_percent(page, is_known ? harmonic(efficiency, set->count) : NAN);
    for (size_t i = 0; i < set->count; i++)
        sy_html_cell_percent(page, efficiency[i]);
    sy_html_row_end(page);
}

static void write_table(sy_html_page *page, const sy_html_set *set, bool is_application, const char *caption,
    double *efficiency) {
    sy_html_table(page, caption, true);
    sy_html_head(page, "Workload");
    sy_html_head_number(page, "Portability");
    for (size_t i = 0; i < set->count; i++)
        sy_html_head_device(page, set->device[i]);
    sy_html_heads_end(page);
    for (size_t i = 0; i < page->works.works; i++)
        if (sy_html_work_has(&page->works, &page->works.work[i], set))
            put_row(page, &page->works.work[i], set, is_application, efficiency);
    sy_html_table_end(page);
}

static void write_set(sy_html_page *page, const sy_html_set *set) {
    double *efficiency = sy_arena_array(&page->model->arena, set->count, sizeof *efficiency);
    page->out.failed = page->out.failed || efficiency == NULL;
    if (set->count < 2 || efficiency == NULL) {
        sy_html_paragraph(page, "Portability is about several devices; here is one.");
        return;
    }
    write_table(page, set, false, "Architectural: efficiency against the measured ceiling", efficiency);
    write_table(page, set, true, "Application: efficiency against the best of these devices", efficiency);
}

void sy_html_section_portability(sy_html_page *page) {
    sy_html_each_set(page, write_set);
    sy_html_note(page,
        "Harmonic mean of the efficiencies over all devices named here, 0 where a device lacks a row of the "
        "workload (Pennycook, Sewall, Lee: arXiv 1611.07409). Read it beside the values of each "
        "device.");
}
