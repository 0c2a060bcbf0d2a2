/* Writing the result record. */
#include "bench/record/record.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench/record/file.h"
#include "bench/record/ids.h"
#include "bench/record/line.h"
#include "bench/record/utc_text.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

struct sy_record {
    sy_line_file file;
    char *path, *node;
    char run_id[SY_RUN_ID_MAX];
    uint64_t rank;
    sy_ids ids;  /* status of every row in the file */
    sy_ids done; /* those that were final when it was opened */
    sy_text text;
};

static void make_run_id(char out_id[SY_RUN_ID_MAX]) {
    uint32_t chance = 0;
    uint64_t utc_ns = sy_clock_utc_ns();
    struct tm parts;
    time_t seconds = (time_t)(utc_ns / UINT64_C(1000000000));
    char whole[20] = "";
    if (getentropy(&chance, sizeof chance) != 0)
        chance = (uint32_t)(utc_ns ^ (uint64_t)getpid() << 16);
    if (gmtime_r(&seconds, &parts) != NULL)
        strftime(whole, sizeof whole, "%Y%m%dT%H%M%SZ", &parts);
    snprintf(out_id, SY_RUN_ID_MAX, "%s-%08" PRIx32, whole, chance);
}

static sy_status no_memory(sy_error *err) {
    return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the result record");
}

static sy_status note_line(sy_record *record, const sy_record_line *line, sy_error *err) {
    uint64_t id;
    snprintf(record->run_id, sizeof record->run_id, "%s", line->run_id);
    if (!sy_line_is_row(line->kind) || !sy_ids_parse(line->row.id, &id))
        return SY_OK;
    bool is_final = line->row.status != SY_ROW_SKIPPED;
    bool is_noted = sy_ids_set(&record->ids, id, line->row.status);
    if (is_noted && is_final)
        is_noted = sy_ids_set(&record->done, id, line->row.status);
    return is_noted ? SY_OK : no_memory(err);
}

/* Take over what is there: ids with their status, the run's id, and the end of the last whole line. */
static sy_status take_over(sy_record *record, sy_error *err) {
    sy_reader *reader = NULL;
    const sy_record_line *line = NULL;
    sy_error end = SY_ERROR_INIT;
    sy_status status = sy_reader_open(record->path, &reader, err);
    if (status != SY_OK)
        return status;
    while ((status = sy_reader_next(reader, &line, &end)) == SY_OK)
        if ((status = note_line(record, line, &end)) != SY_OK)
            break;
    bool is_whole = status == SY_UNAVAILABLE;
    uint64_t torn = sy_reader_torn(reader), offset = sy_reader_offset(reader);
    sy_reader_close(reader);
    if (!is_whole)
        return sy_error_set(err, status, "%s", end.text);
    return torn > 0 ? sy_line_file_cut(&record->file, offset, err) : SY_OK;
}

sy_status sy_record_open(const sy_record_target *target, sy_record **out_record, sy_error *err) {
    *out_record = NULL;
    sy_record *record = sy_mem_calloc(1, sizeof *record);
    if (record == NULL)
        return no_memory(err);
    record->file.fd = -1;
    record->rank = target->rank;
    record->path = sy_mem_strdup(target->path);
    record->node = target->node != NULL ? sy_mem_strdup(target->node) : NULL;
    sy_status status = SY_OK;
    if (record->path == NULL || (target->node != NULL && record->node == NULL))
        status = no_memory(err);
    if (status == SY_OK) {
        make_run_id(record->run_id);
        status = sy_line_file_open(record->path, target->resume, &record->file, err);
    }
    if (status == SY_OK && target->resume)
        status = take_over(record, err);
    if (status != SY_OK) {
        sy_record_close(record);
        return status;
    }
    *out_record = record;
    return SY_OK;
}

void sy_record_close(sy_record *record) {
    if (record == NULL)
        return;
    sy_line_file_close(&record->file);
    sy_ids_release(&record->ids);
    sy_ids_release(&record->done);
    sy_text_release(&record->text);
    sy_mem_free(record->path);
    sy_mem_free(record->node);
    sy_mem_free(record);
}

/* Write one line; its head is filled in here. */
static sy_status write_line(sy_record *record, sy_record_line *line, sy_error *err) {
    char time_text[SY_UTC_TEXT_MAX];
    line->run_id = record->run_id;
    line->time_utc = sy_utc_text(sy_clock_utc_ns(), time_text);
    line->node = record->node;
    line->rank = record->rank;
    sy_text_release(&record->text);
    sy_line_write(line, &record->text);
    if (record->text.failed)
        return no_memory(err);
    return sy_line_file_append(&record->file, record->text.data, record->text.length, true, err);
}

sy_status sy_record_begin(sy_record *record, const sy_environment *environment, const char *const *plan,
    size_t plan_count, sy_error *err) {
    char hash[SY_ROW_ID_MAX];
    sy_plan_hash(plan, plan_count, hash);
    sy_record_line line = {.kind = SY_LINE_ENVIRONMENT, .environment = *environment};
    line.plan = (sy_record_plan){.ids = {.item = plan, .count = plan_count}, .hash = hash};
    return write_line(record, &line, err);
}

sy_status sy_record_row(sy_record *record, const sy_row *row, sy_error *err) {
    uint64_t id;
    bool is_named = row->id != NULL && sy_ids_parse(row->id, &id);
    bool is_whole = row->key.problem != NULL && row->key_hash != NULL && row->request.device != NULL &&
                    row->status > 0 && row->status < SY_ROW_STATUS_COUNT;
    if (!is_named || !is_whole)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "row '%s' cannot be written: it lacks id, key, device or status", row->id != NULL ? row->id : "");
    /* The id first: once a line is on the disk, nothing may fail any more. */
    uint32_t before = sy_ids_get(&record->ids, id);
    if (!sy_ids_set(&record->ids, id, row->status))
        return no_memory(err);
    sy_record_line line = {.kind = sy_line_kind_of(row), .row = *row};
    sy_status status = write_line(record, &line, err);
    if (status != SY_OK)
        sy_ids_set(&record->ids, id, before > 0 ? before : SY_ROW_STATUS_COUNT);
    return status;
}

sy_status sy_record_total(sy_record *record, const sy_total *total, sy_error *err) {
    sy_record_line line = {.kind = SY_LINE_TOTAL, .total = *total};
    return write_line(record, &line, err);
}

sy_status sy_record_peak(sy_record *record, const sy_peak *peak, sy_error *err) {
    sy_record_line line = {.kind = SY_LINE_PEAK, .peak = *peak};
    return write_line(record, &line, err);
}

sy_status sy_record_end(sy_record *record, double duration_ns, bool interrupted, sy_error *err) {
    sy_record_line line = {.kind = SY_LINE_END};
    sy_ids_tally(&record->ids, line.ending.rows, SY_ROW_STATUS_COUNT);
    line.ending.duration_ns = duration_ns;
    line.ending.interrupted = sy_tri_of(interrupted);
    return write_line(record, &line, err);
}

bool sy_record_done(const sy_record *record, const char *id) {
    uint64_t number;
    return sy_ids_parse(id, &number) && sy_ids_get(&record->done, number) != 0;
}

uint64_t sy_record_count(const sy_record *record) {
    uint64_t rows[SY_ROW_STATUS_COUNT], sum = 0;
    sy_ids_tally(&record->ids, rows, SY_ROW_STATUS_COUNT);
    for (size_t i = 0; i < SY_ROW_STATUS_COUNT; i++)
        sum += rows[i];
    return sum;
}

const char *sy_record_run_id(const sy_record *record) {
    return record->run_id;
}
