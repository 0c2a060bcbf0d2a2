/* Files of the kernel's description of a performance monitoring unit. */
#include "bench/energy/pmu.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/energy/file.h"
#include "runtime/base/error.h"
#include "runtime/base/text.h"

#define DEVICES "/sys/bus/event_source/devices"

enum { PATH_BYTES = 160 };

/* A number at *text, which is moved behind it. */
static bool take_cpu(const char **text, uint32_t *out_cpu) {
    char *end = NULL;
    if (**text < '0' || **text > '9')
        return false;
    unsigned long long cpu = strtoull(*text, &end, 10);
    *text = end;
    *out_cpu = (uint32_t)cpu;
    return cpu < 1000000;
}

size_t sy_energy_cpus_parse(const char *text, uint32_t *out_cpus, size_t capacity) {
    size_t count = 0;
    for (;; text++) {
        uint32_t from, to;
        if (!take_cpu(&text, &from))
            return 0;
        to = from;
        if (*text == '-' && (text++, !take_cpu(&text, &to)))
            return 0;
        for (uint32_t cpu = from; cpu <= to; cpu++) {
            if (count == capacity)
                return 0;
            out_cpus[count++] = cpu;
        }
        if (*text != ',')
            return *text == '\0' ? count : 0;
    }
}

sy_status sy_energy_pmu_read(const char *sysroot, const char *name, sy_energy_pmu *out_pmu, sy_error *err) {
    char path[PATH_BYTES], text[4096];
    int64_t type = 0;
    *out_pmu = (sy_energy_pmu){0};
    snprintf(out_pmu->name, sizeof out_pmu->name, "%s", name);
    snprintf(path, sizeof path, DEVICES "/%s/type", name);
    sy_status status = sy_energy_file_count(sysroot, path, &type, err);
    if (status != SY_OK)
        return status;
    if (type > UINT32_MAX)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: %lld is no type", path, (long long)type);
    out_pmu->type = (uint32_t)type;
    snprintf(path, sizeof path, DEVICES "/%s/cpumask", name);
    status = sy_energy_file_text(sysroot, path, text, sizeof text, err);
    if (status != SY_OK)
        return status;
    out_pmu->cpus = sy_energy_cpus_parse(text, out_pmu->cpu, SY_ENERGY_PMU_CPUS);
    if (out_pmu->cpus == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: \"%.64s\" is no list of processors", path, text);
    return SY_OK;
}

/* "event=0x02". Other terms would have to be placed by the unit's formats, which no event of energy needs. */
static bool parse_config(const char *text, uint64_t *out_config) {
    static const char term[] = "event=";
    char *end = NULL;
    if (strncmp(text, term, sizeof term - 1) != 0)
        return false;
    text += sizeof term - 1;
    *out_config = strtoull(text, &end, 16);
    return *text >= '0' && *text <= '9' && *end == '\0';
}

sy_status sy_energy_event_read(
    const char *sysroot, const char *pmu, const char *name, sy_energy_event *out_event, sy_error *err) {
    char path[PATH_BYTES], text[96];
    *out_event = (sy_energy_event){0};
    snprintf(out_event->name, sizeof out_event->name, "%s", name);
    snprintf(path, sizeof path, DEVICES "/%s/events/%s", pmu, name);
    sy_status status = sy_energy_file_text(sysroot, path, text, sizeof text, err);
    if (status == SY_OK && !parse_config(text, &out_event->config))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: \"%s\" is not \"event=NUMBER\"", path, text);
    snprintf(path, sizeof path, DEVICES "/%s/events/%s.unit", pmu, name);
    if (status == SY_OK)
        status = sy_energy_file_text(sysroot, path, text, sizeof text, err);
    if (status == SY_OK && strcmp(text, "Joules") != 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: \"%s\" is not \"Joules\"", path, text);
    snprintf(path, sizeof path, DEVICES "/%s/events/%s.scale", pmu, name);
    if (status == SY_OK)
        status = sy_energy_file_text(sysroot, path, text, sizeof text, err);
    if (status == SY_OK && !(sy_text_to_f64(text, &out_event->scale_j) && out_event->scale_j > 0))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%s: \"%s\" is no scale", path, text);
    return status;
}
