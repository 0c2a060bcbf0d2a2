/* The sources that the table lists, a file each. */
#ifndef STEELYARD_ENERGY_SOURCES_H
#define STEELYARD_ENERGY_SOURCES_H

#include "bench/energy/source.h"

extern const sy_energy_source sy_energy_powercap; /* counters of processor packages, /sys/class/powercap */
extern const sy_energy_source
    sy_energy_perf_power; /* the same counters as events of the kernel's PMU "power" */

extern const sy_energy_source sy_energy_hwmon;   /* power and energy of chips in /sys/class/hwmon */
extern const sy_energy_source sy_energy_battery; /* a battery while it discharges */
extern const sy_energy_source sy_energy_device;  /* sensors of the opened device, by its backend */
extern const sy_energy_source sy_energy_csv;     /* a log that something else writes */

#endif
