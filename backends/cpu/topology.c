/* hwloc in, plain numbers out. */
#include "backends/cpu/topology.h"

#include <errno.h>
#include <hwloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "backends/cpu/sysfile.h"
#include "runtime/base/error.h"

static void leave_out_drivers(hwloc_topology_t topology) {
    static const char *const component[] = {"opencl", "cuda", "nvml", "rsmi", "levelzero", "gl"};
    for (size_t i = 0; i < sizeof component / sizeof component[0]; i++)
        hwloc_topology_set_components(topology, HWLOC_TOPOLOGY_COMPONENTS_FLAG_BLACKLIST, component[i]);
    hwloc_topology_set_io_types_filter(topology, HWLOC_TYPE_FILTER_KEEP_NONE);
}

static bool use_recorded(hwloc_topology_t topology, const char *sysroot) {
    char path[SY_CPU_PATH_MAX], head[16];
    if (sysroot[0] == '\0' || !sy_cpu_file_text(sysroot, "/topology.xml", head, sizeof head))
        return false;
    snprintf(path, sizeof path, "%s/topology.xml", sysroot);
    return hwloc_topology_set_xml(topology, path) == 0;
}

/* Processors this process may run on. */
static void find_allowed(hwloc_topology_t topology, bool is_recorded, hwloc_bitmap_t allowed) {
    hwloc_bitmap_t affinity = hwloc_bitmap_alloc();
    hwloc_bitmap_copy(allowed, hwloc_topology_get_allowed_cpuset(topology));
    if (!is_recorded && affinity != NULL &&
        hwloc_get_cpubind(topology, affinity, HWLOC_CPUBIND_THREAD) == 0 &&
        hwloc_bitmap_intersects(allowed, affinity))
        hwloc_bitmap_and(allowed, allowed, affinity);
    hwloc_bitmap_free(affinity);
}

static uint32_t count_inside(hwloc_topology_t topology, hwloc_obj_type_t type, hwloc_const_bitmap_t allowed) {
    uint32_t count = 0;
    for (hwloc_obj_t obj = NULL; (obj = hwloc_get_next_obj_by_type(topology, type, obj)) != NULL;)
        count += obj->cpuset != NULL && hwloc_bitmap_intersects(obj->cpuset, allowed);
    return count;
}

/* Size of one cache of that type; *out_all: of all that allowed processors have. */
static uint64_t cache_size(
    hwloc_topology_t topology, hwloc_obj_type_t type, hwloc_const_bitmap_t allowed, uint64_t *out_all) {
    uint64_t one = 0;
    *out_all = 0;
    for (hwloc_obj_t obj = NULL; (obj = hwloc_get_next_obj_by_type(topology, type, obj)) != NULL;) {
        if (!hwloc_bitmap_intersects(obj->cpuset, allowed))
            continue;
        one = obj->attr->cache.size;
        *out_all += one;
    }
    return one;
}

static void read_caches(hwloc_topology_t topology, hwloc_const_bitmap_t allowed, sy_cpu_topology *out) {
    uint64_t all[3];
    out->l1_bytes = cache_size(topology, HWLOC_OBJ_L1CACHE, allowed, &all[0]);
    out->l2_bytes = cache_size(topology, HWLOC_OBJ_L2CACHE, allowed, &all[1]);
    out->l3_bytes = cache_size(topology, HWLOC_OBJ_L3CACHE, allowed, &all[2]);
    out->last_bytes = all[2] > 0 ? all[2] : all[1] > 0 ? all[1] : all[0];
}

/* The `turn`-th allowed processor of a core, -1 if it has fewer. */
static int processor_of(hwloc_obj_t core, hwloc_const_bitmap_t allowed, uint32_t turn) {
    int next = hwloc_bitmap_first(core->cpuset);
    for (; next >= 0; next = hwloc_bitmap_next(core->cpuset, next))
        if (hwloc_bitmap_isset(allowed, (unsigned)next) && turn-- == 0)
            return next;
    return -1;
}

static void list_processors(hwloc_topology_t topology, hwloc_const_bitmap_t allowed, sy_cpu_topology *out) {
    bool found = true;
    for (uint32_t turn = 0; found; turn++) {
        found = false;
        for (hwloc_obj_t core = NULL;
             (core = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_CORE, core)) != NULL;) {
            int number = processor_of(core, allowed, turn);
            if (number < 0 || out->processors == SY_CPU_MAX_THREADS)
                continue;
            out->processor[out->processors++] = (uint32_t)number;
            found = true;
        }
    }
    /* A machine that does not tell its cores (some virtual ones): every processor counts as one. */
    int next = out->processors == 0 ? hwloc_bitmap_first(allowed) : -1;
    for (; next >= 0 && out->processors < SY_CPU_MAX_THREADS; next = hwloc_bitmap_next(allowed, next))
        out->processor[out->processors++] = (uint32_t)next;
}

static sy_status describe(hwloc_topology_t topology, bool is_recorded, sy_cpu_topology *out, sy_error *err) {
    hwloc_bitmap_t allowed = hwloc_bitmap_alloc();
    if (allowed == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "cpu: no memory for the processors' mask");
    find_allowed(topology, is_recorded, allowed);
    out->packages = count_inside(topology, HWLOC_OBJ_PACKAGE, allowed);
    out->cores = count_inside(topology, HWLOC_OBJ_CORE, allowed);
    out->numa_nodes = count_inside(topology, HWLOC_OBJ_NUMANODE, allowed);
    read_caches(topology, allowed, out);
    list_processors(topology, allowed, out);
    hwloc_bitmap_free(allowed);
    if (out->processors == 0)
        return sy_error_set(err, SY_UNAVAILABLE, "cpu: hwloc lists no processor that this process may use");
    if (out->cores == 0 || out->cores > out->processors)
        out->cores = out->processors;
    return SY_OK;
}

sy_status sy_cpu_topology_read(const char *sysroot, sy_cpu_topology *out_topology, sy_error *err) {
    hwloc_topology_t topology;
    *out_topology = (sy_cpu_topology){0};
    if (hwloc_topology_init(&topology) != 0)
        return sy_error_set(err, SY_UNAVAILABLE, "cpu: hwloc did not start: %s", strerror(errno));
    leave_out_drivers(topology);
    bool is_recorded = use_recorded(topology, sysroot);
    sy_status status = SY_OK;
    if (hwloc_topology_load(topology) != 0)
        status =
            sy_error_set(err, SY_UNAVAILABLE, "cpu: hwloc could not read the topology: %s", strerror(errno));
    else
        status = describe(topology, is_recorded, out_topology, err);
    hwloc_topology_destroy(topology);
    return status;
}
