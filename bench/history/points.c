/* The runs of a series, and what they ran on. */
#include <math.h>
#include <string.h>

#include "bench/history/inside.h"
#include "bench/history/series.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static bool make_room(sy_point_list *list) {
    if (list->count < list->capacity)
        return true;
    size_t capacity = list->capacity > 0 ? 2 * list->capacity : 64;
    sy_point *item = sy_mem_realloc(list->item, capacity * sizeof *item);
    if (item == NULL)
        return false;
    list->item = item;
    list->capacity = capacity;
    return true;
}

static const char *copy(sy_point_list *list, const char *text, bool *ok) {
    const char *kept = sy_arena_text(&list->arena, text);
    *ok = *ok && (kept != NULL || text == NULL);
    return kept;
}

static sy_status append(sy_point_list *list, const sy_query *query, sy_error *err) {
    bool ok = make_room(list);
    if (ok)
        list->item[list->count] = (sy_point){.run_id = copy(list, sy_query_get_text(query, 1), &ok),
            .time_utc = copy(list, sy_query_get_text(query, 2), &ok),
            .version = copy(list, sy_query_get_text(query, 3), &ok),
            .commit = copy(list, sy_query_get_text(query, 4), &ok),
            .setup = sy_query_get_integer(query, 5)};
    if (!ok)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a series");
    list->count++;
    return SY_OK;
}

/* A row into the run that it belongs to; its values are summed as logarithms until all are there. */
static void take_row(sy_point *point, const sy_query *query) {
    point->value += log(sy_query_get_number(query, 6));
    point->low = point->rows == 0 ? sy_query_get_number(query, 7) : NAN;
    point->high = point->rows == 0 ? sy_query_get_number(query, 8) : NAN;
    point->rows++;
}

/* From the latest run back; a run more than asked for is the end. */
static sy_status read_points(sy_query *query, uint64_t last, sy_point_list *list, sy_error *err) {
    int64_t run = 0;
    bool has_row = false;
    sy_status status = SY_OK;
    while ((status = sy_query_next(query, &has_row, err)) == SY_OK && has_row) {
        if (list->count == 0 || sy_query_get_integer(query, 0) != run) {
            if (list->count >= last)
                return SY_OK;
            run = sy_query_get_integer(query, 0);
            status = append(list, query, err);
            if (status != SY_OK)
                return status;
        }
        take_row(&list->item[list->count - 1], query);
    }
    return status;
}

static void turn_round(sy_point_list *list) {
    for (size_t i = 0; i < list->count; i++)
        list->item[i].value = exp(list->item[i].value / (double)list->item[i].rows);
    for (size_t i = 0, j = list->count; i + 1 < j; i++) {
        j--;
        sy_point other = list->item[i];
        list->item[i] = list->item[j];
        list->item[j] = other;
    }
}

sy_status sy_history_points(
    sy_history *history, int64_t series, uint64_t last, sy_point_list *out_list, sy_error *err) {
    sy_query query = {0};
    *out_list = (sy_point_list){0};
    sy_status status = sy_query_open(&history->database,
        "SELECT p.run, r.run_id, r.time_utc, r.version, r.commit_id, p.setup, p.value, p.low, p.high"
        " FROM point AS p JOIN run AS r ON r.run = p.run WHERE p.series = ? AND p.value > 0"
        " ORDER BY r.time_utc DESC, r.run_id DESC",
        &query, err);
    if (status == SY_OK) {
        sy_query_integer(&query, series);
        status = read_points(&query, last, out_list, err);
    }
    sy_query_close(&query);
    turn_round(out_list);
    if (status != SY_OK)
        sy_point_list_release(out_list);
    return status;
}

void sy_point_list_release(sy_point_list *list) {
    sy_mem_free(list->item);
    sy_arena_release(&list->arena);
    *list = (sy_point_list){0};
}

sy_status sy_history_setup(sy_history *history, int64_t setup, sy_text *out, sy_error *err) {
    sy_query query = {0};
    bool has_row = false;
    sy_status status =
        sy_query_open(&history->database, "SELECT text FROM setup WHERE setup = ?", &query, err);
    if (status == SY_OK) {
        sy_query_integer(&query, setup);
        status = sy_query_next(&query, &has_row, err);
    }
    const char *text = has_row ? sy_query_get_text(&query, 0) : NULL;
    if (text != NULL && !sy_text_append(out, text, strlen(text)))
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a row's libraries");
    sy_query_close(&query);
    return status;
}
