/* Where an axis is marked, and what stands there: few, round, in the C locale. */
#ifndef STEELYARD_BENCH_REPORT_CHARTS_TICKS_H
#define STEELYARD_BENCH_REPORT_CHARTS_TICKS_H

#include <stdbool.h>
#include <stddef.h>

/* Most ticks of an axis, and room for the text of a number. */
enum { SY_TICKS_MAX = 16, SY_TICK_TEXT_MAX = 32 };

/** An axis: its ends, and how it runs. */
typedef struct sy_axis {
    double low, high;
    bool is_logarithmic;
} sy_axis;

/** Ticks of an axis, rising. */
typedef struct sy_ticks {
    double at[SY_TICKS_MAX];
    size_t count;
} sy_ticks;

/** At most about `wanted` (2 to 8) ticks within an axis whose low is below high; powers of ten and, where
 * those are few, their double and half on a logarithmic one. */
sy_ticks sy_ticks_of(const sy_axis *axis, size_t wanted);

/** "1.5 G", "0", "20 m": a number with the prefix of its power of 1000 (p to E), three digits. */
void sy_tick_text(double value, char out_text[SY_TICK_TEXT_MAX]);

/** "0.1", "2000": without a prefix from a thousandth up to below 100 000, as sy_tick_text() otherwise. */
void sy_tick_plain(double value, char out_text[SY_TICK_TEXT_MAX]);

/** "45 %" of a fraction. */
void sy_tick_percent(double value, char out_text[SY_TICK_TEXT_MAX]);

#endif
