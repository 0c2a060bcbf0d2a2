/* The BLAS libraries that are known, and what they have in common. */
#include "backends/cpu/blas_library.h"

#include "backends/cpu/device.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Large enough that a library really uses its threads for it. */
#define START_EDGE 256

static const struct {
    const char *name;
    sy_status (*open)(const sy_backend *backend, sy_cpu_blas_library *library);
} rows[SY_CPU_BLAS_COUNT] = {
    [SY_CPU_OPENBLAS] = {"openblas", sy_cpu_openblas_open},
    [SY_CPU_BLIS] = {"blis", sy_cpu_blis_open},
};

void sy_cpu_blas_libraries_init(sy_cpu_blas_library libraries[SY_CPU_BLAS_COUNT]) {
    for (int i = 0; i < SY_CPU_BLAS_COUNT; i++) {
        libraries[i] = (sy_cpu_blas_library){.name = rows[i].name, .error = SY_ERROR_INIT};
        pthread_mutex_init(&libraries[i].lock, NULL);
    }
}

void sy_cpu_blas_libraries_release(sy_cpu_blas_library libraries[SY_CPU_BLAS_COUNT]) {
    for (int i = 0; i < SY_CPU_BLAS_COUNT; i++)
        pthread_mutex_destroy(&libraries[i].lock);
}

void sy_cpu_blas_library_report(
    const sy_backend *backend, const sy_cpu_blas_library *library, const char *version) {
    const sy_host *host = &backend->host;
    if (host->library != NULL)
        host->library(host->ctx, library->name, library->library.path, library->library.handle);
    if (host->library_version != NULL)
        host->library_version(host->ctx, library->name, version);
}

sy_status sy_cpu_blas_library_get(
    sy_device *device, int which, const sy_cpu_blas_library **out_library, sy_error *err) {
    sy_cpu_blas_library *library = &device->backend->blas[which];
    *out_library = NULL;
    pthread_mutex_lock(&library->lock);
    if (!library->is_tried) {
        /* It counts the processors of the calling thread when it is loaded. */
        sy_cpu_pool_leave(device->pool);
        library->status = rows[which].open(device->backend, library);
        library->is_tried = true;
    }
    pthread_mutex_unlock(&library->lock);
    if (library->status != SY_OK)
        return sy_error_set(err, library->status, "cpu: %s", sy_error_text(&library->error, library->status));
    *out_library = library;
    return SY_OK;
}

void sy_cpu_blas_library_enter(const sy_cpu_blas_library *library, sy_device *device) {
    const sy_cpu_blas_calls *call = &library->call;
    int threads = sy_cpu_pool_threads(device->pool);
    sy_cpu_pool_leave(device->pool);
    if (call->get_num_threads_wide != NULL) {
        if (call->get_num_threads_wide() != threads)
            call->set_num_threads_wide(threads);
    } else if (call->get_num_threads() != threads) {
        call->set_num_threads(threads);
    }
}

void sy_cpu_blas_library_start(const sy_cpu_blas_library *library, sy_device *device) {
    float *block = sy_mem_calloc(3 * START_EDGE * START_EDGE, sizeof *block);
    sy_cpu_blas_library_enter(library, device);
    if (block == NULL)
        return; /* the first run starts them, then */
    library->call.sgemm(SY_BLAS_ROW_MAJOR, SY_BLAS_NO_TRANS, SY_BLAS_NO_TRANS, START_EDGE, START_EDGE,
        START_EDGE, 1.0f, block, START_EDGE, block + START_EDGE * START_EDGE, START_EDGE, 0.0f,
        block + 2 * START_EDGE * START_EDGE, START_EDGE);
    sy_mem_free(block);
}
