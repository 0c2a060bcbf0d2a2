/* Performance monitoring units under /sys/bus/event_source/devices, as far as events of energy need them. */
#ifndef STEELYARD_ENERGY_PMU_H
#define STEELYARD_ENERGY_PMU_H

#include <stddef.h>
#include <stdint.h>

#include "steelyard/status.h"

enum { SY_ENERGY_PMU_CPUS = 1024 };

/** A unit: the number the kernel knows it by, and the processors to ask, one for each thing that it counts.
 */
typedef struct sy_energy_pmu {
    char name[32];
    uint32_t type;
    uint32_t cpu[SY_ENERGY_PMU_CPUS];
    size_t cpus;
} sy_energy_pmu;

/** An event. scale_j: J of one count. */
typedef struct sy_energy_event {
    char name[32];
    uint64_t config;
    double scale_j;
} sy_energy_event;

/** Read a unit. SY_UNAVAILABLE: there is none of that name; SY_INVALID_ARGUMENT: its files say something else
 * than numbers; others as sy_energy_file_text(). */
sy_status sy_energy_pmu_read(const char *sysroot, const char *name, sy_energy_pmu *out_pmu, sy_error *err);

/** Read an event of a unit; SY_INVALID_ARGUMENT: it is not counted in joules or needs more than a number. */
sy_status sy_energy_event_read(
    const char *sysroot, const char *pmu, const char *name, sy_energy_event *out_event, sy_error *err);

/** Processors of "0,64" or "0-3,8". Returns how many, 0 if it is not of that form or has too many. */
size_t sy_energy_cpus_parse(const char *text, uint32_t *out_cpus, size_t capacity);

#endif
