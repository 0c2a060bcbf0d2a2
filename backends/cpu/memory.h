/* Buffers in host memory, and the spans that calls name. */
#ifndef BACKENDS_CPU_MEMORY_H
#define BACKENDS_CPU_MEMORY_H

#include "steelyard/backend.h"

/** A buffer: `data` of `bytes` bytes; `owned` is freed with it (imported memory is the caller's). */
struct sy_buffer {
    sy_device *device;
    unsigned char *data;
    uint64_t bytes;
    void *owned;
};

/** The memory table. Large buffers ask for huge pages, and their pages are first touched by the pool's
 * threads in the shares in which streams use them. */
extern const sy_memory_api sy_cpu_memory_api;

/**
 * Address of a span. Errors: SY_INVALID_ARGUMENT: no buffer, beyond its end, or not of `device`; `what`
 * names the operand in the text.
 */
sy_status sy_cpu_span_data(
    const sy_device *device, const sy_span *span, const char *what, unsigned char **out_data, sy_error *err);

#endif
