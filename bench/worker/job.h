/*
 * One visit of one row, inside the worker: choose the algorithm, lay out the operand ring, fill it, plan,
 * bind, sample, hand outputs over. A job lives for one `measure` request. Files: job_plan.c (algorithm and
 * ring), job_operand.c (memory and data), job_run.c (bindings and the timed functions), job_graph.c
 * (recorded launches), job_window.c (load without a pause), job_copy.c (link rates), job.c (the rest).
 */
#ifndef STEELYARD_WORKER_JOB_H
#define STEELYARD_WORKER_JOB_H

#include "bench/data/fill.h"
#include "bench/measure/clock.h"
#include "bench/measure/launch.h"
#include "bench/measure/load.h"
#include "bench/measure/ring.h"
#include "bench/measure/sampler.h"
#include "bench/measure/window.h"
#include "runtime/dispatch/dispatch.h"
#include "steelyard/backend.h"
#include "steelyard/spec.h"

/** An opened device as a job sees it. Everything is borrowed. */
typedef struct sy_job_device {
    const sy_backend_api *api;
    sy_device *device;
    sy_queue *queue;
    sy_clock clock;
    double clock_overhead_ns;
    bool is_simulated_clock; /* `clock` is the device's own */
} sy_job_device;

/** What to do; from the `measure` request. Texts are borrowed for the life of the job. */
typedef struct sy_job_request {
    const char *problem, *algorithm;
    const char *tuned;     /* what "auto" takes if it is offered; NULL: nothing is known */
    uint64_t key;          /* of the data: the row's key hash */
    uint64_t pick_seed;    /* which outputs are handed over */
    int cache, launch;     /* SY_CACHE_*, SY_LAUNCH_* */
    uint64_t cache_bytes;  /* last-level cache; 0: as the device says, else 256 MiB */
    uint64_t load_ns;      /* bring the device to load first, for so long */
    uint64_t output_slots; /* how many outputs to hand over */
    sy_sampler_config sampler;
} sy_job_request;

/** All sets of one operand: one buffer, a slot each set. */
typedef struct sy_job_operand {
    sy_buffer *buffer;
    uint64_t slot_bytes, stride_bytes, sets;
} sy_job_operand;

/** Facts about a job that go into the reply. */
typedef struct sy_job_facts {
    uint64_t plan_ns, prepare_ns, prepare_bytes, load_ns, load_launches;
    uint64_t compile_ns; /* part of plan_ns; 0: nothing was compiled, or the backend does not tell */
    uint64_t cache_bytes;
    bool cache_bytes_assumed;
    uint32_t image_layout;
    int launch; /* SY_LAUNCH_*: how the last batch was launched */
    bool private_layout;
    double clock_mhz_before, clock_mhz_after, temperature_c; /* NaN: unknown */
    double timer_resolution_ns;                              /* 0: unknown */
} sy_job_facts;

/** The state of a job; zero-initialised by sy_job_prepare(). Functions below fill it in the order of their
 * names. */
typedef struct sy_job {
    const sy_job_device *on;
    const sy_job_request *request;
    const sy_data_block *block;
    sy_spec spec;
    sy_problem_storage logical;  /* as the problem is written: what data and check go by */
    sy_problem_storage resolved; /* with the layouts that the algorithm wanted */
    sy_algorithm algorithm;
    bool is_tuned; /* it was taken because of request->tuned */
    sy_ring ring;
    uint64_t flavours; /* input sets that alternate from launch to launch where the ring itself has one */
    sy_job_operand operand[SY_MAX_TENSORS];
    uint64_t tensor_bytes[SY_MAX_TENSORS];
    void *packed;                 /* host memory for one packed tensor */
    sy_buffer *staging, *strided; /* scratch: pinned memory, device memory */
    uint64_t staging_bytes, strided_bytes;
    sy_plan *plan;
    sy_buffer *workspace;
    sy_binding **binding;
    uint64_t bindings;
    sy_timer *timer;
    uint64_t batch_first, batch_launches;
    uint64_t cycle, unit; /* launches after which everything repeats; that go together as a graph, else 1 */
    struct sy_job_recorded *recorded; /* job_graph.c: cycle / unit of them; NULL: launches are not recorded */
    sy_graph *replay;                 /* the batch in hand, if it is launched as a whole */
    bool has_run;                     /* something was launched: what the first launch prepares is done */
    bool timer_runs, timer_has_time;  /* started, and not stopped yet; stopped after a batch */
    sy_span copy_from, copy_to;
    double *samples; /* host, device, scratch: one allocation */
    sy_sample_buffer buffer;
    sy_visit visit;
    sy_job_facts facts;
} sy_job;

/**
 * Everything before the first launch. `job` is zeroed here, so sy_job_release() is legal whatever is
 * returned.
 *
 * Errors  SY_UNSUPPORTED: no algorithm, or it does not fit memory (bytes needed and free in the text);
 *         SY_INVALID_ARGUMENT: the problem or the algorithm's name; else what the backend answered.
 */
sy_status sy_job_prepare(sy_job *job, const sy_job_device *on, const sy_job_request *request,
    const sy_data_block *block, sy_error *err);

/** Load, warm-up and timed batches: fills job->visit, also after an error as far as it came. */
sy_status sy_job_measure(sy_job *job, sy_error *err);

/** One of the jobs that take turns under a load: so many launches of it, then the next one's. */
typedef struct sy_job_share {
    sy_job *job;
    uint64_t launches;
} sy_job_share;

/**
 * A load without a pause and a window in it (bench/measure/window.h; unit and cycle are set here): all
 * launches of a turn belong together. Outputs are poisoned before; afterwards those of the last launches can
 * be read as after sy_job_measure().
 *
 * Errors  SY_UNSUPPORTED: it cannot be had of these jobs; the text says why. Else as sy_window_run().
 */
sy_status sy_job_window(const sy_job_share *share, size_t count, const sy_window_config *config,
    sy_window *out_window, sy_error *err);

/**
 * Write output `slot` (0 .. ring.outputs - 1) in packed logical order to `out_bytes` (tensor_bytes of the
 * logical tensor). For copies: the destination's bytes.
 */
sy_status sy_job_read_output(sy_job *job, uint64_t slot, void *out_bytes, sy_error *err);

/** Packed bytes of the output. */
uint64_t sy_job_output_bytes(const sy_job *job);

/** The set of tensor `index` that the launch which wrote `slot` last has used. */
uint64_t sy_job_set_of(const sy_job *job, uint64_t slot, uint32_t index);

/** How many output slots the last batch has written; slot `i` of them (i < that) by sy_job_written(job, i).
 */
uint64_t sy_job_written_count(const sy_job *job);
uint64_t sy_job_written(const sy_job *job, uint64_t i);

/** Release everything, in reverse order. */
void sy_job_release(sy_job *job);

/* Shared by the job's files. */

/** Choose the algorithm, resolve layouts, lay out the ring. */
sy_status sy_job_choose(sy_job *job, sy_error *err);

/** Allocate and fill all operand sets. */
sy_status sy_job_fill_operands(sy_job *job, sy_error *err);

/** Span of operand `tensor`, set `set`; all zero if the tensor is absent. */
sy_span sy_job_span(const sy_job *job, uint32_t tensor, uint64_t set);

/** Enqueue a copy and wait for it. */
sy_status sy_job_copy_now(const sy_job *job, sy_span target, sy_span source, sy_error *err);

/** Scratch of at least `bytes`: job->staging (pinned) and job->strided (device); and give all scratch back.
 */
sy_status sy_job_staging(sy_job *job, uint64_t bytes, sy_error *err);
sy_status sy_job_strided(sy_job *job, uint64_t bytes, sy_error *err);
void sy_job_drop_scratch(sy_job *job);

/** Plan, workspace and bindings. */
sy_status sy_job_bind(sy_job *job, sy_error *err);

/** Before a batch (sy_work.prepare of a job), and one launch (sy_work.launch); ctx is the job. */
sy_status sy_job_prepare_batch(void *ctx, uint64_t first_index, uint64_t launches, sy_error *err);
sy_status sy_job_launch(void *ctx, uint64_t index, sy_error *err);

/** The binding of launch `index`. */
uint64_t sy_job_binding(const sy_job *job, uint64_t index);

/** After everything else is prepared. SY_UNSUPPORTED: launches are to be recorded, and this device, this
 * algorithm or a copy cannot be; the text says which. SY_OUT_OF_MEMORY. */
sy_status sy_job_graph_prepare(sy_job *job, sy_error *err);

/** Choose job->replay for a batch: a graph of it where launches are recorded, it begins and ends at units and
 * something has run before; recorded now if it was not. SY_UNSUPPORTED: the driver refuses; SY_LOST,
 * SY_OUT_OF_MEMORY ... as the backend answered. */
sy_status sy_job_graph_take(sy_job *job, uint64_t first, uint64_t launches, sy_error *err);

/** Before bindings go, and when nothing runs. */
void sy_job_graph_release(sy_job *job);

/** Set up a copy problem: both ends, filled source. */
sy_status sy_job_copy_prepare(sy_job *job, sy_error *err);

/** Enqueue one copy. */
sy_status sy_job_copy_launch(sy_job *job, sy_error *err);

/** Index of the output tensor. */
uint32_t sy_job_output_tensor(const sy_job *job);

/** Byte `i` (8 at a time) of a copy's source: word = sy_random_mix(key + i / 8), little-endian. */
void sy_job_copy_pattern(uint64_t key, void *out_bytes, uint64_t bytes);

#endif
