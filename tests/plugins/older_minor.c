/* Stub plugin: as a plugin of an older minor version looks: its tables end before the slots appended later.
 */
#include "tests/plugins/host.h"

#include <stddef.h>

SY_PLUGIN_NOTE;

/* Only what was required from the beginning. */
static sy_queue_api queue = {.size = offsetof(sy_queue_api, event_create)};

static const sy_backend_api api = {
    .size = offsetof(sy_backend_api, model),
    .abi_major = SY_ABI_MAJOR,
    .abi_minor = SY_ABI_MINOR,
    .name = "older_minor",
    .version = "1.0",
    .create = host_create,
    .destroy = host_destroy,
    .device = &host_device,
    .memory = &host_memory,
    .queue = &queue,
    .work = &host_work,
};

SY_PLUGIN_EXPORT sy_backend_query_fn sy_backend_query;

const sy_backend_api *sy_backend_query(uint16_t host_major, uint16_t host_minor, sy_error *err) {
    (void)host_major, (void)host_minor, (void)err;
    queue.create = host_queue.create;
    queue.destroy = host_queue.destroy;
    queue.sync = host_queue.sync;
    /* Whoever reads beyond the declared size meets this. */
    queue.event_create = (sy_status(*)(sy_device *, sy_event **, sy_error *))1;
    return &api;
}
