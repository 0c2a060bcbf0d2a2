/* Every device against every reference, as bench/compare judges it. */
#include <math.h>
#include <string.h>

#include "bench/compare/lines.h"
#include "bench/report/html/verdict.h"
#include "runtime/base/error.h"

/* The reference is column 0, the other devices of its set follow in their order. NULL without memory. */
static size_t *number_columns(const sy_html_page *page, const sy_html_set *set, size_t reference) {
    size_t *column = sy_arena_array(&page->model->arena, page->model->devices, sizeof *column);
    size_t next = 1;
    if (column == NULL)
        return NULL;
    for (size_t i = 0; i < page->model->devices; i++)
        column[i] = SY_NO_COLUMN;
    for (size_t i = 0; i < set->count; i++)
        column[set->device[i]] = set->device[i] == reference ? 0 : next++;
    return column;
}

static sy_status join(const sy_html_page *page, const sy_html_set *set, const size_t *column, sy_arena *arena,
    sy_join *out_join, sy_error *err) {
    const sy_intake *intake = &page->model->intake;
    size_t *column_of = sy_arena_array(arena, intake->count + 1, sizeof *column_of);
    sy_join_column *columns = sy_arena_array(arena, set->count, sizeof *columns);
    sy_placed_groups groups;
    if (column_of == NULL || columns == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory to compare %zu rows", intake->count);
    for (size_t i = 0; i < intake->count; i++)
        column_of[i] = column[page->model->row[i].device];
    *out_join = (sy_join){.column = columns, .columns = set->count, .is_across = true};
    sy_status status = sy_groups_make(intake, column_of, true, arena, &groups, err);
    for (size_t i = 0; status == SY_OK && i < groups.count; i++) {
        sy_join_column *to = &columns[groups.item[i].column];
        const sy_entry *shown = groups.item[i].group.shown;
        if (to->groups++ == 0)
            *to = (sy_join_column){.shown = shown,
                .device = shown->device,
                .device_name = shown->device_name,
                .asked = shown->asked,
                .is_simulated = set->is_simulated,
                .groups = 1};
    }
    return status == SY_OK ? sy_lines_make(&groups, set->count, true, arena, out_join, err) : status;
}

/* Means outlive the comparison. */
static sy_status keep_means(const sy_comparison *comparison, int quantity, sy_arena *scratch, sy_arena *arena,
    sy_mean_list *out_means, sy_error *err) {
    sy_mean_list found = {0};
    sy_status status = sy_means_compute(comparison, quantity, scratch, &found, err);
    sy_mean *kept = status == SY_OK ? sy_arena_array(arena, found.count + 1, sizeof *kept) : NULL;
    if (status != SY_OK)
        return status;
    if (kept == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the page");
    if (found.count > 0)
        memcpy(kept, found.item, found.count * sizeof *kept);
    *out_means = (sy_mean_list){.item = kept, .count = found.count};
    return SY_OK;
}

static void count_verdicts(const sy_comparison *comparison, sy_html_standing *out) {
    for (size_t line = 0; line < comparison->join->lines; line++)
        for (size_t column = 1; column < comparison->join->columns; column++) {
            int verdict = sy_comparison_ratio(comparison, line, column, SY_QUANTITY_TIME)->verdict;
            if (verdict == SY_VERDICT_INCONCLUSIVE)
                out->undecided[column]++;
            else if (verdict != SY_VERDICT_NOT_COMPARABLE)
                out->decided[column]++;
        }
}

static sy_status compare(
    sy_html_page *page, const sy_html_set *set, sy_html_standing *out, sy_arena *scratch, sy_error *err) {
    sy_arena *arena = &page->model->arena;
    const sy_comparison_options options = {.delta = SY_HTML_SAME_WITHIN};
    sy_join made;
    sy_comparison comparison;
    sy_conditions *conditions = sy_arena_array(arena, set->count, sizeof *conditions);
    out->undecided = sy_arena_array(arena, set->count, sizeof *out->undecided);
    out->decided = sy_arena_array(arena, set->count, sizeof *out->decided);
    if (conditions == NULL || out->undecided == NULL || out->decided == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the page");
    sy_status status = join(page, set, out->column, scratch, &made, err);
    if (status == SY_OK)
        status = sy_comparison_make(&made, &options, scratch, &comparison, err);
    if (status == SY_OK)
        status = keep_means(&comparison, SY_QUANTITY_THROUGHPUT, scratch, arena, &out->speed, err);
    if (status == SY_OK)
        status = keep_means(&comparison, SY_QUANTITY_ENERGY, scratch, arena, &out->energy, err);
    for (size_t i = 1; status == SY_OK && i < set->count; i++)
        status = sy_conditions_compare(&page->model->intake, &made, i, arena, &conditions[i], err);
    if (status == SY_OK)
        count_verdicts(&comparison, out);
    out->conditions = conditions;
    return status;
}

static sy_status compare_set(
    sy_html_page *page, const sy_html_set *set, sy_html_verdicts *verdicts, sy_error *err) {
    sy_status status = SY_OK;
    for (size_t i = 0; status == SY_OK && set->count > 1 && i < set->count; i++) {
        size_t reference = set->device[i];
        sy_arena scratch = {0};
        /* The one of page one is always there. */
        if (i >= SY_HTML_REFERENCES && reference != set->reference)
            continue;
        sy_html_standing *standing = &verdicts->standing[verdicts->count++];
        standing->reference = reference;
        standing->column = number_columns(page, set, reference);
        if (standing->column == NULL)
            status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the page");
        else
            status = compare(page, set, standing, &scratch, err);
        sy_arena_release(&scratch);
    }
    return status;
}

sy_status sy_html_verdicts_make(sy_html_page *page, sy_html_verdicts *out_verdicts, sy_error *err) {
    *out_verdicts = (sy_html_verdicts){0};
    out_verdicts->standing =
        sy_arena_array(&page->model->arena, page->model->devices + 1, sizeof *out_verdicts->standing);
    if (out_verdicts->standing == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the page");
    sy_status status = compare_set(page, &page->real, out_verdicts, err);
    return status == SY_OK ? compare_set(page, &page->simulated, out_verdicts, err) : status;
}
