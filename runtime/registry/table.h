/* A backend's table: version negotiation, size and hook checks, and the copy that the rest of the host sees.
 */
#ifndef STEELYARD_REGISTRY_TABLE_H
#define STEELYARD_REGISTRY_TABLE_H

#include "steelyard/backend.h"

/** Copies of a backend's tables in this host's sizes; `api` points at the others, which are zero where the
 * plugin's are shorter. Do not move it. */
typedef struct sy_table {
    sy_backend_api api;
    sy_device_api device;
    sy_memory_api memory;
    sy_queue_api queue;
    sy_work_api work;
    sy_model_api model;
    sy_sensor_api sensor;
} sy_table;

/**
 * Check what sy_backend_query() answered and copy it.
 *
 * Accepted are tables of our major number. Each size must reach at least to the last required slot and be a
 * multiple of 8 within 64 KiB; it may exceed ours only if the minor number is newer than ours.
 * Errors: SY_INCOMPATIBLE: version, a size, the name, every missing required hook by name ("queue.sync"), or
 * a group of optional hooks that is there in part. *out_table is zeroed on error.
 */
sy_status sy_table_take(const sy_backend_api *api, sy_table *out_table, sy_error *err);

#endif
