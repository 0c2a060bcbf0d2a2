/* A file read by whole lines of JSON, tolerant of a torn last one. */
#ifndef STEELYARD_BENCH_RECORD_LINES_H
#define STEELYARD_BENCH_RECORD_LINES_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "steelyard/status.h"

/** Longest line that is read. */
#define SY_LINE_MAX (UINT64_C(64) << 20)

/** What the lines are: the value of `schema`, how every line begins, and the words for errors ("Steelyard
 * record"). */
typedef struct sy_lines_form {
    const char *schema, *beginning, *what;
} sy_lines_form;

/**
 * A file being read.
 *
 * path    for errors. number: of the line that was read last, from 1. offset: bytes of all whole lines read.
 * torn    after the end was reached: bytes of a last line without a newline; 0 if there is none.
 */
typedef struct sy_lines {
    int fd;
    char *path, *buffer;
    size_t begin, end, capacity; /* unread bytes are buffer[begin, end) */
    uint64_t number, offset, torn;
    const sy_lines_form *form; /* borrowed */
} sy_lines;

/** Open `path` ("-": standard input); sy_lines_close(), also after an error. SY_IO, SY_OUT_OF_MEMORY. */
sy_status sy_lines_open(const char *path, const sy_lines_form *form, sy_lines *out_lines, sy_error *err);

/**
 * The next whole line without its newline, borrowed until the next call.
 *
 * Errors   SY_UNAVAILABLE: the end; SY_INCOMPATIBLE: what is left at the end is no torn line of this form;
 *          SY_OVERFLOW: beyond SY_LINE_MAX; SY_IO; SY_OUT_OF_MEMORY.
 */
sy_status sy_lines_next(sy_lines *lines, const char **out_text, size_t *out_bytes, sy_error *err);

/**
 * The JSON of the line that was read last. *out_json belongs to the caller.
 *
 * Errors   SY_INCOMPATIBLE: another schema, or none; SY_INVALID_ARGUMENT: no JSON; each with file:line.
 */
sy_status sy_lines_parse(
    const sy_lines *lines, const char *text, size_t bytes, json_t **out_json, sy_error *err);

/** Close and free. */
void sy_lines_close(sy_lines *lines);

#endif
