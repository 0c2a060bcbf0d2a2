/* Two sides in turn: the order of the visits, ratios whose truth is known. */
#include "tests/unit/bench/run/rig.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "bench/plan/worklist.h"
#include "bench/run/pair.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

enum { PROBLEMS = 3, VISITS_MAX = 64, ROUNDS_MAX = 8 };

/* One visit as it was asked for. */
typedef struct seen {
    char side;
    uint64_t round;
    const char *pair;
} seen;

static seen visits[VISITS_MAX];
static size_t visit_count;

/* The names are the linker's. */
sy_status __real_sy_visit_row(const sy_visit_shared *shared, sy_target *target, sy_row_state *state,
    const sy_visit_order *order, sy_error *err);
sy_status __wrap_sy_visit_row(const sy_visit_shared *shared, sy_target *target, sy_row_state *state,
    const sy_visit_order *order, sy_error *err);

sy_status __wrap_sy_visit_row(const sy_visit_shared *shared, sy_target *target, sy_row_state *state,
    const sy_visit_order *order, sy_error *err) {
    if (visit_count < VISITS_MAX && state->work->pair.side != NULL)
        visits[visit_count++] = (seen){state->work->pair.side[0], order->round, state->work->pair.id};
    return __real_sy_visit_row(shared, target, state, order, err);
}

/* A run of pairs on one or two simulated devices. */
typedef struct pair_run {
    rig r;
    sy_suite_item item[PROBLEMS];
    sy_suite suite;
    sy_suite *suites[1];
    sy_work_target target[2];
    sy_worklist list;
    sy_ceilings ceilings[2];
    sy_progress progress;
    sy_schedule schedule;
} pair_run;

static void plan(pair_run *run) {
    static const char *const problems[] = {
        "gemm:m=64,n=64,k=64", "gemm:m=128,n=64,k=64", "gemm:m=64,n=64,k=128"};
    sy_error error = SY_ERROR_INIT;
    for (size_t i = 0; i < PROBLEMS; i++)
        run->item[i] = (sy_suite_item){.problem = (char *)(uintptr_t)problems[i], .count = 1};
    run->suite = (sy_suite){.name = (char *)(uintptr_t) "few", .item = run->item, .count = PROBLEMS};
    run->suites[0] = &run->suite;
    for (size_t i = 0; i < run->r.targets.count; i++) {
        run->target[i] = (sy_work_target){.id = run->r.targets.target[i].id, .name = "sim"};
        sy_ceilings_init(&run->ceilings[i]);
    }
    sy_work_request request = {.config = &run->r.config,
        .suite = run->suites,
        .suite_count = 1,
        .target = run->target,
        .target_count = run->r.targets.count,
        .settings_hash = "0123456789abcdef"};
    if (sy_worklist_make(&request, &run->list, &error) != SY_OK ||
        sy_pair_join(&run->list, &run->r.config, &error) != SY_OK)
        fail_msg("%s", error.text);
}

/* `sides` are devices, or algorithms of the device `sim`, as --pair takes them. */
static void start(pair_run *run, const char *sim, const char *sides, const char *const *more) {
    const char *options[16] = {"--max-time", "80ms"};
    size_t count = 2;
    sy_error error = SY_ERROR_INIT;
    memset(run, 0, sizeof *run);
    for (; *more != NULL; more++)
        options[count++] = *more;
    if (sim != NULL) {
        options[count++] = "--algorithm";
        options[count] = sides;
    }
    rig_open(&run->r, sim != NULL ? sim : sides, options);
    run->r.config.pair = sim != NULL ? run->r.config.algorithm : run->r.config.device;
    plan(run);
    sy_progress_start(&run->progress, 0, true, false);
    run->schedule = (sy_schedule){.shared = run->r.shared,
        .targets = &run->r.targets,
        .list = &run->list,
        .ceilings = run->ceilings,
        .progress = &run->progress,
        .start_ns = sy_clock_raw_ns()};
    if (sy_schedule_open_energy(&run->schedule, &error) != SY_OK)
        fail_msg("%s", error.text);
    visit_count = 0;
}

static void measure(pair_run *run) {
    sy_error error = SY_ERROR_INIT;
    if (sy_schedule_run(&run->schedule, &error) != SY_OK)
        fail_msg("%s", error.text);
}

static void end(pair_run *run) {
    run->r.config.pair = (sy_words){0}; /* another option owns them */
    sy_schedule_close_energy(&run->schedule);
    sy_row_list_release(&run->schedule.rows);
    sy_worklist_release(&run->list);
    rig_close(&run->r);
}

static const sy_row *row_of(const pair_run *run, size_t seq) {
    for (size_t i = 0; i < run->schedule.rows.count; i++)
        if (run->schedule.rows.row[i].seq == seq)
            return &run->schedule.rows.row[i];
    fail_msg("row %d is missing", (int)seq);
    return NULL;
}

static char devices[400], one_device[200];

/* Locks are between programs, so that ids are this process's own; what is measured does not depend on it. */
static int own_memory(void) {
    return 8000000 + (int)getpid();
}

static const char *two_seeded(const char *a, const char *b, int seed) {
    snprintf(devices, sizeof devices, "sim:0?memory=%d,cache=1K,seed=%d%s,sim:0?memory=%d,cache=1K,seed=%d%s",
        own_memory(), seed, a, own_memory(), seed + 1, b);
    return devices;
}

static const char *two_devices(const char *a, const char *b) {
    return two_seeded(a, b, 7);
}

static const char *device_with(const char *params) {
    snprintf(one_device, sizeof one_device, "sim:0?memory=%d,cache=1K,seed=7%s", own_memory(), params);
    return one_device;
}

/* Every four visits are one pair's, A B B A, in rounds that come in twos; pairs in any order. */
static void expect_blocks(size_t pairs, uint64_t rounds) {
    static const char sides[] = "abba";
    assert_int_equal(visit_count, 2 * pairs * rounds);
    for (size_t i = 0; i < visit_count; i++) {
        uint64_t first = 2 * (i / (4 * pairs));
        if (visits[i].side != sides[i % 4] || visits[i].round != first + i % 4 / 2)
            fail_msg("visit %d is of side %c in round %d", (int)i, visits[i].side, (int)visits[i].round);
        assert_string_equal(visits[i].pair, visits[i - i % 4].pair);
    }
}

static void sides_are_visited_there_and_back(void **state) {
    (void)state;
    static const char *const options[] = {"--rounds", "4", NULL};
    pair_run run;
    start(&run, NULL, two_devices("", ",jitter=0.01"), options);
    measure(&run);
    expect_blocks(PROBLEMS, 4);
    assert_int_equal(run.schedule.rows.count, 2 * PROBLEMS);
    end(&run);
    start(&run, device_with(",jitter=0.01"), "reference-loops/t32,reference-loops/t64", options);
    measure(&run);
    expect_blocks(PROBLEMS, 4);
    end(&run);
}

static void rows_name_their_pair_and_side(void **state) {
    (void)state;
    pair_run run;
    start(&run, NULL, two_devices("", ""),
        (const char *const[]){"--rounds", "2", "--repeat-process", "2", NULL});
    measure(&run);
    assert_int_equal(run.list.count, 4 * PROBLEMS);
    for (size_t i = 0; i < run.list.count; i++) {
        const sy_row *row = row_of(&run, i), *other = row_of(&run, run.list.row[i].pair.other);
        assert_true(row != other && row->process == other->process && row->process == i % 2);
        assert_string_equal(row->pair.id, other->pair.id);
        assert_string_equal(row->pair.id, i % 4 < 2 ? row->id : other->id);
        assert_string_equal(row->pair.side, i % 4 < 2 ? "a" : "b");
        assert_int_equal(row->pair.block, 1);
        assert_string_equal(row->key.problem, other->key.problem);
        assert_true(row->status == SY_ROW_OK || row->status == SY_ROW_UNSTABLE);
        assert_int_equal(row->check.verified, SY_TRI_YES);
    }
    end(&run);
}

/* How many of the intervals hold the truth; all are narrow and near it. */
static size_t count_holding(const pair_run *run, double truth) {
    size_t holding = 0;
    for (size_t i = 0; i < PROBLEMS; i++) {
        sy_pair_ratio found = sy_pair_compare(row_of(run, 2 * i), row_of(run, 2 * i + 1));
        assert_int_equal(found.blocks, 4);
        holding += found.ci95[0] <= truth && truth <= found.ci95[1];
        bool is_near = fabs(found.ratio / truth - 1.0) < 0.01;
        bool is_narrow = found.ci95[0] < found.ci95[1] && found.ci95[1] / found.ci95[0] < 1.05;
        if (!is_near || !is_narrow)
            fail_msg("%g: %g [%g, %g]", truth, found.ratio, found.ci95[0], found.ci95[1]);
    }
    return holding;
}

/* Devices that take so many times as long for everything, by seeds that settle all noise: of 54 intervals of
 * 95 %, a few may miss. */
static void a_known_ratio_is_found(void **state) {
    (void)state;
    enum { SEEDS = 6 };
    static const struct {
        const char *a, *b;
        double truth;
    } rows[] = {{",launch=1us,peak=10G,bw=1T,jitter=0.02", ",launch=2us,peak=5G,bw=500G,jitter=0.02", 2.0},
        {",launch=4us,peak=5G,bw=250G,jitter=0.02", ",launch=1us,peak=20G,bw=1T,jitter=0.02", 0.25},
        {",peak=10G,jitter=0.02", ",peak=10G,jitter=0.02", 1.0}};
    size_t holding = 0;
    for (size_t i = 0; i < 3 * SEEDS; i++) {
        pair_run run;
        start(&run, NULL, two_seeded(rows[i % 3].a, rows[i % 3].b, 1 + 2 * (int)i),
            (const char *const[]){"--rounds", "8", NULL});
        measure(&run);
        holding += count_holding(&run, rows[i % 3].truth);
        end(&run);
    }
    if (holding < 48)
        fail_msg("%d of 54 intervals hold the truth", (int)holding);
}

static void a_side_that_fails_leaves_the_other(void **state) {
    (void)state;
    pair_run run;
    start(&run, device_with(""), "reference-loops,nothing", (const char *const[]){"--rounds", "2", NULL});
    measure(&run);
    for (size_t i = 0; i < PROBLEMS; i++) {
        const sy_row *a = row_of(&run, 2 * i), *b = row_of(&run, 2 * i + 1);
        assert_int_equal(a->time.rounds, 2);
        assert_int_equal(b->status, SY_ROW_UNSUPPORTED);
        assert_int_equal(b->pair.block, 0);
        assert_int_equal(sy_pair_compare(a, b).blocks, 0);
        assert_true(isnan(sy_pair_compare(a, b).ratio));
    }
    end(&run);
}

static void a_lost_device_and_a_spent_budget_say_so(void **state) {
    (void)state;
    pair_run run;
    start(&run, NULL, two_devices("", ""), (const char *const[]){"--rounds", "2", NULL});
    sy_target_disconnect(&run.r.targets.target[1]);
    snprintf(run.r.targets.target[1].reason, sizeof run.r.targets.target[1].reason, "it fell off the bus");
    measure(&run);
    for (size_t i = 0; i < PROBLEMS; i++) {
        assert_true(sy_row_has_time(row_of(&run, 2 * i)));
        assert_int_equal(row_of(&run, 2 * i + 1)->status, SY_ROW_UNAVAILABLE);
        assert_string_equal(row_of(&run, 2 * i + 1)->reason, "it fell off the bus");
    }
    end(&run);
    start(&run, NULL, two_devices("", ""), (const char *const[]){"--rounds", "2", "--budget", "1s", NULL});
    run.schedule.start_ns = sy_clock_raw_ns() - UINT64_C(2000000000);
    measure(&run);
    assert_int_equal(visit_count, 0);
    for (size_t i = 0; i < 2 * PROBLEMS; i++)
        assert_string_equal(row_of(&run, i)->reason, "budget");
    end(&run);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    pair_run run;
    size_t failed = 0;
    uint64_t k = 1;
    for (;; k += 1 + k / 4) {
        start(&run, NULL, two_devices("", ""), (const char *const[]){"--rounds", "2", NULL});
        sy_seam_arm(SY_SEAM_ALLOC, k);
        sy_status status = sy_schedule_run(&run.schedule, NULL);
        uint64_t asked = sy_seam_disarm();
        failed += status != SY_OK;
        end(&run);
        if (asked < k)
            break;
    }
    assert_true(k > 20 && failed > 3);
}

/* A row of rounds with these medians; 0: the round is missing. */
static sy_row made_row(sy_row_round *rounds, const double *median_ns, size_t count) {
    sy_row row;
    sy_row_init(&row);
    row.status = SY_ROW_OK;
    row.time.headline = SY_HEADLINE_HOST;
    row.time.host.median_ns = 1.0;
    row.time.by_round.item = rounds;
    for (size_t i = 0; i < count; i++)
        if (median_ns[i] > 0.0)
            rounds[row.time.by_round.count++] = (sy_row_round){.round = i, .median_ns = median_ns[i]};
    return row;
}

/* By hand: blocks of ratio 2 and 8; their logarithms have mean ln 4 and standard error ln 2; t(0.975, 1) is
 * 12.7062. */
static void the_interval_is_that_of_the_blocks(void **state) {
    (void)state;
    sy_row_round of_a[ROUNDS_MAX], of_b[ROUNDS_MAX];
    sy_row a = made_row(of_a, (const double[]){1, 2, 1, 1, 5, 0}, 6);
    sy_row b = made_row(of_b, (const double[]){4, 2, 4, 16, 5, 5}, 6);
    sy_pair_ratio found = sy_pair_compare(&a, &b);
    assert_int_equal(found.blocks, 2);
    assert_true(fabs(found.ratio - 4.0) < 1e-12);
    assert_true(fabs(log(found.ci95[1] / 4.0) - 12.7062047 * log(2.0)) < 1e-5);
    assert_true(fabs(found.ci95[0] * found.ci95[1] - 16.0) < 1e-9);
    a.time.by_round.count = 2;
    found = sy_pair_compare(&a, &b);
    assert_true(found.blocks == 1 && fabs(found.ratio - 2.0) < 1e-12 && isnan(found.ci95[0]));
    a.time.by_round.count = 1;
    assert_true(sy_pair_compare(&a, &b).blocks == 0 && isnan(sy_pair_compare(&a, &b).ratio));
    a.time.by_round.count = 4;
    a.status = SY_ROW_WRONG;
    assert_int_equal(sy_pair_compare(&a, &b).blocks, 0);
}

/* What drifts evenly has no part in it. */
static void a_drift_cancels(void **state) {
    (void)state;
    sy_row_round of_a[ROUNDS_MAX], of_b[ROUNDS_MAX];
    double at_a[ROUNDS_MAX], at_b[ROUNDS_MAX];
    for (size_t i = 0; i < ROUNDS_MAX; i++) {
        at_a[i] = exp(0.1 * (double)(2 * i + i % 2)); /* turns 0, 3, 4, 7 ... */
        at_b[i] = exp(0.1 * (double)(2 * i + 1 - i % 2));
    }
    sy_row a = made_row(of_a, at_a, ROUNDS_MAX), b = made_row(of_b, at_b, ROUNDS_MAX);
    assert_true(fabs(sy_pair_compare(&a, &b).ratio - 1.0) < 1e-12);
}

static void a_list_without_pairs_is_not_joined(void **state) {
    (void)state;
    pair_run run;
    start(&run, device_with(""), "reference-loops,nothing", (const char *const[]){"--rounds", "2", NULL});
    run.list.count--;
    assert_int_equal(sy_pair_join(&run.list, &run.r.config, NULL), SY_INTERNAL);
    run.list.count++;
    run.list.row[1].key_hash[0] ^= 1;
    assert_int_equal(sy_pair_join(&run.list, &run.r.config, NULL), SY_INTERNAL);
    end(&run);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(sides_are_visited_there_and_back),
        cmocka_unit_test(rows_name_their_pair_and_side), cmocka_unit_test(a_known_ratio_is_found),
        cmocka_unit_test(a_side_that_fails_leaves_the_other),
        cmocka_unit_test(a_lost_device_and_a_spent_budget_say_so),
        cmocka_unit_test(every_allocation_may_fail), cmocka_unit_test(the_interval_is_that_of_the_blocks),
        cmocka_unit_test(a_drift_cancels), cmocka_unit_test(a_list_without_pairs_is_not_joined)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
