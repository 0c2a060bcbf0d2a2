/*
 * A minimal backend in host memory, the body of the stub plugins: one device, synchronous queue, f32 GEMM by
 * a naive loop, reorder between strided layouts. Uses the ABI and the C library only, like a foreign plugin.
 */
#ifndef STEELYARD_TESTS_PLUGINS_HOST_H
#define STEELYARD_TESTS_PLUGINS_HOST_H

#include "steelyard/backend.h"

sy_status host_create(const sy_host *host, sy_backend **out_backend, sy_error *err);
void host_destroy(sy_backend *backend);

extern const sy_device_api host_device;
extern const sy_memory_api host_memory;
extern const sy_queue_api host_queue;
extern const sy_work_api host_work;

/** Whether a span lies within its buffer. */
int host_span_is_inside(sy_span span);

/** Put a text into err and return status. */
sy_status host_fail(sy_error *err, sy_status status, const char *text);

#endif
