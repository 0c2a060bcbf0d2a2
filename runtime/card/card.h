/*
 * What backends of accelerator cards share: everything of the plugin interface that is not a vendor's own.
 * Memory by device address, in-order streams, events, timers, checks of operands, plans and bindings, layout
 * conversions on the host. A backend gives a sy_card_model: its vendor's runtime (runtime.h), how its devices
 * are described and opened, and its *ways*: one for each library or interface that does work.
 *
 * One value's way: task (runtime/task) -> a way's offer -> its plan -> its binding to addresses -> its run.
 */
#ifndef RUNTIME_CARD_CARD_H
#define RUNTIME_CARD_CARD_H

#include <pthread.h>
#include <stdbool.h>

#include "runtime/card/runtime.h"
#include "runtime/task/task.h"

/** Candidates that one way may have for a task. */
#define SY_CARD_CANDIDATES_MAX 64u

/** Private layout of constant matrices: the last two dimensions exchanged, packed. */
#define SY_CARD_LAYOUT_TRANSPOSED (SY_LAYOUT_PRIVATE | 1u)

/** What a way says of a candidate, and what it needs; the names are those of sy_algorithm. `layout` is
 * preset with the tensors' own layouts. */
typedef struct sy_card_offer {
    uint32_t flags, math;
    uint64_t workspace_bytes;
    uint32_t layout[SY_MAX_TENSORS];
    double flop_ratio, bound_factor; /* 0 counts as 1 */
    char name[64], implementation[64];
} sy_card_offer;

/**
 * One library or interface that does work. `index` counts the candidates of this way for a task, best guess
 * first; the list must be the same for every call. Device handles that need it are in sy_device.own.
 */
typedef struct sy_card_way sy_card_way;
struct sy_card_way {
    const char *name;   /* of its algorithms, or what their names begin with */
    uint32_t setting;   /* the backend's own: one set of functions may serve several ways */
    bool is_capturable; /* run() may be recorded where the runtime can record: SY_ALGO_CAPTURABLE */
    /** Whether it has to do with a task at all: if not, it says nothing, not even why. */
    bool (*does)(const sy_card_way *way, const sy_device *device, const sy_task *task);
    /** SY_OK; SY_UNSUPPORTED with a reason (out_offer->name may be filled); SY_UNAVAILABLE: past the end, not
     * for index 0. */
    sy_status (*offer)(const sy_card_way *way, sy_device *device, const sy_task *task, uint32_t index,
        sy_card_offer *out_offer, sy_error *err);
    /** Prepare plan->task, which has resolved layouts: fill plan->own, plan->workspace_bytes, compile_ns. */
    sy_status (*plan)(sy_plan *plan, uint32_t index, sy_error *err);
    void (*plan_free)(sy_plan *plan); /* called if plan->own is not NULL */
    /** Tie to checked addresses, one a tensor (NULL: absent or empty): fill binding->own. */
    sy_status (*bind)(sy_binding *binding, void *const *address, void *workspace, sy_error *err);
    void (*bind_free)(sy_binding *binding); /* called if binding->own is not NULL */
    /** Enqueue. Returns the vendor's code, for sy_card_runtime.judge(). */
    int (*run)(sy_binding *binding);
};

/** A kind of cards: a row of a backend. Static storage. */
typedef struct sy_card_model {
    const char *name; /* as in "cuda:0" */
    const void *row;  /* the backend's own */
    const sy_card_runtime *runtime;
    /** Open the libraries; SY_UNAVAILABLE with what is missing and what helps. backend->stack is to be set,
     * also on errors if close() shall see it. */
    sy_status (*open)(sy_backend *backend, sy_error *err);
    void (*close)(sy_backend *backend);
    sy_status (*count)(sy_backend *backend, uint32_t *out_count, sy_error *err);
    /** Fill `info`, which is zeroed but for size, index and numa_node (-1). */
    sy_status (*describe)(sy_backend *backend, uint32_t index, sy_device_info *info, sy_error *err);
    /** After select(): make what ways need, into device->own. */
    sy_status (*device_open)(sy_device *device, const char *params, sy_error *err);
    void (*device_close)(sy_device *device);
    const sy_card_way *const *ways; /* in order of preference, NULL at the end */
    /* (optional, both or none) as sy_sensor_api */
    sy_status (*sensor_describe)(sy_device *device, uint32_t index, sy_sensor *out_sensor, sy_error *err);
    sy_status (*sensor_read)(sy_device *device, uint32_t index, double *out_value, sy_error *err);
} sy_card_model;

/** The backend. `status` and `reason` say why there are no devices. */
struct sy_backend {
    sy_host host;
    const sy_card_model *model;
    void *stack; /* the model's: its libraries */
    sy_status status;
    sy_error reason;
};

/** An opened device. `lock` guards the list of candidates and what the model guards with it. */
struct sy_device {
    sy_backend *backend;
    const sy_card_model *model;
    void *stack, *own; /* the backend's; the model's for this device */
    uint32_t index;
    int ordinal; /* the runtime's number, set by describe's index unless device_open() changes it */
    sy_device_info info;
    pthread_mutex_t lock;
    struct sy_card_list *list; /* list.h: candidates of the task that was asked for last */
    _Atomic bool is_lost;      /* nothing is waited for any more */
};

/** `address` is on the device for DEVICE memory, the host's otherwise. */
struct sy_buffer {
    sy_device *device;
    uint32_t kind;
    uint64_t bytes;
    void *address;
};

/** A stream, and the first failure of what was enqueued since the last sync. */
struct sy_queue {
    sy_device *device;
    void *stream;
    sy_status failure;
    sy_error failure_error;
    bool is_recording; /* what is enqueued goes into a graph */
};

struct sy_plan {
    sy_device *device;
    const sy_card_way *way;
    void *own;
    uint64_t workspace_bytes, compile_ns;
    sy_task task;                /* as resolved, for checks of operands */
    _Atomic uint32_t references; /* the creator's and one of each binding */
};

struct sy_binding {
    sy_plan *plan;
    sy_queue *queue;
    void *own;
};

/** The tables of the plugin interface, for every model. */
extern const sy_device_api sy_card_device_api;
extern const sy_memory_api sy_card_memory_api;
extern const sy_queue_api sy_card_queue_api;
extern const sy_work_api sy_card_work_api;
/** The same with recording, for models whose runtime has it. */
extern const sy_work_api sy_card_work_capture_api;
extern const sy_sensor_api sy_card_sensor_api;

/** For a backend's create(): SY_OK also where the stack is missing, which count() then tells.
 * SY_OUT_OF_MEMORY. */
sy_status sy_card_create(
    const sy_card_model *model, const sy_host *host, sy_backend **out_backend, sy_error *err);
void sy_card_destroy(sy_backend *backend);

/** Host setting `key`, NULL if unset or "". */
const char *sy_card_option(const sy_backend *backend, const char *key);

/** Status and text for a vendor's code: "WHAT: words (code)", for ways, whose texts the work table puts the
 * device's id before. Sets is_lost with SY_LOST. */
sy_status sy_card_code_error(sy_device *device, int code, sy_error *err, const char *what);

/** The same with the id: "cuda:0: WHAT: words (code)". */
sy_status sy_card_fail(sy_device *device, int code, sy_error *err, const char *what);

/** Note a failure of something enqueued, for the queue's next sync; the first one stays. Returns its status.
 */
sy_status sy_card_queue_fail(sy_queue *queue, int code, const char *what);

/** The first failure noted since the last sync, with its text, and forgotten with this; SY_OK: there is none.
 */
sy_status sy_card_queue_failure_take(sy_queue *queue, sy_error *err);

/** "cuda:0" with which texts begin. */
#define SY_CARD_ID_FORMAT "%s:%u"
#define SY_CARD_ID(device) (device)->model->name, (device)->index

/** Bytes that a resolved tensor takes. SY_INVALID_ARGUMENT: its layout is open; SY_UNSUPPORTED: a private
 * layout that is none of this folder's. */
sy_status sy_card_layout_bytes(const sy_tensor *tensor, uint64_t *out_bytes, sy_error *err);

/** Whether a span lies inside its buffer. */
static inline bool sy_card_span_is_inside(sy_span span) {
    return span.buffer != NULL && span.offset <= span.buffer->bytes &&
           span.bytes <= span.buffer->bytes - span.offset;
}

static inline void *sy_card_address(sy_span span) {
    return span.buffer != NULL && span.bytes > 0 ? (char *)span.buffer->address + span.offset : NULL;
}

/** The way "host": SY_OP_REORDER by the host's processor, for stacks without a conversion of their own. */
extern const sy_card_way sy_card_way_host;

#endif
