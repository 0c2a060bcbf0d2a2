/* Statements that write. */
#include "bench/history/writer.h"

#include <math.h>
#include <string.h>

#include "bench/history/inside.h"
#include "bench/record/key.h"
#include "runtime/base/error.h"

static const char *const statements[SY_WRITE_COUNT] = {
    [SY_WRITE_RUN_FIND] = "SELECT run FROM run WHERE run_id = ?",
    [SY_WRITE_RUN] = "INSERT INTO run (run_id, time_utc, host, os, version, commit_id, command)"
                     " VALUES (?, ?, ?, ?, ?, ?, ?)",
    [SY_WRITE_KEY_FIND] = "SELECT key FROM key WHERE hash = ?",
    [SY_WRITE_KEY] = "INSERT INTO key (hash, problem, data, cache, launch) VALUES (?, ?, ?, ?, ?)",
    [SY_WRITE_SUBJECT_FIND] = "SELECT subject FROM subject WHERE hash = ?",
    [SY_WRITE_SUBJECT] = "INSERT INTO subject (hash, backend, algorithm, device_name, vendor, scope, threads,"
                         " simulated) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    [SY_WRITE_PLACE_FIND] = "SELECT place FROM place WHERE host = ? AND card = ?",
    [SY_WRITE_PLACE] = "INSERT INTO place (host, card) VALUES (?, ?)",
    [SY_WRITE_SETUP_FIND] = "SELECT setup FROM setup WHERE text = ?",
    [SY_WRITE_SETUP] = "INSERT INTO setup (text) VALUES (?)",
    [SY_WRITE_SERIES_FIND] = "SELECT series FROM series WHERE key = ? AND subject = ? AND place = ?"
                             " AND quantity = ? AND source = ?",
    [SY_WRITE_SERIES] = "INSERT INTO series (key, subject, place, quantity, source) VALUES (?, ?, ?, ?, ?)",
    [SY_WRITE_NAME] = "INSERT OR IGNORE INTO name (name, key) VALUES (?, ?)",
    [SY_WRITE_RESULT_FIND] = "SELECT content, status FROM result WHERE run = ? AND row_id = ?",
    [SY_WRITE_RESULT_FORGET] = "DELETE FROM result WHERE run = ? AND row_id = ?",
    [SY_WRITE_RESULT] =
        "INSERT INTO result (run, row_id, content, seq, key, subject, setup, time_utc, name,"
        " device, algorithm, status, reason, time_ns, low_ns, high_ns, flop_per_s, byte_per_s)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [SY_WRITE_POINT] = "INSERT OR IGNORE INTO point (series, run, row_id, setup, value, low, high)"
                       " VALUES (?, ?, ?, ?, ?, ?, ?)",
};

/* What many rows share, by their numbers. */
typedef struct shared {
    int64_t key, subject, place, setup;
} shared;

sy_status sy_writer_open(const sy_database *database, sy_writer *out_writer, sy_error *err) {
    sy_status status = SY_OK;
    *out_writer = (sy_writer){0};
    for (size_t i = 0; i < SY_WRITE_COUNT && status == SY_OK; i++)
        status = sy_query_open(database, statements[i], &out_writer->query[i], err);
    return status;
}

void sy_writer_close(sy_writer *writer) {
    for (size_t i = 0; i < SY_WRITE_COUNT; i++)
        sy_query_close(&writer->query[i]);
    sy_text_release(&writer->setup);
    sy_text_release(&writer->source);
    *writer = (sy_writer){0};
}

static const char *or_empty(const char *text) {
    return text != NULL ? text : "";
}

/* A count as a bound value: what is absent or too large for SQLite is NULL. */
static void bind_count(sy_query *query, uint64_t count) {
    if (count <= INT64_MAX)
        sy_query_integer(query, (int64_t)count);
    else
        sy_query_text(query, NULL);
}

/* Look up what is bound to `find`; if it is not there, run `insert`, which the caller has bound, and look
 * again. */
static sy_status find_key(sy_writer *writer, const sy_row *row, int64_t *out_key, sy_error *err) {
    char hash[SY_ROW_ID_MAX];
    sy_query *find = &writer->query[SY_WRITE_KEY_FIND], *insert = &writer->query[SY_WRITE_KEY];
    sy_status status = SY_OK;
    sy_key_hash(row, hash);
    if (!sy_hash_is_made(hash))
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a row's hash");
    for (int tries = 0; tries < 2 && *out_key == 0 && status == SY_OK; tries++) {
        if (tries > 0) {
            sy_query_text(insert, hash);
            sy_query_text(insert, or_empty(row->key.problem));
            sy_query_text(insert, row->key.data);
            sy_query_text(insert, row->key.cache);
            sy_query_text(insert, row->key.launch);
            status = sy_query_run(insert, err);
        }
        sy_query_text(find, hash);
        if (status == SY_OK)
            status = sy_query_find(find, out_key, err);
    }
    return status;
}

static void bind_subject(sy_query *insert, const char *hash, const sy_row *row) {
    sy_query_text(insert, hash);
    sy_query_text(insert, row->subject.backend);
    sy_query_text(insert, row->subject.algorithm);
    sy_query_text(insert, row->subject.device.name);
    sy_query_text(insert, row->subject.device.vendor);
    sy_query_text(insert, row->subject.device.scope);
    bind_count(insert, row->subject.config.threads);
    sy_query_integer(insert, row->subject.simulated == SY_TRI_YES);
}

static sy_status find_subject(sy_writer *writer, const sy_row *row, int64_t *out_subject, sy_error *err) {
    char hash[SY_ROW_ID_MAX];
    sy_query *find = &writer->query[SY_WRITE_SUBJECT_FIND], *insert = &writer->query[SY_WRITE_SUBJECT];
    sy_status status = SY_OK;
    sy_subject_hash(row, hash);
    if (!sy_hash_is_made(hash))
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a row's hash");
    for (int tries = 0; tries < 2 && *out_subject == 0 && status == SY_OK; tries++) {
        if (tries > 0) {
            bind_subject(insert, hash, row);
            status = sy_query_run(insert, err);
        }
        sy_query_text(find, hash);
        if (status == SY_OK)
            status = sy_query_find(find, out_subject, err);
    }
    return status;
}

/* One or two texts that name something: found by them, or kept. */
static sy_status find_texts(
    sy_writer *writer, uint32_t find_at, const char *first, const char *second, int64_t *out, sy_error *err) {
    sy_status status = SY_OK;
    const uint32_t order[] = {find_at, find_at + 1, find_at};
    for (size_t i = 0; i < 3 && *out == 0 && status == SY_OK; i++) {
        sy_query *query = &writer->query[order[i]];
        sy_query_text(query, first);
        if (second != NULL)
            sy_query_text(query, second);
        status = i == 1 ? sy_query_run(query, err) : sy_query_find(query, out, err);
    }
    return status;
}

static sy_status find_place(
    sy_writer *writer, const sy_sitting *sitting, const sy_row *row, int64_t *out_place, sy_error *err) {
    const char *host = sitting->host != NULL ? sitting->host : or_empty(sitting->node);
    const char *card = row->subject.device.physical_id != NULL ? row->subject.device.physical_id
                                                               : or_empty(row->request.device);
    return find_texts(writer, SY_WRITE_PLACE_FIND, host, card, out_place, err);
}

static sy_status find_setup(
    sy_writer *writer, const sy_sitting *sitting, const sy_row *row, int64_t *out_setup, sy_error *err) {
    sy_text_clear(&writer->setup);
    sy_text_append(&writer->setup, "", 0);
    sy_sitting_setup(sitting, row, &writer->setup);
    if (writer->setup.failed)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a row's libraries");
    return find_texts(writer, SY_WRITE_SETUP_FIND, writer->setup.data, NULL, out_setup, err);
}

static sy_status find_shared(
    sy_writer *writer, const sy_sitting *sitting, const sy_row *row, shared *out, sy_error *err) {
    *out = (shared){0};
    sy_status status = find_key(writer, row, &out->key, err);
    if (status == SY_OK)
        status = find_subject(writer, row, &out->subject, err);
    if (status == SY_OK)
        status = find_place(writer, sitting, row, &out->place, err);
    if (status == SY_OK)
        status = find_setup(writer, sitting, row, &out->setup, err);
    return status;
}

static void bind_series(sy_query *query, const shared *ids, const char *quantity, const char *source) {
    sy_query_integer(query, ids->key);
    sy_query_integer(query, ids->subject);
    sy_query_integer(query, ids->place);
    sy_query_text(query, quantity);
    sy_query_text(query, source);
}

static sy_status find_series(sy_writer *writer, const shared *ids, const char *quantity, const char *source,
    int64_t *out_series, sy_error *err) {
    sy_query *find = &writer->query[SY_WRITE_SERIES_FIND], *insert = &writer->query[SY_WRITE_SERIES];
    bind_series(find, ids, quantity, source);
    sy_status status = sy_query_find(find, out_series, err);
    if (status != SY_OK || *out_series != 0)
        return status;
    bind_series(insert, ids, quantity, source);
    status = sy_query_run(insert, err);
    bind_series(find, ids, quantity, source);
    return status == SY_OK ? sy_query_find(find, out_series, err) : status;
}

/* One value of a row. */
typedef struct value {
    const char *quantity, *source;
    double value, low, high;
} value;

static sy_status add_point(
    sy_writer *writer, int64_t run, const sy_row *row, const shared *ids, const value *point, sy_error *err) {
    sy_query *insert = &writer->query[SY_WRITE_POINT];
    int64_t series = 0;
    sy_status status = find_series(writer, ids, point->quantity, point->source, &series, err);
    if (status != SY_OK)
        return status;
    sy_query_integer(insert, series);
    sy_query_integer(insert, run);
    sy_query_text(insert, row->id);
    sy_query_integer(insert, ids->setup);
    sy_query_number(insert, point->value);
    sy_query_number(insert, point->low);
    sy_query_number(insert, point->high);
    return sy_query_run(insert, err);
}

static sy_status add_energy(sy_writer *writer, int64_t run, const sy_row *row, const shared *ids,
    const sy_row_energy *energy, sy_error *err) {
    double joule = energy->joule_per_run;
    if (energy->valid == SY_TRI_NO || !isfinite(joule) || joule <= 0)
        return SY_OK;
    sy_text_clear(&writer->source);
    sy_text_printf(&writer->source, "%s %s", or_empty(energy->scope), or_empty(energy->source));
    if (writer->source.failed)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a meter's name");
    /* The random part alone: the scale of a meter is the same in every run. */
    const double half = 1.96 * energy->u_random * joule;
    value point = {.quantity = SY_HISTORY_ENERGY,
        .source = writer->source.data,
        .value = joule,
        .low = joule - half,
        .high = joule + half};
    return add_point(writer, run, row, ids, &point, err);
}

static sy_status add_points(
    sy_writer *writer, int64_t run, const sy_row *row, const shared *ids, sy_error *err) {
    double median, ci95[2];
    sy_status status = SY_OK;
    if (!sy_row_has_time(row))
        return SY_OK;
    sy_row_headline(row, &median, ci95);
    value point = {.quantity = SY_HISTORY_TIME,
        .source = row->time.headline == SY_HEADLINE_DEVICE ? "device" : "host",
        .value = median,
        .low = ci95[0],
        .high = ci95[1]};
    if (isfinite(median) && median > 0)
        status = add_point(writer, run, row, ids, &point, err);
    for (size_t i = 0; i < row->energy.count && status == SY_OK; i++)
        status = add_energy(writer, run, row, ids, &row->energy.item[i], err);
    return status;
}

static sy_status add_name(sy_writer *writer, const char *name, int64_t key, sy_error *err) {
    sy_query *insert = &writer->query[SY_WRITE_NAME];
    if (name == NULL || name[0] == '\0')
        return SY_OK;
    sy_query_text(insert, name);
    sy_query_integer(insert, key);
    return sy_query_run(insert, err);
}

static sy_status add_names(sy_writer *writer, const sy_row *row, int64_t key, sy_error *err) {
    sy_status status = add_name(writer, row->origin.name, key, err);
    for (size_t i = 0; i < row->also.count && status == SY_OK; i++)
        status = add_name(writer, row->also.item[i].name, key, err);
    return status;
}

static sy_status add_result(sy_writer *writer, int64_t run, const sy_record_line *line, const shared *ids,
    int64_t content, sy_error *err) {
    sy_query *insert = &writer->query[SY_WRITE_RESULT];
    const sy_row *row = &line->row;
    double median = NAN, ci95[2] = {NAN, NAN};
    if (sy_row_has_time(row))
        sy_row_headline(row, &median, ci95);
    sy_query_integer(insert, run);
    sy_query_text(insert, row->id);
    sy_query_integer(insert, content);
    bind_count(insert, row->seq);
    sy_query_integer(insert, ids->key);
    sy_query_integer(insert, ids->subject);
    sy_query_integer(insert, ids->setup);
    sy_query_text(insert, line->time_utc);
    sy_query_text(insert, row->origin.name);
    sy_query_text(insert, row->request.device);
    sy_query_text(insert, row->request.algorithm);
    sy_query_integer(insert, row->status);
    sy_query_text(insert, row->reason);
    sy_query_number(insert, median);
    sy_query_number(insert, ci95[0]);
    sy_query_number(insert, ci95[1]);
    sy_query_number(insert, row->rate.flop_per_s);
    sy_query_number(insert, row->rate.byte_per_s);
    return sy_query_run(insert, err);
}

static sy_status add_row(sy_writer *writer, const sy_sitting *sitting, const sy_record_line *line,
    int64_t content, sy_error *err) {
    shared ids;
    sy_status status = find_shared(writer, sitting, &line->row, &ids, err);
    if (status == SY_OK)
        status = add_result(writer, sitting->run, line, &ids, content, err);
    if (status == SY_OK)
        status = add_points(writer, sitting->run, &line->row, &ids, err);
    if (status == SY_OK)
        status = add_names(writer, &line->row, ids.key, err);
    return status;
}

/* What is there of a row already, as SY_WRITTEN_* of the row that comes. */
static sy_status find_result(sy_writer *writer, int64_t run, const sy_row *row, int64_t content,
    uint32_t *out_written, sy_error *err) {
    sy_query *find = &writer->query[SY_WRITE_RESULT_FIND];
    bool has_row = false;
    sy_query_integer(find, run);
    sy_query_text(find, row->id);
    sy_status status = sy_query_next(find, &has_row, err);
    *out_written = SY_WRITTEN_NEW;
    if (!has_row)
        return status;
    bool is_same = sy_query_get_integer(find, 0) == content;
    bool was_skipped = sy_query_get_integer(find, 1) == SY_ROW_SKIPPED;
    bool is_skipped = row->status == SY_ROW_SKIPPED;
    sy_query_reset(find);
    *out_written = is_same || is_skipped ? SY_WRITTEN_KNOWN
                   : was_skipped         ? SY_WRITTEN_REPLACED
                                         : SY_WRITTEN_DIFFERING;
    return SY_OK;
}

sy_status sy_writer_row(sy_writer *writer, const sy_sitting *sitting, const sy_record_line *line,
    uint32_t *out_written, sy_error *err) {
    int64_t content = (int64_t)sy_line_key(line->text, line->bytes);
    sy_status status = find_result(writer, sitting->run, &line->row, content, out_written, err);
    if (status == SY_OK && *out_written == SY_WRITTEN_REPLACED) {
        sy_query *forget = &writer->query[SY_WRITE_RESULT_FORGET];
        sy_query_integer(forget, sitting->run);
        sy_query_text(forget, line->row.id);
        status = sy_query_run(forget, err);
    }
    if (status != SY_OK || *out_written == SY_WRITTEN_KNOWN || *out_written == SY_WRITTEN_DIFFERING)
        return status;
    return add_row(writer, sitting, line, content, err);
}

sy_status sy_writer_run(sy_writer *writer, const sy_sitting *sitting, const sy_record_line *line,
    int64_t *out_run, bool *out_is_new, sy_error *err) {
    sy_query *find = &writer->query[SY_WRITE_RUN_FIND], *insert = &writer->query[SY_WRITE_RUN];
    *out_run = 0;
    *out_is_new = false;
    sy_query_text(find, or_empty(line->run_id));
    sy_status status = sy_query_find(find, out_run, err);
    if (status != SY_OK || *out_run != 0)
        return status;
    *out_is_new = true;
    sy_query_text(insert, or_empty(line->run_id));
    sy_query_text(insert, or_empty(line->time_utc));
    sy_query_text(insert, sitting->host != NULL ? sitting->host : sitting->node);
    sy_query_text(insert, sitting->os);
    sy_query_text(insert, sitting->version);
    sy_query_text(insert, sitting->commit);
    sy_query_text(insert, sitting->command);
    status = sy_query_run(insert, err);
    sy_query_text(find, or_empty(line->run_id));
    return status == SY_OK ? sy_query_find(find, out_run, err) : status;
}
