/* What differs between two installations, and what that means. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <math.h>
#include <string.h>

#include "tests/unit/bench/compare/rows.h"

typedef struct fixture {
    sy_intake intake;
    sy_arena arena;
    sy_join join;
    sy_conditions conditions;
    sy_environment environment[2];
    sy_device_fact device[2];
    sy_library_fact library[2];
    sy_setting setting[2];
} fixture;

static int set_up(void **state) {
    static fixture made;
    made = (fixture){0};
    for (int side = 0; side < 2; side++) {
        sy_environment *e = &made.environment[side];
        sy_environment_init(e);
        made.device[side] = (sy_device_fact){.id = "cpu", .name = "EPYC", .driver = "1.0", .status = "used"};
        made.library[side] = (sy_library_fact){.name = "onednn", .version = "3.8"};
        made.setting[side] = (sy_setting){.name = "threads", .value = "2"};
        e->host.name = "lab";
        e->cpu.governor = "performance";
        e->cpu.affinity_count = 2;
        e->cpu.boost = SY_TRI_NO;
        e->build.version = "0.1.0";
        e->devices.item = &made.device[side];
        e->libraries.item = &made.library[side];
        e->settings.item = &made.setting[side];
        e->devices.count = e->libraries.count = e->settings.count = 1;
    }
    *state = &made;
    return 0;
}

static int tear_down(void **state) {
    fixture *f = *state;
    sy_intake_release(&f->intake);
    sy_arena_release(&f->arena);
    return 0;
}

static void compare(fixture *f, const rows_spec *base, const rows_spec *other) {
    sy_error err = SY_ERROR_INIT;
    rows_take(&f->intake, rows_run(&f->intake, 0, "base", &f->environment[0]), base);
    rows_take(&f->intake, rows_run(&f->intake, 1, "new", &f->environment[1]), other);
    assert_int_equal(sy_join_over_time(&f->intake, 2, &f->arena, &f->join, &err), SY_OK);
    assert_int_equal(sy_conditions_compare(&f->intake, &f->join, 1, &f->arena, &f->conditions, &err), SY_OK);
}

static const sy_condition *find(const fixture *f, const char *field) {
    for (size_t i = 0; i < f->conditions.count; i++)
        if (strcmp(f->conditions.item[i].field, field) == 0)
            return &f->conditions.item[i];
    return NULL;
}

static void equal_installations_have_no_differences(void **state) {
    fixture *f = *state;
    rows_spec row = rows_plain(0);
    compare(f, &row, &row);
    assert_int_equal(f->conditions.count, 0);
    assert_null(f->conditions.statement);
}

static void what_one_compares_is_noted(void **state) {
    fixture *f = *state;
    rows_spec row = rows_plain(0);
    f->device[1].driver = "2.0";
    f->library[1].version = "3.9";
    f->environment[1].build.version = "0.2.0";
    compare(f, &row, &row);
    assert_int_equal(f->conditions.count, 3);
    assert_int_equal(f->conditions.inconclusive + f->conditions.installation, 0);
    assert_string_equal(find(f, "driver")->base, "1.0");
    assert_string_equal(find(f, "driver")->other, "2.0");
    assert_int_equal(find(f, "library onednn")->kind, SY_CONDITION_NOTED);
    assert_string_equal(sy_condition_name(SY_CONDITION_NOTED), "judged and listed");
    assert_null(f->conditions.statement);
}

static void what_governs_speed_is_inconclusive(void **state) {
    fixture *f = *state;
    rows_spec base = rows_plain(0), other = rows_plain(0);
    base.power_cap_w = 300;
    other.power_cap_w = 350;
    f->environment[1].cpu.governor = "powersave";
    f->environment[1].cpu.affinity_count = 1;
    f->environment[1].cpu.boost = SY_TRI_YES;
    f->setting[1].value = "4";
    compare(f, &base, &other);
    assert_int_equal(f->conditions.inconclusive, 5);
    assert_string_equal(find(f, "power cap")->base, "300 W");
    assert_string_equal(find(f, "power cap")->other, "350 W");
    assert_string_equal(find(f, "clock boost")->other, "on");
    assert_string_equal(find(f, "--threads")->other, "4");
    assert_int_equal(find(f, "clock governor")->kind, SY_CONDITION_INCONCLUSIVE);
    assert_string_equal(sy_condition_name(find(f, "CPUs allowed")->kind), "inconclusive");
}

static void another_host_or_card_is_another_installation(void **state) {
    fixture *f = *state;
    rows_spec base = rows_plain(0), other = rows_plain(0);
    other.card = "cpu-1";
    f->environment[1].host.name = "elsewhere";
    compare(f, &base, &other);
    assert_int_equal(f->conditions.installation, 2);
    assert_string_equal(find(f, "device")->other, "EPYC cpu-1");
    assert_string_equal(f->conditions.statement, "observed ratio of these two installations; unit-to-unit, "
                                                 "room and driver variation not included");
}

static void what_one_side_does_not_know_is_no_difference(void **state) {
    fixture *f = *state;
    rows_spec base = rows_plain(0), other = rows_plain(0);
    base.power_cap_w = 300;
    f->environment[1].host.name = NULL;
    f->environment[1].cpu.governor = "";
    compare(f, &base, &other);
    assert_int_equal(f->conditions.count, 0);
}

static void several_values_are_all_listed(void **state) {
    fixture *f = *state;
    rows_spec row = rows_plain(0);
    static const char *const versions[] = {"1", "2", "3", "4", "5"};
    for (int i = 0; i < 5; i++) {
        f->environment[0].build.version = versions[i];
        rows_take(&f->intake, rows_run(&f->intake, 0, versions[i], &f->environment[0]), &row);
    }
    compare(f, &row, &row);
    assert_string_equal(find(f, "version")->base, "1 | 2 | 3 | 4 | ...");
    assert_string_equal(find(f, "version")->other, "0.1.0");
}

static void rows_that_did_not_join_do_not_count(void **state) {
    fixture *f = *state;
    rows_spec row = rows_plain(0), alone = rows_plain(1);
    alone.card = "cpu-7";
    rows_take(&f->intake, rows_run(&f->intake, 1, "new", &f->environment[1]), &alone);
    compare(f, &row, &row);
    assert_null(find(f, "device"));
}

static void devices_side_by_side_are_never_inconclusive(void **state) {
    fixture *f = *state;
    sy_error err = SY_ERROR_INIT;
    rows_spec base = rows_plain(0), other = rows_plain(0);
    sy_device_fact devices[2] = {f->device[0], f->device[0]};
    other.device = "cuda:0";
    other.device_name = "H100";
    other.threads = 7;
    base.power_cap_w = 100;
    other.power_cap_w = 350;
    devices[1].id = "cuda:0";
    devices[1].driver = "560";
    f->environment[0].devices.item = devices;
    f->environment[0].devices.count = 2;
    uint32_t run = rows_run(&f->intake, 0, "base", &f->environment[0]);
    rows_take(&f->intake, run, &base);
    rows_take(&f->intake, run, &other);
    assert_int_equal(
        sy_join_across(&f->intake, &(sy_across){.base = "cpu"}, &f->arena, &f->join, &err), SY_OK);
    assert_int_equal(sy_conditions_compare(&f->intake, &f->join, 1, &f->arena, &f->conditions, &err), SY_OK);
    assert_int_equal(f->conditions.inconclusive, 0);
    assert_int_equal(f->conditions.installation, 4);
    assert_string_equal(find(f, "driver")->other, "560");
    assert_string_equal(find(f, "threads")->base, "2");
}

static void machines_of_devices_side_by_side_can_be(void **state) {
    fixture *f = *state;
    sy_error err = SY_ERROR_INIT;
    rows_spec base = rows_plain(0), other = rows_plain(0);
    other.device = other.device_name = "cuda:0";
    f->environment[1].cpu.governor = "powersave";
    rows_take(&f->intake, rows_run(&f->intake, 0, "a", &f->environment[0]), &base);
    rows_take(&f->intake, rows_run(&f->intake, 0, "b", &f->environment[1]), &other);
    assert_int_equal(
        sy_join_across(&f->intake, &(sy_across){.base = "cpu"}, &f->arena, &f->join, &err), SY_OK);
    assert_int_equal(sy_conditions_compare(&f->intake, &f->join, 1, &f->arena, &f->conditions, &err), SY_OK);
    assert_int_equal(f->conditions.inconclusive, 1);
    assert_int_equal(find(f, "clock governor")->kind, SY_CONDITION_INCONCLUSIVE);
}

static void names_are_words(void **state) {
    (void)state;
    assert_string_equal(sy_condition_name(SY_CONDITION_INSTALLATION), "another installation");
    assert_string_equal(sy_condition_name(9), "?");
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(equal_installations_have_no_differences),
        TEST(what_one_compares_is_noted),
        TEST(what_governs_speed_is_inconclusive),
        TEST(another_host_or_card_is_another_installation),
        TEST(what_one_side_does_not_know_is_no_difference),
        TEST(several_values_are_all_listed),
        TEST(rows_that_did_not_join_do_not_count),
        TEST(devices_side_by_side_are_never_inconclusive),
        TEST(machines_of_devices_side_by_side_can_be),
        TEST(names_are_words),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
