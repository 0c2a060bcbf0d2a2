/* Temperature and clock of the processor, where the system lets them be read. Energy is another matter. */
#ifndef BACKENDS_CPU_SENSOR_H
#define BACKENDS_CPU_SENSOR_H

#include "steelyard/backend.h"

/**
 * The sensor table. The list is the same for every call: package temperature (hwmon coretemp, k10temp or
 * zenpower), clock (mean of cpufreq scaling_cur_freq over the device's processors). A read answers
 * SY_UNAVAILABLE where the system has no such file.
 */
extern const sy_sensor_api sy_cpu_sensor_api;

#endif
