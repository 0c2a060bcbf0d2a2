/* Readings in a growing array. */
#include "bench/energy/trace.h"

#include <stdio.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

enum { FIRST_CAPACITY = 64 };

sy_status sy_energy_trace_append(sy_energy_trace *trace, sy_energy_reading reading, sy_error *err) {
    if (trace->count == trace->capacity) {
        size_t capacity = trace->capacity > 0 ? 2 * trace->capacity : FIRST_CAPACITY;
        sy_energy_reading *grown = sy_mem_realloc(trace->reading, capacity * sizeof *grown);
        if (grown == NULL)
            return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %zu readings of a meter", capacity);
        trace->reading = grown;
        trace->capacity = capacity;
    }
    trace->reading[trace->count++] = reading;
    return SY_OK;
}

void sy_energy_trace_fail(sy_energy_trace *trace, sy_status status, const char *text) {
    trace->failures++;
    trace->status = status;
    snprintf(trace->failure, sizeof trace->failure, "%s", text);
}

void sy_energy_trace_release(sy_energy_trace *trace) {
    sy_mem_free(trace->reading);
    *trace = (sy_energy_trace){0};
}
