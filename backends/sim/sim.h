/*
 * A parametric accelerator in software: template for a new backend, demo, test double. This header is the
 * inside of the folder: the handles and what each file offers the others. Only sim_query() is for outside.
 *
 * How it works: arithmetic is honest (reference loops in f64 from the stored bytes, one rounding to the
 * output's type) but lazy: a launch is noted and its result computed when somebody reads it, so that
 * thousands of timed launches cost nothing. Time is virtual: it passes by the model (model.h), never by the
 * host's clock. Device memory cannot be read by the host: its pages have no access rights except while the
 * device works on them.
 */
#ifndef STEELYARD_SIM_SIM_H
#define STEELYARD_SIM_SIM_H

#include <pthread.h>

#include "backends/sim/model.h"
#include "steelyard/backend.h"

/** The backend's entry, as sy_backend_query. */
const sy_backend_api *sy_sim_query(uint16_t host_major, uint16_t host_minor, sy_error *err);

struct sy_backend {
    sy_host host;
};

/**
 * Device or host memory. `kind` is SY_MEMORY_*; imported memory is not ours to free. Device memory is mapped
 * without access; sim_span_open() gives access to a part for the time of an operation.
 */
struct sy_buffer {
    sy_device *device;
    uint32_t kind;
    uint64_t bytes, mapped_bytes;
    char *memory;
};

/** A prepared problem: everything the arithmetic needs, by value. `references` counts bindings and noted
 * launches. */
struct sy_plan {
    sy_device *device;
    sy_tensor tensor[SY_MAX_TENSORS];
    sy_post post[SY_MAX_POSTS];
    union {
        sy_gemm_attr gemm;
        sy_conv_attr conv;
        sy_stream_attr stream;
        sy_peak_attr peak;
        double factor; /* of SIM_OP_SCALE */
    } attr;
    uint32_t op, n_in, n_out, n_post;
    uint64_t flop, byte;
    sim_load load;     /* of one launch */
    double compile_ns; /* time that its program took to compile, 0: it was compiled before */
    uint32_t tile;     /* of a variant, 0: the ordinary algorithm */
    uint32_t references;
};

/** The op of an output of a compiled model: its input times a factor. */
#define SIM_OP_SCALE UINT32_C(0xffff)

/** A plan with its operands. Of a compiled model's outputs each is one, and only the first one's plan has a
 * load.
 */
struct sy_binding {
    sy_plan *plan;
    sy_queue *queue;
    sy_span operand[SY_MAX_TENSORS];
    uint64_t repeat_epoch; /* of the notes, in which launching it again changed nothing */
    sy_binding *next;      /* of the same launch */
    uint64_t seen;         /* fingerprint of the last launch's inputs, for the lie `remember` */
};

/** A launch whose result nobody has read yet. */
typedef struct sim_note {
    sy_plan *plan;
    sy_span operand[SY_MAX_TENSORS];
} sim_note;

#define SIM_NOTES_MAX 8192u

/** Programs that a device keeps; what is beyond them is compiled each time. */
#define SIM_PROGRAMS_MAX 1024u

/** An opened device: its world's clock, its noise, the launches noted. One queue's worth of order for all
 * queues, which may be on several threads: every hook that touches what is below holds the mutex. */
struct sy_device {
    sy_backend *backend;
    pthread_mutex_t mutex;
    sim_model model;
    sim_state state;
    uint64_t allocated_bytes;
    sim_note *note;
    uint32_t note_count;
    uint64_t note_epoch;                /* another with each change of the notes, from 1 */
    uint64_t program[SIM_PROGRAMS_MAX]; /* fingerprints of what was compiled */
    uint32_t program_count;
    sy_span copied_to,
        copied_from; /* the last copy within the device, while nothing has been written since */
};

struct sy_queue {
    sy_device *device;
    sy_status failure; /* of what ran since the last sync */
    char failure_text[256];
    sy_graph *recording; /* what is launched goes there; NULL: nothing is recorded */
};

struct sy_event {
    uint64_t done_ns; /* on the device's timeline; UINT64_MAX: not recorded */
    sy_device *device;
};

struct sy_timer {
    sy_queue *queue;
    double start_ns, stop_ns;
    bool is_running, is_stopped;
};

/* device.c: the device's mutex, which is not recursive. */
void sim_lock(sy_device *device);
void sim_unlock(sy_device *device);

/* memory.c */
extern const sy_memory_api sim_memory;
/** Make the pages of a span accessible and give their address; sim_span_close() shuts them again. Not nested.
 */
char *sim_span_open(sy_span span);
void sim_span_close(sy_span span);

/* notes.c: what was launched and not yet computed. */
sy_status sim_note_launch(sy_queue *queue, sy_binding *binding);
/** Before `span` is read: compute what writes to it. */
void sim_notes_before_read(sy_device *device, sy_span span);
/** Before all of `span` is written: compute what reads it, drop what would have written it. */
void sim_notes_before_write(sy_device *device, sy_span span);
/** Before a buffer goes: the same for all of it. */
void sim_notes_before_free(sy_device *device, const sy_buffer *buffer);

/* arithmetic.c: compute one noted launch. Allocation failures leave NaN in the output. */
void sim_compute(const sim_note *note);

/* The ordinary algorithm. */
enum { SIM_ALGORITHM_ID = 1 };

/* variant.c: the ordinary algorithm with a tile set; a made-up gain, so that tuning has something to find. */
/** Tile of variant `index` of an op, 0 past the end of its variants. */
uint32_t sim_variant_tile(uint32_t op, uint32_t index);
/** Id of the algorithm with that tile; and the tile of an id, 0 for the ordinary one; false: no such id. */
uint64_t sim_variant_id(uint32_t tile);
bool sim_variant_of_id(uint32_t op, uint64_t id, uint32_t *out_tile);
/** Time of a plan's work over that of the ordinary algorithm: large tiles are fast, but pad the output. */
double sim_variant_factor(const sy_plan *plan);

/* graph.c: launches recorded and replayed, as in sy_work_api. */
sy_status sim_capture_begin(sy_queue *queue, sy_error *err);
sy_status sim_capture_end(sy_queue *queue, sy_graph **out_graph, sy_error *err);
sy_status sim_graph_run(sy_graph *graph);
void sim_graph_destroy(sy_graph *graph);
/** Put a launch into the queue's recording. */
sy_status sim_graph_add(sy_graph *recording, sy_binding *binding);
/** work.c: one launch; not the first of a graph's, it waits for less. */
sy_status sim_launch(sy_binding *binding, bool is_next_of_graph);

/* queue.c, work.c, device.c, sensor.c */
extern const sy_queue_api sim_queue;
extern const sy_work_api sim_work;
extern const sy_device_api sim_device;
extern const sy_sensor_api sim_sensor;
/** model_group.c */
extern const sy_model_api sim_model_group;
/** Give back one reference, with the device's mutex held. */
void sim_plan_release(sy_plan *plan);
/** Whether the model's fault strikes launches of this plan. */
bool sim_plan_is_faulty(const sy_plan *plan);

#endif
