/* A battery that is drained, charged in the middle, swapped, or not there. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bench/energy/sources.h"
#include "runtime/base/seam.h"
#include "tests/unit/bench/energy/tree.h"

#define CLASS "/sys/class/power_supply/"
#define BAT CLASS "BAT0/"

static void laptop(void) {
    tree_put(CLASS "AC/type", "Mains\n");
    tree_put(CLASS "hidpp_battery_0/type", "Battery\n");
    tree_put(CLASS "hidpp_battery_0/scope", "Device\n");
    tree_put(BAT "type", "Battery\n");
    tree_put(BAT "status", "Discharging\n");
    tree_put(BAT "power_now", "8500000\n");
    tree_put(BAT "energy_now", "40000000\n");
}

static void rows(void **state) {
    (void)state;
    laptop();
    sy_energy_list list = tree_find(&sy_energy_battery, NULL);
    assert_int_equal(list.count, 2);
    const sy_energy_found *row = tree_row(&list, "battery:BAT0:power");
    assert_int_equal(row->state, SY_OK);
    assert_int_equal(row->facts.kind, SY_ENERGY_POWER_INSTANT);
    assert_int_equal(row->facts.scope, SY_ENERGY_SCOPE_BOARD);
    assert_true(row->facts.update_period_ns == 1000000000);
    row = tree_row(&list, "battery:BAT0:energy");
    assert_int_equal(row->facts.kind, SY_ENERGY_COUNTER);
    assert_true(row->facts.resolution == 3.6e-3);
    sy_energy_list_release(&list);
    list = tree_find(&sy_energy_battery, "BAT0");
    assert_int_equal(list.count, 2);
    sy_energy_list_release(&list);
}

static void one_of_two_is_not_the_machine(void **state) {
    (void)state;
    laptop();
    tree_put(CLASS "BAT1/type", "Battery");
    tree_put(CLASS "BAT1/status", "Unknown");
    sy_energy_list list = tree_find(&sy_energy_battery, NULL);
    assert_int_equal(list.count, 4);
    assert_int_equal(tree_row(&list, "battery:BAT0:power")->facts.scope, SY_ENERGY_SCOPE_UNKNOWN);
    assert_int_equal(tree_row(&list, "battery:BAT1:power")->state, SY_UNAVAILABLE);
    sy_energy_list_release(&list);
}

static void power_by_either_way(void **state) {
    (void)state;
    laptop();
    sy_energy_meter *meter = tree_open(&sy_energy_battery, "battery:BAT0:power");
    assert_true(fabs(tree_read(meter) - 8.5) < 1e-12);
    tree_put(BAT "power_now", "-8600000");
    assert_true(fabs(tree_read(meter) - 8.6) < 1e-12);
    tree_drop(BAT "power_now");
    tree_read_fails(meter, SY_UNAVAILABLE, "current_now");
    tree_put(BAT "current_now", "-1500000");
    tree_put(BAT "voltage_now", "11400000");
    assert_true(fabs(tree_read(meter) - 17.1) < 1e-12);
    tree_put(BAT "voltage_now", "?");
    tree_read_fails(meter, SY_INVALID_ARGUMENT, "voltage_now");
    meter->close(meter);
}

static void the_charge_falls_as_a_counter(void **state) {
    (void)state;
    laptop();
    sy_energy_meter *meter = tree_open(&sy_energy_battery, "battery:BAT0:energy");
    assert_true(tree_read(meter) == 0);
    tree_put(BAT "energy_now", "39990000");
    assert_true(fabs(tree_read(meter) - 36) < 1e-9);
    tree_put(BAT "energy_now", "39995000");
    tree_read_fails(meter, SY_INTERNAL, "from 39990000 to 39995000 uWh");
    tree_put(BAT "energy_now", "39985000");
    assert_true(fabs(tree_read(meter) - 72) < 1e-9);
    tree_put(BAT "energy_now", "-1");
    tree_read_fails(meter, SY_INVALID_ARGUMENT, "negative");
    tree_put(BAT "energy_now", "x");
    tree_read_fails(meter, SY_INVALID_ARGUMENT, "energy_now");
    tree_put(BAT "energy_now", "39985000");
    assert_true(fabs(tree_read(meter) - 72) < 1e-9);
    meter->close(meter);
}

static void plugged_in_in_the_middle(void **state) {
    (void)state;
    static const char *const states[] = {"Charging", "Full", "Not charging", "Unknown", ""};
    laptop();
    sy_energy_meter *meter = tree_open(&sy_energy_battery, "battery:BAT0:power"), *late;
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        tree_put(BAT "status", "%s\n", states[i]);
        tree_read_fails(meter, SY_UNAVAILABLE, "only while it discharges");
        tree_read_fails(meter, SY_UNAVAILABLE, states[i]);
    }
    meter->close(meter);
    sy_energy_list list = tree_find(&sy_energy_battery, NULL);
    assert_int_equal(list.found[0].state, SY_UNAVAILABLE);
    assert_string_equal(list.found[0].fix, "unplug the supply");
    assert_int_equal(sy_energy_battery.open(tree_places(), &list.found[0], &late, NULL), SY_UNAVAILABLE);
    assert_null(late);
    sy_energy_list_release(&list);
}

static void taken_out_in_the_middle(void **state) {
    (void)state;
    laptop();
    sy_energy_meter *meter = tree_open(&sy_energy_battery, "battery:BAT0:energy");
    tree_drop(CLASS "BAT0");
    tree_read_fails(meter, SY_UNAVAILABLE, "No such file");
    meter->close(meter);
}

static void not_permitted(void **state) {
    (void)state;
    laptop();
    sy_energy_meter *meter = tree_open(&sy_energy_battery, "battery:BAT0:energy");
    tree_deny(BAT "energy_now");
    sy_energy_list list = tree_find(&sy_energy_battery, NULL);
    assert_int_equal(tree_row(&list, "battery:BAT0:energy")->state, SY_REFUSED);
    assert_int_equal(tree_row(&list, "battery:BAT0:power")->state, SY_OK);
    sy_energy_list_release(&list);
    tree_read_fails(meter, SY_IO, "Permission denied");
    tree_allow(BAT "energy_now");
    meter->close(meter);
}

static void nothing_there(void **state) {
    (void)state;
    static const char *const names[] = {"battery", "battery:BAT0", "battery:BAT0:voltage",
        "battery:../../x:power", "battery:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:power",
        "battery:BAT0:power"};
    sy_energy_list list = tree_find(&sy_energy_battery, NULL);
    assert_int_equal(list.count, 1);
    assert_non_null(strstr(list.found[0].reason, "no battery"));
    sy_energy_list_release(&list);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        sy_energy_found found = {0};
        sy_energy_meter *meter;
        memcpy(found.facts.name, names[i], strlen(names[i]) + 1);
        assert_int_equal(sy_energy_battery.open(tree_places(), &found, &meter, NULL), SY_UNAVAILABLE);
        assert_null(meter);
    }
}

static void no_file_and_no_memory(void **state) {
    (void)state;
    laptop();
    tree_survives_faults(&sy_energy_battery, "battery:BAT0:energy");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, tree_make, tree_remove)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(rows),
        TEST(one_of_two_is_not_the_machine),
        TEST(power_by_either_way),
        TEST(the_charge_falls_as_a_counter),
        TEST(plugged_in_in_the_middle),
        TEST(taken_out_in_the_middle),
        TEST(not_permitted),
        TEST(nothing_there),
        TEST(no_file_and_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
