/* Growing a suite: for the readers of the formats, not for users of suites. */
#ifndef STEELYARD_BENCH_SUITES_BUILD_H
#define STEELYARD_BENCH_SUITES_BUILD_H

#include "bench/suites/row.h"
#include "bench/suites/suite.h"

/** An empty suite. SY_OUT_OF_MEMORY. */
sy_status sy_suite_create(sy_suite **out_suite, sy_error *err);

/**
 * Expand a problem string and append what comes out, each with the row's name (plus the sweep's tag), phase,
 * count, context and hints. `row` NULL: a bare problem.
 * Errors  as sy_sweep_expand(); SY_OVERFLOW beyond SY_SUITE_ITEMS_MAX; SY_OUT_OF_MEMORY.
 */
sy_status sy_suite_append(sy_suite *suite, const char *problem, const sy_row *row, sy_error *err);

/** Replace a text of the suite by a copy of `text`. SY_OUT_OF_MEMORY; the old one is kept. */
sy_status sy_suite_set_text(char **text, const char *value, sy_error *err);

/** The checks that need the whole list: not empty, no name twice. SY_INVALID_ARGUMENT. */
sy_status sy_suite_finish(sy_suite *suite, sy_error *err);

/**
 * The readers of the formats: append every problem in `data` (which needs no NUL at its end) and set the
 * title and name, if the text has them. Errors carry line or index, not the file.
 */
sy_status sy_suite_read_json(sy_suite *suite, const char *data, size_t bytes, sy_error *err);
sy_status sy_suite_read_csv(sy_suite *suite, const char *data, size_t bytes, sy_error *err);
sy_status sy_suite_read_lines(sy_suite *suite, const char *data, size_t bytes, sy_error *err);

/** A suite of one problem string, its sweeps expanded, called "command-line". Errors as sy_suite_append(). */
sy_status sy_suite_read_problem(const char *problem, sy_suite **out_suite, sy_error *err);

/** Whether a text begins as a problem does ("op:") and is printable ASCII without blanks and '#'. */
bool sy_suite_is_problem(const char *text);

/** One line of a text; `begin` is not NUL-terminated. */
typedef struct sy_line {
    const char *begin;
    size_t bytes, number;
} sy_line;

/**
 * Step to the next line that is neither blank nor a '#' comment; blanks around it and a CR at its end are cut
 * off. Start with a zeroed line. False after the last.
 */
bool sy_line_next(const char *data, size_t bytes, size_t *io_offset, sy_line *io_line);

/** Whether a name is lower-case letters, digits, '.', '_' and '-' only, and not empty. */
bool sy_suite_is_name(const char *name);

#endif
