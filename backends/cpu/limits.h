/* What this process may use: CPU quota and memory limit of its control groups (v1 and v2), free memory. */
#ifndef BACKENDS_CPU_LIMITS_H
#define BACKENDS_CPU_LIMITS_H

#include <stdint.h>

/**
 * Limits in force; the strictest of the group and all its parents.
 *
 * quota_cpus    processors' worth of time per second; 0: no quota.
 * memory_bytes  the machine's memory or the group's limit, the smaller; 0: unknown.
 * free_bytes    MemAvailable or what is left below the group's limit (page cache that can be dropped counts
 *               as free), the smaller; 0: unknown.
 */
typedef struct sy_cpu_limits {
    double quota_cpus;
    uint64_t memory_bytes, free_bytes;
} sy_cpu_limits;

/**
 * Read /proc/meminfo, /proc/self/cgroup and the groups' files under `sysroot`. What cannot be read does not
 * limit. Source: Linux Documentation/admin-guide/cgroup-v2.rst, cgroup-v1/memory.rst,
 * scheduler/sched-bwc.rst.
 */
void sy_cpu_limits_read(const char *sysroot, sy_cpu_limits *out_limits);

#endif
