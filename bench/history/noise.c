/* Noise between runs. */
#include <math.h>
#include <stdio.h>
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

/* A series on the way from run to run: the logarithms of the run that is being read, and the run before. */
typedef struct walk {
    double sum, before;
    uint64_t rows, runs;
} walk;

/* The run is read whole: its difference to the one before; false without memory. */
static bool end_run(walk *state, differences *into) {
    if (state->rows == 0)
        return true;
    double now = state->sum / (double)state->rows;
    bool ok = state->runs == 0 || append(into, fabs(now - state->before));
    *state = (walk){.before = now, .runs = state->runs + 1};
    return ok;
}

static sy_status no_memory(sy_error *err) {
    return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the noise of a row");
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
    differences all = {0};
    walk state = {0};
    bool ok = true;
    for (size_t i = 0; i < points->count && ok; i++) {
        state.sum = log(points->item[i].value);
        state.rows = 1;
        ok = end_run(&state, &all);
    }
    all.runs = state.runs;
    *out_noise = ok ? noise_of(&all) : (sy_history_noise){.relative = NAN};
    sy_mem_free(all.item);
    return ok ? SY_OK : no_memory(err);
}

static bool is_excepted(const sy_history_wish *wish, const char *run_id) {
    for (size_t i = 0; i < wish->n_except; i++)
        if (run_id != NULL && strcmp(wish->except[i], run_id) == 0)
            return true;
    return false;
}

/* From the run that was added last back, as many as are wanted. */
static sy_status read_series(
    sy_query *query, const sy_history_wish *wish, walk *state, differences *into, sy_error *err) {
    int64_t run = 0;
    bool has_row = false;
    sy_status status = SY_OK;
    while ((status = sy_query_next(query, &has_row, err)) == SY_OK && has_row) {
        if (sy_query_get_integer(query, 0) != run) {
            run = sy_query_get_integer(query, 0);
            if (!end_run(state, into))
                return no_memory(err);
            if (state->runs >= wish->last)
                return SY_OK;
        }
        if (is_excepted(wish, sy_query_get_text(query, 1)))
            continue;
        state->sum += log(sy_query_get_number(query, 2));
        state->rows++;
    }
    return status != SY_OK || end_run(state, into) ? status : no_memory(err);
}

static sy_status add_series(
    sy_history *history, const sy_history_wish *wish, int64_t series, differences *into, sy_error *err) {
    sy_query *query = &history->noise_points;
    walk state = {0};
    sy_query_integer(query, series);
    sy_status status = read_series(query, wish, &state, into, err);
    sy_query_reset(query);
    into->runs += state.runs > 1 ? state.runs : 0;
    return status;
}

static sy_status bind_wish(sy_query *query, const sy_history_wish *wish, sy_error *err) {
    char key[SY_ROW_ID_MAX], subject[SY_ROW_ID_MAX];
    const sy_row *row = wish->row;
    bool has_hashes = row->key.problem == NULL && row->key_hash != NULL && row->subject_hash != NULL;
    if (has_hashes) {
        snprintf(key, sizeof key, "%s", row->key_hash);
        snprintf(subject, sizeof subject, "%s", row->subject_hash);
    } else {
        sy_key_hash(row, key);
        sy_subject_hash(row, subject);
    }
    if (!sy_hash_is_made(key) || !sy_hash_is_made(subject))
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a row's hash");
    sy_query_text(query, key);
    sy_query_text(query, subject);
    sy_query_text(query, wish->quantity);
    return SY_OK;
}

static sy_status prepare(sy_history *history, sy_error *err) {
    const sy_database *database = &history->database;
    sy_status status = SY_OK;
    if (history->noise_series.statement == NULL)
        status = sy_query_open(database,
            "SELECT e.series FROM series AS e JOIN key AS k ON k.key = e.key"
            " JOIN subject AS s ON s.subject = e.subject WHERE k.hash = ? AND s.hash = ? AND e.quantity = ?",
            &history->noise_series, err);
    if (status == SY_OK && history->noise_points.statement == NULL)
        status = sy_query_open(database,
            "SELECT p.run, r.run_id, p.value FROM point AS p JOIN run AS r ON r.run = p.run"
            " WHERE p.series = ? AND p.value > 0 ORDER BY p.run DESC",
            &history->noise_points, err);
    return status;
}

sy_status sy_history_noise_of(
    sy_history *history, const sy_history_wish *wish, sy_history_noise *out_noise, sy_error *err) {
    sy_query *query = &history->noise_series;
    differences all = {0};
    bool has_row = false;
    *out_noise = (sy_history_noise){.relative = NAN};
    sy_status status = prepare(history, err);
    if (status != SY_OK)
        return status;
    status = bind_wish(query, wish, err);
    while (status == SY_OK) {
        status = sy_query_next(query, &has_row, err);
        if (status != SY_OK || !has_row)
            break;
        status = add_series(history, wish, sy_query_get_integer(query, 0), &all, err);
    }
    sy_query_reset(query);
    if (status == SY_OK)
        *out_noise = noise_of(&all);
    sy_mem_free(all.item);
    return status;
}
