/* Columns of a meter's log: which hold time and value, and a line of it to a reading. Pure. */
#ifndef STEELYARD_ENERGY_CSV_FORMAT_H
#define STEELYARD_ENERGY_CSV_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#include "steelyard/status.h"

/**
 * What the header says. Columns from 0.
 *
 * separator  ',' ';' or a tab, whichever the header has first.
 * column     name of the value's column. kind: SY_ENERGY_COUNTER or SY_ENERGY_POWER_INSTANT. scale: to J or
 * W.
 */
typedef struct sy_energy_csv_format {
    char separator, column[48];
    size_t time, value;
    uint64_t time_unit_ns;
    uint32_t kind;
    double scale;
} sy_energy_csv_format;

/** A line of the log. utc_ns; value in J or W; decimals: digits that were written behind the point. */
typedef struct sy_energy_csv_reading {
    uint64_t utc_ns;
    double value;
    int decimals;
} sy_energy_csv_reading;

/**
 * Read a header. Time: the first column called utc, time, timestamp, datetime, unix, epoch, alone or with
 * _utc, _s, _ms, _us, _ns behind it. Value: the column called `column` ("": the first) whose name ends in a
 * unit: W mW kW J mJ kJ Wh mWh kWh, alone or as in power_w, "Power (W)", "energy [kWh]".
 *
 * Errors  SY_INVALID_ARGUMENT: there is no such column; the text says what would be right.
 */
sy_status sy_energy_csv_header(
    const char *line, const char *column, sy_energy_csv_format *out_format, sy_error *err);

/** Read a line. SY_INVALID_ARGUMENT with what is wrong. */
sy_status sy_energy_csv_line(
    const sy_energy_csv_format *format, const char *line, sy_energy_csv_reading *out_reading, sy_error *err);

#endif
