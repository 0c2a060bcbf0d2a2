/*
 * A network that can be run, whoever compiled it: the library's own executor (model_native.c), or a backend
 * that takes model files as they are (model_foreign.c). One face for both, so that whoever measures need not
 * know.
 */
#ifndef STEELYARD_WORKER_MODEL_SIDE_H
#define STEELYARD_WORKER_MODEL_SIDE_H

#include <stdbool.h>

#include "steelyard/model.h"

/**
 * What to load. Borrowed for the life of what is opened.
 *
 * bind, n_bind  as sy_compile_options has them, without values. batch: if above 1, the first extent of every
 *               input: one that is open is fixed, one that the file fixes is replaced.
 * no_passes     the reference: the graph as it is, operator by operator.
 */
typedef struct sy_model_request {
    const char *path;
    const sy_network_bind *bind;
    uint32_t n_bind, dtype, math, no_passes, no_winograd;
    uint64_t batch;
} sy_model_request;

typedef struct sy_model_side sy_model_side;

/** Calls of one kind of network. `model` and `instance` are what open() and instance_create() gave. */
typedef struct sy_model_face {
    /** As sy_compiled_port_get(): extents are all fixed. */
    sy_status (*port)(void *model, uint32_t index, sy_network_port *out_port, sy_error *err);
    /** What is known of it; all zero if nothing is. */
    sy_status (*info)(void *model, sy_compiled_info *out_info, sy_error *err);
    /** As sy_compiled_step_get(); SY_UNAVAILABLE past the end, and where steps are not known. */
    sy_status (*step)(void *model, uint32_t index, sy_compiled_step *out_step, sy_error *err);
    /** Each instance runs on a thread of its own, which calls enter() first and leave() last. */
    sy_status (*instance_create)(void *model, void **out_instance, sy_error *err);
    void (*instance_destroy)(void *instance);
    sy_status (*enter)(void *model, sy_error *err);
    void (*leave)(void *model);
    /** As sy_instance_run(), sy_instance_times_get(), sy_instance_profile(). */
    sy_status (*run)(void *instance, const void *const *in, uint32_t n_in, void *const *out, uint32_t n_out,
        sy_error *err);
    sy_status (*times)(void *instance, sy_instance_times *out_times, sy_error *err);
    sy_status (*profile)(void *instance, bool is_on, sy_error *err);
    void (*close)(void *model);
} sy_model_face;

/** An opened network. is_whole: the backend took the file as it is. load_ns, compile_ns: by the host's clock.
 */
struct sy_model_side {
    const sy_model_face *face;
    void *model;
    bool is_whole;
    uint64_t load_ns, compile_ns;
};

/** Close; zeroes. Zeroed is fine. Instances are gone before. */
void sy_model_side_close(sy_model_side *side);

/**
 * The extents of an input: `dim` as the file has them, changed by request->batch and by the bindings that
 * name the input or a symbol (dim_name; NULL where there are none). Errors: SY_INVALID_ARGUMENT: a binding of
 * another rank.
 */
sy_status sy_model_bind_extents(
    const sy_model_request *request, const sy_network_port *port, int64_t *out_dim, sy_error *err);

#endif
