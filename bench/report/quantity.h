/* Numbers as people read them: three digits, thin groups, units, percents, durations. C locale. */
#ifndef STEELYARD_BENCH_REPORT_QUANTITY_H
#define STEELYARD_BENCH_REPORT_QUANTITY_H

#include "bench/report/print.h"

/** A scale of a unit: value / divisor is shown with `name`. */
typedef struct sy_unit {
    const char *name;
    double divisor;
} sy_unit;

/** The unit of a family in which `largest` has at least one digit before the point. */
sy_unit sy_unit_flop_rate(double largest, bool is_integer); /* GFLOP/s TFLOP/s PFLOP/s; integer: GOP/s ... */
sy_unit sy_unit_byte_rate(double largest);                  /* MB/s GB/s */
sy_unit sy_unit_time(double largest_ns);                    /* ns us ms s */
sy_unit sy_unit_joule(double largest);                      /* nJ uJ mJ J kJ MJ */
sy_unit sy_unit_watt(double largest);                       /* mW W kW MW */
sy_unit sy_unit_flop_energy(
    double largest, bool is_integer);        /* MFLOP/J GFLOP/J TFLOP/J; integer: MOP/J ... */
sy_unit sy_unit_byte_energy(double largest); /* kB/J MB/J GB/J */

/** Three significant digits, four if `precision` (a fraction; NaN unknown) is better than 0.5 %, groups of
 * three from 1000 on: "0.41", "131", "131.2", "1 310". "n/a" if not finite. */
sy_cell sy_print_number(double value, double precision, const sy_report_style *style);

/** `significant` digits (1 to 4), groups of three from 1000 on; zeros fill up what is not significant: "1
 * 300". "n/a" if not finite. */
sy_cell sy_print_digits(double value, int significant, const sy_report_style *style);

/** "±0.9 %", "±12 %"; "" if not finite. */
sy_cell sy_print_precision(double precision, const sy_report_style *style);

/** "96 %"; "n/a" if not finite. */
sy_cell sy_print_percent(double fraction);

/** "9 min 40 s", "1 h 02 min", "12 s", "0.4 s"; "" if not finite. */
sy_cell sy_print_duration(double ns);

/** Half of an interval's width over the value; NaN if there is none. */
double sy_precision_of(double value, const double interval[2]);

#endif
