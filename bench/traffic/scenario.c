/* Names of scenarios, what they are judged by, and settings that make sense. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "bench/traffic/traffic.h"
#include "runtime/base/error.h"

typedef struct scenario_row {
    const char *name, *mlperf;
    double percentile;
} scenario_row;

static const scenario_row rows[] = {[SY_SCENARIO_SINGLE_STREAM] = {"single-stream", "SingleStream", 0.9},
    [SY_SCENARIO_MULTI_STREAM] = {"multi-stream", "MultiStream", 0.99},
    [SY_SCENARIO_SERVER] = {"server", "Server", 0.99},
    [SY_SCENARIO_OFFLINE] = {"offline", "Offline", 0.0}};

enum { ROWS = sizeof rows / sizeof rows[0] };

static const scenario_row *find(uint32_t scenario) {
    static const scenario_row none = {"?", "?", 0.0};
    return scenario > 0 && scenario < ROWS ? &rows[scenario] : &none;
}

const char *sy_scenario_name(uint32_t scenario) {
    return find(scenario)->name;
}

const char *sy_scenario_mlperf_name(uint32_t scenario) {
    return find(scenario)->mlperf;
}

double sy_scenario_percentile(uint32_t scenario) {
    return find(scenario)->percentile;
}

uint32_t sy_scenario_parse(const char *name) {
    for (uint32_t i = 1; i < ROWS; i++)
        if (strcmp(rows[i].name, name) == 0)
            return i;
    return 0;
}

sy_status sy_traffic_check(const sy_traffic_settings *settings, sy_error *err) {
    const sy_traffic_settings *s = settings;
    const uint32_t most = 4096;
    if (s->scenario == 0 || s->scenario >= ROWS)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "traffic: scenario %" PRIu32, s->scenario);
    if (s->instances == 0 || s->batch == 0 || s->query_samples == 0 || s->sets == 0)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "traffic: instances, batch, samples and sets begin at 1");
    if (s->instances > most || s->batch > most || s->query_samples > most)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "traffic: at most %" PRIu32 " instances, samples a run or query", most);
    bool is_server = s->scenario == SY_SCENARIO_SERVER;
    if (is_server && !(isfinite(s->qps) && s->qps > 0.0))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "traffic: a server needs queries a second above 0");
    if (is_server && s->bound_ns == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "traffic: a server needs a latency bound");
    if (s->min_queries == 0 && s->min_duration_ns == 0 && s->limit_ns == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "traffic: neither a duration nor a number of queries");
    return SY_OK;
}
