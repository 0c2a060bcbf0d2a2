/* A record into a history: line by line, all of a file in one transaction. */
#include <string.h>

#include "bench/history/inside.h"
#include "bench/history/writer.h"
#include "bench/record/line.h"
#include "runtime/base/error.h"

/* A file being added. */
typedef struct adding {
    sy_writer writer;
    sy_sittings sittings;
    sy_history_added *added;
} adding;

static void count(sy_history_added *added, uint32_t written) {
    added->rows += written == SY_WRITTEN_NEW;
    added->known += written == SY_WRITTEN_KNOWN;
    added->replaced += written == SY_WRITTEN_REPLACED;
    added->differing += written == SY_WRITTEN_DIFFERING;
}

/* The row's sitting with its run in the database. A run begins with its first row: one without rows says
 * nothing. */
static sy_status find_run(
    adding *state, const sy_record_line *line, const sy_sitting **out_sitting, sy_error *err) {
    bool is_new = false;
    sy_sitting *sitting = sy_sittings_of(&state->sittings, line);
    if (sitting == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a run");
    *out_sitting = sitting;
    if (sitting->run != 0)
        return SY_OK;
    sy_status status = sy_writer_run(&state->writer, sitting, line, &sitting->run, &is_new, err);
    state->added->runs += is_new;
    return status;
}

static sy_status take_line(adding *state, const sy_record_line *line, sy_error *err) {
    const sy_sitting *sitting = NULL;
    uint32_t written = 0;
    if (line->kind == SY_LINE_ENVIRONMENT)
        return sy_sittings_note(&state->sittings, line)
                   ? SY_OK
                   : sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for an environment");
    if (!sy_line_is_row(line->kind))
        return SY_OK;
    sy_status status = find_run(state, line, &sitting, err);
    if (status == SY_OK)
        status = sy_writer_row(&state->writer, sitting, line, &written, err);
    if (status == SY_OK)
        count(state->added, written);
    return status;
}

static sy_status take_lines(adding *state, sy_reader *reader, sy_error *err) {
    const sy_record_line *line = NULL;
    sy_status status;
    while ((status = sy_reader_next(reader, &line, err)) == SY_OK) {
        status = take_line(state, line, err);
        if (status != SY_OK)
            return status;
    }
    state->added->torn_byte = sy_reader_torn(reader);
    return status == SY_UNAVAILABLE ? SY_OK : status;
}

static sy_status take_file(sy_history *history, sy_reader *reader, adding *state, sy_error *err) {
    const sy_database *database = &history->database;
    sy_status status = sy_database_run(database, "BEGIN IMMEDIATE", err);
    if (status != SY_OK)
        return status;
    status = sy_writer_open(database, &state->writer, err);
    if (status == SY_OK)
        status = take_lines(state, reader, err);
    sy_writer_close(&state->writer);
    if (status == SY_OK)
        status = sy_database_run(database, "COMMIT", err);
    if (status != SY_OK)
        (void)sy_database_run(database, "ROLLBACK", NULL);
    return status;
}

sy_status sy_history_add(sy_history *history, const char *file, sy_history_added *out_added, sy_error *err) {
    adding state = {.added = out_added};
    sy_reader *reader = NULL;
    *out_added = (sy_history_added){0};
    if (history->database.is_readonly)
        return sy_error_set(err, SY_REFUSED, "%s: open for reading only", history->database.path);
    sy_status status = sy_reader_open(file, &reader, err);
    if (status == SY_OK)
        status = take_file(history, reader, &state, err);
    sy_reader_close(reader);
    sy_sittings_release(&state.sittings);
    if (status != SY_OK)
        *out_added = (sy_history_added){0};
    return status;
}
