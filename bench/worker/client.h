/*
 * The parent's end of a worker: start it (fork and exec of this program), call it with a limit of time, tell
 * how it died, end it. One worker serves one backend and plugin file. Not for several threads at once.
 */
#ifndef STEELYARD_WORKER_CLIENT_H
#define STEELYARD_WORKER_CLIENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "runtime/registry/registry.h"
#include "steelyard/status.h"

typedef struct sy_worker sy_worker;

/**
 * How to start a worker. Borrowed during the call, except the built-in array, which must outlive an
 * in-process one.
 *
 * builtins     backends linked into the program (used in process only: a child brings its own).
 * in_process   no child: calls run here (--isolation none). A crash then takes everything along.
 * wake_fd      a descriptor that becomes readable when the user interrupts; -1: none.
 */
typedef struct sy_worker_options {
    const sy_builtin *builtins;
    size_t builtin_count;
    bool in_process;
    int wake_fd;
} sy_worker_options;

/** Start a worker. Errors: SY_IO (fork, exec, socket), SY_OUT_OF_MEMORY. */
sy_status sy_worker_start(const sy_worker_options *options, sy_worker **out_worker, sy_error *err);

/**
 * Send a request and wait for its reply, at most `timeout_ms` (SY_CHANNEL_FOREVER: no limit). Steals
 * `request`. A status in the reply other than SY_OK is returned with its text, and *out_reply is still given.
 *
 * Errors  SY_TIMEOUT: no answer in time; SY_LOST: the worker died, and the text says by which signal or exit
 * status and gives its last words; SY_REFUSED: interrupted. After these three the worker is good for
 * sy_worker_end() only.
 */
sy_status sy_worker_call(
    sy_worker *worker, json_t *request, int64_t timeout_ms, json_t **out_reply, sy_error *err);

/** Whether calls are still possible. */
bool sy_worker_alive(const sy_worker *worker);

/**
 * Read the outputs the worker has written: *out_data is valid until the next call or sy_worker_end().
 * SY_INTERNAL if `bytes` is more than there is.
 */
sy_status sy_worker_outputs(sy_worker *worker, uint64_t bytes, const void **out_data, sy_error *err);

/** What the worker printed last, at most `capacity` bytes with the NUL, one line; "" if it printed nothing.
 */
void sy_worker_last_words(sy_worker *worker, char *out_text, size_t capacity);

/**
 * End a worker: politely if it is idle, else SIGTERM, SIGKILL, and at most 10 s of waiting.
 * Returns SY_TIMEOUT if it could not be reaped: the device is then wedged. NULL is fine.
 */
sy_status sy_worker_end(sy_worker *worker);

#endif
