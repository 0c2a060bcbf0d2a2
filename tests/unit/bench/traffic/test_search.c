/* The highest valid rate: on a made-up limit, and on a queue whose own limit is found by trying. */
#include "bench/traffic/search.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "runtime/base/error.h"
#include "tests/unit/bench/traffic/world.h"

/* A device that holds up to `limit`, and one more time in the final run only up to `final_limit`. */
typedef struct limits {
    double limit, final_limit;
    uint32_t numbers;
} limits;

static sy_status probe_limits(void *ctx, uint32_t number, sy_search_probe *probe, sy_error *err) {
    limits *l = ctx;
    (void)err;
    assert_int_equal(l->numbers++, number);
    probe->is_valid = probe->qps <= (probe->is_final ? l->final_limit : l->limit);
    probe->queries = 1000;
    return SY_OK;
}

static sy_search_result search(double start, double limit, double final_limit) {
    limits l = {.limit = limit, .final_limit = final_limit};
    sy_search_request request = {.start_qps = start, .precision = 0.02, .ctx = &l, .probe = probe_limits};
    sy_search_result result;
    assert_int_equal(SY_OK, sy_traffic_search(&request, &result, NULL));
    return result;
}

static void a_limit_is_found_from_below_and_above(void **state) {
    (void)state;
    static const double starts[] = {10.0, 100.0, 123.4, 400.0, 3000.0};
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        sy_search_result r = search(starts[i], 123.4, 123.4);
        assert_true(r.qps <= 123.4 && r.qps > 123.4 / 1.021);
        assert_true(r.probe[r.count - 1].is_final && r.probe[r.count - 1].is_valid);
        assert_true(r.count <= 22);
    }
}

static void what_does_not_hold_in_full_gives_way(void **state) {
    (void)state;
    sy_search_result r = search(100.0, 123.4, 115.0);
    assert_true(r.qps <= 115.0 && r.qps > 110.0);
}

static void where_nothing_holds_there_is_no_rate(void **state) {
    (void)state;
    sy_search_result r = search(100.0, 0.0, 0.0);
    assert_true(isnan(r.qps));
    assert_true(r.count > 5 && r.count <= 20);
    r = search(100.0, 100.0, 0.0); /* holds in every probe, in no final run */
    assert_true(isnan(r.qps));
    assert_int_equal(SY_SEARCH_PROBES_MAX, r.count);
}

static sy_status fail_third(void *ctx, uint32_t number, sy_search_probe *probe, sy_error *err) {
    (void)ctx;
    (void)probe;
    return number == 2 ? sy_error_set(err, SY_LOST, "gone") : SY_OK;
}

static void errors_end_the_search(void **state) {
    (void)state;
    sy_error error = SY_ERROR_INIT;
    sy_search_request request = {.start_qps = 10.0, .precision = 0.02, .probe = fail_third};
    sy_search_result result;
    assert_int_equal(SY_LOST, sy_traffic_search(&request, &result, &error));
    assert_int_equal(2, result.count);
    request.start_qps = NAN;
    assert_int_equal(SY_INVALID_ARGUMENT, sy_traffic_search(&request, &result, &error));
    request.start_qps = 1.0;
    request.precision = 0.0;
    assert_int_equal(SY_INVALID_ARGUMENT, sy_traffic_search(&request, &result, &error));
}

/* One instance with a service of 1 ms and a bound of 5 ms, in virtual time. */
typedef struct queue {
    world w;
    sy_traffic_world functions;
    sy_traffic_settings settings;
} queue;

static sy_status probe_queue(void *ctx, uint32_t number, sy_search_probe *probe, sy_error *err) {
    queue *q = ctx;
    sy_traffic_settings s = q->settings;
    sy_traffic_log log;
    sy_traffic_result result;
    s.qps = probe->qps;
    s.seed += number;
    s.give_up_over = probe->is_final ? 0 : sy_search_give_up(s.min_queries, 0.99);
    q->w.runs = 0;
    sy_status status = sy_traffic_run(&s, &q->functions, &log, err);
    if (status == SY_OK)
        status = sy_traffic_sum_up(&s, &log, 1, &result, err);
    probe->queries = result.queries;
    probe->over = result.over;
    probe->is_valid = result.is_valid && !log.has_given_up;
    sy_traffic_log_release(&log);
    return status;
}

/* Share of queries above 5 ms by a plain recursion over the queue, on other random numbers. */
static double late_share(double qps) {
    uint64_t random = 88172645463325252u;
    double at = 0.0, free_at = 0.0, late = 0.0;
    const int count = 400000;
    for (int i = 0; i < count; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        at += -log(((double)(random >> 11) + 0.5) * 0x1p-53) / qps;
        free_at = (free_at > at ? free_at : at) + 1e-3;
        late += free_at - at > 5e-3;
    }
    return late / count;
}

static void a_queues_limit_is_where_one_in_a_hundred_is_late(void **state) {
    (void)state;
    queue *q = calloc(1, sizeof *q);
    q->w.run_ns = 1000000;
    q->functions = world_of(&q->w);
    q->settings = world_settings(SY_SCENARIO_SERVER);
    q->settings.bound_ns = 5000000;
    q->settings.min_queries = 40000;
    sy_search_request request = {.start_qps = 900.0, .precision = 0.01, .ctx = q, .probe = probe_queue};
    sy_search_result result;
    assert_int_equal(SY_OK, sy_traffic_search(&request, &result, NULL));
    assert_true(late_share(result.qps) < 0.0105);
    assert_true(late_share(result.qps * 1.06) > 0.01);
    free(q);
}

static void a_hopeless_probe_ends_early(void **state) {
    (void)state;
    assert_int_equal(1, sy_search_give_up(459, 0.99));
    assert_int_equal(2, sy_search_give_up(662, 0.99));
    assert_int_equal(1, sy_search_give_up(10, 0.99));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_limit_is_found_from_below_and_above),
        cmocka_unit_test(what_does_not_hold_in_full_gives_way),
        cmocka_unit_test(where_nothing_holds_there_is_no_rate),
        cmocka_unit_test(errors_end_the_search),
        cmocka_unit_test(a_queues_limit_is_where_one_in_a_hundred_is_late),
        cmocka_unit_test(a_hopeless_probe_ends_early),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
