/*
 * Counters of packages as events of the kernel's units "power" and, on AMD, "power_core": the same registers
 * as powercap's, for who may count events but not read those files.
 */
#include "bench/energy/perf_power.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench/energy/file.h"
#include "bench/energy/pmu.h"
#include "bench/energy/rows.h"
#include "bench/energy/sources.h"
#include "bench/energy/unwrap.h"
#include "bench/energy/zone.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/base/sysfs.h"

#define NAME "perf_power"

static const uint64_t update_ns = 1000000, least_poll_ns = 100000000;

static const char *const units[] = {"power", "power_core"};
enum { UNITS = sizeof units / sizeof units[0] };

/* Events, and what they cover. The platform's is the whole machine's on every socket: asked for on one alone.
 */
static const struct {
    const char *name;
    uint32_t scope;
    bool is_part, is_platform;
} events[] = {{"energy-pkg", SY_ENERGY_SCOPE_PACKAGE, false, false},
    {"energy-ram", SY_ENERGY_SCOPE_MEMORY, false, false}, {"energy-psys", SY_ENERGY_SCOPE_NODE, false, true},
    {"energy-cores", SY_ENERGY_SCOPE_DIE, true, false}, {"energy-core", SY_ENERGY_SCOPE_DIE, true, false},
    {"energy-gpu", SY_ENERGY_SCOPE_DIE, true, false}};
enum { EVENTS = sizeof events / sizeof events[0] };

typedef struct count {
    int fd;
    sy_energy_unwrap unwrap;
} count;

typedef struct perf_meter {
    sy_energy_meter base;
    double scale_j;
    size_t counts;
    count count[];
} perf_meter;

static sy_status fail_call(sy_error *err, const char *name, uint32_t cpu) {
    int number = errno;
    sy_error_io(err, "event %s on processor %u", name, cpu);
    if (number == EACCES || number == EPERM)
        return SY_REFUSED;
    bool is_absent = number == ENOENT || number == ENODEV || number == EOPNOTSUPP || number == EINVAL;
    return is_absent || number == ENOSYS ? SY_UNAVAILABLE : SY_IO;
}

static sy_status open_event(sy_energy_perf_call *call, const sy_energy_pmu *pmu, const sy_energy_event *event,
    uint32_t cpu, int *out_fd, sy_error *err) {
    const struct perf_event_attr attr = {.type = pmu->type, .size = sizeof attr, .config = event->config};
    *out_fd = call(&attr, cpu);
    return *out_fd >= 0 ? SY_OK : fail_call(err, event->name, cpu);
}

static void tell_fix(const char *sysroot, char *out_text, size_t capacity) {
    int64_t level = 0;
    const char *path = "/proc/sys/kernel/perf_event_paranoid";
    sy_status status = sy_energy_file_i64(sysroot, path, &level, NULL);
    int length = snprintf(out_text, capacity,
        "setcap cap_perfmon+ep on this program, or as root: sysctl "
        "kernel.perf_event_paranoid=0");
    if (status == SY_OK)
        length += snprintf(out_text + length, capacity - (size_t)length, " (it is %lld)", (long long)level);
    snprintf(out_text + length, capacity - (size_t)length, "; in a container also --cap-add PERFMON");
}

/* A row is judged by opening the event once. */
static void judge(sy_energy_perf_call *call, const sy_energy_places *places, const sy_energy_pmu *pmu,
    const sy_energy_event *event, sy_energy_found *row) {
    int fd = -1;
    char fix[sizeof row->fix] = "";
    sy_error why = SY_ERROR_INIT;
    sy_status status = open_event(call, pmu, event, pmu->cpu[0], &fd, &why);
    if (fd >= 0)
        sy_file_close(fd);
    if (status == SY_REFUSED)
        tell_fix(places->sysroot, fix, sizeof fix);
    sy_energy_row_judge(row, status, why.text, fix);
}

static size_t cpus_of(const sy_energy_pmu *pmu, size_t number) {
    return events[number].is_platform ? 1 : pmu->cpus;
}

static sy_status append_event(sy_energy_perf_call *call, const sy_energy_places *places,
    const sy_energy_pmu *pmu, size_t number, sy_energy_list *list, sy_error *err) {
    sy_energy_event event;
    sy_error why = SY_ERROR_INIT;
    sy_energy_found row = sy_energy_row(NAME, events[number].name);
    sy_status status = sy_energy_event_read(places->sysroot, pmu->name, events[number].name, &event, &why);
    if (status == SY_UNAVAILABLE)
        return SY_OK;
    row.index = (uint32_t)number;
    row.is_part = events[number].is_part;
    row.facts.kind = SY_ENERGY_COUNTER;
    row.facts.scope =
        events[number].is_platform ? sy_energy_platform_scope(places->sysroot) : events[number].scope;
    row.facts.resolution = event.scale_j > 0 ? event.scale_j : NAN;
    row.facts.update_period_ns = update_ns;
    row.facts.least_poll_ns = least_poll_ns;
    snprintf(row.facts.detail, sizeof row.facts.detail,
        "PMU %s on %zu processors, step of the count; to be read once a second or the kernel may miscount",
        pmu->name, cpus_of(pmu, number));
    if (status == SY_OK)
        judge(call, places, pmu, &event, &row);
    else
        sy_energy_row_judge(&row, status, why.text, "");
    return sy_energy_rows_append(list, &row, err);
}

static sy_status append_unit(sy_energy_perf_call *call, const sy_energy_places *places, const char *unit,
    sy_energy_list *list, sy_error *err) {
    sy_energy_pmu pmu;
    sy_error why = SY_ERROR_INIT;
    sy_status status = sy_energy_pmu_read(places->sysroot, unit, &pmu, &why);
    if (status == SY_UNAVAILABLE)
        return SY_OK;
    if (status != SY_OK)
        return sy_energy_rows_absent(list, NAME, status, why.text, "", err);
    for (size_t number = 0; number < EVENTS && status == SY_OK; number++)
        status = append_event(call, places, &pmu, number, list, err);
    return status;
}

sy_status sy_energy_perf_find(sy_energy_perf_call *call, const sy_energy_places *places, const char *spec,
    sy_energy_list *list, sy_error *err) {
    size_t first = list->count;
    sy_status status = SY_OK;
    for (size_t i = 0; i < UNITS && status == SY_OK; i++)
        status = append_unit(call, places, units[i], list, err);
    if (status == SY_OK && list->count == first)
        return sy_energy_rows_absent(list, NAME, SY_UNAVAILABLE,
            "the kernel has no PMU \"power\" with events of energy: a virtual machine, a processor without "
            "RAPL, or its driver is not loaded",
            "on x86 outside of a virtual machine: modprobe rapl", err);
    return status == SY_OK ? sy_energy_rows_choose(list, first, NAME, spec, err) : status;
}

/* An event that the kernel has stopped answers with nothing. */
static sy_status read_count(count *of, sy_error *err) {
    uint64_t value = 0;
    ssize_t got = sy_file_read(of->fd, &value, sizeof value);
    if (got < 0)
        return sy_error_io(err, NAME);
    if (got != (ssize_t)sizeof value)
        return sy_error_set(err, SY_IO, NAME ": the event gave %zd bytes instead of a count", got);
    sy_status status = sy_energy_unwrap_next(&of->unwrap, (long double)value, err);
    return status == SY_OK ? SY_OK : sy_error_prefix(err, status, NAME ", counts");
}

static sy_status read_meter(sy_energy_meter *base, double *out_value, sy_error *err) {
    perf_meter *meter = (perf_meter *)base;
    sy_status result = SY_OK;
    long double total = 0;
    for (size_t i = 0; i < meter->counts; i++) {
        sy_status status = read_count(&meter->count[i], result == SY_OK ? err : NULL);
        result = result == SY_OK ? status : result;
        total += meter->count[i].unwrap.total;
    }
    *out_value = result == SY_OK ? (double)(total * (long double)meter->scale_j) : NAN;
    return result;
}

static void close_meter(sy_energy_meter *base) {
    perf_meter *meter = (perf_meter *)base;
    for (size_t i = 0; i < meter->counts; i++)
        sy_file_close(meter->count[i].fd);
    sy_mem_free(meter);
}

/* The unit that has the event, which is read too. */
static sy_status find_event(
    const char *sysroot, size_t number, sy_energy_pmu *out_pmu, sy_energy_event *out_event, sy_error *err) {
    sy_status status = SY_UNAVAILABLE;
    for (size_t i = 0; i < UNITS && status == SY_UNAVAILABLE; i++) {
        status = sy_energy_pmu_read(sysroot, units[i], out_pmu, err);
        if (status == SY_OK)
            status = sy_energy_event_read(sysroot, units[i], events[number].name, out_event, err);
    }
    return status;
}

static sy_status create(sy_energy_perf_call *call, const sy_energy_pmu *pmu, const sy_energy_event *event,
    size_t counts, perf_meter **out_meter, sy_error *err) {
    perf_meter *meter = sy_mem_calloc(1, sizeof *meter + counts * sizeof meter->count[0]);
    *out_meter = meter;
    if (meter == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for event %s", event->name);
    meter->base = (sy_energy_meter){.read = read_meter, .close = close_meter};
    meter->scale_j = event->scale_j;
    for (size_t i = 0; i < counts; i++) {
        sy_status status = open_event(call, pmu, event, pmu->cpu[i], &meter->count[i].fd, err);
        if (status != SY_OK)
            return status;
        meter->counts++;
    }
    double value;
    return read_meter(&meter->base, &value, err);
}

sy_status sy_energy_perf_open(sy_energy_perf_call *call, const sy_energy_places *places,
    const sy_energy_found *found, sy_energy_meter **out_meter, sy_error *err) {
    const char *name = strchr(found->facts.name, ':');
    size_t number = 0;
    sy_energy_pmu pmu;
    sy_energy_event event;
    perf_meter *meter = NULL;
    *out_meter = NULL;
    while (number < EVENTS && (name == NULL || strcmp(events[number].name, name + 1) != 0))
        number++;
    if (number == EVENTS)
        return sy_error_set(err, SY_UNAVAILABLE, "%s: no such event", found->facts.name);
    sy_status status = find_event(places->sysroot, number, &pmu, &event, err);
    if (status == SY_OK)
        status = create(call, &pmu, &event, cpus_of(&pmu, number), &meter, err);
    if (status == SY_OK)
        *out_meter = &meter->base;
    else if (meter != NULL)
        close_meter(&meter->base);
    return status;
}

static int call_kernel(const struct perf_event_attr *attr, uint32_t cpu) {
    return (int)syscall(SYS_perf_event_open, attr, -1, (int)cpu, -1, PERF_FLAG_FD_CLOEXEC);
}

static sy_status find(const sy_energy_places *places, const char *spec, sy_energy_list *list, sy_error *err) {
    return sy_energy_perf_find(call_kernel, places, spec, list, err);
}

static sy_status open_meter(const sy_energy_places *places, const sy_energy_found *found,
    sy_energy_meter **out_meter, sy_error *err) {
    return sy_energy_perf_open(call_kernel, places, found, out_meter, err);
}

const sy_energy_source sy_energy_perf_power = {
    .name = NAME,
    .form = "perf_power[:EVENT]",
    .help = "counters of processor packages and memory (RAPL) as events of the kernel's PMU \"power\"",
    .find = find,
    .open = open_meter,
};
