/*
 * Backends written against backend.h in the manner of four kinds of vendor interface, with the vendor's calls
 * stubbed by local functions. They compute nothing: they prove that the ABI has a place for everything such
 * an interface needs. The driver in test_styles.c takes each one the whole way.
 */
#ifndef STEELYARD_TESTS_ABI_STYLE_H
#define STEELYARD_TESTS_ABI_STYLE_H

#include "steelyard/backend.h"

/** What the stubbed vendor saw; the driver's sy_host.ctx points at it. */
typedef struct style_seen {
    uint32_t launches;   /* kernels that reached the vendor's queue */
    uint32_t replays;    /* launches that came from a graph */
    uint32_t living;     /* vendor objects made and not released */
    uint32_t entered;    /* threads that are on the device */
    uint32_t violations; /* calls the vendor would have refused: wrong thread, argument missing ... */
} style_seen;

sy_backend_query_fn style_cuda_query, style_cann_query, style_cnnl_query, style_opencl_query;

/** Put a text into err and return status. */
sy_status style_fail(sy_error *err, sy_status status, const char *text);

/* Backend and device of all four. */
struct sy_backend {
    const sy_host *host;
    style_seen *seen;
};
struct sy_device {
    sy_backend *backend;
};

sy_status style_create(const sy_host *host, sy_backend **out_backend, sy_error *err);
void style_destroy(sy_backend *backend);

/** One device, "card"; entering and leaving is counted. */
extern const sy_device_api style_device;

/** Fill an algorithm up to the caller's size. */
void style_offer(const sy_algorithm *offered, sy_algorithm *out_algorithm);

/** No private layouts. */
sy_status style_no_layouts(sy_device *device, const sy_tensor *tensor, uint64_t *out_bytes, sy_error *err);

/** Zeroed memory that the vendor counts as one object; NULL without memory. */
void *style_make(style_seen *seen, size_t bytes);

/** Release such an object; NULL is fine. */
void style_drop(style_seen *seen, void *object);

#endif
