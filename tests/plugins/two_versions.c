/* Stub plugin: the note says our major version, the table another one. */
#include "tests/plugins/host.h"

SY_PLUGIN_NOTE;

static const sy_backend_api api = {
    .size = sizeof api,
    .abi_major = SY_ABI_MAJOR + 1,
    .abi_minor = SY_ABI_MINOR,
    .name = "two_versions",
    .version = "1.0",
    .create = host_create,
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
