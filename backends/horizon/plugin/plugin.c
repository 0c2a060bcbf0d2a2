/* Horizon's BPU as a plugin: its note and its one exported function. */
#include "backends/horizon/horizon.h"

SY_PLUGIN_NOTE;

SY_PLUGIN_EXPORT const sy_backend_api *sy_backend_query(
    uint16_t host_major, uint16_t host_minor, sy_error *err);

SY_PLUGIN_EXPORT const sy_backend_api *sy_backend_query(
    uint16_t host_major, uint16_t host_minor, sy_error *err) {
    return horizon_query(host_major, host_minor, err);
}
