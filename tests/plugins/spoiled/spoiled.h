/* The tables of the simulated accelerator, of which each spoiler replaces a slot. */
#ifndef STEELYARD_TESTS_PLUGINS_SPOILED_H
#define STEELYARD_TESTS_PLUGINS_SPOILED_H

#include "backends/sim/sim.h"

/** What is handed to the host; a spoiler changes it before anything else is called. */
typedef struct spoiled_tables {
    sy_backend_api backend;
    sy_device_api device;
    sy_memory_api memory;
    sy_queue_api queue;
    sy_work_api work;
    sy_sensor_api sensor;
    sy_model_api model;
} spoiled_tables;

/** One way to be wrong. */
typedef struct spoiler {
    const char *name;
    void (*spoil)(spoiled_tables *tables);
} spoiler;

/** Lists by file; an empty name ends each. */
extern const spoiler spoil_device[], spoil_memory[], spoil_queue[], spoil_work[], spoil_model[];

#endif
