/* Members of JSON objects, for the formats that are JSON. */
#ifndef STEELYARD_BENCH_REPORT_EXPORT_JSON_H
#define STEELYARD_BENCH_REPORT_EXPORT_JSON_H

#include "bench/report/export/facts.h"

/** Append `,"name":value`; nothing if the number is not finite, the count not known, the text NULL. `name` is
 * a plain word. Texts are made fit as by sy_export_clean(). */
void sy_export_member_number(sy_text *out, const char *name, double value);
void sy_export_member_count(sy_text *out, const char *name, uint64_t value);
void sy_export_member_text(sy_text *out, const char *name, const char *text);

/** Append a cleaned text in quotes; NULL is "". */
void sy_export_quote(sy_text *out, const char *text);

#endif
