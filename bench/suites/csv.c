/* The CSV form of a suite: field names as header, a problem a line, quotes as in RFC 4180. */
#include "bench/suites/build.h"
#include "bench/words/words.h"
#include "runtime/base/error.h"

#include <string.h>

#define COLUMNS_MAX 64u
#define RECORD_MAX 4096u

/* The cells of one line; texts lie one after the other in `text`. */
typedef struct csv_record {
    const char *cell[COLUMNS_MAX];
    size_t count;
    char text[RECORD_MAX + 1];
} csv_record;

static sy_status refuse(const sy_line *line, const char *why, sy_error *err) {
    return sy_error_set(err, SY_INVALID_ARGUMENT, "line %zu: %s", line->number, why);
}

/* A quoted cell from its opening quote on; returns what follows its closing quote, NULL if there is none. */
static const char *read_quoted(const char *at, const char *end, char **io_out) {
    char *out = *io_out;
    for (at++; at < end; at++) {
        if (*at == '"' && (at + 1 == end || at[1] != '"')) {
            *io_out = out;
            return at + 1;
        }
        at += *at == '"';
        *out++ = *at;
    }
    return NULL;
}

/* A bare cell without the blanks around it. */
static const char *read_bare(const char *at, const char *end, char **io_out) {
    char *out = *io_out;
    while (at < end && *at == ' ') {
        at++;
    }
    for (; at < end && *at != ','; at++) {
        *out++ = *at;
    }
    while (out > *io_out && out[-1] == ' ') {
        out--;
    }
    *io_out = out;
    return at;
}

static sy_status read_record(const sy_line *line, csv_record *record, sy_error *err) {
    const char *at = line->begin, *end = line->begin + line->bytes;
    char *out = record->text;
    record->count = 0;
    if (line->bytes > RECORD_MAX / 2) {
        return refuse(line, "longer than 2048 bytes", err);
    }
    if (!sy_word_is_clean(line->begin, line->bytes)) {
        return refuse(line, "a control character, or not UTF-8", err);
    }
    for (bool more = true; more; at++) {
        if (record->count == COLUMNS_MAX) {
            return refuse(line, "more than 64 columns", err);
        }
        record->cell[record->count++] = out;
        at = at < end && *at == '"' ? read_quoted(at, end, &out) : read_bare(at, end, &out);
        if (at == NULL) {
            return refuse(line, "a quote is not closed", err);
        }
        *out++ = '\0';
        if (at < end && *at != ',') {
            return refuse(line, "a closing quote must be followed by a comma", err);
        }
        more = at < end;
    }
    return SY_OK;
}

/* The header must have 'op', and no name twice; *out_op is its column. */
static sy_status check_header(const sy_line *line, const csv_record *header, size_t *out_op, sy_error *err) {
    bool has_op = false;
    for (size_t i = 0; i < header->count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (header->cell[i][0] != '\0' && strcmp(header->cell[i], header->cell[j]) == 0) {
                return sy_error_set(err, SY_INVALID_ARGUMENT, "line %zu: two columns are called %s",
                    line->number, sy_word_quote(header->cell[i]).text);
            }
        }
        if (strcmp(header->cell[i], "op") == 0) {
            has_op = true;
            *out_op = i;
        }
    }
    return has_op ? SY_OK
                  : refuse(line, "neither a problem (op:field=value,...) nor a CSV header with a column 'op'",
                        err);
}

static sy_status read_row(
    const csv_record *header, const csv_record *record, size_t op_column, sy_suite *suite, sy_error *err) {
    char problem[SY_SUITE_PROBLEM_MAX + 1];
    sy_row row;
    sy_status status = sy_row_begin(&row, record->cell[op_column], err);
    for (size_t i = 0; status == SY_OK && i < header->count; i++) {
        if (record->cell[i][0] != '\0') {
            status = sy_row_set(&row, header->cell[i], SY_CELL_ANY, record->cell[i], err);
        }
    }
    if (status == SY_OK) {
        status = sy_row_print(&row, problem, err);
    }
    return status == SY_OK ? sy_suite_append(suite, problem, &row, err) : status;
}

sy_status sy_suite_read_csv(sy_suite *suite, const char *data, size_t bytes, sy_error *err) {
    csv_record header, record;
    sy_line line = {0};
    size_t offset = 0, op_column = 0;
    if (!sy_line_next(data, bytes, &offset, &line)) {
        return SY_OK;
    }
    sy_status status = read_record(&line, &header, err);
    if (status == SY_OK) {
        status = check_header(&line, &header, &op_column, err);
    }
    while (status == SY_OK && sy_line_next(data, bytes, &offset, &line)) {
        status = read_record(&line, &record, err);
        if (status == SY_OK && record.count != header.count) {
            return sy_error_set(err, SY_INVALID_ARGUMENT, "line %zu: %zu cells, but the header has %zu",
                line.number, record.count, header.count);
        }
        if (status == SY_OK) {
            status = read_row(&header, &record, op_column, suite, err);
            status = status == SY_OK ? SY_OK : sy_error_prefix(err, status, "line %zu", line.number);
        }
    }
    return status;
}
