/* Lines of MLPerf's detail log. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "bench/traffic/logs.h"

/* Where lines go; pid stands in each. */
typedef struct detail {
    sy_text *out;
    uint64_t pid;
} detail;

static void begin_line(const detail *to, const char *key) {
    sy_text_printf(to->out, ":::MLLOG {\"key\": \"%s\", \"value\": ", key);
}

static void end_line(const detail *to, uint64_t at_ns, bool is_error) {
    sy_text_printf(to->out,
        ", \"time_ms\": %.6f, \"namespace\": \"mlperf::logging\", \"event_type\": \"POINT_IN_TIME\", "
        "\"metadata\": {\"is_error\": %s, \"is_warning\": false, \"file\": \"\", \"line_no\": 0, \"pid\": "
        "%" PRIu64 ", \"tid\": %" PRIu64 "}}\n",
        (double)at_ns * 1e-6, is_error ? "true" : "false", to->pid, to->pid);
}

static void write_number(const detail *to, const char *key, double value) {
    char text[32];
    if (!isfinite(value))
        return;
    sy_text_from_f64(value, text, sizeof text);
    begin_line(to, key);
    sy_text_printf(to->out, "%s", text);
    end_line(to, 0, false);
}

/* Names of devices and files may be anything: what JSON does not take as it is becomes '?'. */
static void write_string(const detail *to, const char *key, const char *text, bool is_error) {
    begin_line(to, key);
    sy_text_append(to->out, "\"", 1);
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;
        bool is_plain = byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
        sy_text_append(to->out, is_plain ? text : "?", 1);
    }
    sy_text_append(to->out, "\"", 1);
    end_line(to, 0, is_error);
}

static void write_settings(const detail *to, const sy_traffic_settings *settings) {
    write_string(to, "effective_scenario", sy_scenario_mlperf_name(settings->scenario), false);
    write_string(to, "effective_test_mode", "PerformanceOnly", false);
    write_number(to, "effective_samples_per_query", (double)settings->query_samples);
    if (settings->scenario == SY_SCENARIO_SERVER) {
        write_number(to, "effective_target_qps", settings->qps);
        write_number(to, "effective_target_latency_ns", (double)settings->bound_ns);
    }
    write_number(to, "effective_min_duration_ms", (double)settings->min_duration_ns * 1e-6);
    write_number(to, "effective_max_duration_ms", (double)settings->limit_ns * 1e-6);
    write_number(to, "effective_min_query_count", (double)settings->min_queries);
    write_number(to, "effective_schedule_rng_seed", (double)settings->seed);
    write_number(to, "effective_performance_sample_count", (double)settings->sets);
}

static void write_result(const detail *to, const sy_traffic_result *result) {
    char key[64], name[SY_PERCENTILE_NAME_MAX];
    write_string(to, "result_validity", result->is_valid ? "VALID" : "INVALID", false);
    for (size_t i = 0; i < result->reasons; i++)
        write_string(to, "result_invalid_reason", result->reason[i], true);
    write_number(to, "result_query_count", (double)result->queries);
    write_number(to, "result_min_latency_ns", result->min_ns);
    write_number(to, "result_max_latency_ns", result->max_ns);
    write_number(to, "result_mean_latency_ns", result->mean_ns);
    for (size_t i = 0; i < SY_TRAFFIC_PERCENTILES; i++) {
        sy_percentile_name(result->percentile[i].percentile, name);
        snprintf(key, sizeof key, "result_%s_latency_ns", name + 1);
        write_number(to, key, result->percentile[i].plain_ns);
    }
    if (result->scenario == SY_SCENARIO_SERVER)
        write_number(to, "result_completed_samples_per_sec", result->queries_per_s);
    else
        write_number(to, "result_samples_per_second", result->samples_per_s);
}

/* Each query ends a line: when it was due, how it divides, what it took. */
static void write_query(const detail *to, uint64_t begin_ns, uint64_t number, const sy_traffic_query *query) {
    begin_line(to, "logger_query");
    sy_text_printf(to->out,
        "{\"query_id\": %" PRIu64 ", \"scheduled_ns\": %" PRIu64 ", \"issued_ns\": %" PRIu64
        ", \"completed_ns\": %" PRIu64 ", \"latency_ns\": %" PRIu64 ", \"in_ns\": %" PRIu64
        ", \"compute_ns\": %" PRIu64 ", \"out_ns\": %" PRIu64 "}",
        number, query->due_ns, query->begin_ns, query->end_ns, sy_traffic_latency_ns(query), query->in_ns,
        query->compute_ns, query->out_ns);
    end_line(to, begin_ns + query->end_ns, false);
}

void sy_traffic_write_detail(const sy_traffic_settings *settings, const sy_traffic_result *result,
    const sy_traffic_log *logs, size_t count, const sy_traffic_names *names, sy_text *out) {
    const detail to = {.out = out, .pid = names->pid};
    uint64_t number = 0;
    write_string(&to, "loadgen_version", names->version, false);
    write_string(&to, "sut_name", names->subject, false);
    write_string(&to, "model_name", names->model, false);
    write_settings(&to, settings);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < logs[i].count; j++)
            write_query(&to, logs[i].begin_ns, number++, &logs[i].query[j]);
    write_result(&to, result);
}
