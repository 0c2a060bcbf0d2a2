/*
 * The page's words in another language, from a catalogue compiled by msgfmt. Read here and not through the C
 * library, whose catalogues follow the process' locale and need that locale to be installed.
 */
#ifndef STEELYARD_BENCH_REPORT_HTML_LANGUAGE_H
#define STEELYARD_BENCH_REPORT_HTML_LANGUAGE_H

#include <stddef.h>
#include <stdint.h>

#include "steelyard/status.h"

/** A catalogue; zeroed: English, every text is its own translation. bytes belongs to it. */
typedef struct sy_html_language {
    char *bytes;
    size_t size;
    uint32_t count, originals, translations;
} sy_html_language;

/**
 * Read `folder`/`name`/LC_MESSAGES/steelyard.mo.
 *
 * Owns     *out_language: sy_html_language_release(). Zeroed on any error.
 * Errors   SY_UNAVAILABLE: there is no such file; SY_INVALID_ARGUMENT: it is not a catalogue of this
 * machine's byte order, or its offsets lead out of it; SY_IO; SY_OUT_OF_MEMORY. Source   GNU gettext manual,
 * "The Format of GNU MO Files".
 */
sy_status sy_html_language_load(
    const char *folder, const char *name, sy_html_language *out_language, sy_error *err);

/** The translation, or the text itself. Borrowed. */
const char *sy_html_word(const sy_html_language *language, const char *english);

/** Free and zero. */
void sy_html_language_release(sy_html_language *language);

#endif
