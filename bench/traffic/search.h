/* The highest rate at which a server keeps its bound: brackets and bisection over phases that somebody else
 * runs. Pure. */
#ifndef STEELYARD_TRAFFIC_SEARCH_H
#define STEELYARD_TRAFFIC_SEARCH_H

#include "bench/traffic/result.h"

/** What one phase at a rate said. */
typedef struct sy_search_probe {
    double qps;
    uint64_t queries, over;
    bool is_valid, is_final;
} sy_search_probe;

enum { SY_SEARCH_PROBES_MAX = 32 };

/**
 * What to look for.
 *
 * start_qps      where to begin: about what the device can do.
 * precision      relative width of the bracket at the end.
 * probe          run a phase at probe->qps, the `number`-th, so that arrivals differ; is_final: in full, and
 *                its log is the result's. Fills queries, over, is_valid: whether the bound was kept.
 */
typedef struct sy_search_request {
    double start_qps, precision;
    void *ctx;
    sy_status (*probe)(void *ctx, uint32_t number, sy_search_probe *probe, sy_error *err);
} sy_search_request;

/** What was found. qps: NaN if no rate is valid; probe: all of them in order. */
typedef struct sy_search_result {
    double qps;
    size_t count;
    sy_search_probe probe[SY_SEARCH_PROBES_MAX];
} sy_search_result;

/**
 * Search. Rates are tried upwards until one fails, downwards until one holds, then between; the highest that
 * held is run once more in full, and gives way a little while that fails. Errors: those of the probe.
 */
sy_status sy_traffic_search(const sy_search_request *request, sy_search_result *out_result, sy_error *err);

/** How many late queries make a probe of `planned` queries hopeless. */
uint64_t sy_search_give_up(uint64_t planned, double percentile);

#endif
