/*
 * One or more records as one self-contained page: no network, a strict content policy, whole without
 * JavaScript. Page one is for whoever buys and fits one sheet of A4; everything else stands below it. Nothing
 * here measures. Every text of a record goes through sy_html_escape().
 */
#ifndef STEELYARD_BENCH_REPORT_HTML_HTML_H
#define STEELYARD_BENCH_REPORT_HTML_HTML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/catalogue/document.h"
#include "bench/report/charts/charts.h"
#include "steelyard/status.h"

/* Languages of the page. X(constant, number, name, name in itself) */
#define SY_HTML_LANGUAGE_LIST(X)                                                                             \
    X(SY_HTML_ENGLISH, 1, "en", "English")                                                                   \
    X(SY_HTML_CHINESE, 2, "zh", "\u4e2d\u6587")
#define SY_HTML_ENUMERATOR(constant, number, name, own) constant = number,
enum { SY_HTML_LANGUAGE_LIST(SY_HTML_ENUMERATOR) };
#undef SY_HTML_ENUMERATOR

/** Where the page goes. write: `count` bytes, false if they cannot be taken (errno says why). */
typedef struct sy_html_sink {
    bool (*write)(void *ctx, const char *bytes, size_t count);
    void *ctx;
} sy_html_sink;

/**
 * What the page is made from.
 *
 * files        records, n_files of them (at least 1); "-" is standard input.
 * language     SY_HTML_*.
 * translations folder with LANGUAGE/LC_MESSAGES/steelyard.mo; NULL: English is all there is.
 * reference    device that the others are set against on page one, as asked for ("cuda:0") or its name; NULL:
 *              the first real one.
 * price        the reader's own figures: "cuda:0=210000,cpu=30000", or one number for every device; NULL:
 *              none. currency: its name, as text ("CNY"); NULL: none.
 * electricity  a kWh costs, in that currency; carbon: grams of CO2 a kWh. NaN: not given. carbon_source,
 *              electricity_source: year and source of that figure, or NULL.
 * command      the whole command line, for "how to reproduce"; argc words.
 * version      of the program that writes it.
 * figures      where published figures of devices are; NULL: rates are set against those that records have
 *              alone.
 * charts       where gnuplot and its templates are; NULL: a page without figures, which says so.
 */
typedef struct sy_html_request {
    const char *const *files;
    size_t n_files;
    uint32_t language;
    const char *translations, *reference, *price, *currency, *carbon_source, *electricity_source, *version;
    double electricity, carbon;
    const char *const *command;
    size_t n_command;
    const sy_reference_places *figures;
    const sy_chart_places *charts;
} sy_html_request;

/** What was written. is_english: another language was asked for, and its catalogue is not there. torn: files
 * whose last line was torn and left out. */
typedef struct sy_html_written {
    uint64_t bytes, rows, torn;
    bool is_english;
} sy_html_written;

/** No files, English, nothing of the reader's own. */
void sy_html_request_init(sy_html_request *out_request);

/** SY_HTML_* of "en", "zh"; 0 if it is neither. */
uint32_t sy_html_language_of(const char *name);

/** SY_HTML_* of the locale that LC_ALL, LC_MESSAGES or LANG name, the first of them that is set: Chinese for
 * "zh...", else English. */
uint32_t sy_html_language_of_locale(void);

/**
 * Write the page. Files are read once, line by line: a row takes a few hundred bytes, its samples a few bytes
 * each.
 *
 * sink      gets the page in pieces, in order; nothing before every file has been read.
 * Errors    SY_INVALID_ARGUMENT: no file, no such reference, a price that is none; those of sy_reader_next();
 *           SY_IO: the sink took no more; SY_OUT_OF_MEMORY.
 */
sy_status sy_html_write(
    const sy_html_request *request, const sy_html_sink *sink, sy_html_written *out_written, sy_error *err);

#endif
