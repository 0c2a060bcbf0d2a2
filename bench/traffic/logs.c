/* MLPerf's two logs as text. */
#include "bench/traffic/logs.h"

#include <inttypes.h>
#include <math.h>

static const char rule[] = "================================================\n";

static void write_ns(sy_text *out, const char *name, double ns) {
    if (isfinite(ns))
        sy_text_printf(out, "%-32s: %.0f\n", name, ns);
}

static void write_metric(const sy_traffic_result *result, sy_text *out) {
    char name[SY_PERCENTILE_NAME_MAX];
    sy_percentile_name(result->judged.percentile, name);
    switch (result->scenario) {
    case SY_SCENARIO_SERVER:
        sy_text_printf(out, "%-32s: %.6g\n", "Completed samples per second", result->queries_per_s);
        break;
    case SY_SCENARIO_OFFLINE:
        sy_text_printf(out, "%-32s: %.6g\n", "Samples per second", result->samples_per_s);
        break;
    default:
        if (result->judged.is_earned)
            sy_text_printf(out, "%.6gth percentile latency (ns)%*s: %.0f\n",
                100.0 * result->judged.percentile, 4, "", result->judged.estimate_ns);
        break;
    }
}

static void write_verdict(const sy_traffic_result *result, sy_text *out) {
    sy_text_printf(out, "%-32s: %s\n", "Result is", result->is_valid ? "VALID" : "INVALID");
    for (size_t i = 0; i < result->reasons; i++)
        sy_text_printf(out, " * %s\n", result->reason[i]);
}

static void write_percentiles(const sy_traffic_result *result, sy_text *out) {
    for (size_t i = 0; i < SY_TRAFFIC_PERCENTILES; i++) {
        const sy_percentile *each = &result->percentile[i];
        char why[SY_PERCENTILE_TEXT_MAX];
        if (each->is_earned) {
            sy_text_printf(out, "%.2f percentile latency (ns)%*s: %.0f\n", 100.0 * each->percentile, 4, "",
                each->plain_ns);
            continue;
        }
        sy_percentile_why(each, why);
        sy_text_printf(out, "%s\n", why);
    }
}

static void write_settings(const sy_traffic_settings *settings, sy_text *out) {
    sy_text_printf(out, "samples_per_query : %" PRIu32 "\n", settings->query_samples);
    if (settings->scenario == SY_SCENARIO_SERVER) {
        sy_text_printf(out, "target_qps : %.6g\n", settings->qps);
        sy_text_printf(out, "target_latency (ns): %" PRIu64 "\n", settings->bound_ns);
        sy_text_printf(out, "batch_delay (ns): %" PRIu64 "\n", settings->batch_delay_ns);
    }
    sy_text_printf(out, "min_duration (ms): %" PRIu64 "\n", settings->min_duration_ns / 1000000u);
    sy_text_printf(out, "max_duration (ms): %" PRIu64 "\n", settings->limit_ns / 1000000u);
    sy_text_printf(out, "min_query_count : %" PRIu64 "\n", settings->min_queries);
    sy_text_printf(out, "schedule_rng_seed : %" PRIu64 "\n", settings->seed);
    sy_text_printf(out, "performance_issue_same : %d\n", settings->is_repeated);
    sy_text_printf(out, "performance_sample_count : %" PRIu64 "\n", settings->sets);
    sy_text_printf(out, "instances : %" PRIu32 "\n", settings->instances);
    sy_text_printf(out, "batch : %" PRIu32 "\n", settings->batch);
}

void sy_traffic_write_summary(const sy_traffic_settings *settings, const sy_traffic_result *result,
    const sy_traffic_names *names, sy_text *out) {
    sy_text_printf(out, "%sMLPerf-style results summary\n%s", rule, rule);
    sy_text_printf(out, "SUT name : %s\nModel : %s\n", names->subject, names->model);
    sy_text_printf(
        out, "Scenario : %s\nMode     : PerformanceOnly\n", sy_scenario_mlperf_name(result->scenario));
    write_metric(result, out);
    write_verdict(result, out);
    sy_text_printf(out, "\n%sAdditional Stats\n%s", rule, rule);
    if (result->scenario != SY_SCENARIO_OFFLINE) {
        write_ns(out, "Min latency (ns)", result->min_ns);
        write_ns(out, "Max latency (ns)", result->max_ns);
        write_ns(out, "Mean latency (ns)", result->mean_ns);
        write_percentiles(result, out);
    }
    write_ns(out, "Mean queueing (ns)", result->queue_ns);
    write_ns(out, "Mean host to device (ns)", result->in_ns);
    write_ns(out, "Mean compute (ns)", result->compute_ns);
    write_ns(out, "Mean device to host (ns)", result->out_ns);
    sy_text_printf(out, "Queries : %" PRIu64 "\nSamples : %" PRIu64 "\n", result->queries, result->samples);
    sy_text_printf(out, "\n%sTest Parameters Used\n%s", rule, rule);
    write_settings(settings, out);
    sy_text_printf(out, "\nThis is no MLPerf result: steelyard %s wrote it in the form of LoadGen's logs.\n",
        names->version);
}
