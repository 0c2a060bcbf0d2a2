/* Stub plugin: reports a library of a simulator when it is created: its devices must count as simulated. */
#include "tests/plugins/host.h"

#include <dlfcn.h>

SY_PLUGIN_NOTE;

static sy_status create(const sy_host *host, sy_backend **out_backend, sy_error *err) {
    const char *path = host->option(host->ctx, "lib.vendor");
    void *handle = path != NULL ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;
    if (handle == NULL)
        return host_fail(err, SY_UNAVAILABLE, "no vendor library: set lib.vendor");
    host->library(host->ctx, "vendor", path, handle);
    host->library_version(host->ctx, "vendor", "9.1");
    return host_create(host, out_backend, err);
}

static const sy_backend_api api = {
    .size = sizeof api,
    .abi_major = SY_ABI_MAJOR,
    .abi_minor = SY_ABI_MINOR,
    .name = "on_simulator",
    .version = "1.0",
    .create = create,
    .destroy = host_destroy,
    .device = &host_device,
    .memory = &host_memory,
    .queue = &host_queue,
    .work = &host_work,
};

SY_PLUGIN_EXPORT sy_backend_query_fn sy_backend_query;

const sy_backend_api *sy_backend_query(uint16_t host_major, uint16_t host_minor, sy_error *err) {
    (void)host_major, (void)host_minor, (void)err;
    return &api;
}
