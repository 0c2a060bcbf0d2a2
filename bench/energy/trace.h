/* Readings of one meter, in the order in which they were taken. */
#ifndef STEELYARD_ENERGY_TRACE_H
#define STEELYARD_ENERGY_TRACE_H

#include <stddef.h>
#include <stdint.h>

#include "steelyard/status.h"

/** A reading: the clock before and after it was taken, ns, and the value. */
typedef struct sy_energy_reading {
    uint64_t begin_ns, end_ns;
    double value;
} sy_energy_reading;

/**
 * Readings that worked. failures: how many did not; failure: why the last of these, and `status` its status.
 * cost_ns: time that reading took altogether. Zero-initialise.
 */
typedef struct sy_energy_trace {
    sy_energy_reading *reading;
    size_t count, capacity, failures;
    sy_status status;
    char failure[200];
    uint64_t cost_ns;
} sy_energy_trace;

/** Append. SY_OUT_OF_MEMORY leaves the trace as it was. */
sy_status sy_energy_trace_append(sy_energy_trace *trace, sy_energy_reading reading, sy_error *err);

/** Note a failure. */
void sy_energy_trace_fail(sy_energy_trace *trace, sy_status status, const char *text);

/** Free; zeroes. */
void sy_energy_trace_release(sy_energy_trace *trace);

#endif
