/* A meter's log that something else writes while we measure: reading on in it, and the readings of a window.
 */
#ifndef STEELYARD_ENERGY_CSV_LOG_H
#define STEELYARD_ENERGY_CSV_LOG_H

#include <stdbool.h>

#include "bench/energy/csv_format.h"
#include "bench/energy/lines.h"
#include "bench/energy/trace.h"

/** How to wait for more of a log. */
typedef void sy_energy_csv_sleep(uint64_t ns);

/** It is waited so often, so long: 3 s. */
enum { SY_ENERGY_CSV_WAITS = 30, SY_ENERGY_CSV_WAIT_MS = 100 };

/**
 * An open log. path is the caller's.
 *
 * data     behind the header. resume: a line that was read, of time resume_utc_ns, to go on from; 0: none.
 * last_utc_ns  time of the reading before, 0: none. base: first count that was given out, J.
 */
typedef struct sy_energy_csv_log {
    const char *path;
    sy_energy_csv_sleep *sleep;
    sy_energy_csv_format format;
    sy_energy_line_place data, resume;
    uint64_t resume_utc_ns, last_utc_ns;
    double base;
    bool has_base;
    sy_energy_lines lines;
} sy_energy_csv_log;

/**
 * Open a file and read its header, by sy_energy_csv_header(). Not below any root: the user named it.
 *
 * Errors  SY_UNAVAILABLE: no such file, SY_REFUSED: no permission; SY_INVALID_ARGUMENT: no plain file, or its
 *         header is not one; SY_IO. Nothing is open then.
 */
sy_status sy_energy_csv_log_open(const char *path, const char *column, sy_energy_csv_sleep *sleep,
    sy_energy_csv_log *out_log, sy_error *err);

void sy_energy_csv_log_close(sy_energy_csv_log *log);

/**
 * Next reading; blank lines and those that begin with '#' are passed over.
 *
 * Errors  SY_UNAVAILABLE: none so far. SY_INVALID_ARGUMENT: this line is bad, with its number and what is
 * wrong; the next may not be. SY_REFUSED: time went back. SY_IO.
 */
sy_status sy_energy_csv_log_next(sy_energy_csv_log *log, sy_energy_csv_reading *out_reading, sy_error *err);

/**
 * As sy_energy_meter.collect. A bad line between the readings of the window counts as a failure of the trace.
 *
 * Errors  SY_TIMEOUT: it ends before the window and did not grow in time; SY_INVALID_ARGUMENT: its time goes
 * back; SY_INTERNAL: its counter went back; SY_UNAVAILABLE: it became shorter; SY_IO; SY_OUT_OF_MEMORY. What
 * was read until then is in the trace.
 */
sy_status sy_energy_csv_log_collect(sy_energy_csv_log *log, uint64_t begin_utc_ns, uint64_t end_utc_ns,
    int64_t utc_minus_clock_ns, sy_energy_trace *trace, sy_error *err);

#endif
