/* A server: arrivals by Poisson's law, queueing, batches that wait for company, giving up. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "bench/traffic/result.h"
#include "tests/unit/bench/traffic/world.h"

static const uint64_t MS = 1000000;

typedef struct fixture {
    world w;
    sy_traffic_world functions;
    sy_traffic_log log;
    sy_traffic_settings s;
} fixture;

static int open_fixture(void **state) {
    fixture *f = calloc(1, sizeof *f);
    f->w.run_ns = MS;
    f->functions = world_of(&f->w);
    f->s = world_settings(SY_SCENARIO_SERVER);
    f->s.bound_ns = 10 * MS;
    f->s.qps = 100.0;
    f->s.min_queries = 20000;
    *state = f;
    return 0;
}

static int close_fixture(void **state) {
    fixture *f = *state;
    sy_traffic_log_release(&f->log);
    free(f);
    return 0;
}

static void run(fixture *f) {
    sy_error error = SY_ERROR_INIT;
    sy_traffic_log_release(&f->log);
    assert_int_equal(SY_OK, sy_traffic_run(&f->s, &f->functions, &f->log, &error));
}

/* Gaps of a Poisson process: mean and deviation 1 / rate, and e^-1 of them longer than the mean. */
static void gaps_between_arrivals_are_exponential(void **state) {
    fixture *f = *state;
    run(f);
    double sum = 0.0, squares = 0.0, longer = 0.0, before = 0.0;
    size_t count = f->log.count;
    assert_int_equal(20000, count);
    for (size_t i = 0; i < count; i++) {
        double gap = (double)f->log.query[i].due_ns - before;
        before = (double)f->log.query[i].due_ns;
        sum += gap;
        squares += gap * gap;
        longer += gap > 1e7;
    }
    double mean = sum / (double)count, deviation = sqrt(squares / (double)count - mean * mean);
    assert_true(fabs(mean / 1e7 - 1.0) < 0.03);
    assert_true(fabs(deviation / 1e7 - 1.0) < 0.03);
    assert_true(fabs(longer / (double)count - exp(-1.0)) < 0.015);
}

/* The mean wait of M/D/1 at the utilisation u is u / (2 (1 - u)) services (Pollaczek and Khinchine). */
static void waiting_is_that_of_a_queue(void **state) {
    fixture *f = *state;
    f->s.qps = 700.0;
    f->s.min_queries = 60000;
    run(f);
    double wait = 0.0;
    for (size_t i = 0; i < f->log.count; i++)
        wait += (double)(f->log.query[i].begin_ns - f->log.query[i].due_ns);
    wait /= (double)f->log.count * 1e6;
    assert_true(fabs(wait / (0.7 / 0.6) - 1.0) < 0.06);
}

static void arrivals_are_those_of_the_seed(void **state) {
    fixture *f = *state;
    uint64_t due[50];
    f->s.min_queries = 50;
    run(f);
    for (size_t i = 0; i < 50; i++)
        due[i] = f->log.query[i].due_ns;
    f->w.run_ns = 20 * MS; /* how fast they are served does not change when they come */
    run(f);
    for (size_t i = 0; i < 50; i++)
        assert_int_equal(due[i], f->log.query[i].due_ns);
    f->s.seed = 7;
    run(f);
    assert_true(f->log.query[10].due_ns != due[10]);
}

static void an_overloaded_server_is_never_ahead_of_its_queue(void **state) {
    fixture *f = *state;
    f->s.qps = 2000.0;
    f->s.min_queries = 2000;
    run(f);
    assert_true(sy_traffic_latency_ns(&f->log.query[1999]) > 800 * MS);
    assert_int_equal(2000, f->log.samples);
}

static void who_gives_up_leaves_the_queue(void **state) {
    fixture *f = *state;
    f->s.qps = 2000.0;
    f->s.give_up_over = 21;
    run(f);
    assert_true(f->log.has_given_up);
    assert_true(f->log.count < 100);
    sy_traffic_result result;
    assert_int_equal(SY_OK, sy_traffic_sum_up(&f->s, &f->log, 1, &result, NULL));
    assert_int_equal(21, result.over);
    for (size_t i = 0; i < f->log.count; i++)
        assert_true(f->log.query[i].end_ns > 0);
}

static void batches_fill_up_within_the_delay(void **state) {
    fixture *f = *state;
    f->s.batch = 4;
    f->s.batch_delay_ns = 8 * MS;
    f->s.qps = 200.0;
    f->s.min_queries = 2000;
    run(f);
    uint64_t full = 0, alone = 0;
    for (uint64_t i = 0; i < f->w.runs; i++) {
        full += f->w.work[i].samples == 4;
        alone += f->w.work[i].samples == 1;
    }
    assert_true(alone > 0 && f->w.runs < 2000 && f->log.runs == f->w.runs);
    assert_int_equal(4 * f->w.runs - 2000, f->log.padding);
    for (size_t i = 0; i < f->log.count; i++)
        assert_true(f->log.query[i].begin_ns - f->log.query[i].due_ns <= 9 * MS);
    f->s.qps = 3000.0;
    f->w.runs = 0;
    run(f);
    full = 0;
    for (uint64_t i = 0; i < f->w.runs; i++)
        full += f->w.work[i].samples == 4;
    assert_true(full > f->w.runs * 8 / 10);
}

static void without_a_delay_nobody_waits_for_company(void **state) {
    fixture *f = *state;
    f->s.batch = 4;
    f->s.qps = 10.0;
    f->s.min_queries = 100;
    run(f);
    for (size_t i = 0; i < f->log.count; i++)
        assert_true(f->log.query[i].begin_ns - f->log.query[i].due_ns <= MS);
}

static void instances_share_the_queue(void **state) {
    fixture *f = *state;
    f->s.instances = 4;
    f->s.qps = 3000.0;
    f->s.min_queries = 6000;
    run(f);
    assert_int_equal(4, f->w.most_busy);
    assert_true((double)f->log.last_end_ns < 1.1 * 2e9);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(gaps_between_arrivals_are_exponential),
        TEST(waiting_is_that_of_a_queue),
        TEST(arrivals_are_those_of_the_seed),
        TEST(an_overloaded_server_is_never_ahead_of_its_queue),
        TEST(who_gives_up_leaves_the_queue),
        TEST(batches_fill_up_within_the_delay),
        TEST(without_a_delay_nobody_waits_for_company),
        TEST(instances_share_the_queue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
