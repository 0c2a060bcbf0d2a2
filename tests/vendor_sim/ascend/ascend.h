/*
 * The inside of the simulated ACL runtime, which the libraries of operators share. Functions want the lock of
 * common/world.h held, unless they begin an exported function. Codes are aclErrors.
 */
#ifndef TESTS_VENDOR_SIM_ASCEND_ASCEND_H
#define TESTS_VENDOR_SIM_ASCEND_ASCEND_H

#include <stdbool.h>
#include <stdint.h>

#include "tests/vendor_sim/ascend/acl.h"
#include "tests/vendor_sim/ascend/soc.h"
#include "tests/vendor_sim/common/stream.h"

/* Kinds of objects. */
#define AS_CONTEXT "context"
#define AS_STREAM "stream"
#define AS_EVENT "event"

/** device: of all that there are; number: as the runtime counts. code: what every call in it returns, once
 * something that ran in it failed; 0 before. */
typedef struct as_context {
    int device, number, code;
} as_context;

typedef struct as_stream {
    sim_stream *queue;
    void *context;
    int device;
} as_stream;

/** flags 0: of aclrtCreateEvent(). stream: it was last recorded on. */
typedef struct as_event {
    sim_event *event;
    void *context;
    aclrtStream stream;
    uint32_t flags;
    bool is_unlimited;
    int device;
} as_event;

/* state.c */
#pragma GCC visibility push(default)
/** Begin an exported function of an initialised library (sim_enter()). */
int as_enter(const char *function);
/** The same, in a context that works. */
int as_enter_here(const char *function, as_context **out_context);
/** The same for letting go, which works in a context that does not, and on a device that is lost. */
int as_enter_apart(const char *function, as_context **out_context);
/** Say why, for aclGetRecentErrMsg(); returns `code`. */
__attribute__((format(printf, 2, 3))) int as_fail(int code, const char *format, ...);
#pragma GCC visibility pop

/* context.c */
#pragma GCC visibility push(default)
/** The thread's context, or ACL_ERROR_RT_CONTEXT_NULL. */
int as_context_here(as_context **out_context);
/** Its handle; NULL if the thread has none. */
void *as_context_handle(void);
#pragma GCC visibility pop
/** The library ends: no thread has a context any more. */
void as_context_forget(void);

/* stream.c */
#pragma GCC visibility push(default)
/** The queue behind a stream (NULL: the default one) of the thread's context. */
int as_stream_find(aclrtStream stream, sim_stream **out_queue);
#pragma GCC visibility pop
/** Wait for what a device was given so far, leaving failures to whom they belong. */
#pragma GCC visibility push(default)
void as_stream_settle(int device);
#pragma GCC visibility pop
/** Streams and events of a context that are alive. */
uint32_t as_stream_count(const void *context);
uint32_t as_event_count(const void *context);

/* use.c: what work in progress uses. */
#define AS_USES_MAX 12u
typedef struct as_use {
    struct as_use *next, **link;
    uint32_t count;
    struct {
        const char *address;
        uint64_t bytes;
    } range[AS_USES_MAX];
    const void *object[AS_USES_MAX];
} as_use;

#pragma GCC visibility push(default)
/** A piece of work begins, and is over. NULL: the host has no memory. */
as_use *as_use_begin(void);
void as_use_end(as_use *use);
/** It uses a range of memory, or none (bytes 0), and an object, or none. */
void as_use_add(as_use *use, const void *address, uint64_t bytes, const void *object);
bool as_use_of_memory(const void *address, uint64_t bytes);
bool as_use_of_object(const void *object);
#pragma GCC visibility pop

#endif
