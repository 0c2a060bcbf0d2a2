/* Horizon's BPU as a backend that runs whole compiled models: what its files share. */
#ifndef BACKENDS_HORIZON_HORIZON_H
#define BACKENDS_HORIZON_HORIZON_H

#include <pthread.h>

#include "backends/horizon/library.h"

/** The entry, see sy_backend_query_fn. */
const sy_backend_api *horizon_query(uint16_t host_major, uint16_t host_minor, sy_error *err);

/** The backend: the library is opened when devices are first asked for. */
struct sy_backend {
    sy_host host;
    pthread_mutex_t lock; /* over what follows */
    bool was_opened;
    sy_status status;
    sy_error failure;
    horizon_library library;
};

/** The SoC's BPU. core: the one that runs go to, HORIZON_ANY_CORE: as the library likes. model: which one of
 * a file, "": the only one. */
struct sy_device {
    sy_backend *backend;
    uint32_t core;
    char model[128];
};

enum { HORIZON_ANY_CORE = UINT32_MAX };

/**
 * A buffer. Device memory is the library's, cached by the processor, so that it is flushed around every
 * access: the host never gets its address. is_written: by the BPU, and not yet seen by the processor.
 */
struct sy_buffer {
    sy_device *device;
    uint32_t kind;
    uint64_t bytes;
    unsigned char *data;
    horizon_memory memory; /* of device memory: whole pages; otherwise zero */
    bool is_written;
};

/** A queue: at most one run is under way; whoever comes next finishes it. */
struct sy_queue {
    sy_device *device;
    sy_binding *under_way;
    void *task;
    sy_status status; /* the first failure since the last sync */
    sy_error failure;
};

/** Open the library once; every later call tells how that went. */
sy_status horizon_backend_open(sy_backend *backend, sy_error *err);

/** A setting of the host, NULL if there is none. */
const char *horizon_option(const sy_backend *backend, const char *key);

/** Make what the BPU wrote into a buffer visible to the processor; nothing to do for other memory. Returns
 * the library's code. */
int32_t horizon_buffer_see(sy_buffer *buffer);

/** Make what the processor wrote visible to the BPU. */
int32_t horizon_buffer_show(sy_buffer *buffer);

/** Whether a span lies in its buffer. */
bool horizon_span_is_inside(const sy_span *span);

/** Wait for the run under way, `timeout_ns` at most: SY_TIMEOUT if it is not done, else SY_OK; its failure is
 * noted. */
sy_status horizon_queue_finish(sy_queue *queue, uint64_t timeout_ns, sy_error *err);

/** Note a failure that the next sync tells, unless there is one already. Returns its status. */
sy_status horizon_queue_fail(sy_queue *queue, int32_t code, const char *what);

/** The binding's run is over: make its outputs visible and put them where they belong. */
int32_t horizon_binding_take(sy_binding *binding);

/** Run and end a binding of a model (sy_work_api's). */
sy_status horizon_binding_run(sy_binding *binding);
void horizon_binding_destroy(sy_binding *binding);

/** The tables. */
extern const sy_device_api horizon_device_api;
extern const sy_memory_api horizon_memory_api;
extern const sy_queue_api horizon_queue_api;
extern const sy_work_api horizon_work_api;
extern const sy_model_api horizon_model_group;

#endif
