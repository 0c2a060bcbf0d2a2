/* Meters as `devices` tells of them: whose they are, in JSON and in a line. */
#include "bench/verbs/meters.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "backends/sim/sim.h"
#include "bench/cli/cli.h"
#include "bench/verbs/meter_text.h"
#include "runtime/base/seam.h"
#include "tests/unit/bench/energy/made_up.h"

static const sy_builtin builtins[] = {{"sim", sy_sim_query}};

/* A sim that is there, one that is not, and a processor: sim as well, but said to be one. */
typedef struct world {
    sy_config config;
    sy_target target[3];
    sy_targets targets;
    sy_target_places places;
} world;

static void make_world(world *w) {
    char *arguments[] = {"steelyard", "devices", "--isolation", "none", NULL};
    *w = (world){0};
    assert_int_equal(sy_cli_parse(4, arguments, NULL, &w->config, NULL), SY_OK);
    for (size_t i = 0; i < 3; i++) {
        w->target[i] = (sy_target){.id = "sim:0", .parsed.backend = "sim", .lock_fd = -1};
        snprintf(w->target[i].parsed.params, sizeof w->target[i].parsed.params, "memory=32M,seed=77%zu", i);
        snprintf(w->target[i].id, sizeof w->target[i].id, "sim:0?memory=32M,seed=77%zu", i);
        w->target[i].simulated = true;
    }
    w->target[1].status = SY_UNAVAILABLE;
    w->target[2].info.flags = SY_DEVICE_HOST_PROCESSOR;
    w->targets = (sy_targets){.target = w->target, .count = 3};
    w->places =
        (sy_target_places){.config = &w->config, .builtins = builtins, .builtin_count = 1, .wake_fd = -1};
}

static int set_up(void **state) {
    (void)state;
    made_up_clear();
    made_up_add("device:energy", SY_ENERGY_COUNTER, SY_ENERGY_SCOPE_CARD);
    sy_energy_found *package = made_up_add("powercap:package-0", SY_ENERGY_COUNTER, SY_ENERGY_SCOPE_PACKAGE);
    package->state = SY_REFUSED;
    package->facts.update_period_ns = 1000000;
    package->facts.resolution = 0.5;
    snprintf(package->reason, sizeof package->reason, "energy_uj is for root alone");
    snprintf(package->fix, sizeof package->fix, "a rule of udev");
    return 0;
}

static const char *text_at(const json_t *array, size_t index, const char *name) {
    return json_string_value(json_object_get(json_array_get(array, index), name));
}

static void machine_meters_stand_at_the_processor(void **state) {
    (void)state;
    world w;
    sy_meters meters;
    make_world(&w);
    assert_int_equal(sy_meters_gather(&w.places, &w.targets, &meters, NULL), SY_OK);
    json_t *first = sy_meters_json(&meters, &w.targets, 0), *absent = sy_meters_json(&meters, &w.targets, 1);
    json_t *processor = sy_meters_json(&meters, &w.targets, 2);
    assert_int_equal(json_array_size(first), 1);
    assert_string_equal(text_at(first, 0, "name"), "device:energy");
    assert_string_equal(text_at(first, 0, "kind"), "counter");
    assert_string_equal(text_at(first, 0, "state"), "ready");
    assert_true(json_is_null(json_object_get(json_array_get(first, 0), "reason")));
    assert_true(json_is_null(json_object_get(json_array_get(first, 0), "resolution")));
    assert_true(json_is_null(json_object_get(json_array_get(first, 0), "update_period_ns")));
    assert_null(json_object_get(json_array_get(first, 0), "index"));
    assert_int_equal(json_array_size(absent), 0);
    assert_int_equal(json_array_size(processor), 2);
    assert_string_equal(text_at(processor, 1, "scope"), "package");
    assert_string_equal(text_at(processor, 1, "state"), "not permitted");
    assert_string_equal(text_at(processor, 1, "fix"), "a rule of udev");
    assert_true(json_number_value(json_object_get(json_array_get(processor, 1), "resolution")) == 0.5);
    json_decref(first);
    json_decref(absent);
    json_decref(processor);
    sy_meters_release(&meters);
    sy_config_release(&w.config);
}

static void what_fails_is_a_reason(void **state) {
    (void)state;
    world w;
    sy_meters meters;
    make_world(&w);
    made_up.status = SY_INVALID_ARGUMENT;
    w.target[0].parsed.index = 5;
    assert_int_equal(sy_meters_gather(&w.places, &w.targets, &meters, NULL), SY_OK);
    assert_string_equal(meters.machine_reason, "powercap: made to fail");
    assert_non_null(strstr(meters.device[0].reason, "no device 5"));
    assert_string_equal(meters.device[1].reason, "");
    assert_string_equal(meters.device[2].reason, "device: made to fail");
    sy_meters_release(&meters);
    sy_seam_arm(SY_SEAM_ALLOC, 1);
    assert_int_equal(sy_meters_gather(&w.places, &w.targets, &meters, NULL), SY_OUT_OF_MEMORY);
    sy_seam_disarm();
    sy_meters_release(&meters);
    sy_config_release(&w.config);
}

static void lines(void **state) {
    (void)state;
    char text[SY_METER_TEXT_MAX];
    sy_energy_found found = made_up.found[0];
    sy_meter_describe(&found, true, text);
    assert_string_equal(text, "device:energy: counter, card, gain not known");
    found.facts.gain = 0.05;
    found.facts.update_period_ns = 100000000;
    found.facts.window_ns = 1500000000;
    found.facts.kind = SY_ENERGY_POWER_AVERAGE;
    found.is_part = true;
    snprintf(found.facts.detail, sizeof found.facts.detail, "rail \x1b[1m");
    sy_meter_describe(&found, true, text);
    assert_string_equal(text,
        "device:energy: average power, card, every 100 ms, mean over 1.5 s, gain to 5 %, "
        "part of another; rail ?[1m");
    sy_meter_describe(&found, false, text);
    assert_null(strstr(text, "rail"));
    sy_meter_describe(&made_up.found[1], false, text);
    assert_string_equal(text,
        "powercap:package-0: counter, package, every 1 ms, gain not known; not permitted: "
        "energy_uj is for root alone; to have it: a rule of udev");
    found = (sy_energy_found){.facts = {.name = "hwmon"}, .state = SY_UNAVAILABLE, .reason = "no chip"};
    sy_meter_describe(&found, true, text);
    assert_string_equal(text, "hwmon: unavailable: no chip");
    snprintf(found.facts.detail, sizeof found.facts.detail, "/sys");
    sy_meter_describe(&found, true, text);
    assert_string_equal(text, "hwmon: /sys; unavailable: no chip");
    found = (sy_energy_found){.facts = {.name = "device:temperature", .kind = SY_ENERGY_TEMPERATURE}};
    sy_meter_describe(&found, true, text);
    assert_string_equal(text, "device:temperature: temperature");
    found = (sy_energy_found){.facts = {.name = "hwmon:x", .kind = SY_ENERGY_COUNTER, .gain = NAN}};
    sy_meter_describe(&found, true, text);
    assert_string_equal(text, "hwmon:x: counter, scope unknown, gain not known");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(machine_meters_stand_at_the_processor, set_up),
        cmocka_unit_test_setup(what_fails_is_a_reason, set_up),
        cmocka_unit_test_setup(lines, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
