/* Records to one export, line by line: rows that were skipped wait until it is known that nothing better
 * comes. */
#include "bench/report/export/export.h"

#include <fcntl.h>
#include <string.h>

#include "bench/record/key.h"
#include "bench/record/line.h"
#include "bench/record/reader.h"
#include "bench/report/export/github_read.h"
#include "bench/report/export/writer.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* A summary of GitHub's may have 1 MiB; what else is in it is not known. */
enum { OUTPUTS = 2, SUMMARY_BYTES = 1000000 };

/* A row that waits: its place in `waiting` of the state, and what it belongs to. */
typedef struct held_row {
    uint64_t key;
    const char *run_id;
} held_row;

typedef struct exporting {
    const sy_export_request *request;
    sy_export_result *result;
    sy_export output[OUTPUTS];
    size_t outputs;
    bool has_begun;
    sy_ids seen;
    sy_row_list waiting;
    held_row *held;
    size_t held_room;
    sy_arena arena;
    sy_environment environment;
    bool has_environment;
} exporting;

static sy_status no_memory(sy_error *err) {
    return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the report");
}

static bool has_failed(const sy_export *export) {
    bool failed = export->failed || export->out.text.failed;
    for (size_t i = 0; i < SY_EXPORT_PARTS; i++)
        failed = failed || export->part[i].failed;
    return failed;
}

static void begin(exporting *state) {
    for (size_t i = 0; i < state->outputs && !state->has_begun; i++) {
        state->output[i].environment = state->has_environment ? &state->environment : NULL;
        state->request->format->writer->begin(&state->output[i]);
    }
    state->has_begun = true;
}

/* A row to one output, unless it has had as much as it may. */
static sy_status write_one(exporting *state, sy_export *export, const sy_row *row, sy_error *err) {
    size_t before = export->out.text.length;
    if (export->most_byte > 0 && export->bytes >= export->most_byte) {
        export->dropped++;
        return SY_OK;
    }
    state->request->format->writer->row(export, row);
    export->rows++;
    if (row->status < SY_ROW_STATUS_COUNT)
        export->tally[row->subject.simulated == SY_TRI_YES][row->status]++;
    export->bytes += export->out.text.length - before;
    return has_failed(export) ? no_memory(err) : sy_out_flush(&export->out, false, err);
}

static sy_status write_row(exporting *state, const sy_row *row, const char *run_id, sy_error *err) {
    sy_status status = SY_OK;
    begin(state);
    for (size_t i = 0; i < state->outputs && status == SY_OK; i++) {
        state->output[i].run_id = run_id != NULL ? run_id : "";
        status = write_one(state, &state->output[i], row, err);
    }
    state->result->rows++;
    state->result->simulated += row->subject.simulated == SY_TRI_YES;
    state->result->timeless += !sy_row_has_time(row);
    return status;
}

static sy_status hold(exporting *state, const sy_row *row, uint64_t key, const char *run_id, sy_error *err) {
    size_t place = state->waiting.count;
    if (place == state->held_room) {
        size_t room = place > 0 ? 2 * place : 64;
        held_row *held = sy_mem_realloc(state->held, room * sizeof *held);
        if (held == NULL)
            return no_memory(err);
        state->held = held;
        state->held_room = room;
    }
    const char *kept = sy_arena_text(&state->arena, run_id != NULL ? run_id : "");
    if (kept == NULL)
        return no_memory(err);
    state->held[place] = (held_row){.key = key, .run_id = kept};
    return sy_row_list_append(&state->waiting, row, err);
}

static sy_status take_row(exporting *state, const char *run_id, const sy_row *row, sy_error *err) {
    uint64_t key = sy_run_row_key(run_id, row->id);
    uint32_t before = sy_ids_get(&state->seen, key), now = row->status;
    bool is_better = before == SY_ROW_SKIPPED && now != SY_ROW_SKIPPED;
    if (before != 0 && !is_better) {
        state->result->repeated++;
        return SY_OK;
    }
    if (!sy_ids_set(&state->seen, key, now))
        return no_memory(err);
    state->result->repeated += is_better;
    return now == SY_ROW_SKIPPED ? hold(state, row, key, run_id, err) : write_row(state, row, run_id, err);
}

static sy_status take_point(void *ctx, const sy_github_point *point, sy_error *err) {
    exporting *state = ctx;
    sy_github_row made;
    if (sy_github_row_of(point, &made))
        return take_row(state, made.run_id, &made.row, err);
    state->result->foreign++;
    return SY_OK;
}

static sy_status take_environment(exporting *state, const sy_record_line *line, sy_error *err) {
    if (state->has_environment || state->has_begun)
        return SY_OK;
    state->environment = line->environment;
    state->has_environment = true;
    return sy_fields_keep(&sy_environment_fields, &state->arena, &state->environment) ? SY_OK
                                                                                      : no_memory(err);
}

static sy_status take_record(exporting *state, const char *path, sy_error *err) {
    sy_reader *reader = NULL;
    const sy_record_line *line = NULL;
    sy_status status = sy_reader_open(path, &reader, err);
    while (status == SY_OK && (status = sy_reader_next(reader, &line, err)) == SY_OK) {
        if (sy_line_is_row(line->kind))
            status = take_row(state, line->run_id, &line->row, err);
        else if (line->kind == SY_LINE_ENVIRONMENT)
            status = take_environment(state, line, err);
    }
    if (reader != NULL)
        state->result->torn += sy_reader_torn(reader) > 0;
    /* Only the reader's own end is one; a failed row says something else. */
    bool is_end = status == SY_UNAVAILABLE && reader != NULL;
    sy_reader_close(reader);
    return is_end ? SY_OK : status;
}

static sy_status take_file(exporting *state, const char *path, sy_error *err) {
    return sy_github_is_named(path) ? sy_github_read(path, take_point, state, err)
                                    : take_record(state, path, err);
}

static sy_status write_waiting(exporting *state, sy_error *err) {
    sy_status status = SY_OK;
    for (size_t i = 0; i < state->waiting.count && status == SY_OK; i++)
        if (sy_ids_get(&state->seen, state->held[i].key) == SY_ROW_SKIPPED)
            status = write_row(state, &state->waiting.row[i], state->held[i].run_id, err);
    return status;
}

static sy_status finish(exporting *state, sy_error *err) {
    sy_status status = SY_OK;
    begin(state);
    for (size_t i = 0; i < state->outputs && status == SY_OK; i++) {
        state->request->format->writer->end(&state->output[i]);
        if (has_failed(&state->output[i]))
            status = no_memory(err);
    }
    /* The summary, which cannot be taken back, comes last. */
    for (size_t i = 0; i < state->outputs && status == SY_OK; i++)
        status = sy_out_finish(&state->output[i].out, err);
    return status;
}

/* Whether two paths are one file, as far as both are there. */
static bool is_same_file(const char *a, const char *b) {
    struct stat facts[2] = {{0}};
    const char *const path[] = {a, b};
    for (size_t i = 0; i < 2; i++) {
        int fd = strcmp(path[i], "-") == 0 ? -1 : sy_file_open(path[i], O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
        bool is_known = fd >= 0 && sy_file_stat(fd, &facts[i]) == 0 && S_ISREG(facts[i].st_mode);
        if (fd >= 0)
            sy_file_close(fd);
        if (!is_known)
            return false;
    }
    return facts[0].st_dev == facts[1].st_dev && facts[0].st_ino == facts[1].st_ino;
}

static sy_status open_outputs(exporting *state, sy_error *err) {
    const sy_export_request *request = state->request;
    for (size_t i = 0; i < request->count; i++)
        if (is_same_file(request->path[i], request->output))
            return sy_error_set(err, SY_INVALID_ARGUMENT, "%s is one of the files to read: choose another -o",
                request->output);
    state->outputs = 1;
    sy_status status = sy_out_open(request->output, &state->output[0].out, err);
    if (status != SY_OK || request->summary == NULL)
        return status;
    state->outputs = 2;
    state->output[1].most_byte = SUMMARY_BYTES;
    return sy_out_open_append(request->summary, &state->output[1].out, err);
}

static void release(exporting *state) {
    for (size_t i = 0; i < OUTPUTS; i++) {
        sy_out_close(&state->output[i].out);
        sy_ids_release(&state->output[i].names);
        for (size_t j = 0; j < SY_EXPORT_PARTS; j++)
            sy_text_release(&state->output[i].part[j]);
    }
    sy_ids_release(&state->seen);
    sy_row_list_release(&state->waiting);
    sy_mem_free(state->held);
    sy_arena_release(&state->arena);
}

sy_status sy_export_write(const sy_export_request *request, sy_export_result *out_result, sy_error *err) {
    *out_result = (sy_export_result){0};
    exporting state = {.request = request, .result = out_result};
    for (size_t i = 0; i < OUTPUTS; i++)
        state.output[i].out.fd = -1;
    sy_status status = open_outputs(&state, err);
    for (size_t i = 0; i < request->count && status == SY_OK; i++)
        status = take_file(&state, request->path[i], err);
    if (status == SY_OK)
        status = write_waiting(&state, err);
    if (status == SY_OK)
        status = finish(&state, err);
    release(&state);
    return status;
}
