/* Small readings that the collecting parts share. */
#include "bench/environment/collect.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base/sysfs.h"

const char *sy_collect_keep(sy_collector *collector, const char *text) {
    if (text == NULL || text[0] == '\0')
        return NULL;
    const char *copy = sy_arena_text(collector->arena, text);
    collector->failed = collector->failed || copy == NULL;
    return copy;
}

const char *sy_collect_file(sy_collector *collector, const char *path) {
    char text[512];
    sy_status status = sy_sysfs_text(collector->root, path, text, sizeof text, NULL);
    return status == SY_OK ? sy_collect_keep(collector, text) : NULL;
}

bool sy_collect_number(const sy_collector *collector, const char *path, int64_t *out_value) {
    return sy_sysfs_i64(collector->root, path, out_value, NULL) == SY_OK;
}

bool sy_collect_line(const char *text, const char *name, char separator, char *out_value, size_t capacity) {
    size_t length = strlen(name);
    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        const char *rest = line + length;
        if (strncmp(line, name, length) != 0)
            continue;
        rest += strspn(rest, " \t");
        if (*rest != separator)
            continue;
        rest++;
        rest += strspn(rest, " \t\"");
        size_t bytes = strcspn(rest, "\n\"");
        while (bytes > 0 && isspace((unsigned char)rest[bytes - 1]))
            bytes--;
        bytes = bytes < capacity ? bytes : capacity - 1;
        memcpy(out_value, rest, bytes);
        out_value[bytes] = '\0';
        return bytes > 0;
    }
    return false;
}

size_t sy_cpulist_parse(const char *text, uint32_t out_cpus[SY_CPULIST_MAX]) {
    size_t count = 0;
    const char *next = text;
    while (isdigit((unsigned char)*next)) {
        char *end = NULL;
        unsigned long first = strtoul(next, &end, 10), last = first;
        if (*end == '-' && isdigit((unsigned char)end[1]))
            last = strtoul(end + 1, &end, 10);
        if (last < first || last >= UINT32_MAX || last - first >= SY_CPULIST_MAX - count)
            return 0;
        for (unsigned long cpu = first; cpu <= last; cpu++)
            out_cpus[count++] = (uint32_t)cpu;
        if (*end == '\0')
            return count;
        if (*end != ',')
            return 0;
        next = end + 1;
    }
    return 0;
}
