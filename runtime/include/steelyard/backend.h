/*
 * The plugin ABI: what a backend implements, and what the host offers it. C only, std headers only, LP64.
 *
 * How it grows. Every struct begins with its `size`, written by whoever allocates it; fields and table slots
 * are only appended. A callee reads no field beyond the caller's size (it counts as zero) and fills an output
 * struct only up to the caller's size. A table may be shorter than the reader's: a slot beyond its `size` is
 * absent. Slots marked (optional) may be NULL. Enumerations travel as uint32_t; an unknown value is
 * SY_UNSUPPORTED. An input field that changes the meaning of a problem gets a bit in
 * sy_problem.must_understand.
 * A flag that a host may overlook without being wrong is added with a new minor number, which says what an
 * older host makes of it.
 *
 * One value's way: problem -> algorithms -> plan (slow) -> binding (plan + queue + operands + workspace) ->
 * run. A binding is where an executor with baked addresses, a kernel with its arguments set or a captured
 * graph lives; the host makes one for each rotated set of operands and then calls run(binding), which
 * enqueues and no more.
 *
 * Threads. thread_enter() comes first on every thread that touches a device, thread_leave() last. A queue,
 * and the bindings and timers made on it, belong to one thread at a time. Sensor reads may come from any
 * entered thread at any time, concurrently with everything.
 *
 * Errors. Every call that can fail returns a sy_status and takes a sy_error that may be NULL. After SY_LOST
 * only destroy, free and close calls are legal. Destroying NULL does nothing.
 */
#ifndef STEELYARD_BACKEND_H
#define STEELYARD_BACKEND_H

#include "steelyard/problem.h"
#include "steelyard/status.h"
#include "steelyard/types.h"

#define SY_ABI_MAJOR 1
#define SY_ABI_MINOR 3

/* Handles. Each plugin defines these structs as it likes; the host never looks inside. */
typedef struct sy_backend sy_backend;
typedef struct sy_device sy_device;
typedef struct sy_buffer sy_buffer;
typedef struct sy_queue sy_queue;
typedef struct sy_event sy_event;
typedef struct sy_timer sy_timer;
typedef struct sy_plan sy_plan;
typedef struct sy_binding sy_binding;
typedef struct sy_graph sy_graph;
typedef struct sy_model sy_model;

/** Part of a buffer; never a raw pointer, because some devices have none. An absent operand is all zero. */
typedef struct sy_span {
    sy_buffer *buffer;
    uint64_t offset, bytes;
} sy_span;

enum { SY_LOG_ERROR = 1, SY_LOG_WARNING = 2, SY_LOG_INFO = 3, SY_LOG_DEBUG = 4 };

/**
 * Services of the host. It outlives the backend; a plugin links nothing of ours. Every function may be called
 * from any thread. `ctx` is passed back unchanged.
 */
typedef struct sy_host {
    uint32_t size, reserved;
    void *ctx;
    /** One line for the user's log, without a newline. */
    void (*log)(void *ctx, uint32_t level, const char *text);
    /** Value of a setting, NULL if unset: "sysroot", "cache_dir", "isa", "threads", "lib.<name>" (path of a
     * library chosen by the user: lib.openblas ...). Valid until the backend is destroyed. */
    const char *(*option)(void *ctx, const char *key);
    /** Tell of each vendor library opened, with dlopen's handle: it goes into the record, and the host looks
     * for the mark of a simulated library in it. */
    void (*library)(void *ctx, const char *name, const char *path, void *handle);
    /** Tell the version of a library reported before by that name, as the library itself gives it. */
    void (*library_version)(void *ctx, const char *name, const char *version);
} sy_host;

/* Scope of a device or a sensor: what one number of it covers. */
enum { SY_SCOPE_UNKNOWN = 0, SY_SCOPE_DIE = 1, SY_SCOPE_CARD = 2, SY_SCOPE_NODE = 3, SY_SCOPE_PACKAGE = 4 };

enum {
    SY_DEVICE_SIMULATED = 1,      /* not real: marked everywhere, never compared with real ones */
    SY_DEVICE_UNIFIED = 2,        /* device memory is host memory: host_ptr works, copies are memcpy */
    SY_DEVICE_COPY_ASYNC = 4,     /* copy() returns before it is done */
    SY_DEVICE_HOST_PROCESSOR = 8, /* the device is the CPU that the host program runs on */
    SY_DEVICE_GENERAL = 16,       /* (1.2) driven by an interface that many vendors' devices share: a backend
                                     made for the same silicon goes first. An older host asks both */
};

/** Description of a device. 0 or "" is unknown. */
typedef struct sy_device_info {
    uint32_t size, index, scope, flags;
    char name[128], vendor[64], driver[64];
    char uuid[48], pci[16]; /* same uuid or pci = same silicon */
    char isa[64];           /* instruction set or architecture that is used: "avx512", "gfx90a", "sm_90" */
    uint64_t memory_bytes, free_bytes;     /* of the device; free at the time of the call */
    uint64_t max_alloc_bytes, cache_bytes; /* largest single allocation; last-level cache */
    uint32_t base_align, units, queues_max;
    int32_t numa_node; /* -1 unknown */
    uint64_t dtypes;   /* SY_DTYPE_BIT of every type that some op takes */
    char platform[64]; /* (1.2) the software stack that leads to it, with its version, where there are several
                        */
    char features[256]; /* (1.2) which of its optional abilities kernels make use of, as a list in words */
} sy_device_info;

/** Devices. */
typedef struct sy_device_api {
    uint32_t size, reserved;
    /** Number of devices; 0 with SY_UNAVAILABLE and the reason when the stack itself is missing. */
    sy_status (*count)(sy_backend *backend, uint32_t *out_count, sy_error *err);
    /** Describe device `index`; the caller sets out_info->size. SY_INVALID_ARGUMENT beyond the count. */
    sy_status (*describe)(sy_backend *backend, uint32_t index, sy_device_info *out_info, sy_error *err);
    /** Open it. `params` is "key=value,..." or ""; an unknown key is SY_INVALID_ARGUMENT naming those that
     * exist. */
    sy_status (*open)(
        sy_backend *backend, uint32_t index, const char *params, sy_device **out_device, sy_error *err);
    void (*close)(sy_device *device);
    /** Description of an opened device: as describe(), after its parameters were applied. */
    sy_status (*info)(sy_device *device, sy_device_info *out_info, sy_error *err);
    /** (optional) Bind this thread to the device (per-thread current device). */
    sy_status (*thread_enter)(sy_device *device, sy_error *err);
    void (*thread_leave)(sy_device *device); /* (optional) */
    /** (optional) The clock of a simulated world, ns, monotonic: used in place of the host's clock, and only
     * for devices with SY_DEVICE_SIMULATED. Time passes in it by launches, copies, waits and sync. */
    sy_status (*clock_now)(sy_device *device, uint64_t *out_ns);
    /** (optional, with clock_now) Let simulated time pass while the host does something untimed. */
    void (*clock_advance)(sy_device *device, uint64_t ns);
} sy_device_api;

/* Kinds of memory. IMPORTED is the caller's own host memory. */
enum { SY_MEMORY_DEVICE = 1, SY_MEMORY_PINNED = 2, SY_MEMORY_SHARED = 3, SY_MEMORY_IMPORTED = 4 };

/** Memory. Buffers belong to the caller and to the device; free them before it is closed and when no queue
 * uses them. */
typedef struct sy_memory_api {
    uint32_t size, reserved;
    /** Allocate `bytes` > 0, aligned to the device's base_align. SY_OUT_OF_MEMORY says wanted and free. */
    sy_status (*alloc)(
        sy_device *device, uint32_t kind, uint64_t bytes, sy_buffer **out_buffer, sy_error *err);
    /** Make the caller's host memory usable as an end of copy(); it stays the caller's, and outlives the
     * buffer. */
    sy_status (*import)(
        sy_device *device, void *memory, uint64_t bytes, sy_buffer **out_buffer, sy_error *err);
    void (*free)(sy_buffer *buffer);
    /** Host address of a buffer, NULL if the host cannot read it. Valid while the buffer lives. */
    void *(*host_ptr)(sy_buffer *buffer);
    /** Enqueue a copy of dst.bytes (== src.bytes). Not overlapping. At least one end on the queue's device.
     */
    sy_status (*copy)(sy_queue *queue, sy_span dst, sy_span src, sy_error *err);
    /** Enqueue a fill with one byte value. */
    sy_status (*fill)(sy_queue *queue, sy_span dst, uint8_t value, sy_error *err);
} sy_memory_api;

/** Queues run what is enqueued in order. Events order queues; timers measure. */
typedef struct sy_queue_api {
    uint32_t size, reserved;
    sy_status (*create)(sy_device *device, sy_queue **out_queue, sy_error *err);
    void (*destroy)(sy_queue *queue); /* waits for what is enqueued */
    /**
     * Wait until everything enqueued is done, at most `timeout_ns` (UINT64_MAX: for ever). SY_TIMEOUT if it
     * is not (best effort: a driver without a timed wait may wait longer). Carries the first error of what
     * ran since the last sync, which is then forgotten.
     */
    sy_status (*sync)(sy_queue *queue, uint64_t timeout_ns, sy_error *err);
    /* (optional, all five or none) */
    sy_status (*event_create)(sy_device *device, sy_event **out_event, sy_error *err);
    sy_status (*event_record)(sy_event *event, sy_queue *queue, sy_error *err);
    sy_status (*event_wait)(
        sy_queue *queue, sy_event *event, sy_error *err); /* the queue waits, not the host */
    sy_status (*event_query)(sy_event *event, uint32_t *out_done, sy_error *err);
    void (*event_destroy)(sy_event *event);
    /* (optional, all five or none) Device time between start and stop on the queue's timeline. */
    sy_status (*timer_create)(sy_queue *queue, sy_timer **out_timer, sy_error *err);
    sy_status (*timer_start)(sy_timer *timer, sy_error *err);
    sy_status (*timer_stop)(sy_timer *timer, sy_error *err);
    /** After sync: elapsed ns and the timer's resolution in ns (0: unknown). */
    sy_status (*timer_read)(sy_timer *timer, double *out_ns, double *out_resolution_ns, sy_error *err);
    void (*timer_destroy)(sy_timer *timer);
    /** (optional, 1.3; devices with SY_DEVICE_HOST_PROCESSOR alone) Work of the host's own between launches:
     * in the order of the queue call fn(arg, begin, end) for shares that make up 0 .. count-1, at once on the
     * queue's threads, and return when all are done. fn must not use the queue. No allocation. */
    sy_status (*host_for)(
        sy_queue *queue, int64_t count, void (*fn)(void *arg, int64_t begin, int64_t end), void *arg);
} sy_queue_api;

enum {
    SY_ALGO_DETERMINISTIC = 1,
    SY_ALGO_REBINDS_EACH_RUN = 2, /* run() has to set operands again: its cost is in the host time */
    SY_ALGO_REORDERS_INSIDE = 4,  /* converts a layout inside the timed run */
    SY_ALGO_ON_HOST = 8,          /* the host's processor does the work of an accelerator's problem */
    SY_ALGO_CAPTURABLE = 16,      /* may be enqueued between capture_begin and capture_end */
    SY_ALGO_IN_PLACE_C = 32,      /* gemm with beta != 0 wants C and D to be the same span */
    SY_ALGO_EMULATED = 64,        /* a type of the problem is emulated by another one */
    SY_ALGO_REFERENCE = 128,      /* the slow, exact one: never chosen unless named */
    SY_ALGO_VARIANT = 256,        /* (1.1) another setting of an ordinary candidate, see below */
};

/* What an algorithm may want besides STRIDED and private ids: packed strides in the order N C ... or
 * N ... C. Resolved tensors have SY_LAYOUT_STRIDED and these strides. */
enum { SY_LAYOUT_CHANNELS_FIRST = 2, SY_LAYOUT_CHANNELS_LAST = 3 };

/**
 * One way to solve a problem.
 *
 * id           the plugin's number, valid for this device and problem as long as the device is open.
 * math         what it delivers (SY_MATH_*).
 * layout       wanted, a tensor each (n_layout of them, or 0: no wishes). For tensors the problem left at
 *              SY_LAYOUT_ANY: STRIDED (packed row-major), channels first or last, or a private id.
 *              For constant ones: the problem's own, channels first or last, or a private id; the host
 *              prepares them by SY_OP_REORDER (see layout_bytes). For all others the problem's own.
 * implementation  what a library says it runs ("brgconv:avx2"), "" if it does not tell; not part of the name.
 * flop_ratio   arithmetic really done / the direct count; below 1 for Winograd. 0 counts as 1.
 * bound_factor how many times larger than that of direct sums the standard deviation of an output's error may
 *              be (sy_error_model's widening); above 1 for Winograd. 0 counts as 1. Above 1 it is taken under
 *              SY_MATH_ANY, or by name. Says nothing of `math`: nothing need be rounded below its type.
 *
 * Variants. A candidate flagged SY_ALGO_VARIANT is another one with its parameters (block sizes, a split over
 * threads, a path) set instead of chosen by the backend's cost model; its name spells them, as
 * "native/k384/p8", so that the name is enough to have it again. Variants come behind all ordinary candidates
 * of the list. They are never taken by "auto" unless tuning found one to be the best, and are no algorithms
 * of their own: usable by name, tried by `steelyard tune`. A few dozen at most: a list has no more than 64
 * candidates. A host of minor 0 takes them for ordinary candidates, which is no mistake but long.
 */
typedef struct sy_algorithm {
    uint32_t size, flags, math, n_layout;
    uint64_t id, workspace_bytes;
    uint32_t layout[SY_MAX_TENSORS];
    double flop_ratio;
    char name[64];
    double bound_factor;
    char implementation[64];
} sy_algorithm;

/** Work. */
typedef struct sy_work_api {
    uint32_t size, reserved;
    /**
     * Candidate `index` of the ordered list for this problem, best guess first. The list is the same for
     * every call with the same device and problem. SY_OK: usable. SY_UNSUPPORTED: this one says no;
     * out_algorithm->name is filled and err says why. SY_UNAVAILABLE: `index` is past the end of the list.
     */
    sy_status (*algorithm)(sy_device *device, const sy_problem *problem, uint32_t index,
        sy_algorithm *out_algorithm, sy_error *err);
    /** Bytes of a tensor whose layout is private (or strided: its extent). */
    sy_status (*layout_bytes)(sy_device *device, const sy_tensor *tensor, uint64_t *out_bytes, sy_error *err);
    /**
     * Prepare. `problem` has its layouts resolved as the algorithm wanted them. May compile for seconds.
     * Everything slow happens here; the plan keeps no pointer into the arguments.
     */
    sy_status (*plan_create)(sy_device *device, const sy_problem *problem, uint64_t algorithm_id,
        sy_plan **out_plan, sy_error *err);
    void (*plan_destroy)(sy_plan *plan);
    /** Workspace that binding_create() wants, whatever the operands' addresses; may be less than the
     * algorithm announced. */
    sy_status (*plan_workspace)(sy_plan *plan, uint64_t *out_bytes, sy_error *err);
    /**
     * Tie a plan to a queue, to `count` operands in the order of the problem's tensors (inputs, then outputs;
     * absent ones all zero) and to a workspace. Several bindings may share one workspace if they are on one
     * queue. Buffers and plan must outlive it.
     */
    sy_status (*binding_create)(sy_plan *plan, sy_queue *queue, const sy_span *operands, uint32_t count,
        sy_span workspace, sy_binding **out_binding, sy_error *err);
    void (*binding_destroy)(sy_binding *binding);
    /** Enqueue one launch: no allocation, no wait. A failure that has words comes with the queue's next sync.
     */
    sy_status (*run)(sy_binding *binding);
    /* (optional, all four or none) Record launches once and replay them as one, on the same queue. Between
     * begin and end only run() is called on it, with bindings of SY_ALGO_CAPTURABLE algorithms; they outlive
     * the graph. A device that cannot: capture_begin() is SY_UNSUPPORTED with the reason. A launch that fails
     * in between is capture_end()'s failure, and the queue goes on. */
    sy_status (*capture_begin)(sy_queue *queue, sy_error *err);
    sy_status (*capture_end)(sy_queue *queue, sy_graph **out_graph, sy_error *err);
    sy_status (*graph_run)(sy_graph *graph);
    void (*graph_destroy)(sy_graph *graph);
    /** (optional, 1.2) Host time, ns, that plan_create() spent in a compiler of the device's stack for this
     * plan; 0: nothing was compiled, or what was compiled before was found. It is part of plan_create()'s own
     * time. */
    sy_status (*plan_compile)(sy_plan *plan, uint64_t *out_ns, sy_error *err);
} sy_work_api;

/** What a compiled model takes or gives at one port. dtype: of types.h, or SY_S64 ... of model.h. dim: -1
 * (1.3) where the extent is still open. */
typedef struct sy_model_port {
    uint32_t size, is_output, dtype, rank;
    int64_t dim[SY_MAX_RANK];
    char name[128];
} sy_model_port;

/** Whole models, for stacks that run compiled graphs only, and for peers that read ONNX themselves. */
typedef struct sy_model_api {
    uint32_t size, reserved;
    /** From a file (path) or from memory (path NULL). SY_INCOMPATIBLE (1.3): a model of another kind than the
     * backend takes as a whole; the host may run an ONNX file by single problems then. */
    sy_status (*load)(sy_device *device, const char *path, const void *bytes, uint64_t byte_count,
        sy_model **out_model, sy_error *err);
    /** Port `index`, inputs first; SY_UNAVAILABLE past the end. */
    sy_status (*port)(sy_model *model, uint32_t index, sy_model_port *out_port, sy_error *err);
    /** Operands in the order of the ports; run and destroy the binding as any other. */
    sy_status (*bind)(sy_model *model, sy_queue *queue, const sy_span *operands, uint32_t count,
        sy_binding **out_binding, sy_error *err);
    void (*unload)(sy_model *model);
    /** (optional, 1.3) Fix all extents of input `index`, some of which port() gives as -1; before bind(), and
     * before port() tells of outputs. SY_INVALID_ARGUMENT: they contradict those that are fixed already. */
    sy_status (*set_shape)(sy_model *model, uint32_t index, uint32_t rank, const int64_t *dim, sy_error *err);
} sy_model_api;

enum {
    SY_SENSOR_POWER_AVERAGE = 1,
    SY_SENSOR_POWER_INSTANT = 2,
    SY_SENSOR_ENERGY = 3,
    SY_SENSOR_TEMPERATURE = 4,
    SY_SENSOR_CLOCK = 5,
    SY_SENSOR_THROTTLE = 6,
    SY_SENSOR_POWER_CAP = 7,
    SY_SENSOR_POWER_CAP_DEFAULT = 8
};
enum { SY_UNIT_WATT = 1, SY_UNIT_JOULE = 2, SY_UNIT_CELSIUS = 3, SY_UNIT_HERTZ = 4, SY_UNIT_BITS = 5 };

/**
 * A sensor. NaN = unknown; times of 0 = unknown.
 *
 * resolution        smallest step of the value. wrap: value at which a counter starts again, NaN if it does
 *                   not.
 * gain_uncertainty  relative standard uncertainty of the scale (0.05 = 5 %).
 */
typedef struct sy_sensor {
    uint32_t size, kind, unit, scope;
    double resolution, gain_uncertainty, wrap;
    uint64_t update_period_ns, window_ns;
    char name[64];
} sy_sensor;

/** Sensors of a device. Values come in the declared unit, scaled. */
typedef struct sy_sensor_api {
    uint32_t size, reserved;
    /** Sensor `index`; SY_UNAVAILABLE past the end. */
    sy_status (*describe)(sy_device *device, uint32_t index, sy_sensor *out_sensor, sy_error *err);
    sy_status (*read)(sy_device *device, uint32_t index, double *out_value, sy_error *err);
} sy_sensor_api;

/** A backend's table. Static storage of the plugin; the host never writes to it. */
typedef struct sy_backend_api {
    uint32_t size;
    uint16_t abi_major, abi_minor; /* what the plugin was written for */
    const char *name;              /* as in "cuda:0": [a-z][a-z0-9_]*, at most 31 bytes */
    const char *version;           /* of the plugin itself */
    sy_status (*create)(const sy_host *host, sy_backend **out_backend, sy_error *err);
    void (*destroy)(sy_backend *backend);
    const sy_device_api *device;
    const sy_memory_api *memory;
    const sy_queue_api *queue;
    const sy_work_api *work;
    const sy_model_api *model;   /* (optional) */
    const sy_sensor_api *sensor; /* (optional) */
} sy_backend_api;

/**
 * The one function a plugin exports, as `sy_backend_query`. It is told the host's version and answers with
 * its table, or with NULL and a reason. It opens no library and starts nothing: that is create()'s.
 */
typedef const sy_backend_api *sy_backend_query_fn(uint16_t host_major, uint16_t host_minor, sy_error *err);
#define SY_BACKEND_QUERY_SYMBOL "sy_backend_query"

/** A backend linked into the program: a row of the array that main, or an embedder, passes in. */
typedef struct sy_builtin {
    const char *name;
    sy_backend_query_fn *query;
} sy_builtin;

/*
 * The ELF note that every plugin carries, so that the host knows the ABI before any code of the file runs:
 * owner "Steelyard", type 1, descriptor two uint16_t: major, minor. Write SY_PLUGIN_NOTE; once in the plugin.
 */
#define SY_NOTE_OWNER "Steelyard"
#define SY_NOTE_ABI 1
typedef struct sy_plugin_note {
    uint32_t name_bytes, desc_bytes, type;
    char name[12]; /* "Steelyard\0", padded to a multiple of 4 */
    uint16_t major, minor;
} sy_plugin_note;
#define SY_PLUGIN_NOTE                                                                                       \
    __attribute__((used, section(".note.steelyard"), aligned(4))) static const sy_plugin_note sy_note = {    \
        sizeof(SY_NOTE_OWNER), 4, SY_NOTE_ABI, SY_NOTE_OWNER, SY_ABI_MAJOR, SY_ABI_MINOR}
#define SY_PLUGIN_EXPORT __attribute__((visibility("default")))

/*
 * Exported by simulated vendor libraries. The host looks for it in everything a backend reports through
 * sy_host.library, and marks the device simulated whatever else is claimed.
 */
#define SY_VENDOR_SIM_SYMBOL "steelyard_vendor_sim"

#endif
