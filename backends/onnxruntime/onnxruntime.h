/* ONNX Runtime on the host's processor as a backend that runs whole models: what its files share. */
#ifndef BACKENDS_ONNXRUNTIME_ONNXRUNTIME_H
#define BACKENDS_ONNXRUNTIME_ONNXRUNTIME_H

#include <pthread.h>

#include "backends/onnxruntime/api.h"

/** The entry, see sy_backend_query_fn. */
const sy_backend_api *ort_query(uint16_t host_major, uint16_t host_minor, sy_error *err);

/** The backend: the library is opened when devices are first asked for. */
struct sy_backend {
    sy_host host;
    pthread_mutex_t lock; /* over what follows */
    bool was_opened;
    sy_status status;
    sy_error failure;
    ort_library library;
};

struct sy_device {
    sy_backend *backend;
    uint32_t threads;
    ort_env *env;
    ort_memory_info *memory;
    ort_options *options;
};

struct sy_buffer {
    sy_device *device;
    unsigned char *data;
    uint64_t bytes;
    void *owned;
};

struct sy_queue {
    sy_device *device;
    sy_status status;
    sy_error failure;
};

/** Open the library once; every later call tells how that went. */
sy_status ort_backend_open(sy_backend *backend, sy_error *err);

/** The tables. */
extern const sy_device_api ort_device_api;
extern const sy_memory_api ort_memory_api;
extern const sy_queue_api ort_queue_api;
extern const sy_work_api ort_work_api;
extern const sy_model_api ort_model_api;

/** Run and end a binding of a model (sy_work_api's). */
sy_status ort_binding_run(sy_binding *binding);
void ort_binding_destroy(sy_binding *binding);

#endif
