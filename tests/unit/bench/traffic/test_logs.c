/* The two logs: every line of the detail is JSON behind its mark; the summary says VALID or why not. */
#include "bench/traffic/logs.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/bench/traffic/world.h"

static const sy_traffic_names names = {
    .subject = "cpu \"quoted\"\n\x01", .model = "resnet50", .version = "0.1.0", .pid = 77};

typedef struct made {
    sy_traffic_settings settings;
    sy_traffic_log log;
    sy_traffic_result result;
    sy_text text;
} made;

static made make(uint32_t scenario, uint64_t queries) {
    world *w = calloc(1, sizeof *w);
    made m = {.settings = world_settings(scenario)};
    w->run_ns = 1000000;
    sy_traffic_world functions = world_of(w);
    m.settings.min_queries = queries;
    m.settings.bound_ns = 20000000;
    m.settings.qps = 100.0;
    assert_int_equal(SY_OK, sy_traffic_run(&m.settings, &functions, &m.log, NULL));
    assert_int_equal(SY_OK, sy_traffic_sum_up(&m.settings, &m.log, 1, &m.result, NULL));
    free(w);
    return m;
}

static void release(made *m) {
    sy_traffic_log_release(&m->log);
    sy_text_release(&m->text);
}

static void the_summary_says_valid(void **state) {
    (void)state;
    made m = make(SY_SCENARIO_SINGLE_STREAM, 100);
    sy_traffic_write_summary(&m.settings, &m.result, &names, &m.text);
    assert_non_null(strstr(m.text.data, "Scenario : SingleStream"));
    assert_non_null(strstr(m.text.data, ": VALID\n"));
    assert_non_null(strstr(m.text.data, "90th percentile latency (ns)    : 1000000\n"));
    assert_non_null(strstr(m.text.data, "99.9 not supported: needs 6636 queries, have 100"));
    assert_non_null(strstr(m.text.data, "This is no MLPerf result"));
    release(&m);
}

static void the_summary_says_why_not(void **state) {
    (void)state;
    made m = make(SY_SCENARIO_SERVER, 100);
    sy_traffic_write_summary(&m.settings, &m.result, &names, &m.text);
    assert_non_null(strstr(m.text.data, ": INVALID\n * 0 of 100 queries over the bound"));
    assert_non_null(strstr(m.text.data, "target_latency (ns): 20000000"));
    assert_non_null(strstr(m.text.data, "Completed samples per second"));
    release(&m);
}

static void offline_has_a_rate_and_no_latencies(void **state) {
    (void)state;
    made m = make(SY_SCENARIO_OFFLINE, 100);
    sy_traffic_write_summary(&m.settings, &m.result, &names, &m.text);
    assert_non_null(strstr(m.text.data, "Samples per second              : 1000\n"));
    assert_null(strstr(m.text.data, "percentile latency"));
    release(&m);
}

static void every_line_of_the_detail_is_json(void **state) {
    (void)state;
    made m = make(SY_SCENARIO_SERVER, 50);
    sy_traffic_write_detail(&m.settings, &m.result, &m.log, 1, &names, &m.text);
    size_t queries = 0, lines = 0;
    for (char *line = strtok(m.text.data, "\n"); line != NULL; line = strtok(NULL, "\n"), lines++) {
        assert_int_equal(0, strncmp(line, ":::MLLOG ", 9));
        json_error_t error;
        json_t *object = json_loads(line + 9, JSON_REJECT_DUPLICATES, &error);
        assert_non_null(object);
        assert_true(json_is_string(json_object_get(object, "key")));
        assert_non_null(json_object_get(object, "value"));
        assert_true(json_is_real(json_object_get(object, "time_ms")));
        assert_string_equal("mlperf::logging", json_string_value(json_object_get(object, "namespace")));
        assert_string_equal("POINT_IN_TIME", json_string_value(json_object_get(object, "event_type")));
        const json_t *metadata = json_object_get(object, "metadata");
        assert_int_equal(77, json_integer_value(json_object_get(metadata, "pid")));
        assert_true(json_is_boolean(json_object_get(metadata, "is_error")));
        queries += strcmp(json_string_value(json_object_get(object, "key")), "logger_query") == 0;
        json_decref(object);
    }
    assert_int_equal(50, queries);
    assert_true(lines > 65);
    release(&m);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_summary_says_valid),
        cmocka_unit_test(the_summary_says_why_not),
        cmocka_unit_test(offline_has_a_rate_and_no_latencies),
        cmocka_unit_test(every_line_of_the_detail_is_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
