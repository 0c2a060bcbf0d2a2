/* The choice of meters: by scope, kind, step and period; by name; and why there is none. */
#include "bench/energy/choose.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/base/seam.h"
#include "tests/unit/bench/energy/made_up.h"

enum {
    NO = 0,
    COUNTER = SY_ENERGY_COUNTER,
    AVERAGE = SY_ENERGY_POWER_AVERAGE,
    INSTANT = SY_ENERGY_POWER_INSTANT
};

static int set_up(void **state) {
    (void)state;
    made_up_clear();
    return 0;
}

static sy_energy_found *add(const char *name, uint32_t kind, uint32_t scope) {
    return made_up_add(name, kind, scope);
}

static void fail_one(sy_energy_found *found, sy_status state, const char *reason, const char *fix) {
    found->state = state;
    snprintf(found->reason, sizeof found->reason, "%s", reason);
    snprintf(found->fix, sizeof found->fix, "%s", fix);
}

/* Choose among what was added, by words parted by commas; the names are joined by blanks. */
static void expect(const char *words, sy_energy_subject subject, const char *wanted, const char *wanted_why) {
    char copy[256], *word[8], names[1024] = "", why[SY_ENERGY_WHY_MAX] = "untouched";
    size_t count = 0;
    sy_energy_wish wish;
    sy_energy_list chosen, found = {.found = made_up.found, .count = made_up.count};
    snprintf(copy, sizeof copy, "%s", words);
    for (char *at = strtok(copy, ","); at != NULL; at = strtok(NULL, ","))
        word[count++] = at;
    assert_int_equal(sy_energy_wish_read(word, count, &wish, NULL), SY_OK);
    assert_int_equal(sy_energy_choose(&found, &wish, &subject, &chosen, why, NULL), SY_OK);
    for (size_t i = 0; i < chosen.count; i++)
        snprintf(names + strlen(names), sizeof names - strlen(names), "%s%s", i > 0 ? " " : "",
            chosen.found[i].facts.name);
    assert_string_equal(names, wanted);
    assert_string_equal(why, wanted_why);
    sy_energy_list_release(&chosen);
}

static const sy_energy_subject card = {0}, processor = {.is_host_processor = true},
                               model = {.is_simulated = true};

static void a_counter_before_powers(void **state) {
    (void)state;
    add("hwmon:a", INSTANT, SY_ENERGY_SCOPE_BOARD);
    add("hwmon:b", AVERAGE, SY_ENERGY_SCOPE_BOARD);
    add("powercap:psys", COUNTER, SY_ENERGY_SCOPE_BOARD);
    expect("auto", processor, "powercap:psys", "");
    made_up.found[2].state = SY_REFUSED;
    expect("auto", processor, "hwmon:b", "");
    made_up.found[1].state = SY_TIMEOUT;
    expect("auto", processor, "hwmon:a", "");
    made_up.found[0].is_part = true;
    expect(
        "auto", processor, "", "no meter: not permitted: powercap; no answer: hwmon; see steelyard devices");
}

static void the_finer_then_the_faster(void **state) {
    (void)state;
    sy_energy_found *a = add("powercap:x", COUNTER, SY_ENERGY_SCOPE_PACKAGE);
    sy_energy_found *b = add("hwmon:x", COUNTER, SY_ENERGY_SCOPE_PACKAGE);
    expect("auto", processor, "powercap:x", "");
    b->facts.resolution = 1.0;
    expect("auto", processor, "hwmon:x", "");
    a->facts.resolution = 0.5;
    expect("auto", processor, "powercap:x", "");
    b->facts.resolution = 0.5;
    b->facts.update_period_ns = 1000000000;
    expect("auto", processor, "hwmon:x", "");
    a->facts.update_period_ns = 1000000;
    expect("auto", processor, "powercap:x", "");
}

static void every_socket_and_every_scope(void **state) {
    (void)state;
    add("powercap:package-0", COUNTER, SY_ENERGY_SCOPE_PACKAGE);
    add("powercap:core-0", COUNTER, SY_ENERGY_SCOPE_DIE)->is_part = true;
    add("powercap:package-1", COUNTER, SY_ENERGY_SCOPE_PACKAGE);
    add("powercap:dram-0", COUNTER, SY_ENERGY_SCOPE_MEMORY);
    add("hwmon:cpu", INSTANT, SY_ENERGY_SCOPE_PACKAGE);
    add("hwmon:unknown", INSTANT, SY_ENERGY_SCOPE_UNKNOWN);
    add("hwmon:supply", AVERAGE, SY_ENERGY_SCOPE_NODE);
    expect("auto", processor,
        "powercap:package-0 powercap:package-1 powercap:dram-0 hwmon:unknown hwmon:supply", "");
    expect("all", processor,
        "powercap:package-0 powercap:package-1 powercap:dram-0 hwmon:cpu hwmon:unknown hwmon:supply", "");
}

static void a_device_has_a_counter_and_a_power(void **state) {
    (void)state;
    add("device:instant", INSTANT, SY_ENERGY_SCOPE_CARD);
    add("device:average", AVERAGE, SY_ENERGY_SCOPE_CARD);
    add("device:energy", COUNTER, SY_ENERGY_SCOPE_CARD);
    add("device:die", INSTANT, SY_ENERGY_SCOPE_DIE);
    add("device:temperature", SY_ENERGY_TEMPERATURE, SY_ENERGY_SCOPE_DIE);
    add("device:clock", SY_ENERGY_CLOCK, SY_ENERGY_SCOPE_DIE);
    add("device:throttle", SY_ENERGY_THROTTLE, SY_ENERGY_SCOPE_DIE)->state = SY_UNAVAILABLE;
    add("hwmon:card", COUNTER, SY_ENERGY_SCOPE_CARD);
    add("powercap:package-0", COUNTER, SY_ENERGY_SCOPE_PACKAGE);
    expect("auto", card,
        "device:average device:energy device:die device:temperature device:clock powercap:package-0", "");
    expect("powercap", card, "device:temperature device:clock powercap:package-0", "");
    made_up.found[2].state = SY_UNAVAILABLE;
    expect("auto", card, "device:average device:die device:temperature device:clock powercap:package-0", "");
}

/* Meters of cards beside the device: its own, or another one's? */
static void cards_that_are_not_the_device(void **state) {
    (void)state;
    add("hwmon:card", INSTANT, SY_ENERGY_SCOPE_CARD);
    expect("auto", card, "hwmon:card", "");
    expect("auto", processor, "", "no meter: nothing fitting: hwmon; see steelyard devices");
    expect("hwmon", processor, "hwmon:card", "");
    expect("all", processor, "hwmon:card", "");
    add("device:power", INSTANT, SY_ENERGY_SCOPE_DIE);
    expect("auto", card, "device:power", "");
}

static void the_machine_tells_the_processors_temperature(void **state) {
    (void)state;
    add("powercap:package-0", COUNTER, SY_ENERGY_SCOPE_PACKAGE);
    add("hwmon:k10temp", SY_ENERGY_TEMPERATURE, SY_ENERGY_SCOPE_PACKAGE);
    add("hwmon:nvme", SY_ENERGY_TEMPERATURE, SY_ENERGY_SCOPE_UNKNOWN);
    expect("auto", processor, "powercap:package-0 hwmon:k10temp", "");
    expect("auto", card, "powercap:package-0", "");
}

static void a_simulated_device_has_its_own_alone(void **state) {
    (void)state;
    add("device:energy", COUNTER, SY_ENERGY_SCOPE_CARD);
    add("device:power", INSTANT, SY_ENERGY_SCOPE_CARD);
    add("powercap:package-0", COUNTER, SY_ENERGY_SCOPE_PACKAGE);
    expect("auto", model, "device:energy device:power", "");
    expect("all", model, "device:energy device:power", "");
    expect("auto,powercap", model, "device:energy device:power powercap:package-0", "");
    made_up.found[0].state = made_up.found[1].state = SY_UNAVAILABLE;
    expect("auto", model, "", "no meter: none: device; see steelyard devices");
}

static void what_has_to_be_named(void **state) {
    (void)state;
    add("powercap:package-0", COUNTER, SY_ENERGY_SCOPE_PACKAGE);
    sy_energy_found *plug = add("shelly:192.0.2.7:power", INSTANT, SY_ENERGY_SCOPE_WALL);
    strcpy(plug->spec, "shelly:http://192.0.2.7/");
    expect("auto", processor, "powercap:package-0", "");
    expect("all", processor, "powercap:package-0", "");
    expect("auto,shelly:192.0.2.7", processor, "powercap:package-0 shelly:192.0.2.7:power", "");
    expect("shelly:http://192.0.2.7/", processor, "shelly:192.0.2.7:power", "");
    expect("off", processor, "", "not asked for");
}

static void parts_by_their_own_name_alone(void **state) {
    (void)state;
    add("powercap:package-0", COUNTER, SY_ENERGY_SCOPE_PACKAGE);
    add("powercap:package-0:core", COUNTER, SY_ENERGY_SCOPE_DIE)->is_part = true;
    expect("powercap", processor, "powercap:package-0", "");
    expect("powercap:package-0", processor, "powercap:package-0", "");
    expect("powercap:package-0:core", processor, "powercap:package-0:core", "");
}

static void named_ones_that_fail_are_told(void **state) {
    (void)state;
    add("powercap:package-0", COUNTER, SY_ENERGY_SCOPE_PACKAGE);
    fail_one(add("shelly:192.0.2.7", NO, NO), SY_TIMEOUT, "no answer in 2 s", "is it switched on?");
    fail_one(add("hwmon", NO, NO), SY_UNAVAILABLE, "", "");
    expect("auto,shelly:192.0.2.7", processor, "powercap:package-0",
        "shelly:192.0.2.7: no answer in 2 s (is it switched on?)");
    expect("shelly:192.0.2.7,hwmon,powercap:package-3", processor, "",
        "shelly:192.0.2.7: no answer in 2 s (is it switched on?); hwmon: unavailable; powercap:package-3: no "
        "such meter");
}

static void why_there_is_none(void **state) {
    (void)state;
    fail_one(add("device", NO, NO), SY_UNAVAILABLE, "it has no sensors", "");
    fail_one(
        add("powercap:package-0", COUNTER, SY_ENERGY_SCOPE_PACKAGE), SY_REFUSED, "not permitted", "a rule");
    fail_one(add("powercap:psys", COUNTER, SY_ENERGY_SCOPE_BOARD), SY_UNAVAILABLE, "gone", "");
    fail_one(add("hwmon", NO, NO), SY_UNAVAILABLE, "no chip", "");
    expect("auto", processor, "",
        "no meter: not permitted: powercap; none: device, hwmon; see steelyard devices");
    add("device:temperature", SY_ENERGY_TEMPERATURE, SY_ENERGY_SCOPE_DIE);
    expect("all", card, "device:temperature",
        "no meter: not permitted: powercap; nothing fitting: device; none: hwmon; see steelyard devices");
    made_up_clear();
    expect("auto", processor, "", "no meter; see steelyard devices");
}

static void long_reasons_are_cut(void **state) {
    (void)state;
    char reason[250], spec[64], why[SY_ENERGY_WHY_MAX], *word[2] = {spec, "hwmon"};
    memset(reason, 'x', sizeof reason - 1);
    reason[sizeof reason - 1] = '\0';
    strcpy(spec, "powercap:a");
    fail_one(add("powercap:a", COUNTER, SY_ENERGY_SCOPE_PACKAGE), SY_IO, reason, reason);
    sy_energy_list found = {.found = made_up.found, .count = made_up.count}, chosen;
    const sy_energy_wish wish = {.spec = word, .spec_count = 2};
    assert_int_equal(sy_energy_choose(&found, &wish, &processor, &chosen, why, NULL), SY_OK);
    assert_int_equal(strlen(why), SY_ENERGY_WHY_MAX - 1);
    assert_int_equal(chosen.count, 0);
}

static void no_memory_chooses_nothing(void **state) {
    (void)state;
    char why[SY_ENERGY_WHY_MAX];
    add("powercap:package-0", COUNTER, SY_ENERGY_SCOPE_PACKAGE);
    sy_energy_list found = {.found = made_up.found, .count = made_up.count}, chosen;
    const sy_energy_wish wish = {.is_auto = true};
    for (uint64_t k = 1; k <= 2; k++) {
        sy_seam_arm(SY_SEAM_ALLOC, k);
        assert_int_equal(sy_energy_choose(&found, &wish, &processor, &chosen, why, NULL), SY_OUT_OF_MEMORY);
        sy_seam_disarm();
        assert_null(chosen.found);
        assert_int_equal(chosen.count, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_counter_before_powers, set_up),
        cmocka_unit_test_setup(the_finer_then_the_faster, set_up),
        cmocka_unit_test_setup(every_socket_and_every_scope, set_up),
        cmocka_unit_test_setup(a_device_has_a_counter_and_a_power, set_up),
        cmocka_unit_test_setup(cards_that_are_not_the_device, set_up),
        cmocka_unit_test_setup(the_machine_tells_the_processors_temperature, set_up),
        cmocka_unit_test_setup(a_simulated_device_has_its_own_alone, set_up),
        cmocka_unit_test_setup(what_has_to_be_named, set_up),
        cmocka_unit_test_setup(parts_by_their_own_name_alone, set_up),
        cmocka_unit_test_setup(named_ones_that_fail_are_told, set_up),
        cmocka_unit_test_setup(why_there_is_none, set_up),
        cmocka_unit_test_setup(long_reasons_are_cut, set_up),
        cmocka_unit_test_setup(no_memory_chooses_nothing, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
