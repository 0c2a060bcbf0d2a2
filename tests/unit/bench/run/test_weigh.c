/* Windows of energy in a whole run, on a device whose power is known: which rows have one, that the joules
 * are true, and why a row has none. */
#include "tests/unit/bench/run/whole_run.h"

#include <math.h>

#include "tests/support/slow.h"

/* Launches so long that there are few to simulate. */
#define LONG ",launch=1ms"

static void run_all(whole_run *it, const char *params, size_t count, const char *const *options) {
    sy_error err = SY_ERROR_INIT;
    start(it, params, count, options);
    if (sy_schedule_run(&it->schedule, &err) != SY_OK)
        fail_msg("%s", err.text);
    assert_int_equal(it->schedule.rows.count, it->list.count);
}

static const sy_row_energy *entry_of(const sy_row *row, const char *kind) {
    for (size_t i = 0; i < row->energy.count; i++)
        if (strcmp(row->energy.item[i].kind, kind) == 0)
            return &row->energy.item[i];
    fail_msg("no %s: %s", kind, row->energy_reason != NULL ? row->energy_reason : "?");
    return NULL;
}

static bool has_reason(const sy_row_energy *entry, const char *name) {
    for (size_t i = 0; i < entry->reasons.count; i++)
        if (strcmp(entry->reasons.item[i], name) == 0)
            return true;
    return false;
}

static void expect_true(const sy_row *row, double busy_w, double idle_w) {
    assert_true(row->energy.count >= 2);
    for (size_t i = 0; i < row->energy.count; i++) {
        const sy_row_energy *entry = &row->energy.item[i];
        double truth_j = busy_w / entry->run_per_s, net_j = (busy_w - idle_w) / entry->run_per_s;
        assert_int_equal(entry->valid, SY_TRI_YES);
        assert_string_equal(entry->scope, "card");
        assert_true(fabs(entry->joule_per_run - truth_j) <= (3 * entry->u_random + 1e-6) * truth_j);
        assert_true(fabs(entry->joule_net_per_run - net_j) <= (3 * entry->u_net + 1e-6) * net_j);
        assert_true(entry->joule_per_run * entry->run_per_s == entry->watt);
        assert_true(fabs(entry->rate_of_median - 1) < 0.03 && entry->notes.count == 0);
        assert_true(entry->readings > 50);
    }
}

static void the_heaviest_row_is_weighed(void **state) {
    (void)state;
    whole_run it;
    run_all(&it, LONG ",busy_w=260,idle_w=60", 4,
        (const char *const[]){"--rounds", "2", "--max-time", "200ms", "--energy", "auto", NULL});
    expect_true(row_of(&it, 3), 260, 60);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(row_of(&it, i)->energy.count, 0);
        assert_string_equal(
            row_of(&it, i)->energy_reason, "not the heaviest of its kind (--energy all weighs every row)");
        assert_true(row_of(&it, i)->time.rounds == 2);
    }
    end(&it);
}

static void all_are_weighed_if_asked(void **state) {
    (void)state;
    whole_run it;
    run_all(
        &it, LONG, 3, (const char *const[]){"--rounds", "1", "--max-time", "200ms", "--energy", "all", NULL});
    for (size_t i = 0; i < 3; i++)
        expect_true(row_of(&it, i), 300, 50);
    end(&it);
}

static void off_is_off(void **state) {
    (void)state;
    whole_run it;
    run_all(
        &it, LONG, 2, (const char *const[]){"--rounds", "1", "--max-time", "200ms", "--energy", "off", NULL});
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(row_of(&it, i)->energy.count, 0);
        assert_string_equal(row_of(&it, i)->energy_reason, "not asked for");
    }
    assert_false(it.schedule.kits[0].has_idle);
    end(&it);
}

/* A repeat is measured for its times: the first process alone is weighed. */
static void repeats_are_not_weighed(void **state) {
    (void)state;
    whole_run it;
    run_all(&it, LONG, 1,
        (const char *const[]){
            "--rounds", "1", "--max-time", "200ms", "--repeat-process", "2", "--energy", "all", NULL});
    assert_int_equal(it.list.count, 2);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(row_of(&it, i)->energy.count > 0, it.list.row[i].process == 0);
    end(&it);
}

/* Not even idle is read, and the rows have all the time there is. */
static void a_budget_that_is_too_short_weighs_nothing(void **state) {
    (void)state;
    whole_run it;
    run_all(&it, LONG, 2,
        (const char *const[]){
            "--rounds", "1", "--budget", "4s", "--max-time", "100ms", "--energy", "all", NULL});
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(row_of(&it, i)->energy.count, 0);
        assert_string_equal(row_of(&it, i)->energy_reason, "budget");
    }
    assert_int_equal(it.schedule.kits[0].calls, 0);
    end(&it);
}

static void lies_are_shown(void **state) {
    static const struct {
        const char *params, *kind, *reason;
    } rows[] = {{",power_clip=200", "counter", "disagrees"},
        {",power_clip=200", "average power", "disagrees"},
        {",sensor_fault=stuck,sensor_fault_at=1", "average power", "disagrees"},
        {",busy_w=77.3,idle_w=77.3", "average power", "stuck"},
        {",sensor_fault=zero,sensor_fault_at=1", "counter", "stuck"},
        {",sensor_fault=gone,sensor_fault_at=7", "counter", "gone"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char params[160];
        whole_run it;
        snprintf(params, sizeof params, LONG "%s", rows[i].params);
        run_all(&it, params, 1,
            (const char *const[]){"--rounds", "1", "--max-time", "200ms", "--energy", "auto", NULL});
        const sy_row *row = row_of(&it, 0);
        const sy_row_energy *entry = entry_of(row, rows[i].kind);
        if (entry->valid != SY_TRI_NO || !has_reason(entry, rows[i].reason))
            fail_msg("%s: %s %s", rows[i].params, entry->source,
                entry->reasons.count > 0 ? entry->reasons.item[0] : "valid");
        assert_true(
            row->status == SY_ROW_OK || row->status == SY_ROW_UNSTABLE); /* its time is none the worse */
        end(&it);
    }
}

static void a_disagreement_names_both(void **state) {
    (void)state;
    whole_run it;
    run_all(&it, LONG ",power_clip=200", 1,
        (const char *const[]){"--rounds", "1", "--max-time", "200ms", "--energy", "auto", NULL});
    const sy_row_energy *entry = entry_of(row_of(&it, 0), "counter");
    assert_int_equal(entry->notes.count, 1);
    assert_non_null(strstr(entry->notes.item[0], "device:energy says "));
    assert_non_null(strstr(entry->notes.item[0], "device:power average says "));
    end(&it);
}

/* A row that has no time has no energy either: the next heaviest of its kind has it. */
static void rows_without_time_have_no_energy(void **state) {
    (void)state;
    whole_run it;
    char params[80];
    snprintf(params, sizeof params, LONG ",fault=error,fault_flop=%d", 2 * 3 * 3 * 3);
    run_all(&it, params, 3,
        (const char *const[]){"--rounds", "2", "--max-time", "200ms", "--energy", "auto", NULL});
    assert_int_equal(row_of(&it, 2)->status, SY_ROW_ERROR);
    assert_int_equal(row_of(&it, 2)->energy.count, 0);
    assert_non_null(row_of(&it, 2)->energy_reason);
    expect_true(row_of(&it, 1), 300, 50);
    assert_int_equal(row_of(&it, 0)->energy.count, 0);
    end(&it);
}

static void throttled_power_is_what_it_is(void **state) {
    (void)state;
    whole_run it;
    run_all(&it, LONG ",throttle=0.001,throttle_w=120,throttle_factor=0.5", 1,
        (const char *const[]){"--rounds", "1", "--max-time", "200ms", "--energy", "auto", NULL});
    expect_true(row_of(&it, 0), 120, 50);
    end(&it);
}

static void lengths_follow_the_meters(void **state) {
    (void)state;
    sy_energy_found found[2] = {
        {.facts = {.kind = SY_ENERGY_COUNTER, .update_period_ns = 1000000, .resolution = NAN}},
        {.facts = {.kind = SY_ENERGY_TEMPERATURE, .update_period_ns = 60000000000}}};
    sy_energy_kit kit = {.meters = {.found = found, .count = 2}, .watt = {NAN, NAN}};
    sy_config config = {.energy_window_ns = 30000000000, .energy_precision = 0.05};
    double quick_s = sy_weigh_estimate_s(&kit, &config, 0);
    double one_s = sy_weigh_estimate_s(&kit, &config, 1) - quick_s;
    assert_true(one_s > 2 && one_s < 4);
    assert_true(fabs(sy_weigh_estimate_s(&kit, &config, 5) - quick_s - 5 * one_s) < 1e-6);
    found[0].facts.update_period_ns = 1000000000; /* 0.41 s / 5 % = 8.2 s */
    double slow_s = sy_weigh_estimate_s(&kit, &config, 1) - sy_weigh_estimate_s(&kit, &config, 0);
    assert_true(slow_s > 8 && slow_s < 16);
    kit.period_ns[0] = 1000000; /* it turned out to be quicker */
    assert_true(
        fabs(sy_weigh_estimate_s(&kit, &config, 1) - sy_weigh_estimate_s(&kit, &config, 0) - one_s) < 0.1);
    kit.period_ns[0] = 0;
    config.energy_window_ns = 5000000000; /* cut, and as long as is allowed */
    double cut_s = sy_weigh_estimate_s(&kit, &config, 1) - sy_weigh_estimate_s(&kit, &config, 0);
    assert_true(cut_s > 7 && cut_s < slow_s);
}

/* Whatever is short of memory says so, and what was measured is kept. */
static void every_allocation_may_fail(void **state) {
    (void)state;
    static const char *const options[] = {"--rounds", "1", "--max-time", "1ms", "--energy", "auto", NULL};
    uint64_t k = 1, without = 0;
    for (;; k += 1 + k / (slow_step(SLOW_ADDRESS | SLOW_THREAD, 2) > 1 ? 4u : 8u)) {
        whole_run it;
        start(&it, LONG, 1, options);
        sy_seam_arm(SY_SEAM_ALLOC, k);
        sy_status status = sy_schedule_run(&it.schedule, NULL);
        uint64_t asked = sy_seam_disarm();
        bool has_energy = it.schedule.rows.count == 1 && it.schedule.rows.row[0].energy.count > 0;
        assert_true(status == SY_OK || status == SY_OUT_OF_MEMORY);
        without += !has_energy;
        end(&it);
        if (asked < k) {
            assert_true(has_energy);
            break;
        }
    }
    assert_true(k > 20 && without > 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_heaviest_row_is_weighed),
        cmocka_unit_test(all_are_weighed_if_asked),
        cmocka_unit_test(off_is_off),
        cmocka_unit_test(repeats_are_not_weighed),
        cmocka_unit_test(a_budget_that_is_too_short_weighs_nothing),
        cmocka_unit_test(lies_are_shown),
        cmocka_unit_test(a_disagreement_names_both),
        cmocka_unit_test(rows_without_time_have_no_energy),
        cmocka_unit_test(throttled_power_is_what_it_is),
        cmocka_unit_test(lengths_follow_the_meters),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
