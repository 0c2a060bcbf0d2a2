/* The environment as a table of fields. */
#include "bench/environment/environment.h"

#define TEXT(label, path) SY_TEXT_FIELD(sy_environment, label, path)
#define COUNT(label, path) SY_COUNT_FIELD(sy_environment, label, path)
#define F64(label, path) SY_F64_FIELD(sy_environment, label, path, 0.0)

static const sy_field cache_rows[] = {
    SY_COUNT_FIELD(sy_cache_fact, "level", level),
    SY_TEXT_FIELD(sy_cache_fact, "kind", kind),
    SY_COUNT_FIELD(sy_cache_fact, "byte", byte),
    SY_COUNT_FIELD(sy_cache_fact, "shared_by", shared_by),
};
static const sy_field_table cache_fields = SY_FIELD_TABLE(cache_rows, sy_cache_fact);

static const sy_field setting_rows[] = {
    SY_TEXT_FIELD(sy_setting, "name", name),
    SY_TEXT_FIELD(sy_setting, "value", value),
    SY_TEXT_FIELD(sy_setting, "from", from),
};
static const sy_field_table setting_fields = SY_FIELD_TABLE(setting_rows, sy_setting);

static const sy_field library_rows[] = {
    SY_TEXT_FIELD(sy_library_fact, "name", name),
    SY_TEXT_FIELD(sy_library_fact, "version", version),
    SY_TEXT_FIELD(sy_library_fact, "path", path),
    SY_TEXT_FIELD(sy_library_fact, "build_id", build_id),
};
const sy_field_table sy_library_fields = SY_FIELD_TABLE(library_rows, sy_library_fact);

static const sy_field device_rows[] = {
    SY_TEXT_FIELD(sy_device_fact, "id", id),
    SY_TEXT_FIELD(sy_device_fact, "backend", backend),
    SY_TEXT_FIELD(sy_device_fact, "name", name),
    SY_TEXT_FIELD(sy_device_fact, "label", label),
    SY_TEXT_FIELD(sy_device_fact, "vendor", vendor),
    SY_TEXT_FIELD(sy_device_fact, "driver", driver),
    SY_TEXT_FIELD(sy_device_fact, "platform", platform),
    SY_TEXT_FIELD(sy_device_fact, "features", features),
    SY_TEXT_FIELD(sy_device_fact, "isa", isa),
    SY_TEXT_FIELD(sy_device_fact, "physical_id", physical_id),
    SY_TEXT_FIELD(sy_device_fact, "scope", scope),
    SY_COUNT_FIELD(sy_device_fact, "memory_byte", memory_byte),
    SY_COUNT_FIELD(sy_device_fact, "cache_byte", cache_byte),
    SY_COUNT_FIELD(sy_device_fact, "units", units),
    SY_TRI_FIELD(sy_device_fact, "simulated", simulated),
    SY_TEXT_FIELD(sy_device_fact, "status", status),
    SY_TEXT_FIELD(sy_device_fact, "reason", reason),
};
static const sy_field_table device_fields = SY_FIELD_TABLE(device_rows, sy_device_fact);

static const sy_field host_rows[] = {
    TEXT("name", host.name),
    TEXT("os", host.os),
    TEXT("kernel", host.kernel),
    TEXT("arch", host.arch),
    TEXT("virtualization", host.virtualization),
    TEXT("container", host.container),
};
static const sy_field_table host_fields = SY_FIELD_TABLE(host_rows, sy_environment);

static const sy_field cpu_rows[] = {
    TEXT("model", cpu.model),
    TEXT("vendor", cpu.vendor),
    TEXT("microcode", cpu.microcode),
    COUNT("sockets", cpu.sockets),
    COUNT("cores", cpu.cores),
    COUNT("threads", cpu.threads),
    SY_TRI_FIELD(sy_environment, "smt", cpu.smt),
    COUNT("numa_nodes", cpu.numa_nodes),
    SY_LIST_FIELD(sy_environment, "caches", cpu.caches, cache_fields),
    TEXT("governor", cpu.governor),
    TEXT("driver", cpu.driver),
    SY_TRI_FIELD(sy_environment, "boost", cpu.boost),
    F64("min_mhz", cpu.min_mhz),
    F64("max_mhz", cpu.max_mhz),
    TEXT("affinity", cpu.affinity),
    COUNT("affinity_count", cpu.affinity_count),
    F64("quota_cpus", cpu.quota_cpus),
    F64("load_1", cpu.load_1),
    F64("load_5", cpu.load_5),
    F64("load_15", cpu.load_15),
};
static const sy_field_table cpu_fields = SY_FIELD_TABLE(cpu_rows, sy_environment);

static const sy_field memory_rows[] = {
    COUNT("total_byte", memory.total_byte),
    COUNT("available_byte", memory.available_byte),
    COUNT("swap_byte", memory.swap_byte),
    COUNT("limit_byte", memory.limit_byte),
    TEXT("huge_pages", memory.huge_pages),
};
static const sy_field_table memory_fields = SY_FIELD_TABLE(memory_rows, sy_environment);

static const sy_field clock_rows[] = {
    TEXT("source", clock.source),
    F64("overhead_ns", clock.overhead_ns),
    F64("resolution_ns", clock.resolution_ns),
};
static const sy_field_table clock_fields = SY_FIELD_TABLE(clock_rows, sy_environment);

static const sy_field build_rows[] = {
    TEXT("version", build.version),
    TEXT("commit", build.commit),
    TEXT("compiler", build.compiler),
    TEXT("flags", build.flags),
    TEXT("type", build.type),
};
static const sy_field_table build_fields = SY_FIELD_TABLE(build_rows, sy_environment);

static const sy_field environment_rows[] = {
    SY_GROUP_FIELD("host", 0, host_fields),
    SY_GROUP_FIELD("cpu", 0, cpu_fields),
    SY_GROUP_FIELD("memory", 0, memory_fields),
    SY_GROUP_FIELD("clock", 0, clock_fields),
    SY_GROUP_FIELD("build", 0, build_fields),
    SY_TEXTS_FIELD(sy_environment, "command", command),
    SY_LIST_FIELD(sy_environment, "settings", settings, setting_fields),
    SY_LIST_FIELD(sy_environment, "masks", masks, setting_fields),
    SY_LIST_FIELD(sy_environment, "libraries", libraries, sy_library_fields),
    SY_LIST_FIELD(sy_environment, "devices", devices, device_fields),
    SY_TRI_FIELD(sy_environment, "anonymized", anonymized),
};
const sy_field_table sy_environment_fields = SY_FIELD_TABLE(environment_rows, sy_environment);

void sy_environment_init(sy_environment *out_environment) {
    *out_environment = (sy_environment){0};
    sy_fields_clear(&sy_environment_fields, out_environment);
}
