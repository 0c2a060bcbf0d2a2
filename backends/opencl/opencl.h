/*
 * The inside of the backend: its handles, and what each file offers the others. Only ocl_query() is for
 * outside.
 *
 * Way of a problem: families (family.h) cook a recipe; plan.c builds its program (program.h, with binaries
 * kept by binary_cache.h); a binding holds kernel objects with their arguments set; run enqueues.
 */
#ifndef BACKENDS_OPENCL_OPENCL_H
#define BACKENDS_OPENCL_OPENCL_H

#include "backends/opencl/api.h"
#include "backends/opencl/family.h"
#include "steelyard/backend.h"

/** The backend's entry, as sy_backend_query. */
const sy_backend_api *ocl_query(uint16_t host_major, uint16_t host_minor, sy_error *err);

/** A device as enumerated: platform by platform, in the loader's order. */
typedef struct ocl_place {
    cl_platform_id platform;
    cl_device_id device;
} ocl_place;

#define OCL_PLACES_MAX 64u

/** The library, opened once. `status` and `reason` say why there are no devices. */
struct sy_backend {
    sy_host host;
    sy_dynlib library;
    ocl_api api;
    ocl_place place[OCL_PLACES_MAX];
    uint32_t places;
    sy_status status;
    sy_error reason;
};

/** An opened device. Programs that plans have built are shared while any plan uses them. */
struct sy_device {
    sy_backend *backend;
    const ocl_api *api;
    ocl_place place;
    uint32_t index;
    ocl_traits traits;
    cl_context context;
    struct ocl_program *programs;      /* program.c */
    struct ocl_tuned *tuned;           /* tuned.c; what the database says of this device; NULL: nothing */
    const struct ocl_clblast *clblast; /* clblast.c; NULL: not opened yet */
    uint64_t allocated_bytes;
    bool is_lost;
};

/** Device memory is a cl_mem; pinned memory is one that is mapped for its life; imported memory is the
 * host's. */
struct sy_buffer {
    sy_device *device;
    uint32_t kind;
    uint64_t bytes;
    cl_mem memory;        /* NULL for IMPORTED */
    void *host;           /* NULL for DEVICE */
    cl_command_queue map; /* PINNED: through which it was mapped */
};

/**
 * An in-order queue with profiling. `failure` is the first error of what was enqueued since the last sync,
 * with its text; ocl_queue_fail() notes one. `open_timer` wants the events of commands that are enqueued.
 */
struct sy_queue {
    sy_device *device;
    cl_command_queue handle;
    struct sy_timer *open_timer;
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
    cl_event first, last;
    bool is_stopped;
};

/** A recipe with its program. References: the creator and each binding. */
struct sy_plan {
    sy_device *device;
    sy_task task; /* as resolved, for checks of operands */
    ocl_recipe *recipe;
    struct ocl_program *program;
    const struct ocl_peer *peer; /* not NULL: a library does the work (clblast.c) */
    uint64_t compile_ns;         /* spent in the driver's compiler for it; 0: all was kept from before */
};

/** One kernel object a step, arguments set. */
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

/** Note a failure of a command on its queue, for the next sync; the first one stays. Returns its status. */
sy_status ocl_queue_fail(sy_queue *queue, cl_int code, const char *what);

/**
 * Where the event of the next command goes: NULL unless a timer is open. Call ocl_queue_done() after the
 * command with its code, whatever it is. */
cl_event *ocl_queue_event(sy_queue *queue, cl_event *place);
void ocl_queue_done(sy_queue *queue, cl_event event);

#endif
