/* Several records joined into one, line by line, as they are. */
#include "bench/record/merge.h"

#include "bench/record/file.h"
#include "bench/record/ids.h"
#include "bench/record/key.h"
#include "bench/record/line.h"
#include "bench/record/reader.h"
#include "runtime/base/error.h"

typedef struct merging {
    sy_line_file file;
    sy_ids rows, others;
    sy_merge_result *result;
} merging;

/* Whether a line is to be written; notes it. */
static sy_status choose(merging *state, const sy_record_line *line, bool *out_wanted, sy_error *err) {
    bool is_row = sy_line_is_row(line->kind);
    sy_ids *seen = is_row ? &state->rows : &state->others;
    uint64_t key = is_row ? sy_run_row_key(line->run_id, line->row.id) : sy_line_key(line->text, line->bytes);
    uint32_t before = sy_ids_get(seen, key);
    uint32_t now = is_row ? line->row.status : 1;
    *out_wanted = before == 0 || (is_row && before == SY_ROW_SKIPPED && now != SY_ROW_SKIPPED);
    state->result->rows += is_row && *out_wanted;
    state->result->left_out += is_row && !*out_wanted;
    if (*out_wanted && !sy_ids_set(seen, key, now))
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory to merge");
    return SY_OK;
}

static sy_status merge_lines(merging *state, sy_reader *reader, sy_error *err) {
    const sy_record_line *line = NULL;
    sy_status status;
    while ((status = sy_reader_next(reader, &line, err)) == SY_OK) {
        bool is_wanted = false;
        status = choose(state, line, &is_wanted, err);
        /* The newline stands behind the line in the reader's buffer. */
        if (status == SY_OK && is_wanted)
            status = sy_line_file_append(&state->file, line->text, line->bytes + 1, false, err);
        if (status != SY_OK)
            return status;
    }
    state->result->torn += sy_reader_torn(reader) > 0;
    return status == SY_UNAVAILABLE ? SY_OK : status;
}

static sy_status merge_file(merging *state, const char *path, sy_error *err) {
    sy_reader *reader = NULL;
    sy_status status = sy_reader_open(path, &reader, err);
    if (status == SY_OK)
        status = merge_lines(state, reader, err);
    sy_reader_close(reader);
    return status;
}

sy_status sy_record_merge(const char *const *paths, size_t count, const char *out_path,
    sy_merge_result *out_result, sy_error *err) {
    *out_result = (sy_merge_result){0};
    merging state = {.result = out_result};
    sy_status status = sy_line_file_open(out_path, false, &state.file, err);
    for (size_t i = 0; i < count && status == SY_OK; i++)
        status = merge_file(&state, paths[i], err);
    if (status == SY_OK)
        status = sy_line_file_append(&state.file, "", 0, true, err);
    sy_line_file_close(&state.file);
    sy_ids_release(&state.rows);
    sy_ids_release(&state.others);
    return status;
}
