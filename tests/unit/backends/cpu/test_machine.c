/* What is found on recorded machines: quotas of both cgroup versions, memory limits, topologies, names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <hwloc.h>

#include "backends/cpu/isa.h"
#include "backends/cpu/limits.h"
#include "backends/cpu/topology.h"
#include "kernels/gemm/gemm_types.h"
#include "kernels/probe/probe.h"
#include "runtime/base/error.h"
#include "tests/support/near.h"
#include "tests/unit/backends/cpu/rig.h"

/* A folder that stands for the root of a machine. */
static int make_root(void **state) {
    static char root[] = "/tmp/steelyard-cpu-XXXXXX";
    memcpy(root + sizeof root - 7, "XXXXXX", 6);
    assert_non_null(mkdtemp(root));
    *state = root;
    return 0;
}

static int remove_root(void **state) {
    char command[128];
    snprintf(command, sizeof command, "rm -r '%s'", (const char *)*state);
    return system(command);
}

static void put(const char *root, const char *path, const char *text) {
    char full[512];
    snprintf(full, sizeof full, "%s%s", root, path);
    for (char *slash = strchr(full + strlen(root) + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(full, 0700);
        *slash = '/';
    }
    FILE *file = fopen(full, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* A topology in hwloc's own format, from its description in words. */
static void put_topology(const char *root, const char *description) {
    char path[512];
    hwloc_topology_t topology;
    snprintf(path, sizeof path, "%s/topology.xml", root);
    assert_int_equal(hwloc_topology_init(&topology), 0);
    assert_int_equal(hwloc_topology_set_synthetic(topology, description), 0);
    assert_int_equal(hwloc_topology_load(topology), 0);
    assert_int_equal(hwloc_topology_export_xml(topology, path, 0), 0);
    hwloc_topology_destroy(topology);
}

static const char meminfo[] =
    "MemTotal:       16000000 kB\nMemFree:         1000 kB\nMemAvailable:    8000000 kB\n";

static void version_2_takes_the_strictest(void **state) {
    const char *root = *state;
    sy_cpu_limits limits;
    put(root, "/proc/meminfo", meminfo);
    put(root, "/proc/self/cgroup", "0::/slice/job\n");
    put(root, "/sys/fs/cgroup/slice/job/cpu.max", "max 100000\n");
    put(root, "/sys/fs/cgroup/slice/cpu.max", "250000 100000\n");
    put(root, "/sys/fs/cgroup/slice/job/memory.max", "1048576000\n");
    put(root, "/sys/fs/cgroup/slice/job/memory.current", "48576000\n");
    put(root, "/sys/fs/cgroup/slice/job/memory.stat", "anon 1\nfile 2\ninactive_file 8576000\n");
    put(root, "/sys/fs/cgroup/slice/memory.max", "max\n");
    put(root, "/sys/fs/cgroup/slice/memory.current", "1\n");
    sy_cpu_limits_read(root, &limits);
    assert_near(2.5, limits.quota_cpus, 1e-12);
    assert_true(limits.memory_bytes == 1048576000);
    assert_true(limits.free_bytes == 1048576000 - 40000000);
}

static void version_1_reads_both_controllers(void **state) {
    const char *root = *state;
    sy_cpu_limits limits;
    put(root, "/proc/meminfo", meminfo);
    put(root, "/proc/self/cgroup", "4:memory:/box\n3:cpuset:/\n2:cpu,cpuacct:/box/in\n1:name=systemd:/x\n");
    put(root, "/sys/fs/cgroup/cpu,cpuacct/box/in/cpu.cfs_quota_us", "150000\n");
    put(root, "/sys/fs/cgroup/cpu,cpuacct/box/in/cpu.cfs_period_us", "100000\n");
    put(root, "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
    put(root, "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
    put(root, "/sys/fs/cgroup/memory/box/memory.limit_in_bytes", "9223372036854771712\n");
    put(root, "/sys/fs/cgroup/memory/box/memory.usage_in_bytes", "4096\n");
    sy_cpu_limits_read(root, &limits);
    assert_near(1.5, limits.quota_cpus, 1e-12);
    assert_true(limits.memory_bytes == 16000000ull * 1024);
    assert_true(limits.free_bytes == 8000000ull * 1024);
}

/* In a container the path of /proc/self/cgroup is the host's and does not exist: the mount's root counts. */
static void a_path_that_is_not_there_leaves_the_root(void **state) {
    const char *root = *state;
    sy_cpu_limits limits;
    put(root, "/proc/self/cgroup", "0::/system.slice/docker-0123.scope\n");
    put(root, "/sys/fs/cgroup/cpu.max", "50000 100000\n");
    sy_cpu_limits_read(root, &limits);
    assert_near(0.5, limits.quota_cpus, 1e-12);
    assert_true(limits.memory_bytes == 0 && limits.free_bytes == 0);
}

static void nothing_readable_limits_nothing(void **state) {
    const char *root = *state;
    sy_cpu_limits limits;
    sy_cpu_limits_read(root, &limits);
    assert_true(limits.quota_cpus == 0.0 && limits.memory_bytes == 0 && limits.free_bytes == 0);
    put(root, "/proc/meminfo", "MemTotal: lots\nMemAvailable:\n");
    put(root, "/proc/self/cgroup", "garbage\n0::\n::::\n0::relative\n");
    put(root, "/sys/fs/cgroup/cpu.max", "-5 0\n");
    put(root, "/sys/fs/cgroup/memory.max", "99999999999999999999999\n");
    sy_cpu_limits_read(root, &limits);
    assert_true(limits.quota_cpus == 0.0 && limits.memory_bytes == 0 && limits.free_bytes == 0);
}

static void one_processor_a_core_comes_first(void **state) {
    const char *root = *state;
    sy_cpu_topology topology;
    put_topology(
        root, "package:2 numa:1 l3:1(size=33554432) core:4 l2:1(size=1048576) l1d:1(size=32768) pu:2");
    assert_int_equal(sy_cpu_topology_read(root, &topology, NULL), SY_OK);
    assert_int_equal(topology.packages, 2);
    assert_int_equal(topology.numa_nodes, 2);
    assert_int_equal(topology.cores, 8);
    assert_int_equal(topology.processors, 16);
    assert_true(topology.l1_bytes == 32768 && topology.l2_bytes == 1048576 && topology.l3_bytes == 33554432);
    assert_true(topology.last_bytes == 2 * 33554432ull);
    for (uint32_t i = 0; i < 8; i++) {
        assert_int_equal(topology.processor[i], 2 * i);
        assert_int_equal(topology.processor[8 + i], 2 * i + 1);
    }
}

static void caches_may_be_missing(void **state) {
    const char *root = *state;
    sy_cpu_topology topology;
    put_topology(root, "core:3 pu:1");
    assert_int_equal(sy_cpu_topology_read(root, &topology, NULL), SY_OK);
    assert_int_equal(topology.cores, 3);
    assert_true(topology.last_bytes == 0);
    put(root, "/topology.xml", "<this is not xml");
    sy_error err = SY_ERROR_INIT;
    sy_status status = sy_cpu_topology_read(root, &topology, &err);
    assert_true(status == SY_OK || (status == SY_UNAVAILABLE && err.text[0] != '\0'));
}

static void real_machine_has_processors(void **state) {
    (void)state;
    sy_cpu_topology topology;
    assert_int_equal(sy_cpu_topology_read("", &topology, NULL), SY_OK);
    assert_true(topology.processors >= 1 && topology.cores >= 1 && topology.cores <= topology.processors);
}

static void quota_is_rounded_up_and_said(void **state) {
    static rig r;
    sy_device_info info = {.size = sizeof info};
    put(*state, "/proc/cpuinfo",
        "processor\t: 0\nvendor_id\t: GenuineTest\ncpu family\t: 6\nmodel\t\t: 7\nmodel name\t: Test   CPU @ "
        "2 GHz  \n"
        "stepping\t: 3\n\nprocessor\t: 1\nvendor_id\t: Other\n");
    put(*state, "/proc/meminfo", meminfo);
    put(*state, "/proc/self/cgroup", "0::/\n");
    put(*state, "/sys/fs/cgroup/cpu.max", "220000 100000\n");
    put_topology(*state, "package:1 core:6 pu:2");
    r = (rig){.host = {.sysroot = *state}};
    rig_open(&r, "");
    assert_int_equal(r.api->device->info(r.device, &info, NULL), SY_OK);
    assert_string_equal(info.name, "Test CPU @ 2 GHz");
    assert_string_equal(info.vendor, "GenuineTest");
    assert_int_equal(info.units, 3);
    assert_non_null(strstr(r.host.log, "2.20"));
    assert_non_null(strstr(r.host.log, "3 of 6"));
    assert_true(info.memory_bytes == 16000000ull * 1024 && info.free_bytes == 8000000ull * 1024);
    rig_close(&r);
    r = (rig){.host = {.sysroot = *state, .threads = "5"}};
    rig_open(&r, "");
    r.api->device->info(r.device, &info, NULL);
    assert_int_equal(info.units, 5);
    rig_close(&r);
}

static void identity_tells_kinds_apart(void **state) {
    static rig r;
    sy_device_info one = {.size = sizeof one}, two = {.size = sizeof two};
    put_topology(*state, "package:1 core:2 pu:1");
    put(*state, "/proc/cpuinfo", "vendor_id: A\ncpu family: 1\nmodel: 2\nmodel name: X\nstepping: 1\n");
    for (int i = 0; i < 3; i++) {
        if (i == 2)
            put(*state, "/proc/cpuinfo",
                "vendor_id: A\ncpu family: 1\nmodel: 2\nmodel name: X\nstepping: 2\n");
        r = (rig){.host = {.sysroot = *state}};
        rig_open(&r, "");
        r.api->device->info(r.device, i == 0 ? &one : &two, NULL);
        rig_close(&r);
        if (i == 1)
            assert_string_equal(one.uuid, two.uuid);
    }
    assert_string_not_equal(one.uuid, two.uuid);
}

static void sensors_read_the_recorded_machine(void **state) {
    static rig r;
    double value = 0.0;
    put_topology(*state, "package:1 core:2 pu:1");
    put(*state, "/sys/class/hwmon/hwmon0/name", "nvme\n");
    put(*state, "/sys/class/hwmon/hwmon1/name", "k10temp\n");
    put(*state, "/sys/class/hwmon/hwmon1/temp1_input", "45250\n");
    put(*state, "/sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq", "3000000\n");
    put(*state, "/sys/devices/system/cpu/cpu1/cpufreq/scaling_cur_freq", "2000000\n");
    r = (rig){.host = {.sysroot = *state}};
    rig_open(&r, "");
    const sy_sensor_api *api = r.api->sensor;
    sy_sensor sensor = {.size = sizeof sensor};
    assert_int_equal(api->describe(r.device, 0, &sensor, NULL), SY_OK);
    assert_int_equal(sensor.kind, SY_SENSOR_TEMPERATURE);
    assert_int_equal(api->read(r.device, 0, &value, NULL), SY_OK);
    assert_near(45.25, value, 1e-9);
    assert_int_equal(api->describe(r.device, 1, &sensor, NULL), SY_OK);
    assert_int_equal(api->read(r.device, 1, &value, NULL), SY_OK);
    assert_near(2.5e9, value, 1.0);
    assert_int_equal(api->describe(r.device, 2, &sensor, NULL), SY_UNAVAILABLE);
    assert_int_equal(api->read(r.device, 2, &value, NULL), SY_UNAVAILABLE);
    assert_true(isnan(value));
    put(*state, "/sys/class/hwmon/hwmon1/temp1_input", "broken\n");
    assert_int_equal(api->read(r.device, 0, &value, NULL), SY_UNAVAILABLE);
    rig_close(&r);
}

static void isa_follows_the_option_or_refuses(void **state) {
    (void)state;
    sy_cpu_isa best, isa;
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(sy_cpu_isa_choose(NULL, &best, NULL), SY_OK);
    for (uint32_t level = 0; level < SY_ISA_COUNT; level++) {
        sy_status status = sy_cpu_isa_choose(sy_isa_name(level), &isa, &err);
        assert_int_equal(status,
            level <= (best.level & SY_ISA_LEVEL_MASK) && sy_isa_is_built(level) ? SY_OK : SY_UNSUPPORTED);
        if (status == SY_OK)
            assert_int_equal(isa.level & SY_ISA_LEVEL_MASK, level);
        else
            assert_non_null(strstr(err.text, sy_isa_name(level)));
    }
    assert_int_equal(sy_cpu_isa_choose("generic", &isa, NULL), SY_OK);
    assert_int_equal(isa.features, 0);
    assert_int_equal(sy_cpu_isa_choose("generic-base", &isa, NULL), SY_OK);
    assert_int_equal(isa.level, SY_ISA_GENERIC);
    assert_int_equal(sy_cpu_isa_choose("generic-bas", &isa, &err), SY_INVALID_ARGUMENT);
    assert_int_equal(sy_cpu_isa_choose("mmx", &isa, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "generic, avx2, avx512"));
}

static void base_of_a_level_has_no_more_than_the_level(void **state) {
    (void)state;
    sy_cpu_isa best, base;
    char name[32];
    assert_int_equal(sy_cpu_isa_choose(NULL, &best, NULL), SY_OK);
    snprintf(name, sizeof name, "%s-base", sy_isa_name(best.level));
    assert_int_equal(sy_cpu_isa_choose(name, &base, NULL), SY_OK);
    assert_int_equal(base.level, best.level & SY_ISA_LEVEL_MASK);
    assert_int_equal(base.features & ~best.features, 0);
    assert_int_equal(base.features & (SY_PROBE_AVX512_BF16 | SY_PROBE_AVX512_VNNI), 0);
}

#define IN_ROOT(test) cmocka_unit_test_setup_teardown(test, make_root, remove_root)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_ROOT(version_2_takes_the_strictest),
        IN_ROOT(version_1_reads_both_controllers),
        IN_ROOT(a_path_that_is_not_there_leaves_the_root),
        IN_ROOT(nothing_readable_limits_nothing),
        IN_ROOT(one_processor_a_core_comes_first),
        IN_ROOT(caches_may_be_missing),
        cmocka_unit_test(real_machine_has_processors),
        IN_ROOT(quota_is_rounded_up_and_said),
        IN_ROOT(identity_tells_kinds_apart),
        IN_ROOT(sensors_read_the_recorded_machine),
        cmocka_unit_test(isa_follows_the_option_or_refuses),
        cmocka_unit_test(base_of_a_level_has_no_more_than_the_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
