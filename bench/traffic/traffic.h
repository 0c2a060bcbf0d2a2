/*
 * A model under load: who asks when, which instance works on what, how long each query took. Pure: time
 * passes and work is done through functions, so that tests run in a time of their own. One thread.
 *
 * A query asks for samples; a run of an instance works on up to `batch` of them. Scenarios are MLPerf's:
 *
 *   single-stream  the next query when the one before is answered; so many at once as there are instances
 *   multi-stream   the same with `query_samples` samples a query, one query at a time over all instances
 *   server         queries come by a Poisson process of `qps`, whether the one before is answered or not
 *   offline        all samples are there at the start
 */
#ifndef STEELYARD_TRAFFIC_TRAFFIC_H
#define STEELYARD_TRAFFIC_TRAFFIC_H

#include <stdbool.h>
#include <stddef.h>

#include "steelyard/status.h"

enum {
    SY_SCENARIO_SINGLE_STREAM = 1,
    SY_SCENARIO_MULTI_STREAM = 2,
    SY_SCENARIO_SERVER = 3,
    SY_SCENARIO_OFFLINE = 4
};

/** "single-stream"; "?" for what is none. mlperf: "SingleStream". Parse: 0 for what is none. */
const char *sy_scenario_name(uint32_t scenario);
const char *sy_scenario_mlperf_name(uint32_t scenario);
uint32_t sy_scenario_parse(const char *name);

/** The percentile that a scenario is judged by: 0.9, 0.99, 0.99; offline: 0 (by its rate). */
double sy_scenario_percentile(uint32_t scenario);

/**
 * A phase. All times in ns.
 *
 * query_samples    of a query (multi-stream: 8); offline: those of one run count as a query.
 * instances, batch  that work at once; samples of one run at most.
 * batch_delay_ns   server: how long the first sample of a batch that is not full waits for others.
 * qps              server: queries a second that come.
 * bound_ns         server: latency that the percentile has to keep.
 * min_duration_ns, min_queries  it goes on until both are reached; limit_ns: no query is asked after that,
 *                  whatever is missing (0: none).
 * give_up_over     server: end when so many queries were over the bound (0: never): the search for a rate.
 * sets             input sets, drawn at random for each run; is_repeated: always the first one.
 * seed             of arrivals and sets.
 */
typedef struct sy_traffic_settings {
    uint32_t scenario, instances, batch, query_samples;
    uint64_t batch_delay_ns, bound_ns, min_duration_ns, min_queries, limit_ns, give_up_over, sets, seed;
    double qps;
    bool is_repeated;
} sy_traffic_settings;

/** SY_OK, or SY_INVALID_ARGUMENT: what is missing or too large. */
sy_status sy_traffic_check(const sy_traffic_settings *settings, sy_error *err);

/** One run: what to work on. number: of the run, from 0. */
typedef struct sy_traffic_work {
    uint32_t instance, samples;
    uint64_t set, number;
} sy_traffic_work;

/** A run that is done: times by the world's clock, and how they divide. */
typedef struct sy_traffic_done {
    uint32_t instance;
    uint64_t begin_ns, end_ns, in_ns, compute_ns, out_ns;
} sy_traffic_done;

/**
 * What the traffic acts on. ctx is passed back.
 *
 * now_ns        a monotonic clock.
 * submit        hand a run to an instance that is free. It may be done when this returns.
 * wait          until a run is done (*out_is_done true) or `until_ns` has come (UINT64_MAX: never).
 * is_cancelled  asked between runs; true ends the phase with SY_REFUSED. NULL: never.
 * is_late       asked when a query would be due; true: no more than min_queries are asked, whatever is
 * missing of the duration (a simulated world whose real time is up). NULL: never.
 */
typedef struct sy_traffic_world {
    void *ctx;
    uint64_t (*now_ns)(void *ctx);
    sy_status (*submit)(void *ctx, const sy_traffic_work *work, sy_error *err);
    sy_status (*wait)(
        void *ctx, uint64_t until_ns, sy_traffic_done *out_done, bool *out_is_done, sy_error *err);
    bool (*is_cancelled)(void *ctx);
    bool (*is_late)(void *ctx);
} sy_traffic_world;

/** A query: when it was due, when its first run began and its last one ended; in, compute and out are sums
 * over its runs. Times since the phase began. */
typedef struct sy_traffic_query {
    uint64_t due_ns, begin_ns, end_ns, in_ns, compute_ns, out_ns;
    uint32_t samples, runs;
} sy_traffic_query;

/**
 * What happened; sy_traffic_log_release().
 *
 * query        in the order in which they were due; all of them answered.
 * begin_ns     of the phase by the world's clock; last_end_ns: of the last answer, since then.
 * runs, samples, padding  runs; samples answered; places of runs that no sample filled.
 * has_given_up  ended by give_up_over; is_cut: by limit_ns.
 */
typedef struct sy_traffic_log {
    sy_traffic_query *query;
    size_t count, capacity;
    uint64_t begin_ns, last_end_ns, runs, samples, padding;
    bool has_given_up, is_cut;
} sy_traffic_log;

/**
 * Run a phase into *out_log, which is zeroed first. Errors: those of sy_traffic_check() and of the world;
 * SY_REFUSED: cancelled; SY_OUT_OF_MEMORY. The log is as far as it came.
 */
sy_status sy_traffic_run(const sy_traffic_settings *settings, const sy_traffic_world *world,
    sy_traffic_log *out_log, sy_error *err);

/** Free; zeroes. */
void sy_traffic_log_release(sy_traffic_log *log);

/** Latency of a query: from when it was due until it was answered. */
uint64_t sy_traffic_latency_ns(const sy_traffic_query *query);

#endif
