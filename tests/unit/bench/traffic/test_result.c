/* Sums over phases, and verdicts with their advice. */
#include "bench/traffic/result.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/base/seam.h"
#include "tests/unit/bench/traffic/world.h"

static const uint64_t MS = 1000000;

/* A log of `count` queries, each `latency_ms` long, `late` of them ten times that. */
static sy_traffic_log make_log(size_t count, double latency_ms, size_t late) {
    sy_traffic_log log = {.query = sy_mem_calloc(count, sizeof *log.query), .count = count, .samples = count};
    uint64_t at_ns = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t takes_ns = (uint64_t)(latency_ms * 1e6) * (i < late ? 10 : 1);
        log.query[i] = (sy_traffic_query){.due_ns = at_ns,
            .begin_ns = at_ns + takes_ns / 4,
            .end_ns = at_ns + takes_ns,
            .in_ns = takes_ns / 8,
            .compute_ns = takes_ns / 2,
            .samples = 1,
            .runs = 1};
        at_ns += takes_ns;
    }
    log.last_end_ns = at_ns;
    log.runs = count;
    return log;
}

static sy_traffic_result judge(const sy_traffic_settings *s, size_t count, double latency_ms, size_t late) {
    sy_traffic_result result;
    sy_traffic_log log = make_log(count, latency_ms, late);
    assert_int_equal(SY_OK, sy_traffic_sum_up(s, &log, 1, &result, NULL));
    sy_traffic_log_release(&log);
    return result;
}

static void latencies_divide_into_their_parts(void **state) {
    (void)state;
    sy_traffic_settings s = world_settings(SY_SCENARIO_SINGLE_STREAM);
    s.min_queries = 100;
    sy_traffic_result r = judge(&s, 100, 8.0, 0);
    assert_true(r.is_valid && r.reasons == 0);
    assert_true(fabs(r.mean_ns - 8e6) < 1.0 && fabs(r.median_ns - 8e6) < 1.0);
    assert_true(fabs(r.queue_ns - 2e6) < 1.0 && fabs(r.in_ns - 1e6) < 1.0 && fabs(r.compute_ns - 4e6) < 1.0);
    assert_true(fabs(r.other_ns - 1e6) < 1.0 && r.out_ns == 0.0);
    assert_true(fabs(r.samples_per_s - 125.0) < 1e-6);
}

static void phases_of_one_kind_are_one_result(void **state) {
    (void)state;
    sy_traffic_settings s = world_settings(SY_SCENARIO_SINGLE_STREAM);
    s.min_queries = 64;
    sy_traffic_log logs[] = {make_log(30, 1.0, 0), make_log(34, 2.0, 0)};
    sy_traffic_result r;
    assert_int_equal(SY_OK, sy_traffic_sum_up(&s, logs, 2, &r, NULL));
    assert_int_equal(64, r.queries);
    assert_true(r.judged.is_earned && r.is_valid);
    assert_true(r.min_ns == 1e6 && r.max_ns == 2e6);
    assert_true(fabs(r.duration_ns - 98e6) < 1.0);
    sy_traffic_log_release(&logs[0]);
    sy_traffic_log_release(&logs[1]);
}

static void too_few_queries_are_told_with_the_number_needed(void **state) {
    (void)state;
    sy_traffic_settings s = world_settings(SY_SCENARIO_SINGLE_STREAM);
    s.min_duration_ns = 40 * MS;
    sy_traffic_result r = judge(&s, 40, 1.0, 0);
    assert_false(r.is_valid);
    assert_int_equal(1, r.reasons);
    assert_string_equal(
        "p90 not supported: needs 64 queries, have 40: --duration 1s or --queries 64", r.reason[0]);
    s.scenario = SY_SCENARIO_MULTI_STREAM;
    r = judge(&s, 661, 100.0, 0);
    assert_string_equal(
        "p99 not supported: needs 662 queries, have 661: --duration 67s or --queries 662", r.reason[0]);
    assert_true(judge(&s, 662, 100.0, 0).is_valid);
}

static void what_was_cut_short_is_invalid(void **state) {
    (void)state;
    sy_traffic_settings s = world_settings(SY_SCENARIO_OFFLINE);
    s.min_duration_ns = 1000 * MS;
    s.min_queries = 200;
    sy_traffic_result r = judge(&s, 100, 5.0, 0);
    assert_false(r.is_valid);
    assert_int_equal(2, r.reasons);
    assert_non_null(strstr(r.reason[0], "ended after 0.5 s of 1 s"));
    assert_non_null(strstr(r.reason[1], "100 queries of 200"));
    assert_true(judge(&s, 200, 5.0, 0).is_valid); /* offline is judged by its rate: no percentile */
}

static void a_server_keeps_its_bound_by_early_stopping(void **state) {
    (void)state;
    sy_traffic_settings s = world_settings(SY_SCENARIO_SERVER);
    s.bound_ns = 5 * MS;
    s.qps = 1.0;
    s.min_queries = 1;
    assert_true(judge(&s, 459, 1.0, 0).is_valid);
    sy_traffic_result r = judge(&s, 458, 1.0, 0);
    assert_false(r.is_valid);
    assert_non_null(
        strstr(r.reason[0], "0 of 458 queries over the bound, which take 459 queries to be sure"));
    r = judge(&s, 661, 1.0, 1);
    assert_false(r.is_valid);
    assert_non_null(strstr(r.reason[0], "take 662 queries"));
    assert_true(judge(&s, 662, 1.0, 1).is_valid);
    r = judge(&s, 1000, 1.0, 20);
    assert_false(r.is_valid);
    assert_int_equal(20, r.over);
    assert_non_null(strstr(r.reason[0], "20 of 1000 queries (2 %) over the bound of 5 ms, p99 allows 1 %"));
    assert_non_null(strstr(r.reason[0], "lower --qps, or raise --latency-bound"));
}

static void a_servers_rate_leaves_out_the_first_query(void **state) {
    (void)state;
    sy_traffic_settings s = world_settings(SY_SCENARIO_SERVER);
    s.bound_ns = 5 * MS;
    s.min_queries = 1;
    sy_traffic_result r = judge(&s, 1001, 1.0, 0);
    assert_true(fabs(r.queries_per_s - 1000.0 / 1.001) < 1e-6);
}

static void nothing_is_no_result(void **state) {
    (void)state;
    sy_error error = SY_ERROR_INIT;
    sy_traffic_settings s = world_settings(SY_SCENARIO_SINGLE_STREAM);
    sy_traffic_log log = {0};
    sy_traffic_result r;
    assert_int_equal(SY_INVALID_ARGUMENT, sy_traffic_sum_up(&s, &log, 1, &r, &error));
    assert_string_equal("traffic: no query was answered", error.text);
    log = make_log(3, 1.0, 0);
    sy_seam_arm(SY_SEAM_ALLOC, 1);
    assert_int_equal(SY_OUT_OF_MEMORY, sy_traffic_sum_up(&s, &log, 1, &r, &error));
    sy_seam_disarm();
    sy_traffic_log_release(&log);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(latencies_divide_into_their_parts),
        cmocka_unit_test(phases_of_one_kind_are_one_result),
        cmocka_unit_test(too_few_queries_are_told_with_the_number_needed),
        cmocka_unit_test(what_was_cut_short_is_invalid),
        cmocka_unit_test(a_server_keeps_its_bound_by_early_stopping),
        cmocka_unit_test(a_servers_rate_leaves_out_the_first_query),
        cmocka_unit_test(nothing_is_no_result),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
