/* Stub plugin: of a newer minor version: its tables have slots that this host does not know. */
#include "tests/plugins/host.h"

__attribute__((used, section(".note.steelyard"), aligned(4))) static const sy_plugin_note note = {
    sizeof(SY_NOTE_OWNER), 4, SY_NOTE_ABI, SY_NOTE_OWNER, SY_ABI_MAJOR, SY_ABI_MINOR + 1};

static const struct {
    sy_backend_api known;
    void (*appended[3])(void);
} newer = {.known = {
               .size = sizeof newer,
               .abi_major = SY_ABI_MAJOR,
               .abi_minor = SY_ABI_MINOR + 1,
               .name = "newer_minor",
               .version = "1.0",
               .create = host_create,
               .destroy = host_destroy,
               .device = &host_device,
               .memory = &host_memory,
               .queue = &host_queue,
               .work = &host_work,
           }};

SY_PLUGIN_EXPORT sy_backend_query_fn sy_backend_query;

const sy_backend_api *sy_backend_query(uint16_t host_major, uint16_t host_minor, sy_error *err) {
    (void)host_major, (void)host_minor, (void)err;
    return &newer.known;
}
