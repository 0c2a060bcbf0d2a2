/* A device's meters: asked for while it is open, or looked for when nobody has it. */
#include "tests/unit/bench/run/rig.h"

#include <stdio.h>

#include "bench/run/device_lock.h"
#include "bench/run/meters.h"
#include "bench/run/silicon.h"
#include "tests/unit/bench/energy/made_up.h"

/* A device of this test alone: locks are by its parameters. */
#define DEVICE "sim:0?memory=32M,seed=8211"

static int set_up(void **state) {
    (void)state;
    made_up_clear();
    made_up_add("device:energy", SY_ENERGY_COUNTER, SY_ENERGY_SCOPE_CARD);
    made_up_add("device:power", SY_ENERGY_POWER_INSTANT, SY_ENERGY_SCOPE_CARD);
    made_up_add("powercap:package-0", SY_ENERGY_COUNTER, SY_ENERGY_SCOPE_PACKAGE);
    return 0;
}

static void an_open_device_is_asked(void **state) {
    (void)state;
    rig r;
    sy_energy_list list = {0};
    rig_open(&r, DEVICE, NULL);
    assert_int_equal(sy_meters_ask(&r.targets.target[0], NULL, &list, NULL), SY_OK);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.found[1].facts.name, "device:power");
    assert_string_equal(made_up.asked, "device\n");
    made_up.status = SY_INVALID_ARGUMENT;
    assert_int_equal(sy_meters_ask(&r.targets.target[0], NULL, &list, NULL), SY_INVALID_ARGUMENT);
    assert_int_equal(list.count, 2);
    sy_energy_list_release(&list);
    rig_close(&r);
}

static void a_free_device_is_opened_and_closed(void **state) {
    (void)state;
    rig r;
    sy_energy_list list = {0};
    sy_error err = SY_ERROR_INIT;
    rig_open(&r, DEVICE, NULL);
    sy_target *target = &r.targets.target[0];
    sy_target_disconnect(target);
    sy_device_unlock(target->lock_fd);
    target->lock_fd = -1;
    assert_int_equal(sy_meters_look(&r.places, target, &list, &err), SY_OK);
    assert_int_equal(list.count, 2);
    assert_null(target->worker);
    target->parsed.index = 7;
    assert_int_equal(sy_meters_look(&r.places, target, &list, &err), SY_UNAVAILABLE);
    assert_non_null(strstr(err.text, "no device 7"));
    assert_int_equal(list.count, 2);
    sy_energy_list_release(&list);
    rig_close(&r);
}

static void a_device_in_use_is_left_alone(void **state) {
    (void)state;
    rig r;
    sy_energy_list list = {0};
    sy_error err = SY_ERROR_INIT;
    rig_open(&r, DEVICE, NULL); /* holds the lock */
    assert_true(r.targets.target[0].lock_fd >= 0);
    assert_int_equal(sy_meters_look(&r.places, &r.targets.target[0], &list, &err), SY_REFUSED);
    assert_string_equal(made_up.asked, "");
    assert_non_null(r.targets.target[0].worker);
    sy_energy_list_release(&list);
    rig_close(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(an_open_device_is_asked, set_up),
        cmocka_unit_test_setup(a_free_device_is_opened_and_closed, set_up),
        cmocka_unit_test_setup(a_device_in_use_is_left_alone, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
