/* Which keys a word of the user means, and the series of those. */
#include <string.h>

#include "bench/history/inside.h"
#include "bench/history/series.h"
#include "bench/words/words.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Numbers of keys. */
typedef struct keys {
    int64_t *item;
    size_t count, capacity;
} keys;

static sy_status append_key(keys *found, int64_t key, sy_error *err) {
    if (found->count == found->capacity) {
        size_t capacity = found->capacity > 0 ? 2 * found->capacity : 16;
        int64_t *item = sy_mem_realloc(found->item, capacity * sizeof *item);
        if (item == NULL)
            return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for keys");
        found->item = item;
        found->capacity = capacity;
    }
    found->item[found->count++] = key;
    return SY_OK;
}

/* What may follow a value: "dtype=bf16" stands for "dtype=bf16:bf16:bf16:f32" too. */
static bool is_end(char next) {
    return next == '\0' || next == ',' || next == ':';
}

/* Whether every field of `asked` (text after the op) stands in the problem as a whole field. */
static bool has_fields(const char *problem, const char *asked) {
    while (*asked != '\0') {
        size_t bytes = strcspn(asked, ",");
        const char *at = problem;
        while (strncmp(at, asked, bytes) != 0 || !is_end(at[bytes])) {
            at += strcspn(at, ",");
            if (*at == '\0')
                return false;
            at++;
        }
        asked += bytes + (asked[bytes] == ',');
    }
    return true;
}

static bool is_problem(const char *problem, const char *asked) {
    const char *colon = strchr(asked, ':');
    size_t op = (size_t)(colon - asked) + 1;
    return problem != NULL && strncmp(problem, asked, op) == 0 && has_fields(problem + op, asked + op);
}

/* The keys that `sql` gives; where `problem` is not NULL, only those of such problems. */
static sy_status collect(sy_history *history, const char *sql, const char *bound, const char *problem,
    keys *found, sy_error *err) {
    sy_query query = {0};
    bool has_row = false;
    sy_status status = sy_query_open(&history->database, sql, &query, err);
    if (status == SY_OK && bound != NULL)
        sy_query_text(&query, bound);
    while (status == SY_OK) {
        status = sy_query_next(&query, &has_row, err);
        if (status != SY_OK || !has_row)
            break;
        if (problem == NULL || is_problem(sy_query_get_text(&query, 1), problem))
            status = append_key(found, sy_query_get_integer(&query, 0), err);
    }
    sy_query_close(&query);
    return status;
}

static bool is_hex(const char *what) {
    size_t length = strlen(what);
    return length >= 4 && length < SY_ROW_ID_MAX && strspn(what, "0123456789abcdef") == length;
}

static sy_status find_keys(sy_history *history, const char *what, keys *found, sy_error *err) {
    sy_status status = SY_OK;
    if (strchr(what, ':') != NULL)
        status = collect(history, "SELECT key, problem FROM key ORDER BY problem", NULL, what, found, err);
    if (status == SY_OK && found->count == 0)
        status = collect(history, "SELECT key FROM name WHERE name = ?", what, NULL, found, err);
    if (status == SY_OK && found->count == 0 && is_hex(what))
        status = collect(
            history, "SELECT key FROM key WHERE hash >= ?1 AND hash < ?1 || 'g'", what, NULL, found, err);
    if (status == SY_OK && found->count == 0 && is_hex(what))
        status = collect(history, "SELECT DISTINCT key FROM result WHERE row_id >= ?1 AND row_id < ?1 || 'g'",
            what, NULL, found, err);
    if (status == SY_OK && found->count == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: no problem, name, key or row %s",
            history->database.path, sy_word_quote(what).text);
    return status;
}

static sy_series *new_series(sy_series_list *list) {
    if (list->count == list->capacity) {
        size_t capacity = list->capacity > 0 ? 2 * list->capacity : 16;
        sy_series *item = sy_mem_realloc(list->item, capacity * sizeof *item);
        if (item == NULL)
            return NULL;
        list->item = item;
        list->capacity = capacity;
    }
    return &list->item[list->count];
}

static sy_status append_series(sy_series_list *list, const sy_query *query, sy_error *err) {
    sy_series *series = new_series(list);
    if (series == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for series");
    const char **const texts[] = {&series->key_hash, &series->problem, &series->data, &series->cache,
        &series->launch, &series->backend, &series->algorithm, &series->device_name, &series->host,
        &series->card, &series->quantity, &series->source};
    bool ok = true;
    for (size_t i = 0; ok && i < sizeof texts / sizeof texts[0]; i++) {
        const char *text = sy_query_get_text(query, (int)i + 3);
        *texts[i] = sy_arena_text(&list->arena, text);
        ok = text == NULL || *texts[i] != NULL;
    }
    if (!ok)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for series");
    series->number = sy_query_get_integer(query, 0);
    int64_t threads = sy_query_get_integer(query, 1);
    series->threads = threads > 0 ? (uint64_t)threads : SY_NO_COUNT;
    series->is_simulated = sy_query_get_integer(query, 2) != 0;
    list->count++;
    return SY_OK;
}

#define SERIES                                                                                               \
    "SELECT e.series, s.threads, s.simulated, k.hash, k.problem, k.data, k.cache, k.launch, s.backend,"      \
    " s.algorithm, s.device_name, p.host, p.card, e.quantity, e.source FROM series AS e"                     \
    " JOIN key AS k ON k.key = e.key JOIN subject AS s ON s.subject = e.subject"                             \
    " JOIN place AS p ON p.place = e.place WHERE e.quantity = ? "
#define IN_ORDER " ORDER BY k.problem, k.hash, s.simulated, s.backend, s.algorithm, p.host, p.card, e.source"

/* The series of one key, or of all (0). */
static sy_status read_series(
    sy_history *history, int64_t key, const char *quantity, sy_series_list *list, sy_error *err) {
    sy_query query = {0};
    bool has_row = false;
    const char *sql = key != 0 ? SERIES "AND e.key = ?" IN_ORDER : SERIES IN_ORDER;
    sy_status status = sy_query_open(&history->database, sql, &query, err);
    if (status == SY_OK) {
        sy_query_text(&query, quantity);
        if (key != 0)
            sy_query_integer(&query, key);
    }
    while (status == SY_OK) {
        status = sy_query_next(&query, &has_row, err);
        if (status != SY_OK || !has_row)
            break;
        status = append_series(list, &query, err);
    }
    sy_query_close(&query);
    return status;
}

sy_status sy_history_series(
    sy_history *history, const char *what, const char *quantity, sy_series_list *out_list, sy_error *err) {
    keys found = {0};
    *out_list = (sy_series_list){0};
    sy_status status = what != NULL ? find_keys(history, what, &found, err)
                                    : read_series(history, 0, quantity, out_list, err);
    for (size_t i = 0; i < found.count && status == SY_OK; i++)
        status = read_series(history, found.item[i], quantity, out_list, err);
    if (status == SY_OK && what != NULL && out_list->count == 0)
        status = sy_error_set(err, SY_INVALID_ARGUMENT, "%s: %s of %s was never measured",
            history->database.path, quantity, sy_word_quote(what).text);
    sy_mem_free(found.item);
    if (status != SY_OK)
        sy_series_list_release(out_list);
    return status;
}

void sy_series_list_release(sy_series_list *list) {
    sy_mem_free(list->item);
    sy_arena_release(&list->arena);
    *list = (sy_series_list){0};
}
