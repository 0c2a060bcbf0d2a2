/* The backend's table and its one instance's life. */
#include "backends/sim/sim.h"

#include <stddef.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static sy_status create(const sy_host *host, sy_backend **out_backend, sy_error *err) {
    sy_backend *backend = sy_mem_calloc(1, sizeof *backend);
    *out_backend = backend;
    if (backend == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "sim: no host memory");
    if (host != NULL)
        backend->host = *host;
    return SY_OK;
}

static void destroy(sy_backend *backend) {
    sy_mem_free(backend);
}

static const sy_backend_api table = {.size = sizeof table,
    .abi_major = SY_ABI_MAJOR,
    .abi_minor = SY_ABI_MINOR,
    .name = "sim",
    .version = "1",
    .create = create,
    .destroy = destroy,
    .device = &sim_device,
    .memory = &sim_memory,
    .queue = &sim_queue,
    .work = &sim_work,
    .model = &sim_model_group,
    .sensor = &sim_sensor};

const sy_backend_api *sy_sim_query(uint16_t host_major, uint16_t host_minor, sy_error *err) {
    (void)host_minor;
    if (host_major == SY_ABI_MAJOR)
        return &table;
    sy_error_set(
        err, SY_INCOMPATIBLE, "sim speaks ABI %d.%d, the host %u", SY_ABI_MAJOR, SY_ABI_MINOR, host_major);
    return NULL;
}
