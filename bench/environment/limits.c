/* Memory, and what the control group leaves of it and of the CPUs. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/environment/collect.h"
#include "runtime/base/sysfs.h"
#include "runtime/base/text.h"

enum { GROUP_MAX = 512 };

/* What version 1 writes where there is no limit is near 2^63, rounded down to a page. */
static const int64_t no_limit = INT64_C(1) << 60;

static uint64_t meminfo(const char *text, const char *name) {
    char value[64];
    uint64_t kibibytes, bytes;
    if (!sy_collect_line(text, name, ':', value, sizeof value))
        return SY_NO_COUNT;
    char *unit = strstr(value, " kB");
    if (unit == NULL)
        return SY_NO_COUNT;
    *unit = '\0';
    bool is_good =
        sy_text_to_u64(value, &kibibytes) && !__builtin_mul_overflow(kibibytes, UINT64_C(1024), &bytes);
    return is_good ? bytes : SY_NO_COUNT;
}

/* The word in brackets of "always [madvise] never". */
static void read_huge_pages(sy_collector *collector) {
    char text[64];
    const char *path = "/sys/kernel/mm/transparent_hugepage/enabled";
    if (sy_sysfs_text(collector->root, path, text, sizeof text, NULL) != SY_OK)
        return;
    char *begin = strchr(text, '['), *end = strchr(text, ']');
    if (begin == NULL || end == NULL || end < begin)
        return;
    *end = '\0';
    collector->facts->memory.huge_pages = sy_collect_keep(collector, begin + 1);
}

/* Path of this process' group in the hierarchy of a controller; "" is that of version 2. */
static bool group_of(const char *text, const char *controller, char out_path[GROUP_MAX]) {
    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        const char *names = strchr(line, ':');
        const char *path = names != NULL ? strchr(names + 1, ':') : NULL;
        if (path == NULL || path[1] != '/')
            continue;
        size_t bytes = (size_t)(path - names - 1), wanted = strlen(controller);
        bool is_it = bytes == wanted && memcmp(names + 1, controller, wanted) == 0;
        if (wanted > 0 && bytes > wanted) { /* "cpu,cpuacct" */
            is_it = (memcmp(names + 1, controller, wanted) == 0 && names[1 + wanted] == ',') ||
                    memcmp(path - wanted, controller, wanted) == 0;
        }
        size_t length = strcspn(path + 1, "\n");
        if (!is_it || length >= GROUP_MAX)
            continue;
        memcpy(out_path, path + 1, length);
        out_path[length] = '\0';
        return true;
    }
    return false;
}

/* The parent's path; false at the top. */
static bool go_up(char path[GROUP_MAX]) {
    char *slash = strrchr(path, '/');
    if (slash == NULL || path[1] == '\0')
        return false;
    slash[slash == path] = '\0';
    return true;
}

/* CPUs of one group: cpu.max is "quota period" or "max period"; version 1 has a file for each. */
static double quota_here(const sy_collector *collector, const char *group, bool is_v2) {
    char path[GROUP_MAX + 64], text[64];
    int64_t quota, period;
    if (is_v2) {
        snprintf(path, sizeof path, "/sys/fs/cgroup%s/cpu.max", group);
        if (sy_sysfs_text(collector->root, path, text, sizeof text, NULL) != SY_OK)
            return INFINITY;
        char *rest = text;
        const char *first = strsep(&rest, " ");
        if (rest == NULL || !sy_text_to_i64(first, &quota) || !sy_text_to_i64(rest, &period))
            return INFINITY;
    } else {
        snprintf(path, sizeof path, "/sys/fs/cgroup/cpu%s/cpu.cfs_quota_us", group);
        if (!sy_collect_number(collector, path, &quota))
            return INFINITY;
        snprintf(path, sizeof path, "/sys/fs/cgroup/cpu%s/cpu.cfs_period_us", group);
        if (!sy_collect_number(collector, path, &period))
            return INFINITY;
    }
    return quota > 0 && period > 0 ? (double)quota / (double)period : INFINITY;
}

/* Bytes of one group, INFINITY without a limit. */
static double memory_here(const sy_collector *collector, const char *group, bool is_v2) {
    char path[GROUP_MAX + 64];
    int64_t bytes;
    snprintf(path, sizeof path,
        is_v2 ? "/sys/fs/cgroup%s/memory.max" : "/sys/fs/cgroup/memory%s/memory.limit_in_bytes", group);
    bool is_limit = sy_collect_number(collector, path, &bytes) && bytes > 0 && bytes < no_limit;
    return is_limit ? (double)bytes : INFINITY;
}

typedef double read_limit(const sy_collector *collector, const char *group, bool is_v2);

/* The tightest limit from this process' group up to the top: each of them binds. */
static double tightest(
    const sy_collector *collector, const char *groups, const char *controller, read_limit *here) {
    double least = INFINITY;
    for (int version = 1; version <= 2; version++) {
        char path[GROUP_MAX];
        if (!group_of(groups, version == 2 ? "" : controller, path))
            continue;
        do {
            const char *group = strcmp(path, "/") == 0 ? "" : path;
            least = fmin(least, here(collector, group, version == 2));
        } while (go_up(path));
    }
    return least;
}

void sy_collect_limits(sy_collector *collector) {
    char text[8192];
    sy_environment *facts = collector->facts;
    sy_sysfs_text(collector->root, "/proc/meminfo", text, sizeof text, NULL);
    facts->memory.total_byte = meminfo(text, "MemTotal");
    facts->memory.available_byte = meminfo(text, "MemAvailable");
    facts->memory.swap_byte = meminfo(text, "SwapTotal");
    read_huge_pages(collector);
    sy_sysfs_text(collector->root, "/proc/self/cgroup", text, sizeof text, NULL);
    double quota = tightest(collector, text, "cpu", quota_here);
    double bytes = tightest(collector, text, "memory", memory_here);
    if (isfinite(quota))
        facts->cpu.quota_cpus = quota;
    if (isfinite(bytes))
        facts->memory.limit_byte = (uint64_t)bytes;
}
