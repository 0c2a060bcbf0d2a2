/* The plainest form of a suite: one problem string a line. Also what counts as a line. */
#include "bench/suites/build.h"
#include "bench/words/words.h"
#include "runtime/base/error.h"

#include <string.h>

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

bool sy_line_next(const char *data, size_t bytes, size_t *io_offset, sy_line *io_line) {
    while (*io_offset < bytes) {
        const char *begin = data + *io_offset;
        const char *end = memchr(begin, '\n', bytes - *io_offset);
        end = end != NULL ? end : data + bytes;
        *io_offset = (size_t)(end - data) + 1;
        io_line->number++;
        while (begin < end && is_blank(*begin)) {
            begin++;
        }
        while (end > begin && is_blank(end[-1])) {
            end--;
        }
        if (begin < end && *begin != '#') {
            io_line->begin = begin;
            io_line->bytes = (size_t)(end - begin);
            return true;
        }
    }
    return false;
}

bool sy_suite_is_problem(const char *text) {
    size_t op_bytes = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");
    for (const char *at = text; *at != '\0'; at++) {
        if (*at <= ' ' || *at > '~' || *at == '#') {
            return false;
        }
    }
    return op_bytes > 0 && text[op_bytes] == ':';
}

/* Cut off a comment and the blanks before it, and copy what is left. */
static sy_status copy_problem(const sy_line *line, char out_text[SY_SUITE_PROBLEM_MAX + 1], sy_error *err) {
    const char *hash = memchr(line->begin, '#', line->bytes);
    size_t bytes = hash != NULL ? (size_t)(hash - line->begin) : line->bytes;
    while (bytes > 0 && is_blank(line->begin[bytes - 1])) {
        bytes--;
    }
    if (bytes > SY_SUITE_PROBLEM_MAX) {
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "problem longer than %u characters", SY_SUITE_PROBLEM_MAX);
    }
    memcpy(out_text, line->begin, bytes);
    out_text[bytes] = '\0';
    if (strlen(out_text) < bytes || !sy_suite_is_problem(out_text)) {
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s is no problem: wanted is op:field=value,...",
            sy_word_quote_bytes(line->begin, bytes).text);
    }
    return SY_OK;
}

sy_status sy_suite_read_lines(sy_suite *suite, const char *data, size_t bytes, sy_error *err) {
    char problem[SY_SUITE_PROBLEM_MAX + 1];
    sy_line line = {0};
    size_t offset = 0;
    sy_status status = SY_OK;
    while (status == SY_OK && sy_line_next(data, bytes, &offset, &line)) {
        status = copy_problem(&line, problem, err);
        if (status == SY_OK) {
            status = sy_suite_append(suite, problem, NULL, err);
        }
        if (status != SY_OK) {
            return sy_error_prefix(err, status, "line %zu", line.number);
        }
    }
    return SY_OK;
}
