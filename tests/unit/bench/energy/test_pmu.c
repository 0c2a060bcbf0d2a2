/* Lists of processors, and files of a unit that are not what they should be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bench/energy/pmu.h"
#include "tests/unit/bench/energy/tree.h"

#define POWER "/sys/bus/event_source/devices/power/"

static void processors(void **state) {
    (void)state;
    uint32_t cpu[8];
    assert_int_equal(sy_energy_cpus_parse("0", cpu, 8), 1);
    assert_int_equal(sy_energy_cpus_parse("0,64", cpu, 8), 2);
    assert_int_equal(cpu[1], 64);
    assert_int_equal(sy_energy_cpus_parse("2-4,9,11-12", cpu, 8), 6);
    assert_true(cpu[0] == 2 && cpu[2] == 4 && cpu[3] == 9 && cpu[5] == 12);
    static const char *const bad[] = {"", ",", "0,", "-1", "1-", "a", "1 2", "3-1", "0-8",
        "99999999999999999999", "0-4294967295", "0-3,0-3,1", "1-2-3"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(sy_energy_cpus_parse(bad[i], cpu, 8), 0);
}

static void a_unit(void **state) {
    (void)state;
    sy_energy_pmu *pmu = malloc(sizeof *pmu);
    sy_error err = SY_ERROR_INIT;
    assert_non_null(pmu);
    assert_int_equal(sy_energy_pmu_read(tree_root(), "power", pmu, NULL), SY_UNAVAILABLE);
    tree_put(POWER "type", "9\n");
    assert_int_equal(sy_energy_pmu_read(tree_root(), "power", pmu, NULL), SY_UNAVAILABLE);
    tree_put(POWER "cpumask", "0,24\n");
    assert_int_equal(sy_energy_pmu_read(tree_root(), "power", pmu, NULL), SY_OK);
    assert_true(pmu->type == 9 && pmu->cpus == 2 && pmu->cpu[1] == 24);
    tree_put(POWER "cpumask", "all");
    assert_int_equal(sy_energy_pmu_read(tree_root(), "power", pmu, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "\"all\" is no list of processors"));
    tree_put(POWER "type", "4294967296");
    assert_int_equal(sy_energy_pmu_read(tree_root(), "power", pmu, NULL), SY_INVALID_ARGUMENT);
    free(pmu);
}

static void put_event(const char *config, const char *unit, const char *scale) {
    tree_put(POWER "events/energy-pkg", "%s\n", config);
    tree_put(POWER "events/energy-pkg.unit", "%s\n", unit);
    tree_put(POWER "events/energy-pkg.scale", "%s\n", scale);
}

static void an_event(void **state) {
    (void)state;
    static const char *const bad[][3] = {{"event=", "Joules", "1"}, {"event=0x02,umask=1", "Joules", "1"},
        {"0x02", "Joules", "1"}, {"event=0xzz", "Joules", "1"}, {"event=0x02", "Watts", "1"},
        {"event=0x02", "Joules", "0"}, {"event=0x02", "Joules", "-1"}, {"event=0x02", "Joules", "much"},
        {"event=0x02", "Joules", "inf"}};
    sy_energy_event event;
    assert_int_equal(sy_energy_event_read(tree_root(), "power", "energy-pkg", &event, NULL), SY_UNAVAILABLE);
    put_event("event=0x02", "Joules", "2.3283064365386962890625e-10");
    assert_int_equal(sy_energy_event_read(tree_root(), "power", "energy-pkg", &event, NULL), SY_OK);
    assert_true(event.config == 2 && event.scale_j == 1.0 / 4294967296.0);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        put_event(bad[i][0], bad[i][1], bad[i][2]);
        assert_int_equal(
            sy_energy_event_read(tree_root(), "power", "energy-pkg", &event, NULL), SY_INVALID_ARGUMENT);
    }
    put_event("event=0x02", "Joules", "1");
    tree_drop(POWER "events/energy-pkg.scale");
    assert_int_equal(sy_energy_event_read(tree_root(), "power", "energy-pkg", &event, NULL), SY_UNAVAILABLE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(processors),
        cmocka_unit_test_setup_teardown(a_unit, tree_make, tree_remove),
        cmocka_unit_test_setup_teardown(an_event, tree_make, tree_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
