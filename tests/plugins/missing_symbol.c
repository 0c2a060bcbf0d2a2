/* Stub plugin: exports no query function. */
#include "tests/plugins/host.h"

SY_PLUGIN_NOTE;

static const sy_backend_api api = {
    .size = sizeof api,
    .abi_major = SY_ABI_MAJOR,
    .abi_minor = SY_ABI_MINOR,
    .name = "missing_symbol",
    .version = "1.0",
    .create = host_create,
    .destroy = host_destroy,
    .device = &host_device,
    .memory = &host_memory,
    .queue = &host_queue,
    .work = &host_work,
};

SY_PLUGIN_EXPORT const sy_backend_api *other_query(void);

const sy_backend_api *other_query(void) {
    return &api;
}
