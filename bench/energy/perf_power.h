/* What perf_power asks the kernel for, replaceable: there is no file to stand in for a system call. */
#ifndef STEELYARD_ENERGY_PERF_POWER_H
#define STEELYARD_ENERGY_PERF_POWER_H

#include "bench/energy/source.h"

struct perf_event_attr;

/** As perf_event_open(2) of everything that runs on one processor: a descriptor, or -1 with errno. */
typedef int sy_energy_perf_call(const struct perf_event_attr *attr, uint32_t cpu);

/** The source's find and open by a call of one's own. Contracts as in sy_energy_source. */
sy_status sy_energy_perf_find(sy_energy_perf_call *call, const sy_energy_places *places, const char *spec,
    sy_energy_list *list, sy_error *err);
sy_status sy_energy_perf_open(sy_energy_perf_call *call, const sy_energy_places *places,
    const sy_energy_found *found, sy_energy_meter **out_meter, sy_error *err);

#endif
