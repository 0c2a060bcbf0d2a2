/* Summary and detail of a phase in the form of MLPerf's logs: text for mlperf_log_summary.txt and
 * mlperf_log_detail.txt. Pure. */
#ifndef STEELYARD_TRAFFIC_LOGS_H
#define STEELYARD_TRAFFIC_LOGS_H

#include "bench/traffic/result.h"
#include "runtime/base/text.h"

/** Who was measured. subject: the device and what ran there; mode "PerformanceOnly". Borrowed. */
typedef struct sy_traffic_names {
    const char *subject, *model, *version;
    uint64_t pid;
} sy_traffic_names;

/** The summary: metric, VALID or INVALID with advice, additional percentiles, settings. */
void sy_traffic_write_summary(const sy_traffic_settings *settings, const sy_traffic_result *result,
    const sy_traffic_names *names, sy_text *out);

/** One line a fact, `:::MLLOG {"key": ..., "value": ..., "time_ms": ..., "namespace": "mlperf::logging",
 * "event_type": "POINT_IN_TIME", "metadata": {...}}`: settings, results, and every query of the logs. */
void sy_traffic_write_detail(const sy_traffic_settings *settings, const sy_traffic_result *result,
    const sy_traffic_log *logs, size_t count, const sy_traffic_names *names, sy_text *out);

#endif
