/* Rows as values: absent, headline, and lists of them in memory. */
#include "bench/record/row.h"

#include <math.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

void sy_row_init(sy_row *out_row) {
    *out_row = (sy_row){0};
    sy_fields_clear(&sy_row_fields, out_row);
}

void sy_row_headline(const sy_row *row, double *out_median_ns, double out_ci95_ns[2]) {
    const sy_row_time *time = row->time.headline == SY_HEADLINE_DEVICE ? &row->time.device : &row->time.host;
    if (out_median_ns != NULL)
        *out_median_ns = time->median_ns;
    if (out_ci95_ns == NULL)
        return;
    out_ci95_ns[0] = time->ci95_ns[0];
    out_ci95_ns[1] = time->ci95_ns[1];
}

bool sy_row_has_time(const sy_row *row) {
    double median_ns;
    sy_row_headline(row, &median_ns, NULL);
    bool is_good = row->status == SY_ROW_OK || row->status == SY_ROW_UNSTABLE;
    bool is_doubted = row->time.headline == SY_HEADLINE_DEVICE && row->time.device_believed == SY_TRI_NO;
    return is_good && !is_doubted && isfinite(median_ns) && median_ns > 0.0;
}

static bool reserve(sy_row_list *list) {
    if (list->count < list->capacity)
        return true;
    size_t capacity = list->capacity > 0 ? list->capacity * 2 : 32;
    size_t bytes;
    if (__builtin_mul_overflow(capacity, sizeof *list->row, &bytes))
        return false;
    sy_row *row = sy_mem_realloc(list->row, bytes);
    if (row == NULL)
        return false;
    list->row = row;
    list->capacity = capacity;
    return true;
}

sy_status sy_row_list_append(sy_row_list *list, const sy_row *row, sy_error *err) {
    sy_row copy = *row;
    if (!reserve(list) || !sy_fields_keep(&sy_row_fields, &list->arena, &copy))
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for row %zu", list->count);
    list->row[list->count++] = copy;
    return SY_OK;
}

void sy_row_list_release(sy_row_list *list) {
    sy_mem_free(list->row);
    sy_arena_release(&list->arena);
    *list = (sy_row_list){0};
}
