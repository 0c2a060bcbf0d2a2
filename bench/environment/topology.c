/* Sockets, cores, NUMA nodes and caches, as the kernel lists them. */
#include <stdio.h>
#include <string.h>

#include "bench/environment/collect.h"
#include "runtime/base/sysfs.h"
#include "runtime/base/text.h"

enum { CACHES_MAX = 16 };

static size_t count_list(const sy_collector *collector, const char *path) {
    char text[4096];
    uint32_t cpus[SY_CPULIST_MAX];
    sy_sysfs_text(collector->root, path, text, sizeof text, NULL);
    return sy_cpulist_parse(text, cpus);
}

/* One more of a set of numbers; how many there are then. */
static size_t add_unique(int64_t *set, size_t count, int64_t value) {
    for (size_t i = 0; i < count; i++)
        if (set[i] == value)
            return count;
    set[count] = value;
    return count + 1;
}

static void count_cores(sy_collector *collector) {
    char online[4096], path[96];
    uint32_t cpus[SY_CPULIST_MAX];
    static const int64_t core_span = INT64_C(1) << 32;
    int64_t *sockets = sy_arena_array(collector->arena, SY_CPULIST_MAX, sizeof *sockets);
    int64_t *cores = sy_arena_array(collector->arena, SY_CPULIST_MAX, sizeof *cores);
    size_t n_sockets = 0, n_cores = 0;
    sy_sysfs_text(collector->root, "/sys/devices/system/cpu/online", online, sizeof online, NULL);
    size_t count = sy_cpulist_parse(online, cpus);
    if (sockets == NULL || cores == NULL) {
        collector->failed = true;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        int64_t socket, core;
        snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%u/topology/physical_package_id", cpus[i]);
        bool is_known = sy_collect_number(collector, path, &socket);
        snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%u/topology/core_id", cpus[i]);
        /* Ids are -1 where the firmware tells nothing; numbers from outside stay in range. */
        if (!is_known || !sy_collect_number(collector, path, &core) || socket < 0 || core < 0 ||
            socket >= core_span / 2 || core >= core_span)
            return;
        n_sockets = add_unique(sockets, n_sockets, socket);
        n_cores = add_unique(cores, n_cores, socket * core_span / 2 + core);
    }
    if (count == 0)
        return;
    collector->facts->cpu.threads = count;
    collector->facts->cpu.sockets = n_sockets;
    collector->facts->cpu.cores = n_cores;
}

/* Cache `index` of CPU 0; false past the last. */
static bool read_cache(sy_collector *collector, int index, sy_cache_fact *out_cache) {
    char folder[64], path[96], text[64];
    int64_t level;
    snprintf(folder, sizeof folder, "/sys/devices/system/cpu/cpu0/cache/index%d", index);
    snprintf(path, sizeof path, "%s/level", folder);
    if (!sy_collect_number(collector, path, &level) || level < 1)
        return false;
    *out_cache = (sy_cache_fact){.level = (uint64_t)level, .byte = SY_NO_COUNT, .shared_by = SY_NO_COUNT};
    snprintf(path, sizeof path, "%s/size", folder);
    if (sy_sysfs_text(collector->root, path, text, sizeof text, NULL) != SY_OK ||
        !sy_text_to_size(text, 1024, &out_cache->byte))
        out_cache->byte = SY_NO_COUNT;
    snprintf(path, sizeof path, "%s/type", folder);
    if (sy_sysfs_text(collector->root, path, text, sizeof text, NULL) == SY_OK) {
        static const char *const kinds[][2] = {
            {"Data", "data"}, {"Instruction", "instruction"}, {"Unified", "unified"}};
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
            if (strcmp(text, kinds[i][0]) == 0)
                out_cache->kind = kinds[i][1];
    }
    snprintf(path, sizeof path, "%s/shared_cpu_list", folder);
    size_t shared = count_list(collector, path);
    if (shared > 0)
        out_cache->shared_by = shared;
    return true;
}

static void read_caches(sy_collector *collector) {
    sy_cache_fact *caches = sy_arena_array(collector->arena, CACHES_MAX, sizeof *caches);
    size_t count = 0;
    if (caches == NULL) {
        collector->failed = true;
        return;
    }
    while (count < CACHES_MAX && read_cache(collector, (int)count, &caches[count]))
        count++;
    collector->facts->cpu.caches.item = caches;
    collector->facts->cpu.caches.count = count;
}

void sy_collect_topology(sy_collector *collector) {
    count_cores(collector);
    read_caches(collector);
    size_t nodes = count_list(collector, "/sys/devices/system/node/online");
    if (nodes > 0)
        collector->facts->cpu.numa_nodes = nodes;
}
