/* Burst, throttling, steady state. */
#include "bench/run/sustain.h"

#include <math.h>

#include "bench/stats/order.h"
#include "runtime/base/seam.h"

/* What falls below this share of the burst has throttled. */
static const double HELD = 0.97, STEADY = 0.02, SCATTERS = 3.0, SOON_S = 2.0;

/* Rates between marks, and when each interval began and ended, s from the load's begin. */
typedef struct rates {
    double *begin_s, *end_s, *value, *scratch;
    size_t count;
} rates;

static double since_s(const sy_energy_told *told, uint64_t at_ns) {
    return 1e-9 * (double)(int64_t)(at_ns - told->window.load_begin_ns);
}

/* One allocation; false without memory or with too few marks. */
static bool take_rates(const sy_energy_told *told, rates *out) {
    size_t most = told->mark_count > 0 ? told->mark_count - 1 : 0;
    *out = (rates){.begin_s = sy_mem_calloc(4 * (most + 1), sizeof(double))};
    if (out->begin_s == NULL)
        return false;
    out->end_s = out->begin_s + most;
    out->value = out->end_s + most;
    out->scratch = out->value + most;
    for (size_t i = 0; i < most; i++) {
        const sy_window_mark *from = &told->mark[i], *to = from + 1;
        if (to->at_ns <= from->at_ns)
            continue;
        out->begin_s[out->count] = since_s(told, from->at_ns);
        out->end_s[out->count] = since_s(told, to->at_ns);
        out->value[out->count++] =
            (double)(to->launches - from->launches) / (1e-9 * (double)(to->at_ns - from->at_ns));
    }
    return out->count >= 4;
}

static double median_of(double *values, size_t count) {
    if (count == 0)
        return NAN;
    sy_sort_f64(values, count);
    return sy_quantile(values, count, 0.5);
}

static double burst_end_s(double seconds) {
    return fmin(fmax(seconds / 20.0, 1.0), 5.0);
}

static double burst_rate(const rates *r, double until_s) {
    size_t count = 0;
    for (size_t i = 0; i < r->count && (r->end_s[i] <= until_s || count == 0); i++)
        r->scratch[count++] = r->value[i];
    return median_of(r->scratch, count);
}

/* Launches over time of the intervals from `from_s` on. */
static double mean_rate(const rates *r, double from_s) {
    double runs = 0.0, seconds = 0.0;
    for (size_t i = 0; i < r->count; i++) {
        if (r->begin_s[i] < from_s)
            continue;
        runs += r->value[i] * (r->end_s[i] - r->begin_s[i]);
        seconds += r->end_s[i] - r->begin_s[i];
    }
    return seconds > 0.0 ? runs / seconds : NAN;
}

/* Whether more than half of the time from interval `first` on, up to `until_s`, is below the limit. */
static bool is_mostly_below(const rates *r, size_t first, double until_s, double limit) {
    double below_s = 0.0, all_s = 0.0;
    for (size_t i = first; i < r->count && r->begin_s[i] < until_s; i++) {
        double length_s = r->end_s[i] - r->begin_s[i];
        all_s += length_s;
        below_s += r->value[i] < limit ? length_s : 0.0;
    }
    return 2.0 * below_s > all_s;
}

static double rate_fell_s(const rates *r, double burst) {
    double limit = HELD * burst;
    for (size_t i = 0; i < r->count; i++)
        if (r->value[i] < limit && is_mostly_below(r, i, r->begin_s[i] + SOON_S, limit) &&
            is_mostly_below(r, i, INFINITY, limit))
            return r->begin_s[i];
    return NAN;
}

static double steady_since_s(const rates *r, double sustained, double from_s) {
    size_t count = 0, last = r->count;
    for (size_t i = 0; i < r->count; i++)
        if (r->begin_s[i] >= from_s)
            r->scratch[count++] = fabs(r->value[i] / sustained - 1.0);
    double width = fmax(STEADY, SCATTERS * median_of(r->scratch, count));
    while (last > 0 && fabs(r->value[last - 1] / sustained - 1.0) <= width)
        last--;
    return last < r->count ? fmax(r->begin_s[last], 0.0) : NAN;
}

/* When a meter of that kind first told of a device that holds back. */
static double told_s(
    const sy_energy_list *meters, const sy_energy_told *told, uint32_t kind, double until_s) {
    double first_s = NAN;
    for (size_t i = 0; i < meters->count && i < told->trace_count; i++) {
        const sy_energy_trace *trace = &told->trace[i];
        double most = 0.0;
        if (meters->found[i].facts.kind != kind)
            continue;
        for (size_t j = 0; j < trace->count; j++) {
            double at_s = since_s(told, trace->reading[j].end_ns), value = trace->reading[j].value;
            bool is_start = at_s <= until_s;
            most = is_start ? fmax(most, value) : most;
            bool holds_back = kind == SY_ENERGY_THROTTLE ? value != 0.0 : !is_start && value < HELD * most;
            if (holds_back && at_s >= 0.0 && !(first_s <= at_s)) {
                first_s = at_s;
                break;
            }
        }
    }
    return first_s;
}

static void find_throttle(const sy_energy_list *meters, const sy_energy_told *told, const rates *r,
    double burst, double until_s, sy_row_sustain *out) {
    const struct {
        const char *how;
        double at_s;
    } seen[] = {{"rate", rate_fell_s(r, burst)}, {"clock", told_s(meters, told, SY_ENERGY_CLOCK, until_s)},
        {"flag", told_s(meters, told, SY_ENERGY_THROTTLE, until_s)}};
    for (size_t i = 0; i < sizeof seen / sizeof seen[0]; i++)
        if (!isnan(seen[i].at_s) && !(out->throttle_s <= seen[i].at_s)) {
            out->throttle_s = seen[i].at_s;
            out->throttle_how = seen[i].how;
        }
}

/* Mean power of a stretch of the window by one meter. */
static double watt_between(
    const sy_energy_list *meters, const sy_energy_told *told, size_t index, double from_s, double until_s) {
    sy_energy_window part = told->window;
    sy_energy_result result;
    part.begin_ns = told->window.load_begin_ns + (uint64_t)(1e9 * from_s);
    part.end_ns = told->window.load_begin_ns + (uint64_t)(1e9 * until_s);
    sy_energy_integrate(&meters->found[index].facts, &told->trace[index], &part, 0.0, &result);
    return result.watt;
}

static void fill_watts(const sy_energy_list *meters, const sy_energy_told *told, double burst_s,
    double late_s, double end_s, sy_row_sustain *out) {
    for (size_t i = 0; i < meters->count && i < told->trace_count; i++) {
        const sy_energy_trace *trace = &told->trace[i];
        const sy_energy_facts *facts = &meters->found[i].facts;
        if (facts->kind == SY_ENERGY_TEMPERATURE && trace->count > 0)
            out->temp_c_end = trace->reading[trace->count - 1].value;
        if (!sy_energy_is_energy(facts->kind) || out->source != NULL || trace->count < 2)
            continue;
        out->source = facts->name;
        out->scope = sy_energy_scope_name(facts->scope);
        out->watt_burst = watt_between(meters, told, i, 0.0, burst_s);
        out->watt_sustained = watt_between(meters, told, i, late_s, end_s);
    }
}

void sy_sustain_summarise(
    const sy_energy_list *meters, const sy_energy_told *told, sy_row_sustain *out_sustain) {
    rates r;
    sy_row_sustain_init(out_sustain);
    out_sustain->seconds = since_s(told, told->window.load_end_ns);
    if (take_rates(told, &r)) {
        double burst_s = burst_end_s(out_sustain->seconds), late_s = 0.8 * out_sustain->seconds;
        double burst = burst_rate(&r, burst_s), sustained = mean_rate(&r, late_s);
        out_sustain->burst_run_per_s = burst;
        out_sustain->sustained_run_per_s = sustained;
        out_sustain->sustained_of_burst = sustained / burst;
        out_sustain->steady_s = steady_since_s(&r, sustained, late_s);
        find_throttle(meters, told, &r, burst, burst_s, out_sustain);
        fill_watts(meters, told, burst_s, late_s, out_sustain->seconds, out_sustain);
    }
    sy_mem_free(r.begin_s);
}
