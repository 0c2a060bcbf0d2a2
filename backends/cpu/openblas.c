/* Finding, opening and starting OpenBLAS. */
#include "backends/cpu/openblas.h"

#include <stdio.h>
#include <string.h>

#include "backends/cpu/device.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Large enough that the library really uses its threads for it. */
#define START_EDGE 256

enum { ROW_MAJOR = 101, NO_TRANS = 111 };

#if defined(__x86_64__)
#define MULTIARCH "/usr/lib/x86_64-linux-gnu"
#elif defined(__aarch64__)
#define MULTIARCH "/usr/lib/aarch64-linux-gnu"
#else
#define MULTIARCH "/usr/lib"
#endif

#define CALL(name, member)                                                                                   \
    { name, offsetof(sy_cpu_openblas_calls, member), false }

static const sy_dynlib_symbol symbols[] = {
    CALL("cblas_sgemm", sgemm),
    CALL("cblas_dgemm", dgemm),
    CALL("cblas_sgemv", sgemv),
    CALL("cblas_dgemv", dgemv),
    CALL("openblas_set_num_threads", set_num_threads),
    CALL("openblas_get_num_threads", get_num_threads),
    CALL("openblas_get_config", get_config),
};

void sy_cpu_openblas_init(sy_cpu_openblas *openblas) {
    *openblas = (sy_cpu_openblas){.error = SY_ERROR_INIT};
    pthread_mutex_init(&openblas->lock, NULL);
}

void sy_cpu_openblas_release(sy_cpu_openblas *openblas) {
    pthread_mutex_destroy(&openblas->lock);
}

/* "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH ...": the second word, and the rest as the library says it. */
static void report(const sy_backend *backend, const sy_cpu_openblas *openblas) {
    const sy_host *host = &backend->host;
    const char *config = openblas->call.get_config();
    if (host->library != NULL)
        host->library(host->ctx, "openblas", openblas->library.path, openblas->library.handle);
    if (host->library_version != NULL && config != NULL)
        host->library_version(host->ctx, "openblas", config);
}

static sy_status open_library(const sy_backend *backend, sy_cpu_openblas *openblas) {
    static const char *const names[] = {"libopenblas.so.0", NULL};
    static const char *const folders[] = {
        MULTIARCH "/openblas-openmp", MULTIARCH "/openblas-pthread", "", NULL};
    const sy_dynlib_search search = {
        .chosen = sy_cpu_option(backend, "lib.openblas"), .names = names, .folders = folders};
    sy_status status = sy_dynlib_open(&search, &openblas->library, &openblas->error);
    if (status != SY_OK)
        return status;
    status = sy_dynlib_bind(
        &openblas->library, symbols, sizeof symbols / sizeof symbols[0], &openblas->call, &openblas->error);
    if (status != SY_OK)
        return status;
    const char *config = openblas->call.get_config();
    if (config != NULL && strstr(config, "USE64BITINT") != NULL)
        return sy_error_set(&openblas->error, SY_UNSUPPORTED,
            "openblas: %s is built with 64-bit integers, the interface used here has 32-bit ones",
            openblas->library.path);
    report(backend, openblas);
    return SY_OK;
}

sy_status sy_cpu_openblas_get(sy_device *device, const sy_cpu_openblas_calls **out_calls, sy_error *err) {
    sy_cpu_openblas *openblas = &device->backend->openblas;
    *out_calls = NULL;
    pthread_mutex_lock(&openblas->lock);
    if (!openblas->is_tried) {
        /* It counts the processors of the calling thread when it is loaded. */
        sy_cpu_pool_leave(device->pool);
        openblas->status = open_library(device->backend, openblas);
        openblas->is_tried = true;
    }
    pthread_mutex_unlock(&openblas->lock);
    if (openblas->status != SY_OK)
        return sy_error_set(
            err, openblas->status, "cpu: %s", sy_error_text(&openblas->error, openblas->status));
    *out_calls = &openblas->call;
    return SY_OK;
}

void sy_cpu_openblas_start(sy_device *device, const sy_cpu_openblas_calls *calls) {
    float *block = sy_mem_calloc(3 * START_EDGE * START_EDGE, sizeof *block);
    int threads = sy_cpu_pool_threads(device->pool);
    if (calls->get_num_threads() != threads)
        calls->set_num_threads(threads);
    if (block == NULL)
        return; /* the first run starts them, then */
    sy_cpu_pool_leave(device->pool);
    calls->sgemm(ROW_MAJOR, NO_TRANS, NO_TRANS, START_EDGE, START_EDGE, START_EDGE, 1.0f, block, START_EDGE,
        block + START_EDGE * START_EDGE, START_EDGE, 0.0f, block + 2 * START_EDGE * START_EDGE, START_EDGE);
    sy_mem_free(block);
}
