/* Texts as cells of comma-separated values. */
#ifndef STEELYARD_BENCH_REPORT_CSV_TEXT_H
#define STEELYARD_BENCH_REPORT_CSV_TEXT_H

#include "runtime/base/text.h"

/** Append a cell: quoted where RFC 4180 wants it, control characters as spaces, and a quote mark in front
 * where a spreadsheet would see a formula. */
void sy_csv_text(sy_text *out, const char *text);

#endif
