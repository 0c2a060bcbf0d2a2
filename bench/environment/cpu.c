/* The CPU: model, frequency scaling, load, affinity. */
#include <stdio.h>
#include <string.h>

#include "bench/environment/collect.h"
#include "runtime/base/sysfs.h"
#include "runtime/base/text.h"

static void read_model(sy_collector *collector) {
    static const char *const model_names[] = {"model name", "cpu model", "Model Name", "Hardware"};
    char text[16384], value[256];
    sy_environment *facts = collector->facts;
    /* Only the first processor's lines are wanted: an overflow is fine. */
    sy_sysfs_text(collector->root, "/proc/cpuinfo", text, sizeof text, NULL);
    for (size_t i = 0; i < sizeof model_names / sizeof model_names[0] && facts->cpu.model == NULL; i++)
        if (sy_collect_line(text, model_names[i], ':', value, sizeof value))
            facts->cpu.model = sy_collect_keep(collector, value);
    if (facts->cpu.model == NULL)
        facts->cpu.model = sy_collect_file(collector, "/proc/device-tree/model");
    if (sy_collect_line(text, "vendor_id", ':', value, sizeof value) ||
        sy_collect_line(text, "CPU implementer", ':', value, sizeof value))
        facts->cpu.vendor = sy_collect_keep(collector, value);
    if (sy_collect_line(text, "microcode", ':', value, sizeof value))
        facts->cpu.microcode = sy_collect_keep(collector, value);
}

/* The governor of all online CPUs, "mixed" if they differ. */
static void read_governor(sy_collector *collector) {
    char online[4096], first[64] = "", path[96];
    uint32_t cpus[SY_CPULIST_MAX];
    sy_sysfs_text(collector->root, "/sys/devices/system/cpu/online", online, sizeof online, NULL);
    size_t count = sy_cpulist_parse(online, cpus);
    for (size_t i = 0; i < count; i++) {
        char governor[64];
        snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%u/cpufreq/scaling_governor", cpus[i]);
        if (sy_sysfs_text(collector->root, path, governor, sizeof governor, NULL) != SY_OK)
            continue;
        if (first[0] == '\0')
            memcpy(first, governor, sizeof first);
        else if (strcmp(first, governor) != 0)
            snprintf(first, sizeof first, "mixed");
    }
    collector->facts->cpu.governor = sy_collect_keep(collector, first);
}

static double megahertz(const sy_collector *collector, const char *path, double absent) {
    int64_t kilohertz;
    return sy_collect_number(collector, path, &kilohertz) && kilohertz > 0 ? (double)kilohertz / 1e3 : absent;
}

static void read_frequency(sy_collector *collector) {
    sy_environment *facts = collector->facts;
    int64_t value;
    facts->cpu.driver = sy_collect_file(collector, "/sys/devices/system/cpu/cpu0/cpufreq/scaling_driver");
    facts->cpu.min_mhz =
        megahertz(collector, "/sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_min_freq", facts->cpu.min_mhz);
    facts->cpu.max_mhz =
        megahertz(collector, "/sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq", facts->cpu.max_mhz);
    if (sy_collect_number(collector, "/sys/devices/system/cpu/cpufreq/boost", &value))
        facts->cpu.boost = sy_tri_of(value != 0);
    if (sy_collect_number(collector, "/sys/devices/system/cpu/intel_pstate/no_turbo", &value))
        facts->cpu.boost = sy_tri_of(value == 0);
    if (sy_collect_number(collector, "/sys/devices/system/cpu/smt/active", &value))
        facts->cpu.smt = sy_tri_of(value != 0);
}

static void read_load(sy_collector *collector) {
    char text[128];
    double *const loads[] = {
        &collector->facts->cpu.load_1, &collector->facts->cpu.load_5, &collector->facts->cpu.load_15};
    if (sy_sysfs_text(collector->root, "/proc/loadavg", text, sizeof text, NULL) != SY_OK)
        return;
    char *rest = text;
    for (size_t i = 0; i < sizeof loads / sizeof loads[0]; i++) {
        const char *word = strsep(&rest, " ");
        if (word == NULL || !sy_text_to_f64(word, loads[i]))
            return;
    }
}

static void read_affinity(sy_collector *collector) {
    char text[8192], list[4096];
    uint32_t cpus[SY_CPULIST_MAX];
    sy_sysfs_text(collector->root, "/proc/self/status", text, sizeof text, NULL);
    if (!sy_collect_line(text, "Cpus_allowed_list", ':', list, sizeof list))
        return;
    size_t count = sy_cpulist_parse(list, cpus);
    if (count == 0)
        return;
    collector->facts->cpu.affinity = sy_collect_keep(collector, list);
    collector->facts->cpu.affinity_count = count;
}

void sy_collect_cpu(sy_collector *collector) {
    read_model(collector);
    read_governor(collector);
    read_frequency(collector);
    read_load(collector);
    read_affinity(collector);
}
