/*
 * libsteelyard for embedders: find devices, prepare a problem, bind memory to it, run it.
 *
 * Everything happens in the caller's process: vendor libraries are loaded into it, and a crash in one of them
 * is the caller's crash. (The program steelyard measures in a child process instead.) Nothing is printed, no
 * signal is touched, and no global state is kept: two runtimes do not know of each other.
 *
 * From a problem to its result:
 *
 *     sy_runtime_create    which backends there are
 *     sy_context_open      one device with one queue
 *     sy_work_create       one problem prepared on it; may take seconds
 *     sy_memory_create     memory of the device; write and read it
 *     sy_job_create        the work tied to memory
 *     sy_job_run           enqueue; as often as wanted
 *     sy_context_sync      wait
 *
 * Lifetimes go the same way: destroy jobs before their work and memory, these before their context, contexts
 * before their runtime. Destroying NULL does nothing.
 *
 * Threads. A runtime may be used from one thread at a time, and so may a context with all that was made on
 * it; different contexts are independent of each other. A thread other than the one that opened a context
 * calls sy_context_enter() before it uses it, and sy_context_leave() when it is done.
 *
 * Errors. See status.h; every function takes a sy_error that may be NULL. Outputs are NULL or 0 on error.
 */
#ifndef STEELYARD_RUNTIME_H
#define STEELYARD_RUNTIME_H

#include "steelyard/backend.h"
#include "steelyard/problem.h"
#include "steelyard/status.h"
#include "steelyard/types.h"

#pragma GCC visibility push(default)

typedef struct sy_runtime sy_runtime;
typedef struct sy_context sy_context;
typedef struct sy_work sy_work;
typedef struct sy_memory sy_memory;
typedef struct sy_job sy_job;

/** Backends that are linked into libsteelyard, for sy_runtime_options. Static storage. */
const sy_builtin *sy_builtin_list(size_t *out_count);

enum {
    /**
     * Take from the environment what is left NULL below: plugin_path from STEELYARD_PLUGIN_PATH (ignored in a
     * program with raised privileges); a setting that `option` does not know from STEELYARD_<KEY>,
     * "lib.<name>" from STEELYARD_<NAME>, "cache_dir" else as the user's cache folder. The algorithm "auto"
     * then goes by what `steelyard tune` has found for this user, device and problem, as it was when the
     * runtime was made, unless the setting "tuned" is "off". And plugin_folder becomes "steelyard" beside
     * libsteelyard.so, or "../lib/steelyard" beside the program.
     */
    SY_RUNTIME_ENVIRONMENT = 1
};

/** How to make a runtime. All pointers are borrowed for its life; zero is "none". */
typedef struct sy_runtime_options {
    uint32_t size, flags; /* SY_RUNTIME_* */
    /** Backends linked in: sy_builtin_list() or the caller's own. */
    const sy_builtin *builtins;
    size_t builtin_count;
    /** Absolute folders of plugins, colon-separated; and one folder of the program's own, searched last. */
    const char *plugin_path, *plugin_folder;
    /** SHA-256 (hex) of plugin files admitted whatever their owner and mode; NULL-terminated. */
    const char *const *trusted;
    /** Value of a setting for backends (keys: see sy_host.option), NULL if unset. Any thread. */
    const char *(*option)(void *ctx, const char *key);
    /** Backends' log lines (SY_LOG_*). Any thread. */
    void (*log)(void *ctx, uint32_t level, const char *text);
    void *ctx;
} sy_runtime_options;

/**
 * Find the backends. Plugin files are judged before any code of theirs runs; a bad one is left out with its
 * reason, see sy_runtime_backend().
 * Errors: SY_INVALID_ARGUMENT: no options, or their size is not set; SY_OUT_OF_MEMORY.
 */
sy_status sy_runtime_create(const sy_runtime_options *options, sy_runtime **out_runtime, sy_error *err);
void sy_runtime_destroy(sy_runtime *runtime);

/** A backend or plugin file, usable or not. Strings belong to the runtime. */
typedef struct sy_backend_description {
    uint32_t size;
    sy_status status;    /* SY_OK: usable */
    const char *name;    /* as in device ids; the file's name if it could not be asked */
    const char *version; /* of the plugin; "" if it could not be asked */
    const char *path;    /* "" for a built-in one */
    const char *sha256;  /* of the file, "" for a built-in one */
    const char *reason;  /* why not usable; "" otherwise */
} sy_backend_description;

/** Backend `index`; the caller sets out_backend->size. SY_UNAVAILABLE past the end. */
sy_status sy_runtime_backend(
    const sy_runtime *runtime, size_t index, sy_backend_description *out_backend, sy_error *err);

/** Number of devices of a backend. SY_UNAVAILABLE: no such backend, or its stack is missing, and why. */
sy_status sy_runtime_device_count(
    sy_runtime *runtime, const char *backend, uint32_t *out_count, sy_error *err);

/**
 * Device `index` of a backend; the caller sets out_info->size. Devices behind a simulated vendor library have
 * SY_DEVICE_SIMULATED, whatever they say of themselves. SY_INVALID_ARGUMENT beyond the count.
 */
sy_status sy_runtime_device(
    sy_runtime *runtime, const char *backend, uint32_t index, sy_device_info *out_info, sy_error *err);

/**
 * Open a device by its id (`cpu`, `cuda:0`, `sim:0?peak=100T`) and enter it with this thread.
 * Errors: SY_INVALID_ARGUMENT: not an id, no such index or parameter; SY_UNSUPPORTED: an id that names a
 * plugin file (put its folder into plugin_path); SY_UNAVAILABLE: no such backend; else the backend's.
 */
sy_status sy_context_open(sy_runtime *runtime, const char *device, sy_context **out_context, sy_error *err);

/** Leave with this thread and close; waits for what is enqueued. */
void sy_context_close(sy_context *context);

/** Use a context from another thread, see above. */
sy_status sy_context_enter(sy_context *context, sy_error *err);
void sy_context_leave(sy_context *context);

/** What was opened; the caller sets out_info->size. */
sy_status sy_context_info(sy_context *context, sy_device_info *out_info, sy_error *err);

/** Wait until all jobs run so far are done, at most `timeout_ns` (UINT64_MAX: for ever). Carries the first
 * error of what ran since the last sync. SY_TIMEOUT: not yet. */
sy_status sy_context_sync(sy_context *context, uint64_t timeout_ns, sy_error *err);

/** Memory of the device, `bytes` > 0, contents undefined. SY_OUT_OF_MEMORY says wanted and free. */
sy_status sy_memory_create(sy_context *context, uint64_t bytes, sy_memory **out_memory, sy_error *err);
/** No job that is bound to it may be running. */
void sy_memory_destroy(sy_memory *memory);

/** Copy from or to host memory, after all that is enqueued, and wait. SY_INVALID_ARGUMENT: beyond its end. */
sy_status sy_memory_write(
    sy_memory *memory, uint64_t offset, const void *source, uint64_t bytes, sy_error *err);
sy_status sy_memory_read(sy_memory *memory, uint64_t offset, void *target, uint64_t bytes, sy_error *err);

/**
 * Prepare a problem given in writing: "gemm:m=512,n=4096,k=4096,dtype=bf16", see spec.h. `algorithm` is
 * "auto" or a name; the reference is taken only by name. Images whose layout is left open get the one that
 * the algorithm likes (sy_work_operand() tells).
 * Errors: SY_INVALID_ARGUMENT: the text, or no such algorithm; SY_UNSUPPORTED: no algorithm, with each one's
 * reason, or it wants images in a private layout (give layout=nhwc or nchw); else the backend's.
 */
sy_status sy_work_create(
    sy_context *context, const char *problem, const char *algorithm, sy_work **out_work, sy_error *err);

/** As sy_work_create() for a problem made by hand; everything it points to is copied. */
sy_status sy_work_create_from_problem(
    sy_context *context, const sy_problem *problem, const char *algorithm, sy_work **out_work, sy_error *err);
void sy_work_destroy(sy_work *work);

/** Name of the algorithm chosen; the work's. */
const char *sy_work_algorithm(const sy_work *work);

/**
 * One operand of a job, in the order of the problem's tensors: inputs, then outputs.
 *
 * bytes      what its memory must hold, laid out by `stride` (elements); 0 for an absent one, which has no
 *            memory.
 * is_const   its values are taken when a job is created, and not looked at again.
 */
typedef struct sy_operand {
    uint32_t size, dtype, rank, is_output, is_const, is_absent;
    uint64_t bytes;
    int64_t dim[SY_MAX_RANK], stride[SY_MAX_RANK];
} sy_operand;

/** Operand `index`; the caller sets out_operand->size. SY_UNAVAILABLE past the end. */
sy_status sy_work_operand(const sy_work *work, uint32_t index, sy_operand *out_operand, sy_error *err);

/**
 * Tie work to memory: `count` pointers in the order of the operands, NULL for those of 0 bytes. One memory
 * may serve several operands only if all of them are inputs. Constant operands are converted here into the
 * algorithm's own layout, where it has one; this takes device memory and time.
 * Errors: SY_INVALID_ARGUMENT: count, a memory that is missing, too small or of another context; else the
 * backend's.
 */
sy_status sy_job_create(
    sy_work *work, sy_memory *const *operands, uint32_t count, sy_job **out_job, sy_error *err);
/** It must not be running. */
void sy_job_destroy(sy_job *job);

/** Enqueue the job once: no allocation, no wait. A failure that has words comes with sy_context_sync(). */
sy_status sy_job_run(sy_job *job);

#pragma GCC visibility pop

#endif
