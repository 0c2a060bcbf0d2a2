/* Coverage: op x type x device, and the reason for every gap. */
#include <math.h>
#include <stdio.h>

#include "bench/report/html/sections.h"

enum { KINDS_MOST = 64, REASONS_MOST = 60 };

/* Ops and types there are. */
typedef struct kind {
    const char *op, *dtype;
} kind;

typedef struct kinds {
    kind item[KINDS_MOST];
    size_t count;
} kinds;

static size_t kind_of(kinds *list, const sy_html_row *row) {
    for (size_t i = 0; i < list->count; i++)
        if (list->item[i].op == row->op && list->item[i].dtype == row->dtype)
            return i;
    if (list->count == KINDS_MOST)
        return KINDS_MOST;
    list->item[list->count] = (kind){row->op, row->dtype};
    return list->count++;
}

/* Rows and rows with a time of each kind and device: counts[kind * devices + device][2]. */
static size_t (*count_kinds(sy_html_page *page, kinds *list))[2] {
    size_t devices = page->model->devices;
    size_t(*counts)[2] = sy_arena_array(&page->model->arena, KINDS_MOST * devices, sizeof *counts);
    for (size_t i = 0; counts != NULL && i < page->model->rows; i++) {
        const sy_html_row *row = &page->model->row[i];
        size_t at = kind_of(list, row);
        if (at == KINDS_MOST)
            continue;
        counts[at * devices + row->device][0]++;
        counts[at * devices + row->device][1] += isfinite(row->median_ns) ? 1 : 0;
    }
    page->out.failed = page->out.failed || counts == NULL;
    return counts;
}

static void put_cell(sy_html_page *page, const size_t count[2]) {
    if (count[0] == 0)
        sy_html_put(page, "<td class=\"n na\">\u2013</td>");
    else
        sy_html_cell_of(page, count[1], count[0]);
}

static void write_matrix(sy_html_page *page, const sy_html_set *set) {
    kinds list = {.count = 0};
    size_t devices = page->model->devices;
    size_t(*counts)[2] = count_kinds(page, &list);
    sy_html_table(page, "Rows with a result, of those asked for", false);
    sy_html_head(page, "Operation");
    sy_html_head(page, "Type");
    for (size_t i = 0; i < set->count; i++)
        sy_html_head_device(page, set->device[i]);
    sy_html_heads_end(page);
    for (size_t i = 0; counts != NULL && i < list.count; i++) {
        size_t asked = 0;
        for (size_t j = 0; j < set->count; j++)
            asked += counts[i * devices + set->device[j]][0];
        if (asked == 0)
            continue;
        sy_html_row_begin(page);
        sy_html_put(page, "<th scope=\"row\">");
        sy_html_put_text(page, list.item[i].op);
        sy_html_put(page, "</th>");
        sy_html_cell_text(page, list.item[i].dtype);
        for (size_t j = 0; j < set->count; j++)
            put_cell(page, counts[i * devices + set->device[j]]);
        sy_html_row_end(page);
    }
    sy_html_table_end(page);
}

/* One reason: texts are kept once, so that pointers compare. */
typedef struct gap {
    const sy_html_row *first;
    size_t count;
} gap;

static size_t note_gap(const sy_html_row *row, gap *gaps, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const sy_html_row *first = gaps[i].first;
        if (first->device == row->device && first->status == row->status && first->reason == row->reason &&
            first->op == row->op && first->dtype == row->dtype) {
            gaps[i].count++;
            return count;
        }
    }
    if (count < REASONS_MOST)
        gaps[count] = (gap){row, 1};
    return count + 1;
}

static void put_gap(sy_html_page *page, const gap *of) {
    sy_html_row_begin(page);
    sy_html_cell_device(page, of->first->device);
    sy_html_cell_text(page, of->first->op);
    sy_html_cell_text(page, of->first->dtype);
    sy_html_cell_word(page, sy_row_status_name(of->first->status));
    sy_html_cell_count(page, of->count);
    sy_html_cell_text(page, of->first->reason);
    sy_html_row_end(page);
}

static void write_reasons(sy_html_page *page, const sy_html_set *set) {
    gap gaps[REASONS_MOST];
    size_t count = 0;
    for (size_t i = 0; i < page->model->rows && count <= REASONS_MOST; i++) {
        const sy_html_row *row = &page->model->row[i];
        if (!isfinite(row->median_ns) && page->model->device[row->device].is_simulated == set->is_simulated)
            count = note_gap(row, gaps, count);
    }
    if (count == 0) {
        sy_html_paragraph(page, "Every row that was asked for has a result.");
        return;
    }
    sy_html_table(page, "Rows without a result, and why", true);
    sy_html_head(page, "Device");
    sy_html_head(page, "Operation");
    sy_html_head(page, "Type");
    sy_html_head(page, "Status");
    sy_html_head_number(page, "Rows");
    sy_html_head(page, "Reason");
    sy_html_heads_end(page);
    for (size_t i = 0; i < count && i < REASONS_MOST; i++)
        put_gap(page, &gaps[i]);
    sy_html_table_end(page);
    if (count > REASONS_MOST)
        sy_html_note(page, "There are more reasons; every row has its own in the list of rows.");
}

static void write_set(sy_html_page *page, const sy_html_set *set) {
    write_matrix(page, set);
    write_reasons(page, set);
}

void sy_html_section_coverage(sy_html_page *page) {
    sy_html_each_set(page, write_set);
}
