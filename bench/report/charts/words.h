/* Names from outside made fit for an SVG text. */
#ifndef STEELYARD_BENCH_REPORT_CHARTS_WORDS_H
#define STEELYARD_BENCH_REPORT_CHARTS_WORDS_H

#include "runtime/base/text.h"

/** Append a name: cleaned as for a screen, cut in its middle to `columns` (at most 255 bytes of it), escaped.
 * NULL: nothing. */
void sy_chart_put_name(sy_text *out, const char *name, unsigned columns);

/** Append a sentence of ours of any length: escaped; controls and what is not UTF-8 become '?'. */
void sy_chart_put_sentence(sy_text *out, const char *sentence);

#endif
