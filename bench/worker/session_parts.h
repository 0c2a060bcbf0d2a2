/* The inside of a session, shared by the files session*.c only. */
#ifndef STEELYARD_WORKER_SESSION_PARTS_H
#define STEELYARD_WORKER_SESSION_PARTS_H

#include <jansson.h>

#include "bench/worker/job.h"
#include "bench/worker/session.h"

enum { SY_TRUSTED_MAX = 65 };

struct sy_session {
    const sy_builtin *builtins;
    size_t builtin_count;
    int memory_fd;
    json_t *hello, *options;       /* settings for backends; strings borrowed from here */
    char *trusted[SY_TRUSTED_MAX]; /* NULL-terminated */
    size_t trusted_count;
    sy_registry *registry;
    char backend[32];
    sy_job_device on;
    bool entered, done;
    struct sy_model_job *model; /* the network that is open; NULL: none */
    sy_data_block *block;       /* of block_data and block_seed */
    uint32_t block_data;
    uint64_t block_seed;
    uint64_t last_window_end_ns; /* host time; 0: no window yet */
};

/** Put the libraries that the session's backend has reported into a reply. */
void sy_session_put_libraries(sy_session *session, json_t *reply);

/** Answer `candidates`. */
sy_status sy_session_candidates(sy_session *session, const json_t *request, json_t *reply, sy_error *err);

/** Answer `measure`. */
sy_status sy_session_measure(sy_session *session, const json_t *request, json_t *reply, sy_error *err);

/** Answer `meters`, `idle` and `energy`. */
sy_status sy_session_meters(sy_session *session, const json_t *request, json_t *reply, sy_error *err);
sy_status sy_session_idle(sy_session *session, const json_t *request, json_t *reply, sy_error *err);
sy_status sy_session_energy(sy_session *session, const json_t *request, json_t *reply, sy_error *err);

/** Answer `model`, `model_check`, `traffic`, `model_profile`, `model_end`. */
sy_status sy_session_model(sy_session *session, const json_t *request, json_t *reply, sy_error *err);
sy_status sy_session_model_check(sy_session *session, const json_t *request, json_t *reply, sy_error *err);
sy_status sy_session_traffic(sy_session *session, const json_t *request, json_t *reply, sy_error *err);
sy_status sy_session_profile(sy_session *session, const json_t *request, json_t *reply, sy_error *err);
sy_status sy_session_model_end(sy_session *session, const json_t *request, json_t *reply, sy_error *err);

/** Close the network that is open; none is fine. */
void sy_session_model_close(sy_session *session);

/** The load of `energy` when its job is the network that is open: a launch is `runs` runs of every instance.
 */
sy_status sy_session_model_window(sy_session *session, const json_t *job, const sy_window_config *config,
    sy_window *out_window, sy_error *err);

/** A setting for backends, as hello gave it; ctx is the session. */
const char *sy_session_option(void *ctx, const char *key);

/** The input data of a request: kind and seed. */
sy_status sy_session_ensure_block(sy_session *session, const json_t *request, sy_error *err);

/** What to measure; texts are borrowed from `object`. */
void sy_session_read_job(const json_t *object, sy_job_request *out_request);

/** The algorithm that was taken, and outputs drawn at random of those last written. */
void sy_session_put_job(const sy_job *job, json_t *reply);
sy_status sy_session_put_outputs(sy_session *session, sy_job *job, json_t *reply, sy_error *err);

#endif
