/* Packages, cores, caches and processors of the machine, as hwloc sees them. */
#ifndef BACKENDS_CPU_TOPOLOGY_H
#define BACKENDS_CPU_TOPOLOGY_H

#include <stdint.h>

#include "steelyard/status.h"

/** Most processors that are listed, and so the most threads of a device. */
#define SY_CPU_MAX_THREADS 1024u

/**
 * The part of the machine that this process may use (cpuset and affinity mask).
 *
 * packages, cores, numa_nodes  how many of each hold an allowed processor.
 * l1_bytes, l2_bytes, l3_bytes one data cache of that level; 0: none or unknown.
 * last_bytes                   all caches of the last level together.
 * processor                    `processors` operating-system numbers: the first of each core, then the second
 *                              of each ... so the first `cores` entries are one a core.
 */
typedef struct sy_cpu_topology {
    uint32_t packages, cores, numa_nodes, processors;
    uint64_t l1_bytes, l2_bytes, l3_bytes, last_bytes;
    uint32_t processor[SY_CPU_MAX_THREADS];
} sy_cpu_topology;

/**
 * Look. With a `sysroot` other than "" the machine is read from <sysroot>/topology.xml (hwloc's own export),
 * or, when there is none, is the real one. The components of hwloc that would load drivers (opencl, cuda,
 * nvml, rsmi, levelzero, gl) are left out. Errors: SY_UNAVAILABLE with what failed.
 */
sy_status sy_cpu_topology_read(const char *sysroot, sy_cpu_topology *out_topology, sy_error *err);

#endif
