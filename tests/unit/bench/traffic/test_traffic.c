/* Streams and offline: who asks when, which instance gets what, how phases end. */
#include "bench/traffic/traffic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/bench/traffic/world.h"

static const uint64_t MS = 1000000;

typedef struct fixture {
    world w;
    sy_traffic_world functions;
    sy_traffic_log log;
} fixture;

static int open_fixture(void **state) {
    fixture *f = calloc(1, sizeof *f);
    f->w.now_ns = 5000;
    f->w.run_ns = MS;
    f->functions = world_of(&f->w);
    *state = f;
    return 0;
}

static int close_fixture(void **state) {
    fixture *f = *state;
    sy_traffic_log_release(&f->log);
    free(f);
    return 0;
}

static void run(fixture *f, const sy_traffic_settings *settings) {
    sy_error error = SY_ERROR_INIT;
    sy_traffic_log_release(&f->log);
    assert_int_equal(SY_OK, sy_traffic_run(settings, &f->functions, &f->log, &error));
}

static void names_go_both_ways(void **state) {
    (void)state;
    static const char *const names[] = {"single-stream", "multi-stream", "server", "offline"};
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(i + 1, sy_scenario_parse(names[i]));
        assert_string_equal(names[i], sy_scenario_name(i + 1));
    }
    assert_string_equal("MultiStream", sy_scenario_mlperf_name(SY_SCENARIO_MULTI_STREAM));
    assert_int_equal(0, sy_scenario_parse("multistream"));
    assert_string_equal("?", sy_scenario_name(0));
    assert_string_equal("?", sy_scenario_mlperf_name(5));
    assert_true(sy_scenario_percentile(SY_SCENARIO_SINGLE_STREAM) == 0.9);
    assert_true(sy_scenario_percentile(SY_SCENARIO_OFFLINE) == 0.0);
}

static void a_stream_asks_when_it_is_answered(void **state) {
    fixture *f = *state;
    sy_traffic_settings s = world_settings(SY_SCENARIO_SINGLE_STREAM);
    s.min_queries = 10;
    run(f, &s);
    assert_int_equal(10, f->log.count);
    assert_int_equal(10, f->log.samples);
    assert_int_equal(10 * MS, f->log.last_end_ns);
    assert_int_equal(5000, f->log.begin_ns);
    for (size_t i = 0; i < 10; i++) {
        const sy_traffic_query *q = &f->log.query[i];
        assert_int_equal(i * MS, q->due_ns);
        assert_int_equal(MS, sy_traffic_latency_ns(q));
        assert_int_equal(MS, q->in_ns + q->compute_ns + q->out_ns);
        assert_int_equal(1, q->runs);
    }
}

static void both_duration_and_queries_are_kept(void **state) {
    fixture *f = *state;
    sy_traffic_settings s = world_settings(SY_SCENARIO_SINGLE_STREAM);
    s.min_queries = 10;
    s.min_duration_ns = 25 * MS + 1;
    run(f, &s);
    assert_int_equal(26, f->log.count);
    s.min_duration_ns = 2 * MS;
    run(f, &s);
    assert_int_equal(10, f->log.count);
    assert_false(f->log.is_cut);
}

static void a_limit_ends_it_whatever_is_missing(void **state) {
    fixture *f = *state;
    sy_traffic_settings s = world_settings(SY_SCENARIO_SINGLE_STREAM);
    s.min_queries = 100;
    s.limit_ns = 7 * MS;
    run(f, &s);
    assert_int_equal(7, f->log.count);
    assert_true(f->log.is_cut);
}

static void instances_are_streams_of_their_own(void **state) {
    fixture *f = *state;
    sy_traffic_settings s = world_settings(SY_SCENARIO_SINGLE_STREAM);
    s.instances = 3;
    s.min_queries = 30;
    run(f, &s);
    assert_int_equal(3, f->w.most_busy);
    assert_int_equal(10 * MS, f->log.last_end_ns);
}

static void a_multi_stream_query_is_answered_with_its_last_sample(void **state) {
    fixture *f = *state;
    sy_traffic_settings s = world_settings(SY_SCENARIO_MULTI_STREAM);
    s.query_samples = 8;
    s.batch = 3;
    s.instances = 2;
    s.min_queries = 5;
    run(f, &s);
    assert_int_equal(5, f->log.count);
    assert_int_equal(40, f->log.samples);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(3, f->log.query[i].runs); /* 3 + 3, then 2 */
        assert_int_equal(2 * MS, sy_traffic_latency_ns(&f->log.query[i]));
    }
    assert_int_equal(5, f->log.padding);
    assert_int_equal(2, f->w.work[2].samples);
}

static void offline_keeps_every_instance_busy(void **state) {
    fixture *f = *state;
    sy_traffic_settings s = world_settings(SY_SCENARIO_OFFLINE);
    s.instances = 4;
    s.batch = s.query_samples = 16;
    f->w.sample_ns = MS / 16;
    s.min_duration_ns = 100 * MS;
    run(f, &s);
    assert_int_equal(4, f->w.most_busy);
    assert_int_equal(100 * MS, f->log.last_end_ns);
    assert_int_equal(4 * 50 * 16, f->log.samples);
    assert_int_equal(0, f->log.padding);
}

static bool is_late(void *ctx) {
    return ((world *)ctx)->runs >= 5;
}

static void who_is_late_asks_no_more_than_he_must(void **state) {
    fixture *f = *state;
    sy_traffic_settings s = world_settings(SY_SCENARIO_SINGLE_STREAM);
    f->functions.is_late = is_late;
    s.min_duration_ns = 100 * MS;
    run(f, &s);
    assert_int_equal(5, f->log.count);
    assert_true(f->log.is_cut);
    f->w.runs = 0;
    s.min_queries = 9;
    run(f, &s);
    assert_int_equal(9, f->log.count);
    f->w.runs = 0;
    s.min_duration_ns = 3 * MS;
    s.min_queries = 1;
    run(f, &s);
    assert_int_equal(3, f->log.count);
    assert_false(f->log.is_cut);
}

static void sets_are_drawn_from_the_seed(void **state) {
    fixture *f = *state;
    sy_traffic_settings s = world_settings(SY_SCENARIO_SINGLE_STREAM);
    uint64_t first[400], seen[4] = {0}, same = 0;
    s.min_queries = 400;
    run(f, &s);
    for (size_t i = 0; i < 400; i++) {
        first[i] = f->w.work[i].set;
        assert_true(first[i] < 4);
        seen[first[i]]++;
        assert_int_equal(i, f->w.work[i].number);
    }
    for (size_t i = 0; i < 4; i++)
        assert_true(seen[i] > 60 && seen[i] < 140);
    f->w.runs = 0;
    run(f, &s);
    for (size_t i = 0; i < 400; i++)
        assert_int_equal(first[i], f->w.work[i].set);
    f->w.runs = 0;
    s.seed = 2;
    run(f, &s);
    for (size_t i = 0; i < 400; i++)
        same += f->w.work[i].set == first[i];
    assert_true(same < 200);
    f->w.runs = 0;
    s.is_repeated = true;
    run(f, &s);
    for (size_t i = 0; i < 400; i++)
        assert_int_equal(0, f->w.work[i].set);
}

static void an_interruption_and_a_loss_end_it(void **state) {
    fixture *f = *state;
    sy_error error = SY_ERROR_INIT;
    sy_traffic_settings s = world_settings(SY_SCENARIO_SINGLE_STREAM);
    s.min_queries = 100;
    f->w.is_cancelled_at = 4;
    assert_int_equal(SY_REFUSED, sy_traffic_run(&s, &f->functions, &f->log, &error));
    assert_int_equal(4, f->log.count);
    sy_traffic_log_release(&f->log);
    f->w = (world){.run_ns = MS, .fails_at = 3};
    assert_int_equal(SY_LOST, sy_traffic_run(&s, &f->functions, &f->log, &error));
    assert_string_equal("the device is gone", error.text);
    assert_int_equal(2, f->log.count);
}

static void settings_that_make_no_sense_are_told(void **state) {
    fixture *f = *state;
    sy_error error = SY_ERROR_INIT;
    sy_traffic_settings good = world_settings(SY_SCENARIO_SERVER);
    good.qps = 10.0;
    good.bound_ns = MS;
    good.min_queries = 1;
    assert_int_equal(SY_OK, sy_traffic_check(&good, &error));
    sy_traffic_settings bad[10];
    for (size_t i = 0; i < 10; i++)
        bad[i] = good;
    bad[0].scenario = 0;
    bad[1].scenario = 5;
    bad[2].instances = 0;
    bad[3].batch = 5000;
    bad[4].query_samples = 0;
    bad[5].sets = 0;
    bad[6].qps = 0.0;
    bad[7].qps = 0.0 / 0.0;
    bad[8].bound_ns = 0;
    bad[9].min_queries = 0;
    for (size_t i = 0; i < 10; i++) {
        error.text[0] = '\0';
        assert_int_equal(SY_INVALID_ARGUMENT, sy_traffic_run(&bad[i], &f->functions, &f->log, &error));
        assert_true(strlen(error.text) > 10);
        assert_null(f->log.query);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(names_go_both_ways),
        TEST(a_stream_asks_when_it_is_answered),
        TEST(both_duration_and_queries_are_kept),
        TEST(a_limit_ends_it_whatever_is_missing),
        TEST(instances_are_streams_of_their_own),
        TEST(a_multi_stream_query_is_answered_with_its_last_sample),
        TEST(offline_keeps_every_instance_busy),
        TEST(who_is_late_asks_no_more_than_he_must),
        TEST(sets_are_drawn_from_the_seed),
        TEST(an_interruption_and_a_loss_end_it),
        TEST(settings_that_make_no_sense_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
