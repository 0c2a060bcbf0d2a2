/* Effective precision: what was declared, what the timed outputs were found to have. */
#include <math.h>

#include "bench/report/html/sections.h"

enum { GROUPS_MOST = 64 };

/* Rows of one device, type and declared arithmetic. */
typedef struct group {
    const sy_html_row *first, *worst;
    size_t rows, verified, weak, emulated;
    const char *delivered;
    double largest;
} group;

static group *group_of(group *groups, size_t *count, const sy_html_row *row) {
    for (size_t i = 0; i < *count; i++)
        if (groups[i].first->device == row->device && groups[i].first->dtype == row->dtype &&
            groups[i].first->math == row->math)
            return &groups[i];
    if (*count == GROUPS_MOST)
        return NULL;
    groups[*count] = (group){.first = row, .largest = NAN};
    return &groups[(*count)++];
}

static void add_row(group *to, const sy_html_row *row) {
    double part = row->bound > 0.0 ? row->max_error / row->bound : NAN;
    to->rows++;
    to->verified += row->is_verified ? 1 : 0;
    to->weak += row->checked == SY_CHECKED_WEAK ? 1 : 0;
    to->emulated += row->is_emulated ? 1 : 0;
    to->delivered = to->delivered == NULL || row->delivered != row->math ? row->delivered : to->delivered;
    if (to->worst == NULL || part > to->largest) {
        to->worst = row;
        to->largest = part;
    }
}

static void put_group(sy_html_page *page, const group *of) {
    sy_html_row_begin(page);
    sy_html_cell_device(page, of->first->device);
    sy_html_cell_text(page, of->first->dtype);
    sy_html_cell_text(page, of->first->math);
    sy_html_cell_text(page, of->delivered);
    sy_html_cell_of(page, of->verified, of->rows);
    sy_html_cell_count(page, of->weak);
    sy_html_cell_count(page, of->emulated);
    sy_html_cell_percent(page, of->largest);
    sy_html_cell_text(page, of->worst->check_method);
    sy_html_cell_text(page, of->worst->smallest_fault);
    sy_html_row_end(page);
}

static void write_set(sy_html_page *page, const sy_html_set *set) {
    group groups[GROUPS_MOST];
    size_t count = 0;
    for (size_t i = 0; i < page->model->rows; i++) {
        const sy_html_row *row = &page->model->row[i];
        if (isnan(row->median_ns) || row->is_memory ||
            page->model->device[row->device].is_simulated != set->is_simulated)
            continue;
        group *of = group_of(groups, &count, row);
        if (of != NULL)
            add_row(of, row);
    }
    sy_html_table(page, "Arithmetic declared and delivered, errors of timed outputs", true);
    sy_html_head(page, "Device");
    sy_html_head(page, "Type");
    sy_html_head(page, "Declared");
    sy_html_head(page, "Delivered");
    sy_html_head_number(page, "Verified rows");
    sy_html_head_number(page, "Weak check");
    sy_html_head_number(page, "Emulated");
    sy_html_head_number(page, "Largest error of bound");
    sy_html_head(page, "How it was checked");
    sy_html_head(page, "Smallest fault it would find");
    sy_html_heads_end(page);
    for (size_t i = 0; i < count; i++)
        put_group(page, &groups[i]);
    sy_html_table_end(page);
}

void sy_html_section_precision(sy_html_page *page) {
    sy_html_each_set(page, write_set);
}
