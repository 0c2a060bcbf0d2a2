/* The backend's table and its one instance's life. */
#include "backends/horizon/horizon.h"

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static sy_status create(const sy_host *host, sy_backend **out_backend, sy_error *err) {
    sy_backend *backend = sy_mem_calloc(1, sizeof *backend);
    *out_backend = backend;
    if (backend == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "horizon: no host memory");
    if (host != NULL)
        backend->host = *host;
    backend->failure = SY_ERROR_INIT;
    pthread_mutex_init(&backend->lock, NULL);
    return SY_OK;
}

/* The libraries stay open: they leave threads and exit handlers behind. */
static void destroy(sy_backend *backend) {
    if (backend != NULL)
        pthread_mutex_destroy(&backend->lock);
    sy_mem_free(backend);
}

const char *horizon_option(const sy_backend *backend, const char *key) {
    return backend->host.option != NULL ? backend->host.option(backend->host.ctx, key) : NULL;
}

sy_status horizon_backend_open(sy_backend *backend, sy_error *err) {
    pthread_mutex_lock(&backend->lock);
    if (!backend->was_opened) {
        backend->was_opened = true;
        backend->status = horizon_library_open(&backend->host, &backend->library, &backend->failure);
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
    .name = "horizon",
    .version = "1",
    .create = create,
    .destroy = destroy,
    .device = &horizon_device_api,
    .memory = &horizon_memory_api,
    .queue = &horizon_queue_api,
    .work = &horizon_work_api,
    .model = &horizon_model_group};

const sy_backend_api *horizon_query(uint16_t host_major, uint16_t host_minor, sy_error *err) {
    (void)host_minor;
    if (host_major == SY_ABI_MAJOR)
        return &table;
    sy_error_set(err, SY_INCOMPATIBLE, "horizon speaks ABI %d.%d, the host %u", SY_ABI_MAJOR, SY_ABI_MINOR,
        host_major);
    return NULL;
}
