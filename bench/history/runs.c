/* Reading runs and their rows. */
#include "bench/history/runs.h"

#include <string.h>

#include "bench/history/inside.h"
#include "bench/words/words.h"
#include "runtime/base/error.h"

/* Runs from `source` with what their rows add up to. */
#define RUNS_OF(source)                                                                                      \
    "SELECT r.run, r.run_id, r.time_utc, r.host, r.os, r.version, r.commit_id, r.command, count(t.run),"     \
    " count(t.time_ns), sum(s.simulated) FROM " source " AS r LEFT JOIN result AS t ON t.run = r.run"        \
    " LEFT JOIN subject AS s ON s.subject = t.subject"

static sy_history_run read_run(const sy_query *query) {
    sy_history_run run = {.number = sy_query_get_integer(query, 0),
        .run_id = sy_query_get_text(query, 1),
        .time_utc = sy_query_get_text(query, 2),
        .host = sy_query_get_text(query, 3),
        .os = sy_query_get_text(query, 4),
        .version = sy_query_get_text(query, 5),
        .commit = sy_query_get_text(query, 6),
        .command = sy_query_get_text(query, 7),
        .rows = (uint64_t)sy_query_get_integer(query, 8),
        .with_time = (uint64_t)sy_query_get_integer(query, 9)};
    uint64_t simulated = (uint64_t)sy_query_get_integer(query, 10);
    run.simulated = simulated == 0 ? SY_TRI_NO : simulated == run.rows ? SY_TRI_YES : SY_TRI_UNKNOWN;
    return run;
}

/* Visit what a bound query gives, and close it. */
static sy_status visit_runs(sy_query *query, sy_history_run_visit *visit, void *ctx, sy_error *err) {
    bool has_row = false, goes_on = true;
    sy_status status = SY_OK;
    while (goes_on && (status = sy_query_next(query, &has_row, err)) == SY_OK && has_row) {
        sy_history_run run = read_run(query);
        goes_on = visit(ctx, &run);
    }
    sy_query_close(query);
    return status;
}

static int64_t limit_of(uint64_t last) {
    return last <= INT64_MAX ? (int64_t)last : INT64_MAX;
}

sy_status sy_history_runs(
    sy_history *history, uint64_t last, sy_history_run_visit *visit, void *ctx, sy_error *err) {
    sy_query query = {0};
    sy_status status = sy_query_open(&history->database,
        RUNS_OF("(SELECT * FROM run ORDER BY time_utc DESC, run_id DESC LIMIT ?)") " GROUP BY r.run ORDER BY "
                                                                                   "r.time_utc, r.run_id",
        &query, err);
    if (status != SY_OK)
        return status;
    sy_query_integer(&query, limit_of(last));
    return visit_runs(&query, visit, ctx, err);
}

sy_status sy_history_run_by_number(
    sy_history *history, int64_t number, sy_history_run_visit *visit, void *ctx, sy_error *err) {
    sy_query query = {0};
    sy_status status =
        sy_query_open(&history->database, RUNS_OF("run") " WHERE r.run = ? GROUP BY r.run", &query, err);
    if (status != SY_OK)
        return status;
    sy_query_integer(&query, number);
    return visit_runs(&query, visit, ctx, err);
}

/* How many runs begin like that, two at most, and the last of them. */
static sy_status match_runs(
    sy_history *history, const char *what, int64_t *out_number, int *out_count, sy_error *err) {
    sy_query query = {0};
    bool has_row = false;
    sy_status status = sy_query_open(&history->database,
        "SELECT run, run_id = ?1 FROM run WHERE substr(run_id, 1, length(?1)) = ?1"
        " ORDER BY run_id = ?1 DESC LIMIT 2",
        &query, err);
    if (status != SY_OK)
        return status;
    sy_query_text(&query, what);
    while ((status = sy_query_next(&query, &has_row, err)) == SY_OK && has_row) {
        bool is_exact = sy_query_get_integer(&query, 1) == 1;
        *out_number = *out_count == 0 ? sy_query_get_integer(&query, 0) : *out_number;
        *out_count += 1;
        if (is_exact)
            break;
    }
    sy_query_close(&query);
    return status;
}

sy_status sy_history_find_run(sy_history *history, const char *what, int64_t *out_number, sy_error *err) {
    int found = 0;
    *out_number = 0;
    if (strlen(what) < 4)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "run %s: write at least 4 characters of its id; 'steelyard history list' shows them",
            sy_word_quote(what).text);
    sy_status status = match_runs(history, what, out_number, &found, err);
    if (status == SY_OK && found != 1)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "%s: %s run begins with %s; 'steelyard history list' shows them", history->database.path,
            found == 0 ? "no" : "more than one", sy_word_quote(what).text);
    return status;
}

static sy_history_row read_row(const sy_query *query) {
    return (sy_history_row){.row_id = sy_query_get_text(query, 0),
        .key_hash = sy_query_get_text(query, 1),
        .problem = sy_query_get_text(query, 2),
        .name = sy_query_get_text(query, 3),
        .device = sy_query_get_text(query, 4),
        .device_name = sy_query_get_text(query, 5),
        .backend = sy_query_get_text(query, 6),
        .algorithm = sy_query_get_text(query, 7),
        .asked = sy_query_get_text(query, 8),
        .reason = sy_query_get_text(query, 9),
        .status = (uint32_t)sy_query_get_integer(query, 10),
        .median_ns = sy_query_get_number(query, 11),
        .ci95_ns = {sy_query_get_number(query, 12), sy_query_get_number(query, 13)},
        .flop_per_s = sy_query_get_number(query, 14),
        .byte_per_s = sy_query_get_number(query, 15),
        .is_simulated = sy_query_get_integer(query, 16) != 0};
}

sy_status sy_history_rows(
    sy_history *history, int64_t number, sy_history_row_visit *visit, void *ctx, sy_error *err) {
    sy_query query = {0};
    bool has_row = false, goes_on = true;
    sy_status status = sy_query_open(&history->database,
        "SELECT t.row_id, k.hash, k.problem, t.name, t.device, s.device_name, s.backend, s.algorithm,"
        " t.algorithm, t.reason, t.status, t.time_ns, t.low_ns, t.high_ns, t.flop_per_s, t.byte_per_s,"
        " s.simulated FROM result AS t JOIN key AS k ON k.key = t.key"
        " JOIN subject AS s ON s.subject = t.subject WHERE t.run = ? ORDER BY t.seq, t.row_id",
        &query, err);
    if (status == SY_OK)
        sy_query_integer(&query, number);
    while (status == SY_OK && goes_on) {
        status = sy_query_next(&query, &has_row, err);
        if (status != SY_OK || !has_row)
            break;
        sy_history_row row = read_row(&query);
        goes_on = visit(ctx, &row);
    }
    sy_query_close(&query);
    return status;
}
