/* The meters of a device for a run: found, chosen, and no more than there is room for. */
#include "tests/unit/bench/run/rig.h"

#include <math.h>
#include <stdio.h>

#include "bench/run/energy_kit.h"
#include "runtime/base/seam.h"
#include "tests/unit/bench/energy/made_up.h"

/* A device of this test alone: locks are by its parameters. */
#define DEVICE "sim:0?memory=32M,seed=8213"

static const sy_energy_wish best = {.is_auto = true}, all = {.is_all = true}, off = {.is_off = true};

static int set_up(void **state) {
    (void)state;
    made_up_clear();
    made_up_add("device:energy", SY_ENERGY_COUNTER, SY_ENERGY_SCOPE_CARD);
    made_up_add("device:power", SY_ENERGY_POWER_INSTANT, SY_ENERGY_SCOPE_CARD);
    made_up_add("device:temperature", SY_ENERGY_TEMPERATURE, SY_ENERGY_SCOPE_CARD);
    made_up_add("powercap:package-0", SY_ENERGY_COUNTER, SY_ENERGY_SCOPE_PACKAGE);
    return 0;
}

static void open_well(rig *r, const sy_energy_wish *wish, sy_energy_kit *kit) {
    sy_error err = SY_ERROR_INIT;
    if (sy_energy_kit_open(&r->places, &r->targets.target[0], wish, kit, &err) != SY_OK)
        fail_msg("%s", err.text);
}

static void a_simulated_device_has_its_own(void **state) {
    (void)state;
    rig r;
    sy_energy_kit kit;
    rig_open(&r, DEVICE, NULL);
    open_well(&r, &best, &kit);
    assert_true(kit.has_energy && !kit.has_idle);
    assert_int_equal(kit.meters.count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(strncmp(kit.meters.found[i].facts.name, "device:", 7), 0);
        assert_true(isnan(kit.watt[i]));
    }
    assert_string_equal(made_up.asked, "device\npowercap\nhwmon\n");
    sy_energy_kit_release(&kit);
    assert_int_equal(kit.meters.count, 0);
    rig_close(&r);
}

static void off_asks_nobody(void **state) {
    (void)state;
    rig r;
    sy_energy_kit kit = {.calls = 7};
    rig_open(&r, DEVICE, NULL);
    open_well(&r, &off, &kit);
    assert_true(kit.meters.count == 0 && !kit.has_energy && kit.calls == 0 && kit.why[0] == '\0');
    assert_string_equal(made_up.asked, "");
    rig_close(&r);
}

static void a_device_that_does_not_work_has_none(void **state) {
    (void)state;
    rig r;
    sy_energy_kit kit;
    rig_open(&r, DEVICE, NULL);
    r.targets.target[0].status = SY_UNAVAILABLE;
    open_well(&r, &best, &kit);
    assert_true(kit.meters.count == 0 && !kit.has_energy);
    assert_string_equal(made_up.asked, "");
    r.targets.target[0].status = SY_OK;
    rig_close(&r);
}

static void why_there_is_none_is_told(void **state) {
    (void)state;
    rig r;
    sy_energy_kit kit;
    made_up_clear();
    made_up_add("device:energy", SY_ENERGY_COUNTER, SY_ENERGY_SCOPE_CARD)->state = SY_REFUSED;
    rig_open(&r, DEVICE, NULL);
    open_well(&r, &best, &kit);
    assert_false(kit.has_energy);
    assert_string_equal(kit.why, "no meter: not permitted: device; see steelyard devices");
    sy_energy_kit_release(&kit);
    rig_close(&r);
}

static void temperature_is_no_energy(void **state) {
    (void)state;
    rig r;
    sy_energy_kit kit;
    made_up_clear();
    made_up_add("device:temperature", SY_ENERGY_TEMPERATURE, SY_ENERGY_SCOPE_CARD);
    rig_open(&r, DEVICE, NULL);
    open_well(&r, &best, &kit);
    assert_int_equal(kit.meters.count, 1);
    assert_false(kit.has_energy);
    assert_true(kit.why[0] != '\0');
    sy_energy_kit_release(&kit);
    rig_close(&r);
}

static void more_than_fit(void **state) {
    (void)state;
    rig r;
    sy_energy_kit kit;
    made_up_clear();
    for (unsigned i = 0; i < SY_ENERGY_METERS_MAX + 6; i++) {
        char name[32];
        snprintf(name, sizeof name, "device:power %u", i);
        made_up_add(name, SY_ENERGY_POWER_INSTANT, SY_ENERGY_SCOPE_CARD);
    }
    rig_open(&r, DEVICE, NULL);
    open_well(&r, &all, &kit);
    assert_int_equal(kit.meters.count, SY_ENERGY_METERS_MAX);
    assert_string_equal(kit.meters.found[0].facts.name, "device:power 0");
    assert_string_equal(kit.meters.found[SY_ENERGY_METERS_MAX - 1].facts.name, "device:power 23");
    assert_true(kit.has_energy);
    sy_energy_kit_release(&kit);
    rig_close(&r);
}

static void named_ones_come_along(void **state) {
    (void)state;
    rig r;
    sy_energy_kit kit;
    char spec[] = "shelly:192.0.2.7", *specs[] = {spec};
    const sy_energy_wish wish = {.spec = specs, .spec_count = 1};
    sy_energy_found *plug =
        made_up_add("shelly:192.0.2.7:power", SY_ENERGY_POWER_INSTANT, SY_ENERGY_SCOPE_WALL);
    snprintf(plug->spec, sizeof plug->spec, "%s", spec);
    rig_open(&r, DEVICE, NULL);
    open_well(&r, &wish, &kit);
    assert_non_null(strstr(made_up.asked, "shelly:192.0.2.7\n"));
    assert_int_equal(kit.meters.count, 2);
    assert_string_equal(kit.meters.found[0].facts.name, "device:temperature"); /* what goes with it */
    assert_string_equal(kit.meters.found[1].facts.name, "shelly:192.0.2.7:power");
    sy_energy_kit_release(&kit);
    rig_close(&r);
}

static void failures_are_told(void **state) {
    (void)state;
    rig r;
    sy_energy_kit kit;
    sy_error err = SY_ERROR_INIT;
    rig_open(&r, DEVICE, NULL);
    made_up.status = SY_INVALID_ARGUMENT;
    assert_int_equal(
        sy_energy_kit_open(&r.places, &r.targets.target[0], &best, &kit, &err), SY_INVALID_ARGUMENT);
    assert_non_null(strstr(err.text, "made to fail"));
    assert_true(kit.meters.count == 0 && !kit.has_energy);
    sy_energy_kit_release(&kit);
    made_up.status = SY_OK;
    uint64_t k = 1, failed = 0;
    for (;; k++) {
        sy_seam_arm(SY_SEAM_ALLOC, k);
        sy_status status = sy_energy_kit_open(&r.places, &r.targets.target[0], &best, &kit, &err);
        uint64_t asked = sy_seam_disarm();
        assert_true(status == SY_OK || status == SY_OUT_OF_MEMORY);
        failed += status != SY_OK;
        sy_energy_kit_release(&kit);
        if (asked < k)
            break;
    }
    assert_true(failed >= 3);
    rig_close(&r);
}

static void no_two_calls_begin_at_one_phase(void **state) {
    (void)state;
    rig r;
    sy_energy_kit kit;
    uint64_t seed[50];
    rig_open(&r, DEVICE, NULL);
    open_well(&r, &best, &kit);
    for (size_t i = 0; i < 50; i++) {
        sy_energy_call call = sy_energy_kit_call(&kit, &r.places, &r.targets.target[0]);
        assert_ptr_equal(call.meters, &kit.meters);
        assert_ptr_equal(call.target, &r.targets.target[0]);
        seed[i] = call.phase_seed;
        for (size_t j = 0; j < i; j++)
            assert_true(seed[i] != seed[j]);
    }
    sy_energy_kit_release(&kit);
    rig_close(&r);
}

static void idling_takes_enough_updates(void **state) {
    (void)state;
    sy_energy_found found[2] = {{.facts = {.kind = SY_ENERGY_COUNTER, .update_period_ns = 20000000}},
        {.facts = {.kind = SY_ENERGY_CLOCK, .update_period_ns = 3000000000}}};
    sy_energy_kit kit = {.meters = {.found = found, .count = 2}};
    assert_int_equal(sy_energy_kit_idle_ns(&kit), 2000000000);
    assert_int_equal(sy_energy_kit_period_ns(&kit, 0), 20000000);
    kit.period_ns[0] = 200000000; /* slower than it said */
    assert_int_equal(sy_energy_kit_period_ns(&kit, 0), 200000000);
    assert_int_equal(sy_energy_kit_idle_ns(&kit), 4000000000);
    kit.period_ns[0] = 60000000000;
    assert_int_equal(sy_energy_kit_idle_ns(&kit), 10000000000);
    kit.meters.count = 0;
    assert_int_equal(sy_energy_kit_idle_ns(&kit), 2000000000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_simulated_device_has_its_own, set_up),
        cmocka_unit_test_setup(off_asks_nobody, set_up),
        cmocka_unit_test_setup(a_device_that_does_not_work_has_none, set_up),
        cmocka_unit_test_setup(why_there_is_none_is_told, set_up),
        cmocka_unit_test_setup(temperature_is_no_energy, set_up),
        cmocka_unit_test_setup(more_than_fit, set_up),
        cmocka_unit_test_setup(named_ones_come_along, set_up),
        cmocka_unit_test_setup(failures_are_told, set_up),
        cmocka_unit_test_setup(no_two_calls_begin_at_one_phase, set_up),
        cmocka_unit_test(idling_takes_enough_updates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
