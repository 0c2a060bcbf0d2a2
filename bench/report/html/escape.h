/* Texts from outside made harmless for the place in a page they go to. */
#ifndef STEELYARD_BENCH_REPORT_HTML_ESCAPE_H
#define STEELYARD_BENCH_REPORT_HTML_ESCAPE_H

#include "runtime/base/text.h"

/**
 * Append a text as content of an element or a quoted attribute: & < > " ' become references; control
 * characters, DEL, C1, bidirectional controls, byte order marks and bytes that are not UTF-8 become U+FFFD,
 * line and paragraph separators a space. NULL: nothing.
 */
void sy_html_escape(sy_text *out, const char *text);

/**
 * Append a JSON string, quotes included, that can stand inside a script element: besides what JSON wants, < >
 * & and U+2028, U+2029 are written as \u escapes, so that neither </script> nor <!-- can come about. NULL:
 * null.
 */
void sy_html_escape_json(sy_text *out, const char *text);

#endif
