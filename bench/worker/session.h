/*
 * A worker's state and the answers to its requests (protocol.h): a registry, one backend, one opened device,
 * its queue, the block of input data. Runs in the child, or in process under --isolation none. One thread.
 */
#ifndef STEELYARD_WORKER_SESSION_H
#define STEELYARD_WORKER_SESSION_H

#include <jansson.h>

#include "runtime/registry/registry.h"
#include "steelyard/status.h"

typedef struct sy_session sy_session;

/**
 * A session that has opened nothing yet. `memory_fd` takes the outputs; it stays the caller's, and so do the
 * built-in rows, which outlive the session.
 */
sy_status sy_session_create(
    const sy_builtin *builtins, size_t builtin_count, int memory_fd, sy_session **out_session, sy_error *err);

/** Close everything in reverse order. NULL is fine. */
void sy_session_destroy(sy_session *session);

/** Answer one request. The caller owns the reply; NULL only without memory. */
json_t *sy_session_handle(sy_session *session, const json_t *request);

/**
 * The life of a worker process: answer requests on `channel_fd` until it closes. Returns the exit status.
 */
int sy_session_serve(const sy_builtin *builtins, size_t builtin_count, int channel_fd, int memory_fd);

#endif
