/* Stub plugin: the note says another major version. */
#include "tests/plugins/host.h"

__attribute__((used, section(".note.steelyard"), aligned(4))) static const sy_plugin_note note = {
    sizeof(SY_NOTE_OWNER), 4, SY_NOTE_ABI, SY_NOTE_OWNER, SY_ABI_MAJOR + 1, 0};

static const sy_backend_api api = {
    .size = sizeof api,
    .abi_major = SY_ABI_MAJOR + 1,
    .abi_minor = SY_ABI_MINOR,
    .name = "wrong_major",
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
