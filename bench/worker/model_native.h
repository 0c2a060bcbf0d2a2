/* Networks by the library's own executor. */
#ifndef STEELYARD_WORKER_MODEL_NATIVE_H
#define STEELYARD_WORKER_MODEL_NATIVE_H

#include "bench/worker/model_side.h"
#include "runtime/registry/registry.h"

/**
 * Where it runs. on, backend: the device that is open and its backend. registry: where that was found;
 * option: settings for backends, ctx is passed to it. builtins: where the host is found, which runs what the
 * device lacks. Everything is borrowed for the life of the side.
 */
typedef struct sy_model_place {
    sy_backend_ref backend;
    sy_device *device;
    sy_queue *queue;
    sy_registry *registry;
    const sy_builtin *builtins;
    size_t builtin_count;
    const char *(*option)(void *ctx, const char *key);
    void *ctx;
} sy_model_place;

/** Load and compile. Errors: those of sy_network_load() and sy_compiled_create(); SY_INVALID_ARGUMENT:
 * --batch for a model without an input that has a first extent. */
sy_status sy_model_native_open(
    const sy_model_place *place, const sy_model_request *request, sy_model_side *out_side, sy_error *err);

#endif
