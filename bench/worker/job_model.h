/*
 * A network in a worker: opened, its inputs made, instances of it that run under traffic. It lives from one
 * `model` request to the next, or until the device is closed. Files: job_model.c (life), job_model_input.c
 * (inputs), job_model_run.c (runs, and the world of the traffic), job_model_steps.c (what is known of its
 * steps).
 */
#ifndef STEELYARD_WORKER_JOB_MODEL_H
#define STEELYARD_WORKER_JOB_MODEL_H

#include <jansson.h>
#include <pthread.h>

#include "bench/traffic/traffic.h"
#include "bench/worker/job.h"
#include "bench/worker/model_side.h"
#include "runtime/base/random.h"

/** Outputs of timed runs that an instance keeps for the check, drawn evenly from all of a phase. */
enum { SY_MODEL_SLOTS = 4 };

/** Room for the outputs of one run. number: of the run. */
typedef struct sy_model_slot {
    void **out;
    uint64_t set, number;
    bool is_written;
} sy_model_slot;

struct sy_model_job;

/** An instance with its thread, if it has one: there are several. The fields from `work` on are guarded by
 * the job's lock while a thread runs. */
typedef struct sy_model_instance {
    struct sy_model_job *job;
    void *instance;
    sy_model_slot slot[SY_MODEL_SLOTS + 1]; /* the last one for what is not kept */
    uint64_t runs;                          /* of this phase */
    sy_random random;
    pthread_t thread;
    pthread_cond_t wake;
    bool has_thread;
    sy_traffic_work work;
    sy_traffic_done done;
    bool has_work, is_done, is_ended;
    sy_status status;
    sy_error error;
} sy_model_instance;

/** The network. Zeroed: none is open. input[set][i], of bytes[i]; outputs follow the inputs in port and
 * bytes. */
typedef struct sy_model_job {
    const sy_job_device *on;
    sy_model_side side;
    sy_network_port *port;
    uint64_t *bytes;
    uint32_t n_in, n_out, instances;
    uint64_t sets;
    void ***input;
    sy_model_instance *instance;
    uint64_t late_ns; /* real time at which a phase of a simulated world has taken long enough; 0: never */
    bool has_lock;
    pthread_mutex_t lock;
    pthread_cond_t answered;
} sy_model_job;

/** What to open, and what to feed it: `request` as in protocol.h. */
typedef struct sy_model_wish {
    sy_model_request model;
    uint32_t instances;
    uint64_t sets;
    const json_t *request;
} sy_model_wish;

/** Take over an opened side (also on error): ports, inputs, instances. job is zeroed before. */
sy_status sy_model_job_prepare(sy_model_job *job, const sy_job_device *on, sy_model_side *side,
    const sy_model_wish *wish, sy_error *err);

/** Release everything; zeroes. Zeroed is fine. */
void sy_model_job_release(sy_model_job *job);

/** Make the inputs of all sets: from files, else from the seed. Errors: SY_INVALID_ARGUMENT: a file that does
 * not fit, with what would; those of reading. */
sy_status sy_model_job_fill(sy_model_job *job, const json_t *request, sy_error *err);

/** One run of the first instance on this thread: outputs of `set` into its slot 0. */
sy_status sy_model_job_run(sy_model_job *job, uint64_t set, sy_instance_times *out_times, sy_error *err);

/** Forget what the slots hold: a phase of about `duration_ns` begins. In a simulated world, where a moment
 * may take minutes, real time has a limit too. */
void sy_model_job_begin(sy_model_job *job, uint64_t seed, uint64_t duration_ns);

/** The world in which traffic happens. One instance runs on the caller's thread; several on threads of their
 * own, which are started by sy_model_job_prepare(). */
sy_traffic_world sy_model_job_world(sy_model_job *job);

/** Run every instance until `ns` have passed, at least twice. */
sy_status sy_model_job_warm(sy_model_job *job, uint64_t ns, sy_error *err);

/** As many runs on every instance at once; all done when it returns. For a load of energy. */
sy_status sy_model_job_sweep(sy_model_job *job, uint64_t runs, sy_error *err);

/** Facts of the network into a reply: ports, info, operators on the host. */
void sy_model_job_put(const sy_model_job *job, json_t *reply);

/** Times of its steps, means over `runs` runs, into a reply; begin_ns of the last one. SY_UNSUPPORTED: it has
 * no steps. */
sy_status sy_model_job_profile(sy_model_job *job, uint64_t runs, json_t *reply, sy_error *err);

#endif
