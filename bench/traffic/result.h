/* What a phase, or several of one kind, came to: rates, latencies, percentiles as far as they are earned, and
 * whether it counts. Pure. */
#ifndef STEELYARD_TRAFFIC_RESULT_H
#define STEELYARD_TRAFFIC_RESULT_H

#include "bench/traffic/early.h"
#include "bench/traffic/traffic.h"

enum { SY_TRAFFIC_PERCENTILES = 6, SY_TRAFFIC_REASONS_MAX = 4, SY_TRAFFIC_REASON_MAX = 200 };

/** Percentiles that are told: 50, 90, 95, 97, 99, 99.9. Static. */
extern const double sy_traffic_percentile_list[SY_TRAFFIC_PERCENTILES];

/**
 * Latencies are of queries, in ns.
 *
 * queries, samples, runs, padding, over  as in the logs, over all phases; over: queries above the bound.
 * duration_ns      from the beginning of each phase to its last answer, summed.
 * samples_per_s    samples over that; a server's queries_per_s leaves out the first query, as MLPerf does.
 * median_ns, mean_ns, min_ns, max_ns  of the latencies.
 * queue_ns, in_ns, compute_ns, out_ns, other_ns  what the mean divides into: waiting for an instance, to the
 *                  device, there, and back; other: between them.
 * percentile       of sy_traffic_percentile_list; judged: that of the scenario (percentile 0: none).
 * is_valid, reason  VALID, or why not and what to change, `reasons` of them.
 */
typedef struct sy_traffic_result {
    uint32_t scenario;
    uint64_t queries, samples, runs, padding, over;
    double duration_ns, samples_per_s, queries_per_s;
    double median_ns, mean_ns, min_ns, max_ns;
    double queue_ns, in_ns, compute_ns, out_ns, other_ns;
    sy_percentile percentile[SY_TRAFFIC_PERCENTILES], judged;
    bool is_valid;
    size_t reasons;
    char reason[SY_TRAFFIC_REASONS_MAX][SY_TRAFFIC_REASON_MAX];
} sy_traffic_result;

/**
 * Sum up `count` phases of the same settings; min_duration_ns and min_queries are of all of them together.
 * Errors: SY_INVALID_ARGUMENT: no query was answered; SY_OUT_OF_MEMORY.
 */
sy_status sy_traffic_sum_up(const sy_traffic_settings *settings, const sy_traffic_log *logs, size_t count,
    sy_traffic_result *out_result, sy_error *err);

/** Whether a server's queries kept the bound by early stopping: so many over it of so many. */
bool sy_traffic_bound_kept(uint64_t queries, uint64_t over, double percentile);

#endif
