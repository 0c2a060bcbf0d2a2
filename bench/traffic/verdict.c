/* The conditions of a valid phase, each with the advice that belongs to it. */
#include "bench/traffic/verdict.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

/* A phase ends with its last answer, which may come a moment before the time that was asked for. */
static const double DURATION_SLACK = 0.98;

__attribute__((format(printf, 2, 3))) static void give_reason(
    sy_traffic_result *result, const char *format, ...) {
    va_list arguments;
    if (result->reasons == SY_TRAFFIC_REASONS_MAX)
        return;
    va_start(arguments, format);
    vsnprintf(result->reason[result->reasons++], SY_TRAFFIC_REASON_MAX, format, arguments);
    va_end(arguments);
}

bool sy_traffic_bound_kept(uint64_t queries, uint64_t over, double percentile) {
    uint64_t allowed = 0;
    return sy_early_allowance(queries, percentile, SY_EARLY_CONFIDENCE, &allowed) && over <= allowed;
}

static void judge_length(const sy_traffic_settings *settings, sy_traffic_result *result) {
    double wanted_ns = (double)settings->min_duration_ns;
    if (result->duration_ns < DURATION_SLACK * wanted_ns)
        give_reason(result,
            "it was ended after %.3g s of %.3g s: too slow for so much (a shorter --duration, fewer "
            "--queries)",
            result->duration_ns * 1e-9, wanted_ns * 1e-9);
    if (result->queries < settings->min_queries)
        give_reason(result, "%" PRIu64 " queries of %" PRIu64 " were answered in time: fewer --queries",
            result->queries, settings->min_queries);
}

/* Time that so many queries take at the rate that was seen, in whole seconds. */
static double seconds_for(const sy_traffic_result *result, uint64_t queries) {
    return ceil((double)queries / ((double)result->queries / (result->duration_ns * 1e-9)));
}

static void judge_percentile(sy_traffic_result *result) {
    char why[SY_PERCENTILE_TEXT_MAX];
    if (result->judged.percentile <= 0.0 || result->judged.is_earned)
        return;
    sy_percentile_why(&result->judged, why);
    if (result->duration_ns > 0.0)
        give_reason(result, "%s: --duration %.0fs or --queries %" PRIu64, why,
            seconds_for(result, result->judged.needs), result->judged.needs);
    else
        give_reason(result, "%s: --queries %" PRIu64, why, result->judged.needs);
}

/* Too few queries to say anything, or too many of them late. */
static void judge_bound(const sy_traffic_settings *settings, sy_traffic_result *result) {
    double percentile = result->judged.percentile;
    char name[SY_PERCENTILE_NAME_MAX];
    sy_percentile_name(percentile, name);
    if (sy_traffic_bound_kept(result->queries, result->over, percentile))
        return;
    uint64_t needs = sy_early_queries(result->over, percentile, SY_EARLY_CONFIDENCE);
    double late = (double)result->over / (double)result->queries;
    if (late < 1.0 - percentile && needs > 0)
        give_reason(result,
            "%" PRIu64 " of %" PRIu64 " queries over the bound, which take %" PRIu64
            " queries to be sure of %s: --duration %.0fs, or a lower --qps",
            result->over, result->queries, needs, name, seconds_for(result, needs));
    else
        give_reason(result,
            "%" PRIu64 " of %" PRIu64 " queries (%.2g %%) over the bound of %.4g ms, %s allows %.2g %%: "
            "lower --qps, or raise --latency-bound",
            result->over, result->queries, 100.0 * late, (double)settings->bound_ns * 1e-6, name,
            100.0 * (1.0 - percentile));
}

void sy_traffic_judge(const sy_traffic_settings *settings, sy_traffic_result *result) {
    result->reasons = 0;
    judge_length(settings, result);
    if (settings->scenario == SY_SCENARIO_SERVER)
        judge_bound(settings, result);
    else
        judge_percentile(result);
    result->is_valid = result->reasons == 0;
}
