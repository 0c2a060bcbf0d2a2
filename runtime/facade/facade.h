/* What the files of the facade share: the structs behind the opaque names of steelyard/runtime.h. */
#ifndef STEELYARD_FACADE_FACADE_H
#define STEELYARD_FACADE_FACADE_H

#include "runtime/dispatch/dispatch.h"
#include "runtime/dispatch/tuning_file.h"
#include "runtime/dispatch/tuning_key.h"
#include "runtime/registry/registry.h"
#include "steelyard/runtime.h"

struct sy_runtime {
    sy_runtime_options options;
    char plugin_folder[1024], cache_folder[SY_TUNING_FOLDER_MAX];
    sy_registry *registry;
    sy_tuning tuning; /* what "auto" goes by; read once, with the environment */
};

struct sy_context {
    sy_runtime *runtime;
    sy_backend_ref ref;
    bool is_simulated;
    sy_tuning_key tuning;
    sy_device *device;
    sy_queue *queue;
};

struct sy_memory {
    sy_context *context;
    sy_buffer *buffer;
    uint64_t bytes;
};

struct sy_work {
    sy_context *context;
    sy_problem_storage storage;           /* as the algorithm wants it */
    sy_tensor given[SY_MAX_TENSORS];      /* as the caller fills it: constant operands in their own layout */
    uint64_t given_bytes[SY_MAX_TENSORS]; /* of the caller's memory */
    uint64_t bytes[SY_MAX_TENSORS];       /* of the operand the plan gets */
    void *attr;                           /* copy of a handmade problem's attribute */
    sy_algorithm algorithm;
    sy_plan *plan;
    sy_span workspace; /* shared by the jobs: they are on one queue */
};

struct sy_job {
    sy_work *work;
    sy_buffer *prepared[SY_MAX_TENSORS]; /* constant operands in the algorithm's layout */
    sy_binding *binding;
};

/** Settings of the environment: STEELYARD_<KEY>, or STEELYARD_<NAME> for "lib.<name>"; NULL if unset or if
 * `key` holds anything but lower-case letters, digits, '_' and the one prefix. */
const char *sy_environment_setting(const char *key);

/** A variable of the environment for sy_tuning_folder(); `ctx` is not used. */
const char *sy_environment_variable(void *ctx, const char *name);

/** Folder of the plugins that belong to this library: beside libsteelyard.so, else <program>/../lib; "" if
 * neither can be told. */
void sy_environment_folder(char *out_folder, size_t capacity);

#endif
