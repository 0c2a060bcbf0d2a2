/* Counters of packages: wraps, resets, sums that never overlap, and the reasons why there is nothing to read.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bench/energy/sources.h"
#include "runtime/base/seam.h"
#include "tests/unit/bench/energy/tree.h"

#define CLASS "/sys/class/powercap/"

/* Ranges of real machines: steps of 2^-14 J and 2^-16 J. */
static const long long range_14_uj = 262143328850, range_16_uj = 65532610987;

static void set(const char *folder, long long count_uj) {
    char path[128];
    snprintf(path, sizeof path, CLASS "%s/energy_uj", folder);
    tree_put(path, "%lld\n", count_uj);
}

static void zone(const char *folder, const char *name, long long count_uj, long long range_uj) {
    char path[128];
    snprintf(path, sizeof path, CLASS "%s/name", folder);
    tree_put(path, "%s\n", name);
    snprintf(path, sizeof path, CLASS "%s/max_energy_range_uj", folder);
    tree_put(path, "%lld\n", range_uj);
    set(folder, count_uj);
}

static void laptop(void) {
    tree_folder(CLASS "intel-rapl");
    zone("intel-rapl:0", "package-0", 1000, range_14_uj);
    zone("intel-rapl:0:0", "core", 1, range_14_uj);
    zone("intel-rapl:0:1", "uncore", 1, range_14_uj);
    zone("intel-rapl:0:2", "dram", 50, range_14_uj);
    zone("intel-rapl:1", "psys", 5, range_14_uj);
    zone("intel-rapl-mmio:0", "package-0", 1000, range_14_uj);
    tree_put(CLASS "dtpm:0/name", "soc");
}

static void two_sockets(void) {
    zone("intel-rapl:0", "package-0", 100, range_14_uj);
    zone("intel-rapl:0:0", "dram", 10, range_16_uj);
    zone("intel-rapl:1", "package-1", range_14_uj - 7, range_14_uj);
    zone("intel-rapl:1:0", "dram", 20, range_16_uj);
}

static void zones_and_what_they_cover(void **state) {
    (void)state;
    laptop();
    sy_energy_list list = tree_find(&sy_energy_powercap, NULL);
    assert_int_equal(list.count, 5);
    const sy_energy_found *row = tree_row(&list, "powercap:package-0");
    assert_int_equal(row->state, SY_OK);
    assert_int_equal(row->facts.kind, SY_ENERGY_COUNTER);
    assert_int_equal(row->facts.scope, SY_ENERGY_SCOPE_PACKAGE);
    assert_false(row->is_part);
    assert_true(fabs(row->facts.resolution - 1.0 / 16384) < 1e-9);
    assert_true(isnan(row->facts.gain));
    assert_true(row->facts.least_poll_ns == 100000000 && row->facts.update_period_ns == 1000000);
    assert_non_null(strstr(row->facts.detail, "intel-rapl:0,"));
    row = tree_row(&list, "powercap:package-0/dram");
    assert_int_equal(row->facts.scope, SY_ENERGY_SCOPE_MEMORY);
    assert_false(row->is_part);
    assert_true(tree_row(&list, "powercap:package-0/core")->is_part);
    assert_true(tree_row(&list, "powercap:package-0/uncore")->is_part);
    assert_int_equal(tree_row(&list, "powercap:psys")->facts.scope, SY_ENERGY_SCOPE_BOARD);
    sy_energy_list_release(&list);
    tree_put("/sys/class/dmi/id/chassis_type", "23\n");
    list = tree_find(&sy_energy_powercap, NULL);
    assert_int_equal(tree_row(&list, "powercap:psys")->facts.scope, SY_ENERGY_SCOPE_NODE);
    sy_energy_list_release(&list);
}

static void a_core_zone_that_was_named_counts_for_itself(void **state) {
    (void)state;
    laptop();
    sy_energy_list list = tree_find(&sy_energy_powercap, "package-0/core");
    assert_int_equal(list.count, 1);
    assert_false(list.found[0].is_part);
    sy_energy_list_release(&list);
    list = tree_find(&sy_energy_powercap, "package-7");
    assert_int_equal(list.count, 1);
    assert_int_equal(list.found[0].state, SY_UNAVAILABLE);
    assert_non_null(strstr(list.found[0].reason, "powercap:package-0,"));
    sy_energy_list_release(&list);
}

static void the_second_view_alone_is_taken(void **state) {
    (void)state;
    zone("intel-rapl-mmio:0", "package-0", 1000, range_14_uj);
    sy_energy_list list = tree_find(&sy_energy_powercap, NULL);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.found[0].facts.name, "powercap:package-0");
    sy_energy_list_release(&list);
}

static void joules_to_the_last_microjoule(void **state) {
    (void)state;
    laptop();
    set("intel-rapl:0", 123456789012);
    sy_energy_meter *meter = tree_open(&sy_energy_powercap, "powercap:package-0");
    assert_true(tree_read(meter) == 0);
    set("intel-rapl:0", 123456789013);
    assert_true(tree_read(meter) == 1e-6);
    double before = 0;
    for (long long i = 1; i <= 100; i++) {
        set("intel-rapl:0", 123456789012 + i * 1234567891);
        double after = tree_read(meter);
        assert_int_equal(llround((after - before) * 1e6), 1234567891);
        assert_true(after == (double)(i * 1234567891) / 1e6);
        before = after;
    }
    meter->close(meter);
}

static void wraps_at_the_maximum_many_times(void **state) {
    (void)state;
    zone("intel-rapl:0", "package-0", range_16_uj - 3, range_16_uj);
    sy_energy_meter *meter = tree_open(&sy_energy_powercap, "powercap:package-0");
    set("intel-rapl:0", 4);
    assert_true(tree_read(meter) == 7e-6);
    long long total_uj = 7, at_uj = 4;
    for (int i = 0; i < 50; i++) {
        total_uj += range_16_uj / 3;
        at_uj = (at_uj + range_16_uj / 3) % range_16_uj;
        set("intel-rapl:0", at_uj);
        assert_int_equal(llround(tree_read(meter) * 1e6), total_uj);
    }
    meter->close(meter);
}

static void a_reset_is_no_wrap(void **state) {
    (void)state;
    zone("intel-rapl:0", "package-0", 1000, range_16_uj);
    sy_energy_meter *meter = tree_open(&sy_energy_powercap, "powercap:package-0");
    set("intel-rapl:0", 5000);
    assert_true(tree_read(meter) == 4e-3);
    set("intel-rapl:0", 10);
    tree_read_fails(meter, SY_INTERNAL, "from 5000.000000 to 10.000000");
    set("intel-rapl:0", 12);
    assert_true(tree_read(meter) == 4.002e-3);
    meter->close(meter);
}

static void without_a_range_nothing_wraps(void **state) {
    (void)state;
    zone("intel-rapl:0", "package-0", 1000, range_16_uj);
    tree_drop(CLASS "intel-rapl:0/max_energy_range_uj");
    sy_energy_list list = tree_find(&sy_energy_powercap, NULL);
    assert_true(list.found[0].facts.resolution == 1e-6);
    assert_non_null(strstr(list.found[0].facts.detail, "not known"));
    sy_energy_list_release(&list);
    sy_energy_meter *meter = tree_open(&sy_energy_powercap, "powercap:package-0");
    set("intel-rapl:0", 999);
    tree_read_fails(meter, SY_INTERNAL, "no wrap");
    meter->close(meter);
}

static void sockets_are_summed_each_unwrapped_by_itself(void **state) {
    (void)state;
    two_sockets();
    sy_energy_list list = tree_find(&sy_energy_powercap, NULL);
    assert_int_equal(list.count, 6);
    const sy_energy_found *row = tree_row(&list, "powercap:packages");
    assert_int_equal(row->facts.scope, SY_ENERGY_SCOPE_PACKAGE);
    assert_false(row->is_part);
    assert_true(fabs(row->facts.resolution - sqrt(2) / 16384) < 1e-9);
    assert_true(tree_row(&list, "powercap:package-0")->is_part);
    assert_int_equal(tree_row(&list, "powercap:drams")->facts.scope, SY_ENERGY_SCOPE_MEMORY);
    assert_true(tree_row(&list, "powercap:package-1/dram")->is_part);
    sy_energy_list_release(&list);

    sy_energy_meter *meter = tree_open(&sy_energy_powercap, "powercap:packages");
    sy_energy_meter *memory = tree_open(&sy_energy_powercap, "powercap:drams");
    sy_energy_meter *second = tree_open(&sy_energy_powercap, "powercap:package-1");
    set("intel-rapl:0", 1100);
    set("intel-rapl:1", 3);
    assert_true(tree_read(meter) == 1010e-6);
    assert_true(tree_read(memory) == 0);
    assert_true(tree_read(second) == 10e-6);
    set("intel-rapl:1:0", 25);
    assert_true(tree_read(memory) == 5e-6);
    assert_true(tree_read(meter) == 1010e-6);
    meter->close(meter);
    memory->close(memory);
    second->close(second);
}

static void dies_of_a_package_are_summed(void **state) {
    (void)state;
    zone("intel-rapl:0", "package-0-die-0", 0, range_14_uj);
    zone("intel-rapl:1", "package-0-die-1", 0, range_14_uj);
    sy_energy_list list = tree_find(&sy_energy_powercap, NULL);
    assert_int_equal(tree_row(&list, "powercap:packages")->facts.scope, SY_ENERGY_SCOPE_PACKAGE);
    const sy_energy_found *die = tree_row(&list, "powercap:package-0-die-1");
    assert_int_equal(die->facts.scope, SY_ENERGY_SCOPE_DIE);
    assert_true(die->is_part);
    sy_energy_list_release(&list);
    sy_energy_meter *meter = tree_open(&sy_energy_powercap, "powercap:packages");
    set("intel-rapl:0", 30);
    set("intel-rapl:1", 12);
    assert_true(tree_read(meter) == 42e-6);
    meter->close(meter);
}

static void one_zone_of_a_sum_fails(void **state) {
    (void)state;
    two_sockets();
    sy_energy_meter *meter = tree_open(&sy_energy_powercap, "powercap:packages");
    set("intel-rapl:0", 150);
    tree_put(CLASS "intel-rapl:1/energy_uj", "lots\n");
    tree_read_fails(meter, SY_INVALID_ARGUMENT, "\"lots\"");
    set("intel-rapl:1", 3);
    set("intel-rapl:0", 160);
    assert_true(tree_read(meter) == 70e-6);
    meter->close(meter);
}

static void garbage_fails_that_reading_alone(void **state) {
    (void)state;
    static const char *const texts[] = {"", "x", "-5", "1.5", "99999999999999999999999"};
    laptop();
    sy_energy_meter *meter = tree_open(&sy_energy_powercap, "powercap:package-0");
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        tree_put(CLASS "intel-rapl:0/energy_uj", "%s", texts[i]);
        tree_read_fails(meter, SY_INVALID_ARGUMENT, "energy_uj");
    }
    set("intel-rapl:0", 1001);
    assert_true(tree_read(meter) == 1e-6);
    sy_seam_arm(SY_SEAM_FILE, 1);
    tree_read_fails(meter, SY_IO, "Input/output");
    assert_true(tree_read(meter) == 1e-6);
    meter->close(meter);
}

static void a_driver_that_went_in_the_middle(void **state) {
    (void)state;
    laptop();
    sy_energy_meter *meter = tree_open(&sy_energy_powercap, "powercap:package-0");
    sy_energy_list list = tree_find(&sy_energy_powercap, NULL);
    sy_energy_meter *late = NULL;
    tree_drop(CLASS "intel-rapl:0");
    tree_read_fails(meter, SY_UNAVAILABLE, "No such file");
    meter->close(meter);
    sy_error err = SY_ERROR_INIT;
    const sy_energy_found *row = tree_row(&list, "powercap:package-0");
    assert_int_equal(sy_energy_powercap.open(tree_places(), row, &late, &err), SY_UNAVAILABLE);
    assert_null(late);
    assert_non_null(strstr(err.text, "not there any more"));
    sy_energy_list_release(&list);
}

static void present_but_not_permitted(void **state) {
    (void)state;
    two_sockets();
    sy_energy_meter *meter = tree_open(&sy_energy_powercap, "powercap:packages"), *denied = NULL;
    tree_deny(CLASS "intel-rapl:1/energy_uj");
    sy_energy_list list = tree_find(&sy_energy_powercap, NULL);
    assert_int_equal(tree_row(&list, "powercap:package-0")->state, SY_OK);
    const sy_energy_found *row = tree_row(&list, "powercap:package-1");
    assert_int_equal(row->state, SY_REFUSED);
    assert_non_null(strstr(row->reason, "Permission denied"));
    assert_non_null(strstr(row->fix, "chmod g+r"));
    assert_non_null(strstr(row->fix, "udev"));
    assert_non_null(strstr(row->fix, "CAP_PERFMON"));
    row = tree_row(&list, "powercap:packages");
    assert_int_equal(row->state, SY_REFUSED);
    assert_int_equal(sy_energy_powercap.open(tree_places(), row, &denied, NULL), SY_REFUSED);
    assert_null(denied);
    tree_read_fails(meter, SY_IO, "Permission denied");
    tree_allow(CLASS "intel-rapl:1/energy_uj");
    assert_true(tree_read(meter) == 0);
    meter->close(meter);
    sy_energy_list_release(&list);
}

static void expect_absent(sy_status status, const char *reason) {
    sy_energy_list list = tree_find(&sy_energy_powercap, NULL);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.found[0].facts.name, "powercap");
    assert_int_equal(list.found[0].state, status);
    assert_non_null(strstr(list.found[0].reason, reason));
    assert_true(list.found[0].fix[0] != '\0');
    sy_energy_list_release(&list);
}

static void absent_empty_and_masked(void **state) {
    (void)state;
    expect_absent(SY_UNAVAILABLE, "No such file");
    tree_folder(CLASS "intel-rapl");
    tree_put(CLASS "dtpm:0/name", "soc");
    expect_absent(SY_UNAVAILABLE, "no zone");
    tree_folder("/sys/devices/virtual/powercap");
    expect_absent(SY_REFUSED, "hidden, as containers do");
    tree_drop("/sys/devices/virtual/powercap");
    tree_dangle(CLASS "intel-rapl:0");
    expect_absent(SY_REFUSED, "hidden, as containers do");
}

static void no_file_and_no_memory(void **state) {
    (void)state;
    two_sockets();
    tree_survives_faults(&sy_energy_powercap, "powercap:packages");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, tree_make, tree_remove)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(zones_and_what_they_cover),
        TEST(a_core_zone_that_was_named_counts_for_itself),
        TEST(the_second_view_alone_is_taken),
        TEST(joules_to_the_last_microjoule),
        TEST(wraps_at_the_maximum_many_times),
        TEST(a_reset_is_no_wrap),
        TEST(without_a_range_nothing_wraps),
        TEST(sockets_are_summed_each_unwrapped_by_itself),
        TEST(dies_of_a_package_are_summed),
        TEST(one_zone_of_a_sum_fails),
        TEST(garbage_fails_that_reading_alone),
        TEST(a_driver_that_went_in_the_middle),
        TEST(present_but_not_permitted),
        TEST(absent_empty_and_masked),
        TEST(no_file_and_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
