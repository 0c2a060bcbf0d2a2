/* The checks, by file; each is a row of list.c, which says in words what it asks. */
#ifndef STEELYARD_CONFORM_CHECKS_H
#define STEELYARD_CONFORM_CHECKS_H

#include "bench/conform/kit.h"

/* Sensors of a device, at most: describe() must know an end before. */
enum { CONFORM_SENSORS_MAX = 256 };

/* check_plugin.c */
conform_check conform_check_file, conform_check_start, conform_check_null, conform_check_shutdown;
/* check_device.c */
conform_check conform_check_describe, conform_check_sizes, conform_check_info, conform_check_params,
    conform_check_reopen;
/* check_memory.c */
conform_check conform_check_kinds, conform_check_bounds, conform_check_alignment, conform_check_import,
    conform_check_spans;
/* check_copy.c */
conform_check conform_check_copies, conform_check_fills;
/* check_queue.c */
conform_check conform_check_order, conform_check_events, conform_check_sync, conform_check_queues;
/* check_timer.c */
conform_check conform_check_timer;
/* check_list.c */
conform_check conform_check_list;
/* check_cases.c: `item` is a topic of cases.h */
conform_check conform_check_cases, conform_check_reorder;
/* check_math.c: `item` is a dtype */
conform_check conform_check_math;
/* check_refuse.c, check_binding.c */
conform_check conform_check_problems, conform_check_bindings, conform_check_errors;
/* check_model.c */
conform_check conform_check_models, conform_check_model_ports, conform_check_model_run;
/* check_graph.c */
conform_check conform_check_graph;
/* check_leak.c */
conform_check conform_check_plans, conform_check_model_loads, conform_check_devices;
/* check_sensor.c */
conform_check conform_check_sensors, conform_check_values, conform_check_load;
/* check_energy.c */
conform_check conform_check_energy;
/* check_thread.c */
conform_check conform_check_threads;

#endif
