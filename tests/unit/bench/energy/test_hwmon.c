/* Chips in /sys/class/hwmon: units, scopes, names that do not depend on the order, and chips that go. */
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench/energy/sources.h"
#include "runtime/base/seam.h"
#include "tests/unit/bench/energy/tree.h"

#define CLASS "/sys/class/hwmon/"

static void device(const char *folder, const char *target) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s" CLASS "%s/device", tree_root(), folder);
    assert_int_equal(symlink(target, path), 0);
}

static void grace(void) {
    tree_put(CLASS "hwmon0/name", "coretemp\n");
    tree_put(CLASS "hwmon0/temp1_input", "40000\n");
    tree_put(CLASS "hwmon1/name", "power_meter\n");
    tree_put(CLASS "hwmon1/power1_average", "320000000\n");
    tree_put(CLASS "hwmon1/power1_average_interval", "50\n");
    tree_put(CLASS "hwmon1/power1_accuracy", "15.0%%\n");
    tree_put(CLASS "hwmon1/power1_oem_info", "Grace Power Socket 0\n");
}

static void a_server_board(void **state) {
    (void)state;
    grace();
    sy_energy_list list = tree_find(&sy_energy_hwmon, NULL);
    assert_int_equal(list.count, 1);
    const sy_energy_found *row = tree_row(&list, "hwmon:power_meter:Grace Power Socket 0:average");
    assert_int_equal(row->state, SY_OK);
    assert_int_equal(row->facts.kind, SY_ENERGY_POWER_AVERAGE);
    assert_int_equal(row->facts.scope, SY_ENERGY_SCOPE_PACKAGE);
    assert_true(row->facts.window_ns == 50000000);
    assert_true(fabs(row->facts.gain - 0.15 / sqrt(3)) < 1e-12);
    assert_true(row->facts.resolution == 1e-6);
    sy_energy_list_release(&list);
    sy_energy_meter *meter = tree_open(&sy_energy_hwmon, "hwmon:power_meter:Grace Power Socket 0:average");
    assert_true(fabs(tree_read(meter) - 320) < 1e-9);
    tree_put(CLASS "hwmon1/power1_average", "321500000\n");
    assert_true(fabs(tree_read(meter) - 321.5) < 1e-9);
    meter->close(meter);
}

static void microwatts_are_not_milliwatts(void **state) {
    (void)state;
    tree_put(CLASS "hwmon2/name", "ina226");
    tree_put(CLASS "hwmon2/power1_input", "4500000");
    tree_put(CLASS "hwmon2/update_interval", "35");
    sy_energy_list list = tree_find(&sy_energy_hwmon, NULL);
    const sy_energy_found *row = tree_row(&list, "hwmon:ina226:power1:input");
    assert_int_equal(row->facts.kind, SY_ENERGY_POWER_INSTANT);
    assert_int_equal(row->facts.scope, SY_ENERGY_SCOPE_BOARD);
    assert_true(row->facts.update_period_ns == 35000000 && row->facts.window_ns == 0);
    assert_true(isnan(row->facts.gain));
    sy_energy_list_release(&list);
    sy_energy_meter *meter = tree_open(&sy_energy_hwmon, "hwmon:ina226:power1:input");
    assert_true(fabs(tree_read(meter) - 4.5) < 1e-12);
    meter->close(meter);
}

static void rails_by_volts_and_amperes(void **state) {
    (void)state;
    tree_put(CLASS "hwmon3/name", "ina3221");
    tree_put(CLASS "hwmon3/in1_label", "VDD_IN");
    tree_put(CLASS "hwmon3/in1_input", "4984");
    tree_put(CLASS "hwmon3/curr1_input", "1272");
    tree_put(CLASS "hwmon3/in2_label", "VDD_CPU_GPU_CV");
    tree_put(CLASS "hwmon3/in2_enable", "1");
    tree_put(CLASS "hwmon3/in2_input", "4984");
    tree_put(CLASS "hwmon3/curr2_input", "-240");
    tree_put(CLASS "hwmon3/in3_label", "VDD_SOC");
    tree_put(CLASS "hwmon3/in3_enable", "0");
    tree_put(CLASS "hwmon3/in3_input", "1");
    tree_put(CLASS "hwmon3/curr3_input", "1");
    tree_put(CLASS "hwmon3/in4_input", "12");
    sy_energy_list list = tree_find(&sy_energy_hwmon, NULL);
    assert_int_equal(list.count, 2);
    assert_false(tree_row(&list, "hwmon:ina3221:VDD_IN:input")->is_part);
    assert_true(tree_row(&list, "hwmon:ina3221:VDD_CPU_GPU_CV:input")->is_part);
    sy_energy_list_release(&list);
    sy_energy_meter *meter = tree_open(&sy_energy_hwmon, "hwmon:ina3221:VDD_IN:input");
    assert_true(fabs(tree_read(meter) - 4.984 * 1.272) < 1e-12);
    tree_drop(CLASS "hwmon3/curr1_input");
    tree_read_fails(meter, SY_UNAVAILABLE, "curr1_input");
    meter->close(meter);
    meter = tree_open(&sy_energy_hwmon, "hwmon:ina3221:VDD_CPU_GPU_CV:input");
    assert_true(fabs(tree_read(meter) + 4.984 * 0.240) < 1e-12);
    meter->close(meter);
    tree_drop(CLASS "hwmon3/in1_input");
    list = tree_find(&sy_energy_hwmon, NULL);
    assert_false(tree_row(&list, "hwmon:ina3221:VDD_CPU_GPU_CV:input")->is_part);
    sy_energy_list_release(&list);
}

static void volts_of_other_chips_are_no_power(void **state) {
    (void)state;
    tree_put(CLASS "hwmon4/name", "nct6775");
    tree_put(CLASS "hwmon4/in1_input", "1000");
    tree_put(CLASS "hwmon4/curr1_input", "1000");
    tree_put(CLASS "hwmon4/power1_cap", "1000");
    tree_put(CLASS "hwmon4/power1_input_highest", "1000");
    tree_put(CLASS "hwmon4/powerx_input", "1000");
    tree_put(CLASS "hwmon4/power99999_input", "1000");
    sy_energy_list list = tree_find(&sy_energy_hwmon, NULL);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.found[0].facts.name, "hwmon");
    assert_int_equal(list.found[0].state, SY_UNAVAILABLE);
    assert_non_null(strstr(list.found[0].reason, "no chip"));
    sy_energy_list_release(&list);
}

static void counters(void **state) {
    (void)state;
    tree_put(CLASS "hwmon5/name", "amd_energy");
    tree_put(CLASS "hwmon5/energy1_label", "Ecore000");
    tree_put(CLASS "hwmon5/energy1_input", "77");
    tree_put(CLASS "hwmon5/energy17_label", "Esocket0");
    tree_put(CLASS "hwmon5/energy17_input", "9000000000000000000");
    sy_energy_list list = tree_find(&sy_energy_hwmon, NULL);
    assert_int_equal(list.count, 2);
    const sy_energy_found *row = tree_row(&list, "hwmon:amd_energy:Esocket0:energy");
    assert_int_equal(row->facts.kind, SY_ENERGY_COUNTER);
    assert_int_equal(row->facts.scope, SY_ENERGY_SCOPE_PACKAGE);
    assert_true(tree_row(&list, "hwmon:amd_energy:Ecore000:energy")->is_part);
    sy_energy_list_release(&list);
    sy_energy_meter *meter = tree_open(&sy_energy_hwmon, "hwmon:amd_energy:Esocket0:energy");
    tree_put(CLASS "hwmon5/energy17_input", "9000000000000000003");
    assert_true(tree_read(meter) == 3e-6);
    tree_put(CLASS "hwmon5/energy17_input", "5");
    tree_read_fails(meter, SY_INTERNAL, "to 5.000000");
    tree_put(CLASS "hwmon5/energy17_input", "6");
    assert_true(tree_read(meter) == 4e-6);
    meter->close(meter);
}

static void two_cards_are_told_apart_by_their_place(void **state) {
    (void)state;
    tree_put(CLASS "hwmon6/name", "amdgpu");
    tree_put(CLASS "hwmon6/power1_label", "PPT");
    tree_put(CLASS "hwmon6/power1_average", "1000000");
    tree_put(CLASS "hwmon7/name", "amdgpu");
    tree_put(CLASS "hwmon7/power1_label", "PPT");
    tree_put(CLASS "hwmon7/power1_input", "2000000");
    device("hwmon6", "../../../0000:03:00.0");
    device("hwmon7", "../../../0000:83:00.0");
    sy_energy_list list = tree_find(&sy_energy_hwmon, NULL);
    assert_int_equal(list.count, 2);
    const sy_energy_found *row = tree_row(&list, "hwmon:amdgpu@0000:03:00.0:PPT:average");
    assert_int_equal(row->facts.scope, SY_ENERGY_SCOPE_CARD);
    assert_null(strstr(row->facts.detail, "hwmon6"));
    sy_energy_found second = *tree_row(&list, "hwmon:amdgpu@0000:83:00.0:PPT:input");
    sy_energy_list_release(&list);

    /* The same card under another number. */
    tree_drop(CLASS "hwmon7");
    tree_put(CLASS "hwmon1/name", "amdgpu");
    tree_put(CLASS "hwmon1/power1_label", "PPT");
    tree_put(CLASS "hwmon1/power1_input", "3000000");
    device("hwmon1", "../../../0000:83:00.0");
    sy_energy_meter *meter;
    assert_int_equal(sy_energy_hwmon.open(tree_places(), &second, &meter, NULL), SY_OK);
    assert_true(tree_read(meter) == 3);
    meter->close(meter);
}

static void alike_chips_without_a_place_are_numbered(void **state) {
    (void)state;
    tree_put(CLASS "hwmon1/name", "ina219");
    tree_put(CLASS "hwmon1/power1_input", "1000000");
    tree_put(CLASS "hwmon2/name", "ina219");
    tree_put(CLASS "hwmon2/power1_input", "2000000");
    sy_energy_meter *meter = tree_open(&sy_energy_hwmon, "hwmon:ina219:power1:input#2");
    assert_true(tree_read(meter) == 2);
    meter->close(meter);
}

static void chosen_by_chip(void **state) {
    (void)state;
    grace();
    tree_put(CLASS "hwmon2/name", "ina226");
    tree_put(CLASS "hwmon2/power1_input", "4500000");
    tree_put(CLASS "hwmon2/power2_input", "4500000");
    sy_energy_list list = tree_find(&sy_energy_hwmon, "ina226");
    assert_int_equal(list.count, 2);
    sy_energy_list_release(&list);
    list = tree_find(&sy_energy_hwmon, "ina226:power2:input");
    assert_int_equal(list.count, 1);
    sy_energy_list_release(&list);
}

static void readings_that_fail(void **state) {
    (void)state;
    static const char *const texts[] = {"", "-5", "many", "1e6", "99999999999999999999"};
    grace();
    sy_energy_meter *meter = tree_open(&sy_energy_hwmon, "hwmon:power_meter:Grace Power Socket 0:average");
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        tree_put(CLASS "hwmon1/power1_average", "%s", texts[i]);
        tree_read_fails(meter, SY_INVALID_ARGUMENT, "power1_average");
    }
    tree_put(CLASS "hwmon1/power1_average", "0");
    sy_seam_arm(SY_SEAM_FILE, 2);
    tree_read_fails(meter, SY_IO, "power1_average");
    assert_true(tree_read(meter) == 0);
    tree_drop(CLASS "hwmon1");
    tree_read_fails(meter, SY_UNAVAILABLE, "No such file");
    meter->close(meter);
}

static void not_permitted(void **state) {
    (void)state;
    grace();
    const char *name = "hwmon:power_meter:Grace Power Socket 0:average";
    sy_energy_meter *meter = tree_open(&sy_energy_hwmon, name);
    tree_deny(CLASS "hwmon1/power1_average");
    sy_energy_list list = tree_find(&sy_energy_hwmon, NULL);
    assert_int_equal(list.found[0].state, SY_REFUSED);
    assert_non_null(strstr(list.found[0].fix, "chmod g+r"));
    sy_energy_list_release(&list);
    tree_read_fails(meter, SY_IO, "Permission denied");
    tree_allow(CLASS "hwmon1/power1_average");
    meter->close(meter);
}

static void odd_accuracies_and_intervals(void **state) {
    (void)state;
    static const char *const accuracies[] = {"", "-1", "good"};
    grace();
    for (size_t i = 0; i < 3; i++) {
        tree_put(CLASS "hwmon1/power1_accuracy", "%s", accuracies[i]);
        tree_put(CLASS "hwmon1/power1_average_interval", "%s", i == 0 ? "9223372036854775807" : "-1");
        sy_energy_list list = tree_find(&sy_energy_hwmon, NULL);
        assert_true(isnan(list.found[0].facts.gain));
        assert_true(list.found[0].facts.window_ns == 0);
        sy_energy_list_release(&list);
    }
    tree_put(CLASS "hwmon1/power1_accuracy", "3");
    sy_energy_list list = tree_find(&sy_energy_hwmon, NULL);
    assert_true(fabs(list.found[0].facts.gain - 0.03 / sqrt(3)) < 1e-12);
    sy_energy_list_release(&list);
}

static void nothing_there(void **state) {
    (void)state;
    sy_energy_list list = tree_find(&sy_energy_hwmon, NULL);
    assert_int_equal(list.count, 1);
    assert_int_equal(list.found[0].state, SY_UNAVAILABLE);
    sy_energy_list_release(&list);
    tree_folder(CLASS "hwmon0");
    list = tree_find(&sy_energy_hwmon, "x");
    assert_string_equal(list.found[0].facts.name, "hwmon");
    sy_energy_list_release(&list);
    sy_energy_found found = {.facts.name = "hwmon:a:b:input"};
    sy_energy_meter *meter;
    assert_int_equal(sy_energy_hwmon.open(tree_places(), &found, &meter, NULL), SY_UNAVAILABLE);
}

static void no_file_and_no_memory(void **state) {
    (void)state;
    grace();
    tree_survives_faults(&sy_energy_hwmon, "hwmon:power_meter:Grace Power Socket 0:average");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, tree_make, tree_remove)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_server_board),
        TEST(microwatts_are_not_milliwatts),
        TEST(rails_by_volts_and_amperes),
        TEST(volts_of_other_chips_are_no_power),
        TEST(counters),
        TEST(two_cards_are_told_apart_by_their_place),
        TEST(alike_chips_without_a_place_are_numbered),
        TEST(chosen_by_chip),
        TEST(readings_that_fail),
        TEST(not_permitted),
        TEST(odd_accuracies_and_intervals),
        TEST(nothing_there),
        TEST(no_file_and_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
