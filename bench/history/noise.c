/* Noise between runs. */
#include <math.h>
#include <string.h>

#include "bench/history/inside.h"
#include "bench/history/series.h"
#include "bench/stats/order.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* A difference of more than so many robust deviations counts as that many: one change of level is no noise.
 */
static const double CLIP = 3;
/* Median of the absolute value of a normal variable to its standard deviation. */
static const double NORMAL = 1.4826022185056018;

/* Differences of logarithms from run to run, their absolute values. */
typedef struct differences {
    double *item;
    size_t count, capacity;
    uint64_t runs;
} differences;

static bool append(differences *into, double value) {
    if (into->count == into->capacity) {
        size_t capacity = into->capacity > 0 ? 2 * into->capacity : 64;
        double *item = sy_mem_realloc(into->item, capacity * sizeof *item);
        if (item == NULL)
            return false;
        into->item = item;
        into->capacity = capacity;
    }
    into->item[into->count++] = value;
    return true;
}

static bool is_excepted(const sy_history_wish *wish, const char *run_id) {
    for (size_t i = 0; i < wish->n_except; i++)
        if (run_id != NULL && strcmp(wish->except[i], run_id) == 0)
            return true;
    return false;
}

static sy_status add_series(
    const sy_history_wish *wish, const sy_point_list *points, differences *into, sy_error *err) {
    double before = NAN;
    uint64_t runs = 0;
    for (size_t i = points->count; i-- > 0 && runs < wish->last;) {
        const sy_point *point = &points->item[i];
        double now = log(point->value);
        if (is_excepted(wish, point->run_id) || !isfinite(now))
            continue;
        if (runs > 0 && !append(into, fabs(now - before)))
            return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the noise of a row");
        before = now;
        runs++;
    }
    into->runs += runs > 1 ? runs : 0;
    return SY_OK;
}

static sy_history_noise noise_of(const differences *all) {
    double square = 0;
    if (all->count == 0)
        return (sy_history_noise){.relative = NAN};
    sy_sort_f64(all->item, all->count);
    double most = CLIP * NORMAL * sy_quantile(all->item, all->count, 0.5);
    for (size_t i = 0; i < all->count; i++) {
        /* Where most runs are equal to a digit there is no scale to clip by. */
        double value = most > 0 ? fmin(all->item[i], most) : all->item[i];
        square += value * value;
    }
    return (sy_history_noise){
        .relative = sqrt(square / (2 * (double)all->count)), .runs = all->runs, .freedom = all->count};
}

sy_status sy_points_noise(const sy_point_list *points, sy_history_noise *out_noise, sy_error *err) {
    const sy_history_wish wish = {.last = UINT64_MAX};
    differences all = {0};
    sy_status status = add_series(&wish, points, &all, err);
    *out_noise = noise_of(&all);
    sy_mem_free(all.item);
    return status;
}

static sy_status add_number(
    sy_history *history, const sy_history_wish *wish, int64_t series, differences *into, sy_error *err) {
    sy_point_list points = {0};
    uint64_t wanted = wish->last <= UINT64_MAX - wish->n_except ? wish->last + wish->n_except : UINT64_MAX;
    sy_status status = sy_history_points(history, series, wanted, &points, err);
    if (status == SY_OK)
        status = add_series(wish, &points, into, err);
    sy_point_list_release(&points);
    return status;
}

static void bind_wish(sy_query *query, const sy_history_wish *wish) {
    char hash[SY_ROW_ID_MAX];
    sy_key_hash(wish->row, hash);
    sy_query_text(query, hash);
    sy_subject_hash(wish->row, hash);
    sy_query_text(query, hash);
    sy_query_text(query, wish->quantity);
}

sy_status sy_history_noise_of(
    sy_history *history, const sy_history_wish *wish, sy_history_noise *out_noise, sy_error *err) {
    sy_query query = {0};
    differences all = {0};
    bool has_row = false;
    *out_noise = (sy_history_noise){.relative = NAN};
    sy_status status = sy_query_open(&history->database,
        "SELECT e.series FROM series AS e JOIN key AS k ON k.key = e.key"
        " JOIN subject AS s ON s.subject = e.subject WHERE k.hash = ? AND s.hash = ? AND e.quantity = ?",
        &query, err);
    if (status == SY_OK)
        bind_wish(&query, wish);
    while (status == SY_OK) {
        status = sy_query_next(&query, &has_row, err);
        if (status != SY_OK || !has_row)
            break;
        status = add_number(history, wish, sy_query_get_integer(&query, 0), &all, err);
    }
    sy_query_close(&query);
    if (status == SY_OK)
        *out_noise = noise_of(&all);
    sy_mem_free(all.item);
    return status;
}
