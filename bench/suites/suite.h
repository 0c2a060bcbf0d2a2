/*
 * A suite: an ordered list of problems with what is known about each, read from a file, standard input or the
 * command line. Problems stay strings here ("gemm:m=512,..."); sy_spec_parse() gives them their meaning.
 */
#ifndef STEELYARD_BENCH_SUITES_SUITE_H
#define STEELYARD_BENCH_SUITES_SUITE_H

#include "steelyard/status.h"
#include "steelyard/types.h"

/* Limits of what is accepted; texts in bytes without the NUL. */
#define SY_SUITE_FILE_MAX (UINT64_C(64) << 20)
#define SY_SUITE_ITEMS_MAX 1000000u
#define SY_SUITE_COUNT_MAX UINT64_C(1000000000)
#define SY_SUITE_NAME_MAX 200u
#define SY_SUITE_TITLE_MAX 500u
#define SY_SUITE_PHASE_MAX 32u
#define SY_SUITE_PROBLEM_MAX 500u
#define SY_SUITE_HINTS_MAX 8u
#define SY_SUITE_FILTER_MAX 1000u

/**
 * One problem. All texts are valid UTF-8 without control characters and belong to the suite.
 *
 * problem     as sy_spec_parse() takes it; sweeps are already expanded.
 * name        NULL if it has none; unique within the suite otherwise.
 * phase       "decode", "prefill", "encode", or NULL.
 * count       how often the shape occurs in one pass of the model, 1 to SY_SUITE_COUNT_MAX.
 * context     cached tokens that a decode attention assumes; 0: none given.
 * dtype_hint  SY_DTYPE codes that make sense, most natural first; dtype_hint_count of them.
 * verified    false if a figure behind the shape could not be checked.
 */
typedef struct sy_suite_item {
    char *problem, *name, *phase;
    uint64_t count, context;
    uint32_t dtype_hint[SY_SUITE_HINTS_MAX], dtype_hint_count;
    bool verified;
} sy_suite_item;

/**
 * A suite and where it came from; a plain value that its reader fills.
 *
 * name     the file's own, else the file's name without its ending, "stdin", or "command-line".
 * title    NULL if it has none.
 * version  of the suite ("quick/1"); 0 if it has none.
 * sha256   of the bytes read (of the problem string for "command-line"), 64 hex digits.
 */
typedef struct sy_suite {
    char *name, *title;
    uint64_t version;
    char sha256[65];
    sy_suite_item *item;
    size_t count, capacity;
} sy_suite;

/** Folders in which suites are found by name, first match wins. Borrowed. */
typedef struct sy_suite_places {
    const char *const *folder;
    size_t count;
} sy_suite_places;

/**
 * Read what one argument of the command line names.
 *
 *   -                 standard input, its format found out by looking at it
 *   has a '/' first   a path ("./x", "../x", "/x"); so is what ends in .json, .csv or .txt, and has no ':'
 *   has a ':'         a problem string, sweeps included
 *   else              <folder>/<what>.json in `places`
 *
 * Owns     *out_suite belongs to the caller: sy_suite_destroy(); NULL on error.
 * Errors   SY_INVALID_ARGUMENT: no such suite (known names in the text), or malformed, with file and line,
 *          or the problem's index and name; SY_IO; SY_OUT_OF_MEMORY; SY_OVERFLOW: a limit above.
 */
sy_status sy_suite_load(const char *what, const sy_suite_places *places, sy_suite **out_suite, sy_error *err);

/** As sy_suite_load() for the file `path`, whatever it looks like. */
sy_status sy_suite_load_file(const char *path, sy_suite **out_suite, sy_error *err);

/** As sy_suite_load() for an open file that can be read to its end; `label` as in sy_suite_read(). */
sy_status sy_suite_load_fd(int fd, const char *label, sy_suite **out_suite, sy_error *err);

/**
 * Read a suite from memory. JSON if it begins with '{', CSV if its first line that is no comment is a header
 * (no ':' in it), else one problem string a line with '#' comments.
 *
 * label    what errors call it (a path); gives the suite its name if the text has none.
 * Errors   as sy_suite_load().
 */
sy_status sy_suite_read(
    const char *data, size_t bytes, const char *label, sy_suite **out_suite, sy_error *err);

/** Free a suite; NULL is fine. */
void sy_suite_destroy(sy_suite *suite);

/**
 * Keep the items whose name (or problem string, if there is no name) matches a POSIX extended expression.
 * Nothing left is no error here: several suites may share one filter.
 *
 * Errors   SY_INVALID_ARGUMENT: not a valid expression, or longer than SY_SUITE_FILTER_MAX; nothing changed.
 */
sy_status sy_suite_filter(sy_suite *suite, const char *expression, sy_error *err);

/**
 * Give every convolution `batch` images in place of its own n; a suite without any stays as it is. Where all
 * convolutions of the suite had n = 1 (a network written for one image), its products of phase "encode"
 * follow: m times `batch`, or, for weights=dynamic (attention), batch times `batch`, so that a total is still
 * one pass over `batch` images.
 *
 * out_convs  number of convolutions changed; may be NULL.
 * Errors     SY_INVALID_ARGUMENT: batch is 0; SY_OVERFLOW, SY_OUT_OF_MEMORY: the suite may then be half
 *            changed and is only good for sy_suite_destroy().
 */
sy_status sy_suite_set_batch(sy_suite *suite, uint64_t batch, size_t *out_convs, sy_error *err);

/**
 * Names of the suites in `places`, sorted, each once.
 *
 * Owns     *out_names and its `*out_count` texts belong to the caller: sy_suite_names_free().
 * Errors   SY_OUT_OF_MEMORY. A folder that is not there has no names.
 */
sy_status sy_suite_names(const sy_suite_places *places, char ***out_names, size_t *out_count, sy_error *err);

/** Free what sy_suite_names() gave; NULL is fine. */
void sy_suite_names_free(char **names, size_t count);

#endif
