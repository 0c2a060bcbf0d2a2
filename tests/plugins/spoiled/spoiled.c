/* A plugin around the simulated accelerator that is wrong in one way. */
#include "tests/plugins/spoiled/spoiled.h"

#include <stdlib.h>
#include <string.h>

SY_PLUGIN_NOTE;

static void spoil_by_name(spoiled_tables *tables, const char *name) {
    static const spoiler *const lists[] = {spoil_device, spoil_memory, spoil_queue, spoil_work, spoil_model};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        for (const spoiler *row = lists[i]; row->name != NULL; row++)
            if (strcmp(row->name, name) == 0)
                row->spoil(tables);
}

SY_PLUGIN_EXPORT sy_backend_query_fn sy_backend_query;

const sy_backend_api *sy_backend_query(uint16_t host_major, uint16_t host_minor, sy_error *err) {
    static spoiled_tables tables;
    const sy_backend_api *sim = sy_sim_query(host_major, host_minor, err);
    const char *name = getenv("STEELYARD_TEST_SPOIL");
    if (sim == NULL)
        return NULL;
    tables = (spoiled_tables){
        *sim, *sim->device, *sim->memory, *sim->queue, *sim->work, *sim->sensor, *sim->model};
    tables.backend.name = "spoiled";
    tables.backend.device = &tables.device;
    tables.backend.memory = &tables.memory;
    tables.backend.queue = &tables.queue;
    tables.backend.work = &tables.work;
    tables.backend.sensor = &tables.sensor;
    tables.backend.model = &tables.model;
    spoil_by_name(&tables, name != NULL ? name : "");
    return &tables.backend;
}
