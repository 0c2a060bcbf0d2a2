/* What a series is of, in words. */
#ifndef STEELYARD_BENCH_HISTORY_VIEW_SUBJECT_TEXT_H
#define STEELYARD_BENCH_HISTORY_VIEW_SUBJECT_TEXT_H

#include "bench/history/series.h"
#include "bench/report/quantity.h"

/** Append "SIMULATED gemm m=64 n=64 k=64 f32 on sim simulated accelerator, reference-loops; host vm, card x,
 * host clock", clean; no newline. */
void sy_series_describe(sy_text *out, const sy_series *series, const sy_report_style *style);

/** "2026-11-22" of a time as records have it; clean. */
sy_cell sy_day_text(const char *time_utc);

/** The unit in which a value of the series is best shown. */
sy_unit sy_series_unit(const sy_series *series, double largest);

#endif
