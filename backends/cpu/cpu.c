/* The backend's table and its instance. */
#include "backends/cpu/cpu.h"

#include <string.h>

#include "backends/cpu/device.h"
#include "backends/cpu/memory.h"
#include "backends/cpu/queue.h"
#include "backends/cpu/sensor.h"
#include "backends/cpu/work.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static void destroy_backend(sy_backend *backend) {
    if (backend == NULL)
        return;
    sy_cpu_blas_libraries_release(backend->blas);
    sy_cpu_onednn_release(&backend->onednn);
    sy_mem_free(backend);
}

static sy_status create_backend(const sy_host *host, sy_backend **out_backend, sy_error *err) {
    *out_backend = NULL;
    sy_backend *backend = sy_mem_calloc(1, sizeof *backend);
    if (backend == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "cpu: no host memory for the backend");
    if (host != NULL)
        memcpy(&backend->host, host, host->size < sizeof *host ? host->size : sizeof *host);
    sy_cpu_blas_libraries_init(backend->blas);
    sy_cpu_onednn_init(&backend->onednn);
    sy_status status = sy_cpu_machine_read(backend, err);
    if (status != SY_OK) {
        destroy_backend(backend);
        return status;
    }
    *out_backend = backend;
    return SY_OK;
}

static const sy_backend_api table = {
    .size = sizeof(sy_backend_api),
    .abi_major = SY_ABI_MAJOR,
    .abi_minor = SY_ABI_MINOR,
    .name = "cpu",
    .version = "1",
    .create = create_backend,
    .destroy = destroy_backend,
    .device = &sy_cpu_device_api,
    .memory = &sy_cpu_memory_api,
    .queue = &sy_cpu_queue_api,
    .work = &sy_cpu_work_api,
    .sensor = &sy_cpu_sensor_api,
};

const sy_backend_api *sy_cpu_query(uint16_t host_major, uint16_t host_minor, sy_error *err) {
    (void)host_minor;
    if (host_major == SY_ABI_MAJOR)
        return &table;
    sy_error_set(err, SY_INCOMPATIBLE, "cpu: written for interface %d, the host speaks %u", SY_ABI_MAJOR,
        (unsigned)host_major);
    return NULL;
}
