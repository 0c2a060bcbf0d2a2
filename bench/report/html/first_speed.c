/* Page one: speed by workload, measured against rated, precision. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/report/html/first.h"
#include "bench/report/html/verdict.h"
#include "bench/report/problem_text.h"

static void put_work(sy_html_page *page, const sy_html_work *work) {
    const sy_html_set *set = page->first;
    sy_unit unit = sy_html_rate_unit(page, work, set);
    size_t shown = sy_html_first_devices(page), other = set->reference;
    size_t common = sy_html_common(&page->works, work, set);
    sy_html_row_begin(page);
    sy_html_cell_work(page, work);
    sy_html_cell_of(page, common, work->lines);
    for (size_t i = 0; i < shown; i++) {
        sy_html_sum sum =
            sy_html_add_up(page->model, &page->works, work, set->device[i], common > 0 ? set : NULL);
        sy_html_cell_rate(page, sum.rate, sum.precision, unit);
        if (set->device[i] != set->reference && other == set->reference)
            other = set->device[i];
    }
    if (set->count == 2) {
        sy_html_ratio ratio = sy_html_speed_of(page, work, other, set->reference);
        sy_html_cell_ratio(page, &ratio);
        sy_html_cell_verdict(page, &ratio);
    }
    for (size_t i = 0; set->count > 2 && i < shown; i++) {
        if (set->device[i] == set->reference)
            continue;
        sy_html_ratio ratio = sy_html_speed_of(page, work, set->device[i], set->reference);
        sy_html_cell_ratio(page, &ratio);
    }
    sy_html_row_end(page);
}

static void put_speed_heads(sy_html_page *page) {
    const sy_html_set *set = page->first;
    sy_html_head(page, "Workload");
    sy_html_head_number(page, "Common rows");
    for (size_t i = 0; i < sy_html_first_devices(page); i++)
        sy_html_head_short(page, set->device[i]);
    for (size_t i = 0; i < sy_html_first_devices(page); i++) {
        if (set->device[i] == set->reference)
            continue;
        sy_html_put(page, "<th scope=\"col\" class=\"n\">");
        sy_html_say(page, "{1} against {2}", page->model->device[set->device[i]].id,
            page->model->device[set->reference].id, NULL);
        sy_html_put(page, "</th>");
    }
    if (set->count == 2)
        sy_html_head(page, "Verdict");
    sy_html_heads_end(page);
}

/* The workload that is shown next: what all devices share before what they do not, then the one of most rows.
 * NULL: none is left. */
static const sy_html_work *next_work(const sy_html_page *page, bool *is_done) {
    size_t best = page->works.works, best_rank = 0;
    for (size_t i = 0; i < page->works.works; i++) {
        const sy_html_work *work = &page->works.work[i];
        if (is_done[i] || !sy_html_work_has(&page->works, work, page->first))
            continue;
        bool is_shared = sy_html_common(&page->works, work, page->first) > 0;
        size_t rank = work->lines + (is_shared ? page->works.lines : 0);
        if (rank > best_rank) {
            best = i;
            best_rank = rank;
        }
    }
    if (best == page->works.works)
        return NULL;
    is_done[best] = true;
    return &page->works.work[best];
}

void sy_html_first_speed(sy_html_page *page) {
    bool *is_done = sy_arena_array(&page->model->arena, page->works.works + 1, sizeof *is_done);
    bool is_alone = false;
    size_t count = 0;
    sy_html_point(
        page, 4, "Speed by workload", "Rate over the rows that all have, with its 95 % interval", true);
    put_speed_heads(page);
    page->out.failed = page->out.failed || is_done == NULL;
    for (const sy_html_work *work; is_done != NULL && (work = next_work(page, is_done)) != NULL;) {
        if (count++ >= SY_FIRST_WORKS)
            continue;
        put_work(page, work);
        is_alone = is_alone || sy_html_common(&page->works, work, page->first) == 0;
    }
    sy_html_table_end(page);
    if (is_alone && page->first->count > 1)
        sy_html_note(page,
            "Where no row is common to all, each rate is over the device's own rows, and they are not "
            "to be compared.");
    sy_html_first_more(page, SY_FIRST_WORKS, count, "And {1} more workloads, below.");
    sy_html_point_end(page);
}

/* The fastest verified row of a device, of work counted in FLOP. NULL: none. */
static const sy_html_row *fastest(const sy_html_page *page, size_t device) {
    const sy_html_row *best = NULL;
    for (size_t i = 0; i < page->model->rows; i++) {
        const sy_html_row *row = &page->model->row[i];
        if (row->device == device && isfinite(row->flop_per_s) && row->is_verified && !row->is_memory &&
            (best == NULL || row->flop_per_s > best->flop_per_s))
            best = row;
    }
    return best;
}

void sy_html_first_rated(sy_html_page *page) {
    sy_html_point(page, 5, "Measured, rated, ratio", "Fastest verified row of each device", false);
    sy_html_head(page, "Device");
    sy_html_head_number(page, "Measured");
    sy_html_head_number(page, "Rated");
    sy_html_head_number(page, "Ratio");
    sy_html_head(page, "Source of the rating");
    sy_html_heads_end(page);
    for (size_t i = 0; i < sy_html_first_devices(page); i++) {
        size_t device = page->first->device[i];
        const sy_html_row *row = fastest(page, device);
        double measured = row != NULL ? row->flop_per_s : NAN, part = row != NULL ? row->of_datasheet : NAN;
        sy_unit unit = sy_unit_flop_rate(measured, row != NULL && sy_dtype_is_integer(row->dtype));
        sy_html_row_begin(page);
        sy_html_cell_short(page, device);
        sy_html_cell_rate(page, measured, NAN, unit);
        sy_html_cell_rate(page, measured / part, NAN, unit);
        sy_html_cell_percent(page, part);
        sy_html_cell_text(page, isfinite(part) ? row->confidence : NULL);
        sy_html_row_end(page);
    }
    sy_html_table_end(page);
    sy_html_point_end(page);
}

/* What a device delivered of what was declared, and its largest error as a part of what is allowed. */
typedef struct delivered {
    size_t verified, weak, lower, emulated;
    double worst;
    const char *math;
} delivered;

/* Whether arithmetic was rougher than declared: strict is never, and under "any" nothing is. */
static bool is_less(const sy_html_row *row) {
    return row->delivered != NULL && row->math != NULL && row->delivered != row->math &&
           strcmp(row->delivered, "strict") != 0 && strcmp(row->math, "any") != 0;
}

static delivered look(const sy_html_page *page, size_t device) {
    delivered found = {.worst = NAN};
    for (size_t i = 0; i < page->model->rows; i++) {
        const sy_html_row *row = &page->model->row[i];
        if (row->device != device || isnan(row->median_ns))
            continue;
        found.verified += row->is_verified ? 1 : 0;
        found.weak += row->checked == SY_CHECKED_WEAK ? 1 : 0;
        found.emulated += row->is_emulated ? 1 : 0;
        if (is_less(row)) {
            found.lower++;
            found.math = row->delivered;
        }
        if (row->bound > 0.0)
            found.worst = fmax(found.worst, row->max_error / row->bound);
    }
    return found;
}

void sy_html_first_precision(sy_html_page *page) {
    sy_html_point(page, 6, "Precision delivered", "Errors of the timed outputs", false);
    sy_html_head(page, "Device");
    sy_html_head_number(page, "Verified rows");
    sy_html_head_number(page, "Less than declared");
    sy_html_head_number(page, "Largest error of bound");
    sy_html_heads_end(page);
    for (size_t i = 0; i < sy_html_first_devices(page); i++) {
        size_t device = page->first->device[i];
        delivered found = look(page, device);
        sy_html_row_begin(page);
        sy_html_cell_short(page, device);
        sy_html_cell_of(page, found.verified, page->model->device[device].timed);
        if (found.lower > 0) {
            sy_html_put(page, "<td class=\"n\">");
            sy_html_put_text(page, sy_html_count(found.lower).text);
            sy_html_put(page, " <small>");
            sy_html_put_text(page, found.math);
            sy_html_put(page, "</small></td>");
        } else
            sy_html_cell_count(page, 0);
        sy_html_cell_percent(page, found.worst);
        sy_html_row_end(page);
    }
    sy_html_table_end(page);
    sy_html_point_end(page);
}
