/* Ascend as a plugin: its tables, its note, and its one exported function. */
#include "backends/ascend/ascend.h"
#include "backends/ascend/model.h"
#include "runtime/base/error.h"

SY_PLUGIN_NOTE;

static sy_status create(const sy_host *host, sy_backend **out_backend, sy_error *err) {
    return sy_card_create(&ascend_model, host, out_backend, err);
}

static const sy_backend_api table = {.size = sizeof table,
    .abi_major = SY_ABI_MAJOR,
    .abi_minor = SY_ABI_MINOR,
    .name = "ascend",
    .version = "1",
    .create = create,
    .destroy = sy_card_destroy,
    .device = &sy_card_device_api,
    .memory = &sy_card_memory_api,
    .queue = &sy_card_queue_api,
    .work = &sy_card_work_api,
    .model = &ascend_model_group,
    .sensor = &sy_card_sensor_api};

SY_PLUGIN_EXPORT const sy_backend_api *sy_backend_query(
    uint16_t host_major, uint16_t host_minor, sy_error *err);

SY_PLUGIN_EXPORT const sy_backend_api *sy_backend_query(
    uint16_t host_major, uint16_t host_minor, sy_error *err) {
    (void)host_minor;
    if (host_major == SY_ABI_MAJOR)
        return &table;
    sy_error_set(
        err, SY_INCOMPATIBLE, "ascend speaks ABI %d.%d, the host %u", SY_ABI_MAJOR, SY_ABI_MINOR, host_major);
    return NULL;
}
