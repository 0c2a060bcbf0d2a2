/* Control groups and /proc/meminfo. */
#include "backends/cpu/limits.h"

#include <stdio.h>
#include <string.h>

#include "backends/cpu/sysfile.h"

/* One group's share: limit and use of memory, UINT64_MAX where there is none. */
typedef void read_group(const char *sysroot, const char *folder, sy_cpu_limits *limits);

static bool group_file(const char *folder, const char *file, char *out_path) {
    int length = snprintf(out_path, SY_CPU_PATH_MAX, "%s/%s", folder, file);
    return length > 0 && (size_t)length < SY_CPU_PATH_MAX;
}

static bool group_u64(const char *sysroot, const char *folder, const char *file, uint64_t *out_value) {
    char path[SY_CPU_PATH_MAX];
    return group_file(folder, file, path) && sy_cpu_file_u64(sysroot, path, out_value);
}

static void limit_quota(sy_cpu_limits *limits, double quota_us, double period_us) {
    if (quota_us <= 0.0 || period_us <= 0.0)
        return;
    double cpus = quota_us / period_us;
    if (limits->quota_cpus <= 0.0 || cpus < limits->quota_cpus)
        limits->quota_cpus = cpus;
}

static void read_cpu_v2(const char *sysroot, const char *folder, sy_cpu_limits *limits) {
    char path[SY_CPU_PATH_MAX], text[64];
    double quota = 0.0, period = 0.0;
    if (group_file(folder, "cpu.max", path) && sy_cpu_file_text(sysroot, path, text, sizeof text) &&
        sscanf(text, "%lf %lf", &quota, &period) == 2)
        limit_quota(limits, quota, period);
}

static void read_cpu_v1(const char *sysroot, const char *folder, sy_cpu_limits *limits) {
    uint64_t quota = 0, period = 0;
    if (group_u64(sysroot, folder, "cpu.cfs_quota_us", &quota) &&
        group_u64(sysroot, folder, "cpu.cfs_period_us", &period))
        limit_quota(limits, (double)quota, (double)period);
}

static void limit_memory(sy_cpu_limits *limits, uint64_t limit, uint64_t used, uint64_t droppable) {
    if (limits->memory_bytes == 0 || limit < limits->memory_bytes)
        limits->memory_bytes = limit;
    used = droppable < used ? used - droppable : 0;
    uint64_t left = used < limit ? limit - used : 0;
    if (left < limits->free_bytes)
        limits->free_bytes = left;
}

static void read_memory(
    const char *sysroot, const char *folder, const char *const file[3], sy_cpu_limits *limits) {
    char path[SY_CPU_PATH_MAX], text[4096];
    uint64_t limit = 0, used = 0, droppable = 0;
    if (!group_u64(sysroot, folder, file[0], &limit) || !group_u64(sysroot, folder, file[1], &used))
        return;
    if (group_file(folder, "memory.stat", path) && sy_cpu_file_text(sysroot, path, text, sizeof text))
        sy_cpu_text_field_u64(text, file[2], &droppable);
    limit_memory(limits, limit, used, droppable);
}

static void read_memory_v2(const char *sysroot, const char *folder, sy_cpu_limits *limits) {
    static const char *const file[3] = {"memory.max", "memory.current", "inactive_file"};
    read_memory(sysroot, folder, file, limits);
}

static void read_memory_v1(const char *sysroot, const char *folder, sy_cpu_limits *limits) {
    static const char *const file[3] = {
        "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"};
    read_memory(sysroot, folder, file, limits);
}

/* Where a controller is mounted. A path that does not exist there (a container sees the host's names) leaves
 * the mount's root, which is the container's own group. */
static const struct {
    const char *controller, *mount;
    read_group *read;
} sources[] = {
    {"", "/sys/fs/cgroup", read_cpu_v2},
    {"", "/sys/fs/cgroup", read_memory_v2},
    {"", "/sys/fs/cgroup/unified", read_cpu_v2},
    {"", "/sys/fs/cgroup/unified", read_memory_v2},
    {"cpu", "/sys/fs/cgroup/cpu", read_cpu_v1},
    {"cpu", "/sys/fs/cgroup/cpu,cpuacct", read_cpu_v1},
    {"memory", "/sys/fs/cgroup/memory", read_memory_v1},
};

/* The group's folder, each parent, the mount itself. */
static void read_upwards(
    const char *sysroot, const char *mount, const char *group, read_group *read, sy_cpu_limits *limits) {
    char folder[SY_CPU_PATH_MAX];
    int length = snprintf(folder, sizeof folder, "%s%s", mount, group);
    if (length < 0 || (size_t)length >= sizeof folder)
        return;
    for (size_t end = (size_t)length; end >= strlen(mount);) {
        folder[end] = '\0';
        if (end == strlen(mount) || folder[end - 1] != '/')
            read(sysroot, folder, limits);
        if (end == strlen(mount))
            return;
        while (end > strlen(mount) && folder[--end] != '/')
            continue;
    }
}

/* Whether the comma-separated `list` has `name` ("" only in the empty list: version 2's line). */
static bool lists(const char *list, const char *name) {
    size_t length = strlen(name);
    if (length == 0)
        return list[0] == '\0';
    for (const char *item = list; item != NULL; item = strchr(item, ',')) {
        item += *item == ',';
        if (strncmp(item, name, length) == 0 && (item[length] == ',' || item[length] == '\0'))
            return true;
    }
    return false;
}

/* One line of /proc/self/cgroup, "id:controllers:path"; `line` is cut in place. */
static void read_line(const char *sysroot, char *line, sy_cpu_limits *limits) {
    char *controllers = strchr(line, ':');
    char *group = controllers != NULL ? strchr(controllers + 1, ':') : NULL;
    if (group == NULL)
        return;
    *group++ = '\0';
    controllers++;
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++)
        if (lists(controllers, sources[i].controller))
            read_upwards(sysroot, sources[i].mount, group, sources[i].read, limits);
}

static void read_groups(const char *sysroot, sy_cpu_limits *limits) {
    char text[8192];
    if (!sy_cpu_file_text(sysroot, "/proc/self/cgroup", text, sizeof text))
        return;
    char *rest = NULL;
    for (char *line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest))
        read_line(sysroot, line, limits);
}

void sy_cpu_limits_read(const char *sysroot, sy_cpu_limits *out_limits) {
    char text[4096];
    uint64_t total_kib = 0, free_kib = 0;
    *out_limits = (sy_cpu_limits){.free_bytes = UINT64_MAX};
    if (sy_cpu_file_text(sysroot, "/proc/meminfo", text, sizeof text)) {
        if (sy_cpu_text_field_u64(text, "MemTotal", &total_kib) && total_kib < UINT64_MAX >> 10)
            out_limits->memory_bytes = total_kib << 10;
        if (sy_cpu_text_field_u64(text, "MemAvailable", &free_kib) && free_kib < UINT64_MAX >> 10)
            out_limits->free_bytes = free_kib << 10;
    }
    read_groups(sysroot, out_limits);
    if (out_limits->free_bytes == UINT64_MAX)
        out_limits->free_bytes = 0;
}
