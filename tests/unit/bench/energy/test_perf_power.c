/* Events of energy with a kernel of the test's own: each event is a file of counts, one a reading. */
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench/energy/perf_power.h"
#include "bench/energy/sources.h"
#include "runtime/base/seam.h"
#include "tests/unit/bench/energy/tree.h"

#define DEVICES "/sys/bus/event_source/devices/"

/* What the kernel answers, and what it was asked last. */
static int refusal, refused_cpu;
static struct perf_event_attr asked;
static int calls;

static int answer(const struct perf_event_attr *attr, uint32_t cpu) {
    char path[128];
    asked = *attr;
    calls++;
    if (refusal != 0 && (refused_cpu < 0 || (uint32_t)refused_cpu == cpu)) {
        errno = refusal;
        return -1;
    }
    snprintf(path, sizeof path, "%s/counts/%llu-%u", tree_root(), (unsigned long long)attr->config, cpu);
    return open(path, O_RDONLY | O_CLOEXEC);
}

static sy_status find_all(
    const sy_energy_places *places, const char *spec, sy_energy_list *list, sy_error *err) {
    return sy_energy_perf_find(answer, places, spec, list, err);
}

static sy_status open_one(const sy_energy_places *places, const sy_energy_found *found,
    sy_energy_meter **out_meter, sy_error *err) {
    return sy_energy_perf_open(answer, places, found, out_meter, err);
}

static const sy_energy_source source = {.name = "perf_power", .find = find_all, .open = open_one};

static void counts(unsigned config, unsigned cpu, size_t count, const uint64_t *values) {
    char path[128];
    snprintf(path, sizeof path, "/counts/%u-%u", config, cpu);
    tree_put(path, "%s", "");
    snprintf(path, sizeof path, "%s/counts/%u-%u", tree_root(), config, cpu);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(values, sizeof *values, count, file), count);
    fclose(file);
}

static void put_event(const char *unit, const char *name, unsigned config) {
    char path[128];
    snprintf(path, sizeof path, DEVICES "%s/events/%s", unit, name);
    tree_put(path, "event=0x%02x\n", config);
    snprintf(path, sizeof path, DEVICES "%s/events/%s.unit", unit, name);
    tree_put(path, "Joules\n");
    snprintf(path, sizeof path, DEVICES "%s/events/%s.scale", unit, name);
    tree_put(path, "2.3283064365386962890625e-10\n");
}

static int make(void **state) {
    static const uint64_t from_zero[] = {0, UINT64_C(1) << 32, UINT64_C(3) << 32};
    refusal = 0;
    refused_cpu = -1;
    calls = 0;
    int status = tree_make(state);
    tree_put(DEVICES "power/type", "9\n");
    tree_put(DEVICES "power/cpumask", "0,24\n");
    put_event("power", "energy-cores", 1);
    put_event("power", "energy-pkg", 2);
    put_event("power", "energy-ram", 3);
    put_event("power", "energy-psys", 5);
    for (unsigned config = 1; config <= 5; config++) {
        counts(config, 0, 3, from_zero);
        counts(config, 24, 3, from_zero);
    }
    return status;
}

static void events_and_what_they_cover(void **state) {
    (void)state;
    sy_energy_list list = tree_find(&source, NULL);
    assert_int_equal(list.count, 4);
    const sy_energy_found *row = tree_row(&list, "perf_power:energy-pkg");
    assert_int_equal(row->state, SY_OK);
    assert_int_equal(row->facts.scope, SY_ENERGY_SCOPE_PACKAGE);
    assert_int_equal(row->facts.kind, SY_ENERGY_COUNTER);
    assert_true(row->facts.resolution == 1.0 / 4294967296.0);
    assert_true(row->facts.least_poll_ns == 100000000);
    assert_non_null(strstr(row->facts.detail, "2 processors"));
    assert_int_equal(tree_row(&list, "perf_power:energy-ram")->facts.scope, SY_ENERGY_SCOPE_MEMORY);
    assert_true(tree_row(&list, "perf_power:energy-cores")->is_part);
    row = tree_row(&list, "perf_power:energy-psys");
    assert_int_equal(row->facts.scope, SY_ENERGY_SCOPE_BOARD);
    assert_non_null(strstr(row->facts.detail, "1 processors"));
    sy_energy_list_release(&list);
    list = tree_find(&source, "energy-ram");
    assert_int_equal(list.count, 1);
    sy_energy_list_release(&list);
}

static void sockets_are_summed(void **state) {
    (void)state;
    static const uint64_t other[] = {UINT64_C(7) << 32, UINT64_C(7) << 32, (UINT64_C(7) << 32) + 5};
    counts(2, 24, 3, other);
    sy_energy_meter *meter = tree_open(&source, "perf_power:energy-pkg");
    assert_true(asked.type == 9 && asked.config == 2 && asked.size == sizeof asked);
    assert_true(asked.sample_period == 0 && asked.disabled == 0);
    assert_true(tree_read(meter) == 1);
    assert_true(tree_read(meter) == 3 + 5.0 / 4294967296.0);
    meter->close(meter);
}

static void the_platform_is_counted_once(void **state) {
    (void)state;
    sy_energy_meter *meter = tree_open(&source, "perf_power:energy-psys");
    assert_true(tree_read(meter) == 1);
    meter->close(meter);
}

static void cores_of_amd_are_parts(void **state) {
    (void)state;
    static const uint64_t values[] = {0, UINT64_C(1) << 32};
    tree_put(DEVICES "power_core/type", "10");
    tree_put(DEVICES "power_core/cpumask", "0-3");
    put_event("power_core", "energy-core", 7);
    for (unsigned cpu = 0; cpu < 4; cpu++)
        counts(7, cpu, 2, values);
    sy_energy_list list = tree_find(&source, NULL);
    assert_int_equal(list.count, 5);
    assert_true(tree_row(&list, "perf_power:energy-core")->is_part);
    sy_energy_list_release(&list);
    sy_energy_meter *meter = tree_open(&source, "perf_power:energy-core");
    assert_int_equal(asked.type, 10);
    assert_true(tree_read(meter) == 4);
    meter->close(meter);
}

static void a_count_that_goes_back(void **state) {
    (void)state;
    static const uint64_t values[] = {0, 100, 50, 60};
    counts(2, 0, 4, values);
    static const uint64_t still[] = {0, 0, 0, 0};
    counts(2, 24, 4, still);
    sy_energy_meter *meter = tree_open(&source, "perf_power:energy-pkg");
    assert_true(tree_read(meter) == 100.0 / 4294967296.0);
    tree_read_fails(meter, SY_INTERNAL, "from 100.000000 to 50.000000");
    assert_true(tree_read(meter) == 110.0 / 4294967296.0);
    tree_read_fails(meter, SY_IO, "0 bytes");
    meter->close(meter);
}

static void not_permitted(void **state) {
    (void)state;
    static const int numbers[] = {EACCES, EPERM};
    tree_put("/proc/sys/kernel/perf_event_paranoid", "2\n");
    for (size_t i = 0; i < 2; i++) {
        refusal = numbers[i];
        sy_energy_list list = tree_find(&source, NULL);
        const sy_energy_found *row = tree_row(&list, "perf_power:energy-pkg");
        assert_int_equal(row->state, SY_REFUSED);
        assert_non_null(strstr(row->reason, "energy-pkg on processor 0: "));
        assert_non_null(strstr(row->fix, "cap_perfmon"));
        assert_non_null(strstr(row->fix, "perf_event_paranoid=0 (it is 2)"));
        sy_energy_list_release(&list);
    }
    tree_drop("/proc");
    sy_energy_list list = tree_find(&source, NULL);
    assert_non_null(strstr(list.found[0].fix, "perf_event_paranoid=0; in a container"));
    sy_energy_list_release(&list);
}

static void not_possible(void **state) {
    (void)state;
    static const struct {
        int number;
        sy_status status;
    } cases[] = {{ENOENT, SY_UNAVAILABLE}, {ENODEV, SY_UNAVAILABLE}, {EOPNOTSUPP, SY_UNAVAILABLE},
        {EINVAL, SY_UNAVAILABLE}, {ENOSYS, SY_UNAVAILABLE}, {EMFILE, SY_IO}, {ENOMEM, SY_IO}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        refusal = cases[i].number;
        sy_energy_list list = tree_find(&source, NULL);
        assert_int_equal(list.found[0].state, cases[i].status);
        assert_string_equal(list.found[0].fix, "");
        sy_energy_list_release(&list);
    }
}

static void a_second_socket_that_refuses(void **state) {
    (void)state;
    sy_energy_list list = tree_find(&source, NULL);
    sy_energy_meter *meter;
    sy_error err = SY_ERROR_INIT;
    refusal = ENODEV;
    refused_cpu = 24;
    assert_int_equal(
        source.open(tree_places(), tree_row(&list, "perf_power:energy-pkg"), &meter, &err), SY_UNAVAILABLE);
    assert_null(meter);
    assert_non_null(strstr(err.text, "processor 24"));
    sy_energy_list_release(&list);
}

static void absent_and_damaged(void **state) {
    (void)state;
    tree_put(DEVICES "power/events/energy-pkg.unit", "Volts");
    sy_energy_list list = tree_find(&source, NULL);
    const sy_energy_found *row = tree_row(&list, "perf_power:energy-pkg");
    assert_int_equal(row->state, SY_IO);
    assert_non_null(strstr(row->reason, "\"Volts\""));
    sy_energy_list_release(&list);
    tree_put(DEVICES "power/cpumask", "none");
    list = tree_find(&source, NULL);
    assert_int_equal(list.count, 1);
    assert_int_equal(list.found[0].state, SY_IO);
    sy_energy_list_release(&list);
    tree_drop(DEVICES "power");
    list = tree_find(&source, NULL);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.found[0].facts.name, "perf_power");
    assert_int_equal(list.found[0].state, SY_UNAVAILABLE);
    sy_energy_list_release(&list);
    sy_energy_found found = {.facts.name = "perf_power:energy-pkg"};
    sy_energy_meter *meter;
    assert_int_equal(source.open(tree_places(), &found, &meter, NULL), SY_UNAVAILABLE);
    snprintf(found.facts.name, sizeof found.facts.name, "perf_power:energy-moon");
    assert_int_equal(source.open(tree_places(), &found, &meter, NULL), SY_UNAVAILABLE);
}

/* The real call with a root where nothing is: the table's row works without a kernel's help. */
static void by_the_table(void **state) {
    (void)state;
    tree_drop(DEVICES "power");
    sy_energy_list list = tree_find(&sy_energy_perf_power, NULL);
    assert_int_equal(list.found[0].state, SY_UNAVAILABLE);
    sy_energy_list_release(&list);
    assert_int_equal(calls, 0);
}

static void no_file_and_no_memory(void **state) {
    (void)state;
    tree_survives_faults(&source, "perf_power:energy-pkg");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, tree_remove)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(events_and_what_they_cover),
        TEST(sockets_are_summed),
        TEST(the_platform_is_counted_once),
        TEST(cores_of_amd_are_parts),
        TEST(a_count_that_goes_back),
        TEST(not_permitted),
        TEST(not_possible),
        TEST(a_second_socket_that_refuses),
        TEST(absent_and_damaged),
        TEST(by_the_table),
        TEST(no_file_and_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
