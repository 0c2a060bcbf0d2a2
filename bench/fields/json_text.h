/* Writing JSON text: quoted strings and numbers that any reader takes. */
#ifndef STEELYARD_BENCH_FIELDS_JSON_TEXT_H
#define STEELYARD_BENCH_FIELDS_JSON_TEXT_H

#include "runtime/base/text.h"

/**
 * Append a text in quotes. Control characters, line separators (U+0085, U+2028, U+2029) and DEL are escaped;
 * a byte that is not UTF-8 becomes U+FFFD. NULL: null.
 */
void sy_json_quote(sy_text *out, const char *text);

/** Length of the well-formed UTF-8 sequence that a text begins with, and its code point; 0 if there is none.
 * Source: RFC 3629. */
size_t sy_json_decode(const char *text, uint32_t *out_code);

/** Append a number, shortest form that reads back equal; null if it is not finite. */
void sy_json_f64(sy_text *out, double value);

/** The double nearest to `value` with nine significant decimal digits: what a sample is kept with. */
double sy_json_round9(double value);

#endif
