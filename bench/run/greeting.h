/* The first words to a worker: where to look for backends, and the settings that are handed to them. */
#ifndef STEELYARD_RUN_GREETING_H
#define STEELYARD_RUN_GREETING_H

#include "bench/run/target.h"

/**
 * Start a worker and say hello. `plugin`: exactly that file and no built-in backend; NULL: built-in ones
 * only. With `out_reply` (may be NULL) the reply is handed on, the caller's. Errors as sy_worker_start() and
 * sy_worker_call(); *out_worker is NULL then.
 */
sy_status sy_greet_worker(const sy_target_places *places, const char *plugin, sy_worker **out_worker,
    json_t **out_reply, sy_error *err);

/** Settings handed to backends, by name: those of the environment and of the configuration. The caller's;
 * NULL without memory. */
json_t *sy_greet_options(const sy_target_places *places);

/** What backends there are, built in and found. The caller frees *out_backends with sy_mem_free(). */
sy_status sy_greet_scan(
    const sy_target_places *places, sy_found_backend **out_backends, size_t *out_count, sy_error *err);

#endif
