/* Asking sources: which are asked for what, and each meter once. */
#include "bench/energy/find.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/base/seam.h"
#include "tests/unit/bench/energy/made_up.h"

static int set_up(void **state) {
    (void)state;
    made_up_clear();
    made_up_add("device:energy", SY_ENERGY_COUNTER, SY_ENERGY_SCOPE_CARD);
    made_up_add("powercap:package-0", SY_ENERGY_COUNTER, SY_ENERGY_SCOPE_PACKAGE);
    made_up_add("powercap:package-1", SY_ENERGY_COUNTER, SY_ENERGY_SCOPE_PACKAGE);
    made_up_add("shelly:192.0.2.7:power", SY_ENERGY_POWER_INSTANT, SY_ENERGY_SCOPE_WALL);
    return 0;
}

static void unasked(void **state) {
    (void)state;
    const sy_energy_places places = {0};
    sy_energy_list list = {0};
    assert_int_equal(sy_energy_find_unasked(&places, SY_ENERGY_OF_MACHINE, &list, NULL), SY_OK);
    assert_string_equal(made_up.asked, "powercap\nhwmon\n");
    assert_int_equal(list.count, 2);
    made_up.asked[0] = '\0';
    assert_int_equal(sy_energy_find_unasked(&places, SY_ENERGY_OF_DEVICE, &list, NULL), SY_OK);
    assert_string_equal(made_up.asked, "device\n");
    assert_int_equal(list.count, 3);
    assert_string_equal(list.found[2].facts.name, "device:energy");
    assert_int_equal(sy_energy_find_unasked(&places, 0, &list, NULL), SY_OK);
    assert_string_equal(made_up.asked, "device\n");
    sy_energy_list_release(&list);
}

static void named_and_each_once(void **state) {
    (void)state;
    const sy_energy_places places = {0};
    sy_energy_list list = {0};
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(sy_energy_find_named(&places, "shelly:192.0.2.7", &list, NULL), SY_OK);
    assert_int_equal(sy_energy_find_named(&places, "powercap:package-1", &list, NULL), SY_OK);
    assert_int_equal(sy_energy_find_named(&places, "powercap", &list, NULL), SY_OK);
    assert_string_equal(made_up.asked, "shelly:192.0.2.7\npowercap:package-1\npowercap\n");
    assert_int_equal(list.count, 3);
    assert_int_equal(sy_energy_find_named(&places, "abacus:1", &list, &err), SY_INVALID_ARGUMENT);
    assert_string_equal(err.text, "energy: no source 'abacus:1'");
    assert_int_equal(list.count, 3);
    sy_energy_list_release(&list);
}

static void failures_end_it(void **state) {
    (void)state;
    const sy_energy_places places = {0};
    sy_energy_list list = {0};
    made_up.status = SY_INVALID_ARGUMENT;
    assert_int_equal(sy_energy_find_named(&places, "shelly:x", &list, NULL), SY_INVALID_ARGUMENT);
    assert_int_equal(sy_energy_find_unasked(&places, SY_ENERGY_OF_MACHINE, &list, NULL), SY_INVALID_ARGUMENT);
    assert_string_equal(made_up.asked, "shelly:x\npowercap\n");
    made_up.status = SY_OK;
    sy_seam_arm(SY_SEAM_ALLOC, 1);
    assert_int_equal(sy_energy_find_named(&places, "powercap", &list, NULL), SY_OUT_OF_MEMORY);
    sy_seam_disarm();
    assert_int_equal(list.count, 0);
    sy_energy_list_release(&list);
}

static void what_is_of_the_device(void **state) {
    (void)state;
    sy_energy_found found = {.facts.name = "device"};
    assert_true(sy_energy_is_of_device(&found));
    assert_true(sy_energy_is_of_device(&made_up.found[0]));
    assert_false(sy_energy_is_of_device(&made_up.found[1]));
    strcpy(found.facts.name, "devices:x");
    assert_false(sy_energy_is_of_device(&found));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(unasked, set_up),
        cmocka_unit_test_setup(named_and_each_once, set_up),
        cmocka_unit_test_setup(failures_end_it, set_up),
        cmocka_unit_test_setup(what_is_of_the_device, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
