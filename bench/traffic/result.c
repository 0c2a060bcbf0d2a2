/* Summing up phases. */
#include "bench/traffic/result.h"

#include <math.h>

#include "bench/stats/order.h"
#include "bench/traffic/verdict.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

const double sy_traffic_percentile_list[SY_TRAFFIC_PERCENTILES] = {0.5, 0.9, 0.95, 0.97, 0.99, 0.999};

static void add_query(
    const sy_traffic_settings *settings, const sy_traffic_query *query, sy_traffic_result *to) {
    uint64_t latency_ns = sy_traffic_latency_ns(query);
    double queue_ns = query->begin_ns > query->due_ns ? (double)(query->begin_ns - query->due_ns) : 0.0;
    to->queries++;
    to->over += settings->bound_ns > 0 && latency_ns > settings->bound_ns;
    to->mean_ns += (double)latency_ns;
    to->queue_ns += queue_ns;
    to->in_ns += (double)query->in_ns;
    to->compute_ns += (double)query->compute_ns;
    to->out_ns += (double)query->out_ns;
}

static void add_log(const sy_traffic_settings *settings, const sy_traffic_log *log, double *latencies,
    sy_traffic_result *to) {
    for (size_t i = 0; i < log->count; i++) {
        latencies[to->queries] = (double)sy_traffic_latency_ns(&log->query[i]);
        add_query(settings, &log->query[i], to);
    }
    to->samples += log->samples;
    to->runs += log->runs;
    to->padding += log->padding;
    to->duration_ns += (double)log->last_end_ns;
}

/* Runs of one query may overlap (several instances): then the parts are more than the whole. */
static void take_means(sy_traffic_result *result) {
    double count = (double)result->queries;
    result->mean_ns /= count;
    result->queue_ns /= count;
    result->in_ns /= count;
    result->compute_ns /= count;
    result->out_ns /= count;
    double parts_ns = result->queue_ns + result->in_ns + result->compute_ns + result->out_ns;
    result->other_ns = result->mean_ns > parts_ns ? result->mean_ns - parts_ns : 0.0;
}

static void take_rates(size_t phases, sy_traffic_result *result) {
    double seconds = result->duration_ns * 1e-9;
    bool is_server = result->scenario == SY_SCENARIO_SERVER;
    double counted = (double)result->queries - (is_server ? (double)phases : 0.0);
    result->samples_per_s = seconds > 0.0 ? (double)result->samples / seconds : NAN;
    result->queries_per_s = seconds > 0.0 ? counted / seconds : NAN;
}

static void take_percentiles(double *latencies, sy_traffic_result *result) {
    size_t count = (size_t)result->queries;
    double judged = sy_scenario_percentile(result->scenario);
    sy_sort_f64(latencies, count);
    result->min_ns = latencies[0];
    result->max_ns = latencies[count - 1];
    result->median_ns = sy_quantile(latencies, count, 0.5);
    for (size_t i = 0; i < SY_TRAFFIC_PERCENTILES; i++)
        result->percentile[i] =
            sy_percentile_of(latencies, count, sy_traffic_percentile_list[i], SY_EARLY_CONFIDENCE);
    if (judged > 0.0)
        result->judged = sy_percentile_of(latencies, count, judged, SY_EARLY_CONFIDENCE);
}

sy_status sy_traffic_sum_up(const sy_traffic_settings *settings, const sy_traffic_log *logs, size_t count,
    sy_traffic_result *out_result, sy_error *err) {
    *out_result = (sy_traffic_result){.scenario = settings->scenario};
    size_t queries = 0, phases = 0;
    for (size_t i = 0; i < count; i++) {
        queries += logs[i].count;
        phases += logs[i].count > 0;
    }
    if (queries == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "traffic: no query was answered");
    double *latencies = sy_mem_calloc(queries, sizeof *latencies);
    if (latencies == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %zu latencies", queries);
    for (size_t i = 0; i < count; i++)
        add_log(settings, &logs[i], latencies, out_result);
    take_means(out_result);
    take_rates(phases, out_result);
    take_percentiles(latencies, out_result);
    sy_mem_free(latencies);
    sy_traffic_judge(settings, out_result);
    return SY_OK;
}
