/* The backend's table and its one instance's life. */
#include "backends/onnxruntime/onnxruntime.h"

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static sy_status create(const sy_host *host, sy_backend **out_backend, sy_error *err) {
    sy_backend *backend = sy_mem_calloc(1, sizeof *backend);
    *out_backend = backend;
    if (backend == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "onnxruntime: no host memory");
    if (host != NULL)
        backend->host = *host;
    backend->failure = SY_ERROR_INIT;
    pthread_mutex_init(&backend->lock, NULL);
    return SY_OK;
}

/* The library stays open: it leaves threads and exit handlers behind. */
static void destroy(sy_backend *backend) {
    if (backend != NULL)
        pthread_mutex_destroy(&backend->lock);
    sy_mem_free(backend);
}

sy_status ort_backend_open(sy_backend *backend, sy_error *err) {
    const sy_host *host = &backend->host;
    pthread_mutex_lock(&backend->lock);
    if (!backend->was_opened) {
        const char *chosen = host->option != NULL ? host->option(host->ctx, "lib.onnxruntime") : NULL;
        backend->was_opened = true;
        backend->status = ort_library_open(chosen, &backend->library, &backend->failure);
        const sy_dynlib *file = &backend->library.file;
        if (backend->status == SY_OK && host->library != NULL)
            host->library(host->ctx, "onnxruntime", file->path, file->handle);
        if (backend->status == SY_OK && host->library_version != NULL)
            host->library_version(host->ctx, "onnxruntime", backend->library.version);
    }
    sy_status status = backend->status;
    if (status != SY_OK)
        sy_error_set(err, status, "%s", backend->failure.text);
    pthread_mutex_unlock(&backend->lock);
    return status;
}

static const sy_backend_api table = {.size = sizeof table,
    .abi_major = SY_ABI_MAJOR,
    .abi_minor = SY_ABI_MINOR,
    .name = "onnxruntime",
    .version = "1",
    .create = create,
    .destroy = destroy,
    .device = &ort_device_api,
    .memory = &ort_memory_api,
    .queue = &ort_queue_api,
    .work = &ort_work_api,
    .model = &ort_model_api};

const sy_backend_api *ort_query(uint16_t host_major, uint16_t host_minor, sy_error *err) {
    (void)host_minor;
    if (host_major == SY_ABI_MAJOR)
        return &table;
    sy_error_set(err, SY_INCOMPATIBLE, "onnxruntime speaks ABI %d.%d, the host %u", SY_ABI_MAJOR,
        SY_ABI_MINOR, host_major);
    return NULL;
}
