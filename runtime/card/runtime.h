/* What a backend of cards gives this folder: the calls of its vendor's runtime, evened out. */
#ifndef RUNTIME_CARD_RUNTIME_H
#define RUNTIME_CARD_RUNTIME_H

#include "steelyard/backend.h"

/** Ends of a copy. */
typedef enum sy_card_way_of_copy {
    SY_CARD_HOST_TO_DEVICE = 1,
    SY_CARD_DEVICE_TO_HOST = 2,
    SY_CARD_DEVICE_TO_DEVICE = 3,
} sy_card_way_of_copy;

/** What event_query() and stream_query() answer besides the vendor's codes: not done yet. */
#define SY_CARD_NOT_READY INT32_MIN

/**
 * Calls of a vendor's runtime. `stack` is the backend's own (its libraries). Each returns the vendor's code,
 * 0 for success. Handles and addresses of a device are void pointers that nobody here dereferences. All but
 * judge(), code_text() and capture_lacks() are made on threads that select() was called on. (optional) may be
 * NULL.
 */
typedef struct sy_card_runtime {
    /** The status a code stands for: SY_OUT_OF_MEMORY, SY_LOST (nothing works any more), SY_UNSUPPORTED,
     * SY_INTERNAL ... */
    sy_status (*judge)(void *stack, int code);
    /** Words for a code of any library of the stack, with its number; returns that number as the library
     * knows it. */
    int (*code_text)(void *stack, int code, char *out_text, size_t capacity);
    int (*select)(void *stack, int ordinal); /* this thread's current device */

    int (*alloc)(void *stack, uint64_t bytes, void **out_address);
    int (*free)(void *stack, void *address);
    int (*pinned_alloc)(void *stack, uint64_t bytes, void **out_address);
    int (*pinned_free)(void *stack, void *address);
    int (*memory_info)(void *stack, uint64_t *out_free, uint64_t *out_total); /* of the current device */
    int (*copy)(
        void *stack, void *to, const void *from, uint64_t bytes, sy_card_way_of_copy way, void *stream);
    int (*fill)(void *stack, void *address, uint8_t value, uint64_t bytes, void *stream);

    int (*stream_create)(void *stack, void **out_stream);
    int (*stream_destroy)(void *stack, void *stream);
    int (*stream_sync)(void *stack, void *stream);
    int (*stream_query)(void *stack, void *stream); /* (optional) */

    int (*event_create)(void *stack, bool is_timed, void **out_event);
    int (*event_destroy)(void *stack, void *event);
    int (*event_record)(void *stack, void *event, void *stream);
    int (*event_wait)(void *stack, void *stream, void *event); /* (optional) the stream waits */
    int (*event_query)(void *stack, void *event);
    int (*event_elapsed)(void *stack, void *start, void *stop, double *out_ns);

    /** (optional, all five or none) Record what comes into a stream, and replay it. capture_lacks() says why
     * the libraries that were opened cannot, NULL: they can, and only then the others are called.
     * capture_end() ends the recording whatever it returns, and makes a graph only with 0. */
    const char *(*capture_lacks)(void *stack);
    int (*capture_begin)(void *stack, void *stream);
    int (*capture_end)(void *stack, void *stream, void **out_graph);
    int (*graph_run)(void *stack, void *graph, void *stream);
    int (*graph_destroy)(void *stack, void *graph);

    double timer_resolution_ns; /* of event_elapsed(), 0 unknown */
    int no_host_memory;         /* the code that stands for it, for judge() */
} sy_card_runtime;

#endif
