/* Stub plugin: as constructor.c, without the ABI note. */
#include "tests/plugins/host.h"

#include <stdio.h>
#include <stdlib.h>

__attribute__((constructor)) static void leave_trace(void) {
    const char *path = getenv("STEELYARD_TEST_CONSTRUCTOR");
    FILE *file = path != NULL ? fopen(path, "w") : NULL;
    if (file != NULL)
        fclose(file);
}

static const sy_backend_api api = {
    .size = sizeof api,
    .abi_major = SY_ABI_MAJOR,
    .abi_minor = SY_ABI_MINOR,
    .name = "silent_constructor",
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
