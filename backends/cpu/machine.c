/* What kind of processor this is, and how many threads it gets by default. */
#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "backends/cpu/device.h"
#include "backends/cpu/sysfile.h"
#include "runtime/base/error.h"
#include "runtime/base/random.h"
#include "runtime/base/text.h"

const char *sy_cpu_option(const sy_backend *backend, const char *key) {
    if (backend->host.option == NULL)
        return NULL;
    const char *value = backend->host.option(backend->host.ctx, key);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

void sy_cpu_log(const sy_backend *backend, uint32_t level, const char *format, ...) {
    char text[512];
    if (backend->host.log == NULL)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    backend->host.log(backend->host.ctx, level, text);
}

sy_status sy_cpu_threads_parse(
    const sy_backend *backend, const char *text, uint32_t *out_threads, sy_error *err) {
    uint64_t threads = 0;
    *out_threads = 0;
    if (!sy_text_to_u64(text, &threads) || threads == 0 || threads > backend->topology.processors)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "cpu: threads=%s, must be 1 to %u (the processors this process may use)", text,
            backend->topology.processors);
    *out_threads = (uint32_t)threads;
    return SY_OK;
}

/* One line of /proc/cpuinfo, with runs of blanks made one and those at the end dropped. */
static void read_name(const char *text, const char *key, char *out_name, size_t capacity) {
    size_t used = 0;
    sy_cpu_text_field(text, key, out_name, capacity);
    for (const char *c = out_name; *c != '\0'; c++)
        if (!isspace((unsigned char)*c) || (used > 0 && out_name[used - 1] != ' '))
            out_name[used++] = isspace((unsigned char)*c) ? ' ' : *c;
    if (used > 0 && out_name[used - 1] == ' ')
        used--;
    out_name[used] = '\0';
}

/* Identity of the kind of processor: no serial number, no machine id. */
static void hash_identity(sy_backend *backend, const char *cpuinfo) {
    static const char *const key[] = {"vendor_id", "cpu family", "model", "stepping", "model name",
        "CPU implementer", "CPU part", "CPU variant"};
    char value[128];
    uint64_t hash = sy_random_mix(backend->topology.packages) ^ backend->topology.cores;
    for (size_t i = 0; i < sizeof key / sizeof key[0]; i++) {
        read_name(cpuinfo, key[i], value, sizeof value);
        for (const char *c = value; *c != '\0'; c++)
            hash = sy_random_mix(hash ^ (unsigned char)*c);
        hash = sy_random_mix(hash ^ 0x100u);
    }
    snprintf(backend->uuid, sizeof backend->uuid, "cpu-%016llx", (unsigned long long)hash);
}

static void read_processor(sy_backend *backend) {
    char text[16384];
    sy_cpu_file_text(backend->sysroot, "/proc/cpuinfo", text, sizeof text);
    read_name(text, "model name", backend->model, sizeof backend->model);
    read_name(text, "vendor_id", backend->vendor, sizeof backend->vendor);
    if (backend->model[0] == '\0')
        snprintf(backend->model, sizeof backend->model, "processor of unknown name");
    hash_identity(backend, text);
}

static sy_status choose_threads(sy_backend *backend, sy_error *err) {
    sy_cpu_limits limits;
    sy_cpu_limits_read(backend->sysroot, &limits);
    double quota = ceil(limits.quota_cpus);
    const char *wanted = sy_cpu_option(backend, "threads");
    backend->threads = backend->topology.cores;
    if (wanted != NULL) {
        sy_status status = sy_cpu_threads_parse(backend, wanted, &backend->threads, err);
        if (status == SY_OK && quota > 0.0 && quota < backend->threads)
            sy_cpu_log(backend, SY_LOG_WARNING, "cpu: %u threads share a cgroup quota of %.2f processors",
                backend->threads, limits.quota_cpus);
        return status;
    }
    if (quota > 0.0 && quota < backend->threads) {
        backend->threads = (uint32_t)quota;
        sy_cpu_log(backend, SY_LOG_INFO, "cpu: a cgroup quota of %.2f processors leaves %u of %u cores",
            limits.quota_cpus, backend->threads, backend->topology.cores);
    }
    return SY_OK;
}

sy_status sy_cpu_machine_read(sy_backend *backend, sy_error *err) {
    const char *sysroot = sy_cpu_option(backend, "sysroot");
    backend->sysroot = sysroot != NULL ? sysroot : "";
    sy_status status = sy_cpu_isa_choose(sy_cpu_option(backend, "isa"), &backend->isa, err);
    if (status == SY_OK)
        status = sy_cpu_topology_read(backend->sysroot, &backend->topology, err);
    if (status != SY_OK)
        return status;
    read_processor(backend);
    return choose_threads(backend, err);
}
