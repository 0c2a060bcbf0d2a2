/*
 * Do the intervals that are published cover? Whole visits on the simulated device (session, job, sampler,
 * check, rounds) under each of its noises, many seeds; the share of rows that are stable, and of those that
 * cover. STEELYARD_LONG=1: 1,000 rows a noise.
 */
#include "tests/support/slow.h"
#include "tests/unit/bench/run/rig.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { SHORT = 40, LONG = 1000, ROUNDS = 3, LAW_BATCHES = 40000 };

/*
 * A noise. lasting: its states outlast a visit, or time changes it: the truth is then the mean over all rows,
 * what rounds at these moments give in the mean; else it is the median of the law of batch times, from the
 * model alone.
 */
typedef struct noise {
    const char *name, *params;
    bool is_lasting;
} noise;

static const noise noises[] = {{"jitter 5 % a launch", "jitter=0.05", false},
    {"jitter 1 %", "jitter=0.01", false},
    {"wander 3 %, correlation 0.9", "wander=0.03,ar=0.9,jitter=0.01", false},
    {"wander 2 %, correlation 0.99", "wander=0.02,ar=0.99", false},
    {"two modes, quick", "slow=1.2,slow_share=0.3,dwell=200us,jitter=0.01", false},
    {"drift 0.1 % a second", "drift=0.001,jitter=0.02", true},
    {"drift 10 % a second", "drift=0.1,jitter=0.02", true},
    {"two modes, dwelling", "slow=1.2,slow_share=0.3,dwell=20ms,jitter=0.01", true},
    {"throttling after 0.2 s", "throttle=200ms,throttle_factor=0.9,jitter=0.02", true}};
enum { NOISES = sizeof noises / sizeof noises[0] };

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Median of the law of batch times a launch: the model's batches one after another, with the calls that the
 * sampler makes around them. */
static double law_median(const char *params, uint64_t launches) {
    static double batch[LAW_BATCHES];
    char text[200];
    sim_model model;
    sim_state world;
    snprintf(text, sizeof text, "launch=100us,seed=987654321,%s", params);
    assert_int_equal(sim_model_parse(text, &model, NULL), SY_OK);
    sim_state_init(&model, &world);
    for (size_t i = 0; i < LAW_BATCHES; i++) {
        sim_enqueue(&model, &world, (sim_load){0}); /* poison */
        sim_wait(&world);
        double begin_ns = world.now_ns;
        for (uint64_t j = 0; j < launches; j++)
            sim_enqueue(&model, &world, (sim_load){0});
        sim_wait(&world);
        batch[i] = (world.now_ns + 20.0 - begin_ns) / (double)launches;
    }
    qsort(batch, LAW_BATCHES, sizeof batch[0], compare);
    return 0.5 * (batch[LAW_BATCHES / 2 - 1] + batch[LAW_BATCHES / 2]);
}

/*
 * One row of ROUNDS visits on a device of its own. Where time changes the state, all visits last equally
 * long: a visit that stops early for its precision looks at another state, and rows would have no truth in
 * common.
 */
static void measure_row(const noise *n, unsigned seed, sy_row_stats *out_stats, uint64_t *out_launches) {
    const char *params = n->params;
    char device[256];
    sy_error error = SY_ERROR_INIT;
    sy_work_row work = {.algorithm = "auto", .key_hash = "0123456789abcdef"};
    sy_row_state state;
    rig r;
    /* No fault: locks are by the text, and another of these tests may run. */
    snprintf(device, sizeof device, "sim:0?memory=1M,cache=1K,launch=100us,seed=%u,fault_flop=%d,%s", seed,
        (int)getpid(), params);
    rig_open(&r, device, (const char *const[]){"--check", "sample", NULL});
    assert_int_equal(sy_spec_parse("gemm:m=4,n=4,k=4", NULL, &work.spec, NULL), SY_OK);
    assert_int_equal(sy_spec_print(&work.spec, work.problem, sizeof work.problem, NULL), SY_OK);
    assert_int_equal(sy_row_state_init(&state, &work, ROUNDS, NULL), SY_OK);
    for (uint64_t round = 0; round < ROUNDS; round++) {
        sy_visit_order order = {.round = round,
            .limit_ns = n->is_lasting ? UINT64_C(150000000) : UINT64_C(3000000000),
            .precision = n->is_lasting ? 0.0 : 0.01};
        if (sy_visit_row(&r.shared, &r.targets.target[0], &state, &order, &error) != SY_OK ||
            state.status != 0)
            fail_msg("%s: %s %s", params, error.text, state.reason);
    }
    sy_row_state_summary(&state, out_stats);
    *out_launches = state.facts.launches;
    sy_row_state_release(&state);
    rig_close(&r);
}

static sy_row_stats rows[LONG];

static void report(const noise *n, size_t count) {
    double truth = 0.0, width = 0.0;
    size_t stable = 0, covered = 0;
    uint64_t launches = 0;
    for (size_t i = 0; i < count; i++) {
        measure_row(n, (unsigned)(1000 + i), &rows[i], &launches);
        truth += rows[i].median_ns / (double)count;
    }
    if (!n->is_lasting)
        truth = law_median(n->params, launches);
    for (size_t i = 0; i < count; i++) {
        bool covers = rows[i].low_ns <= truth && truth <= rows[i].high_ns;
        stable += rows[i].is_stable ? 1 : 0;
        covered += rows[i].is_stable && covers ? 1 : 0;
        width += rows[i].is_stable ? sy_row_precision(&rows[i]) : 0.0;
    }
    double share = stable > 0 ? (double)covered / (double)stable : NAN;
    double missed = (double)(stable - covered) / (double)count;
    double error = sqrt(0.95 * 0.05 / (double)(stable > 0 ? stable : 1));
    print_message("%-30s stable %.3f, of these covered %.3f (standard error %.3f), mean half-width %.2f %%\n",
        n->name, (double)stable / (double)count, share, error,
        stable > 0 ? 100.0 * width / (double)stable : NAN);
    if (missed > 0.07 + 3.0 * sqrt(0.05 * 0.95 / (double)count))
        fail_msg("%s: %.1f %% of all rows are stable and miss", n->name, 100.0 * missed);
    if (!n->is_lasting && stable >= count / 2 && (share < 0.93 - 3.0 * error || share > 0.97 + 3.0 * error))
        fail_msg("%s: stated 95 %%, covered %.1f %%", n->name, 100.0 * share);
}

static void intervals_cover_or_say_that_they_may_not(void **state) {
    (void)state;
    const char *text = getenv("STEELYARD_LONG");
    size_t count = text != NULL && text[0] != '\0' ? LONG : SHORT / (size_t)slow_step(SLOW_ADDRESS, 4);
    for (size_t i = 0; i < NOISES; i++)
        report(&noises[i], count);
}

static void mild_noise_leaves_rows_stable(void **state) {
    static const noise mild = {"mild", "jitter=0.02", false};
    (void)state;
    size_t stable = 0;
    uint64_t launches = 0;
    for (unsigned i = 0; i < 20; i++) {
        measure_row(&mild, 1 + i, &rows[i], &launches);
        stable += rows[i].is_stable ? 1 : 0;
    }
    assert_true(stable >= 18);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(intervals_cover_or_say_that_they_may_not),
        cmocka_unit_test(mild_noise_leaves_rows_stable)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
