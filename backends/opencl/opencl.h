/*
 * The inside of the backend: its handles, and what each file offers the others. Only ocl_query() is for
 * outside.
 *
 * Way of a problem: families (family.h) cook a recipe; plan.c builds its program (program.h, with binaries
 * kept by binary_cache.h); a binding holds kernel objects with their arguments set; run enqueues.
 */
#ifndef BACKENDS_OPENCL_OPENCL_H
#define BACKENDS_OPENCL_OPENCL_H

#include <pthread.h>

#include "backends/opencl/api.h"
#include "backends/opencl/family.h"
#include "runtime/task/task.h"
#include "steelyard/backend.h"

/** The backend's entry, as sy_backend_query. */
const sy_backend_api *ocl_query(uint16_t host_major, uint16_t host_minor, sy_error *err);

/** A device as enumerated: platform by platform, in the loader's order. */
typedef struct ocl_place {
    cl_platform_id platform;
    cl_device_id device;
} ocl_place;

#define OCL_PLACES_MAX 64u

/** The library, opened once and never closed: drivers leave threads behind. `status` and `reason` say why
 * there are no devices. */
struct sy_backend {
    sy_host host;
    sy_dynlib library;
    ocl_api api;
    struct ocl_clblast *clblast; /* clblast.h: opened when it is asked for */
    ocl_place place[OCL_PLACES_MAX];
    uint32_t places;
    sy_status status;
    sy_error reason;
};

/**
 * An opened device. Programs that plans have built are shared while any plan uses them. `service` is a queue
 * for what belongs to no queue of the caller's: mapping, and making a driver allocate. `lock` guards what
 * several threads may touch: programs, candidates, allocated_bytes.
 */
struct sy_device {
    sy_backend *backend;
    const ocl_api *api;
    ocl_place place;
    uint32_t index;
    ocl_traits traits;
    cl_context context;
    cl_command_queue service;
    pthread_mutex_t lock;
    struct ocl_program *programs;      /* program.c */
    struct ocl_binary_cache *binaries; /* binary_cache.c; NULL: none are kept */
    struct ocl_tuned *tuned;           /* tuned.c: what the database says of this device */
    struct ocl_candidates *candidates; /* candidates.c: the list that was asked for last */
    uint64_t allocated_bytes;
    double timer_resolution_ns;
    _Atomic bool is_lost; /* nothing is waited for any more */
};

/** Device memory is a cl_mem; pinned memory is one that is mapped for its life; imported memory is the
 * host's. */
struct sy_buffer {
    sy_device *device;
    uint32_t kind;
    uint64_t bytes;
    cl_mem memory; /* NULL for IMPORTED */
    void *host;    /* NULL for DEVICE */
    void *given;   /* of the host, behind `memory`; NULL: it is the driver's own */
};

/** Commands of a queue whose events are kept at once. */
#define OCL_PENDING_MAX 32u

/**
 * An in-order queue with profiling. `pending` are the events of its commands since the last sync, the last
 * one last: their ends tell of failures that come late. `failure` is the first error of what was enqueued
 * since the last sync, with its text; ocl_queue_fail() notes one.
 */
struct sy_queue {
    sy_device *device;
    cl_command_queue handle;
    cl_event pending[OCL_PENDING_MAX];
    uint32_t pendings;
    struct sy_timer *timers; /* that are between start and stop */
    sy_status failure;
    sy_error failure_error;
};

struct sy_event {
    sy_device *device;
    cl_event handle; /* NULL: not recorded */
};

/** Device time from the start of the first command to the end of the last one between start and stop. */
struct sy_timer {
    sy_queue *queue;
    cl_event first, last; /* NULL: no command came */
    struct sy_timer *next;
    bool is_running, is_stopped;
};

/** A recipe with its program. References: the creator and each binding. */
struct sy_plan {
    sy_device *device;
    sy_task task; /* as resolved, for checks of operands */
    ocl_recipe *recipe;
    struct ocl_program *program;
    uint64_t compile_ns;         /* spent in the driver's compiler for it; 0: all was kept from before */
    _Atomic uint32_t references; /* bindings may be made and dropped by several threads */
};

/** One kernel object a step, arguments set; NULL: the step has nothing to do. */
struct sy_binding {
    sy_plan *plan;
    sy_queue *queue;
    cl_kernel kernel[OCL_STEPS_MAX];
    size_t global[OCL_STEPS_MAX][3], local[OCL_STEPS_MAX][3];
    sy_span operand[SY_MAX_TENSORS], workspace;
};

extern const sy_device_api ocl_device;
extern const sy_memory_api ocl_memory;
extern const sy_queue_api ocl_queue;
extern const sy_work_api ocl_work;

/** Status and text for an OpenCL error code: `what` failed on which device. CL_MEM_OBJECT_ALLOCATION_FAILURE,
 * CL_OUT_OF_RESOURCES and CL_OUT_OF_HOST_MEMORY are SY_OUT_OF_MEMORY; a lost device (CL_DEVICE_NOT_AVAILABLE,
 * and CL_INVALID_COMMAND_QUEUE or CL_INVALID_CONTEXT from calls with valid handles) is SY_LOST and sets
 * is_lost. */
sy_status ocl_fail(sy_device *device, cl_int code, const char *what, sy_error *err);

/** Name of an OpenCL error code ("CL_OUT_OF_RESOURCES"), "unknown code" if it has none. */
const char *ocl_code_name(cl_int code);

/** One line for the user's log; nothing without a host that takes lines. */
__attribute__((format(printf, 3, 4))) void ocl_log(
    const sy_backend *backend, uint32_t level, const char *format, ...);

/** A setting of the host, NULL if it is unset or "". */
const char *ocl_option(const sy_backend *backend, const char *key);

/** platform.c: all devices of all platforms. SY_UNAVAILABLE: there are none; the text says what to install.
 */
sy_status ocl_places_find(sy_backend *backend, sy_error *err);

/** traits.c: what a driver says of a device; what it refuses to say counts as the least. */
void ocl_traits_read(const ocl_api *api, const ocl_place *place, ocl_traits *out_traits);

/**
 * params.c: "family=cpu|gpu" (which kind of device the choice of kernels sees), and with 0 or 1 "local",
 * "fp64", "fp16", "dot8", "subgroups", "binaries": 0 takes the trait away. SY_INVALID_ARGUMENT: another key
 * or value.
 */
sy_status ocl_params_apply(const char *params, ocl_traits *traits, sy_error *err);

/** identity.c: PCI address and UUID, "" where the driver does not tell, or the device is the host's own
 * processor. */
void ocl_identify(
    const ocl_api *api, cl_device_id device, const ocl_traits *traits, char out_pci[16], char out_uuid[48]);

/** queue.c: an in-order command queue of the device with profiling. */
sy_status ocl_command_queue(sy_device *device, cl_command_queue *out_queue, sy_error *err);

/** Note a failure of a command on its queue, for the next sync; the first one stays. Returns its status. */
sy_status ocl_queue_fail(sy_queue *queue, cl_int code, const char *what);

/** The same for a failure that is no error of OpenCL. */
sy_status ocl_queue_note(sy_queue *queue, sy_status status, const sy_error *error);

/**
 * After a command was enqueued: its event, which becomes the queue's (NULL: the command was refused). It is
 * what the queue's state and its running timers go by.
 */
void ocl_queue_done(sy_queue *queue, cl_event event);

/** Whether a span lies inside its buffer. */
static inline bool ocl_span_is_inside(sy_span span) {
    return span.buffer != NULL && span.offset <= span.buffer->bytes &&
           span.bytes <= span.buffer->bytes - span.offset;
}

#endif
