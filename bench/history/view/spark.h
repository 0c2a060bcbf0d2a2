/* A series as one line of characters. */
#ifndef STEELYARD_BENCH_HISTORY_VIEW_SPARK_H
#define STEELYARD_BENCH_HISTORY_VIEW_SPARK_H

#include "runtime/base/text.h"

/**
 * Append values as a line of at most `columns` characters (1 or more): blocks of eight heights between the
 * least and the greatest, or without UTF-8 the ASCII characters "_.-=+*#@" from low to high. Neighbours that
 * share a character are shown by their median. All equal: the lowest.
 *
 * scratch   `count` doubles.
 */
void sy_spark(sy_text *out, const double *values, size_t count, size_t columns, bool utf8, double *scratch);

#endif
