/* Runs in this process: every row once and in order of need, budgets, faults that cost one row, lost memory.
 */
#include "tests/unit/bench/run/whole_run.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "bench/plan/worklist.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static void every_row_is_there_once(void **state) {
    (void)state;
    static whole_run it; /* more rows than go through their rounds together */
    start(&it, "", MANY, (const char *const[]){"--rounds", "2", "--max-time", "200ms", NULL});
    assert_int_equal(sy_schedule_run(&it.schedule, NULL), SY_OK);
    assert_int_equal(it.schedule.rows.count, MANY);
    for (size_t i = 0; i < MANY; i++) {
        const sy_row *row = row_of(&it, i);
        assert_true(row->status == SY_ROW_OK || row->status == SY_ROW_UNSTABLE);
        assert_int_equal(row->time.rounds, 2);
        assert_int_equal(row->seq, i);
        assert_int_equal(row->check.verified, SY_TRI_YES);
        assert_int_equal(row->subject.simulated, SY_TRI_YES);
    }
    end(&it);
}

static void the_order_of_rounds_comes_from_the_seed(void **state) {
    (void)state;
    uint64_t place[3][8];
    for (int i = 0; i < 3; i++) {
        whole_run it;
        start(&it, "", 8,
            (const char *const[]){"--rounds", "1", "--max-time", "100ms", "--seed", i < 2 ? "5" : "6", NULL});
        assert_int_equal(sy_schedule_run(&it.schedule, NULL), SY_OK);
        for (size_t j = 0; j < 8; j++)
            place[i][j] = row_of(&it, j)->time.by_round.item[0].order;
        end(&it);
    }
    assert_memory_equal(place[0], place[1], sizeof place[0]);
    assert_memory_not_equal(place[0], place[2], sizeof place[0]);
}

static void a_fault_costs_one_row(void **state) {
    (void)state;
    static const struct {
        const char *fault;
        uint32_t status;
    } rows[] = {{",fault=error,fault_flop=54", SY_ROW_ERROR}, {",fault=wrong,fault_flop=54", SY_ROW_WRONG}};
    for (size_t i = 0; i < 2; i++) {
        whole_run it;
        start(&it, rows[i].fault, 5, (const char *const[]){"--rounds", "2", "--max-time", "200ms", NULL});
        assert_int_equal(sy_schedule_run(&it.schedule, NULL), SY_OK);
        for (size_t j = 0; j < 5; j++) {
            const sy_row *row = row_of(&it, j);
            bool is_bad = it.list.row[j].flop == 54;
            if (is_bad != (row->status == rows[i].status))
                fail_msg("row %d has status %d: %s", (int)j, (int)row->status, row->reason);
            assert_true(!is_bad || (row->reason != NULL && row->reason[0] != '\0'));
        }
        end(&it);
    }
}

static void compile_time_is_of_the_visit_that_compiled(void **state) {
    (void)state;
    static const char *const options[] = {"--rounds", "2", "--max-time", "100ms", NULL};
    whole_run it;
    start(&it, ",compile=7ms", 2, options);
    assert_int_equal(sy_schedule_run(&it.schedule, NULL), SY_OK);
    for (size_t i = 0; i < 2; i++) {
        assert_true(row_of(&it, i)->time.compile_ns == 7e6);
        assert_true(row_of(&it, i)->time.plan_ns >= 7e6);
    }
    end(&it);
    start(&it, "", 1, options);
    assert_int_equal(sy_schedule_run(&it.schedule, NULL), SY_OK);
    assert_true(isnan(row_of(&it, 0)->time.compile_ns));
    end(&it);
}

/* Times of a timer that lies are kept, marked, and change nothing else. */
static void a_lying_timer_is_not_believed(void **state) {
    (void)state;
    static const struct {
        const char *lie, *reason;
    } rows[] = {{",launch=100us", NULL}, {",launch=100us,timer=0", "told no time"},
        {",launch=100us,timer=0.5", "50 % of the host's time"},
        {",launch=100us,timer=0.85", "of the host's time"},
        {",launch=100us,timer=1.02", "longer than the host's time"},
        {",launch=100us,timer=3", "longer than the host's time"}};
    double honest_ns = NAN;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        whole_run it;
        start(&it, rows[i].lie, 1, (const char *const[]){"--rounds", "2", "--max-time", "200ms", NULL});
        assert_int_equal(sy_schedule_run(&it.schedule, NULL), SY_OK);
        const sy_row *row = row_of(&it, 0);
        if (i == 0)
            honest_ns = row->time.host.median_ns;
        if ((rows[i].reason == NULL) != (row->time.device_reason == NULL) ||
            (rows[i].reason != NULL && strstr(row->time.device_reason, rows[i].reason) == NULL))
            fail_msg("'%s': %s", rows[i].lie, row->time.device_reason);
        assert_int_equal(row->time.device_believed, rows[i].reason == NULL ? SY_TRI_YES : SY_TRI_NO);
        assert_true(row->status == SY_ROW_OK && row->time.headline == SY_HEADLINE_HOST);
        assert_true(row->time.host.median_ns == honest_ns);
        assert_true(isnan(row->time.device.median_ns) == (i == 1));
        assert_true(row->time.device.resolution_ns == 1.0);
        end(&it);
    }
}

/* However noisy a device is, its timer is not accused. */
static void honest_timers_are_believed(void **state) {
    (void)state;
    static const char *const noises[] = {",launch=100us,jitter=0.3", ",launch=100us,wander=0.1,ar=0.9",
        ",launch=100us,slow=2,dwell=1ms", ",launch=100us,drift=0.5",
        ",launch=100us,throttle=50ms,throttle_factor=0.5", ",launch=2s"};
    for (size_t i = 0; i < sizeof noises / sizeof noises[0]; i++) {
        whole_run it;
        start(&it, noises[i], 1, (const char *const[]){"--rounds", "2", "--max-time", "200ms", NULL});
        assert_int_equal(sy_schedule_run(&it.schedule, NULL), SY_OK);
        if (row_of(&it, 0)->time.device_believed != SY_TRI_YES)
            fail_msg("'%s': %s", noises[i], row_of(&it, 0)->time.device_reason);
        end(&it);
    }
}

static void what_a_budget_leaves_out_is_skipped(void **state) {
    (void)state;
    whole_run it;
    start(&it, "", 6, (const char *const[]){"--rounds", "3", "--budget", "1s", NULL});
    it.schedule.start_ns = sy_clock_raw_ns() - UINT64_C(2000000000); /* spent already */
    assert_int_equal(sy_schedule_run(&it.schedule, NULL), SY_OK);
    for (size_t i = 0; i < 6; i++) {
        const sy_row *row = row_of(&it, i);
        assert_int_equal(row->status, SY_ROW_SKIPPED);
        assert_string_equal(row->reason, "budget");
    }
    end(&it);
}

static void process_repeats_are_measured_in_new_sessions(void **state) {
    (void)state;
    whole_run it;
    start(&it, "", 2,
        (const char *const[]){"--rounds", "1", "--max-time", "100ms", "--repeat-process", "3", NULL});
    assert_int_equal(it.list.count, 6);
    assert_int_equal(sy_schedule_run(&it.schedule, NULL), SY_OK);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(row_of(&it, i)->process, i % 3);
    end(&it);
}

static void rows_of_a_lost_device_say_why(void **state) {
    (void)state;
    whole_run it;
    start(&it, "", 3, (const char *const[]){"--rounds", "1", "--max-time", "100ms", NULL});
    sy_target_disconnect(&it.r.targets.target[0]);
    snprintf(it.r.targets.target[0].reason, sizeof it.r.targets.target[0].reason, "it fell off the bus");
    assert_int_equal(sy_schedule_run(&it.schedule, NULL), SY_OK);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(row_of(&it, i)->status, SY_ROW_UNAVAILABLE);
        assert_string_equal(row_of(&it, i)->reason, "it fell off the bus");
    }
    end(&it);
}

/* The k-th allocation of a whole run fails: a status, never a crash or a leak. */
static void every_allocation_may_fail(void **state) {
    (void)state;
    whole_run it;
    uint64_t k = 1, failed = 0;
    static const char *const options[] = {"--rounds", "1", "--max-time", "1ms", NULL};
    for (;; k += 1 + k / 8) {
        start(&it, "", 2, options);
        sy_seam_arm(SY_SEAM_ALLOC, k);
        sy_status status = sy_schedule_run(&it.schedule, NULL);
        uint64_t seen = sy_seam_disarm();
        for (size_t i = 0; i < it.schedule.rows.count; i++)
            if (it.schedule.rows.row[i].status != SY_ROW_OK &&
                it.schedule.rows.row[i].status != SY_ROW_UNSTABLE)
                failed++;
        failed += status != SY_OK ? 1 : 0;
        end(&it);
        if (seen < k)
            break;
    }
    assert_true(k > 20 && failed > 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_row_is_there_once),
        cmocka_unit_test(compile_time_is_of_the_visit_that_compiled),
        cmocka_unit_test(a_lying_timer_is_not_believed), cmocka_unit_test(honest_timers_are_believed),
        cmocka_unit_test(the_order_of_rounds_comes_from_the_seed), cmocka_unit_test(a_fault_costs_one_row),
        cmocka_unit_test(what_a_budget_leaves_out_is_skipped),
        cmocka_unit_test(process_repeats_are_measured_in_new_sessions),
        cmocka_unit_test(rows_of_a_lost_device_say_why), cmocka_unit_test(every_allocation_may_fail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
