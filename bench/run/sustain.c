/* Burst, throttling, steady state. */
#include "bench/run/sustain.h"

#include <math.h>

#include "bench/stats/order.h"
#include "runtime/base/seam.h"

/* What falls below this share of the burst has throttled; how far what is steady may be from the mean. */
static const double HELD = 0.97, STEADY = 0.02, SCATTERS = 3.0;

/* What has fallen has done so over each of these lengths of time. */
static const double SOON_S[] = {0.25, 2.0, INFINITY};

/* Least intervals that tell of a burst and of an end. */
enum { LEAST = 4 };

/* Values over intervals that follow each other: rates between marks, or a clock; s from the load's begin. */
typedef struct curve {
    double *begin_s, *end_s, *value, *scratch;
    size_t count;
} curve;

/* What is not out. */
typedef struct band {
    double low, high;
} band;

static double since_s(const sy_energy_told *told, uint64_t at_ns) {
    return 1e-9 * (double)(int64_t)(at_ns - told->window.load_begin_ns);
}

/* One allocation, at begin_s. */
static bool make_room(curve *c, size_t most) {
    *c = (curve){.begin_s = sy_mem_calloc(4 * (most + 1), sizeof(double))};
    if (c->begin_s == NULL)
        return false;
    c->end_s = c->begin_s + most;
    c->value = c->end_s + most;
    c->scratch = c->value + most;
    return true;
}

static void append(curve *c, double begin_s, double end_s, double value) {
    c->begin_s[c->count] = begin_s;
    c->end_s[c->count] = end_s;
    c->value[c->count++] = value;
}

/* Marks from before the load, or that go back, are passed over; of those of one time the last counts. */
static bool take_rates(const sy_energy_told *told, curve *out) {
    const sy_window_mark *from = NULL;
    if (!make_room(out, told->mark_count))
        return false;
    for (size_t i = 0; i < told->mark_count; i++) {
        const sy_window_mark *to = &told->mark[i];
        if (to->at_ns < (from != NULL ? from->at_ns : told->window.load_begin_ns) ||
            (from != NULL && to->launches < from->launches))
            continue;
        double begin_s = from != NULL ? since_s(told, from->at_ns) : 0.0, end_s = since_s(told, to->at_ns);
        if (from != NULL && to->at_ns > from->at_ns)
            append(out, begin_s, end_s, (double)(to->launches - from->launches) / (end_s - begin_s));
        from = to;
    }
    return out->count >= LEAST;
}

/* Under load; each reading holds until the next one. */
static bool take_clock(const sy_energy_told *told, const sy_energy_trace *trace, curve *out) {
    const sy_energy_reading *from = NULL;
    if (!make_room(out, trace->count))
        return false;
    for (size_t i = 0; i < trace->count; i++) {
        const sy_energy_reading *to = &trace->reading[i];
        if (since_s(told, to->end_ns) < 0.0 || (from != NULL && to->end_ns <= from->end_ns))
            continue;
        if (from != NULL)
            append(out, since_s(told, from->end_ns), since_s(told, to->end_ns), from->value);
        from = to;
    }
    return out->count >= LEAST;
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

static double burst_of(const curve *c, double until_s) {
    size_t count = 0;
    for (size_t i = 0; i < c->count && (c->end_s[i] <= until_s || count == 0); i++)
        c->scratch[count++] = c->value[i];
    return median_of(c->scratch, count);
}

/* How much of an interval lies in a stretch. */
static double overlap_s(const curve *c, size_t index, double from_s, double until_s) {
    return fmax(fmin(c->end_s[index], until_s) - fmax(c->begin_s[index], from_s), 0.0);
}

static double mean_from(const curve *c, double from_s) {
    double sum = 0.0, seconds = 0.0;
    for (size_t i = 0; i < c->count; i++) {
        double length_s = overlap_s(c, i, from_s, INFINITY);
        sum += c->value[i] * length_s;
        seconds += length_s;
    }
    return seconds > 0.0 ? sum / seconds : NAN;
}

static bool is_out(double value, const band *held) {
    return value < held->low || value > held->high;
}

/* Whether it is for more than half of a stretch. */
static bool is_mostly_out(const curve *c, double from_s, double until_s, const band *held) {
    double out_s = 0.0, all_s = 0.0;
    for (size_t i = 0; i < c->count && c->begin_s[i] < until_s; i++) {
        double length_s = overlap_s(c, i, from_s, until_s);
        all_s += length_s;
        out_s += is_out(c->value[i], held) ? length_s : 0.0;
    }
    return 2.0 * out_s > all_s;
}

/* Near the end, where less than such a length follows, the last of that length is looked at: what falls just
 * before it might have come back. */
static bool is_fall(const curve *c, size_t index, const band *held) {
    double end_s = c->end_s[c->count - 1];
    for (size_t i = 0; i < sizeof SOON_S / sizeof SOON_S[0]; i++) {
        double length_s = isfinite(SOON_S[i]) ? SOON_S[i] : 0.0;
        double from_s = fmin(c->begin_s[index], end_s - length_s);
        if (!is_mostly_out(c, from_s, from_s + SOON_S[i], held))
            return false;
    }
    return true;
}

static double fell_s(const curve *c, double burst) {
    const band held = {.low = HELD * burst, .high = INFINITY};
    for (size_t i = 0; i < c->count; i++)
        if (is_out(c->value[i], &held) && is_fall(c, i, &held))
            return c->begin_s[i];
    return NAN;
}

/* After the last interval that is out together with most of a second around it: one alone is noise. */
static double steady_since_s(const curve *c, double sustained, double from_s) {
    size_t count = 0, last = c->count;
    for (size_t i = 0; i < c->count; i++)
        if (c->end_s[i] > from_s)
            c->scratch[count++] = fabs(c->value[i] / sustained - 1.0);
    double width = fmax(STEADY, SCATTERS * median_of(c->scratch, count));
    const band kept = {.low = sustained * (1.0 - width), .high = sustained * (1.0 + width)};
    while (last > 0 && !(is_out(c->value[last - 1], &kept) &&
                           is_mostly_out(c, c->begin_s[last - 1] - 0.5, c->end_s[last - 1] + 0.5, &kept)))
        last--;
    return last < c->count ? c->begin_s[last] : NAN;
}

static double clock_fell_s(const sy_energy_told *told, const sy_energy_trace *trace, double until_s) {
    curve c;
    double at_s = take_clock(told, trace, &c) ? fell_s(&c, burst_of(&c, until_s)) : NAN;
    sy_mem_free(c.begin_s);
    return at_s;
}

static double flag_rose_s(const sy_energy_told *told, const sy_energy_trace *trace) {
    for (size_t i = 0; i < trace->count; i++) {
        double at_s = since_s(told, trace->reading[i].end_ns);
        if (trace->reading[i].value != 0.0 && at_s >= 0.0)
            return at_s;
    }
    return NAN;
}

/* When the first meter of that kind told of a device that holds back. */
static double told_s(
    const sy_energy_list *meters, const sy_energy_told *told, uint32_t kind, double until_s) {
    double first_s = NAN;
    for (size_t i = 0; i < meters->count && i < told->trace_count; i++)
        if (meters->found[i].facts.kind == kind)
            first_s = fmin(first_s, kind == SY_ENERGY_CLOCK ? clock_fell_s(told, &told->trace[i], until_s)
                                                            : flag_rose_s(told, &told->trace[i]));
    return first_s;
}

static void find_throttle(const sy_energy_list *meters, const sy_energy_told *told, const curve *rates,
    double burst, double until_s, sy_row_sustain *out) {
    const struct {
        const char *how;
        double at_s;
    } seen[] = {{"rate", fell_s(rates, burst)}, {"clock", told_s(meters, told, SY_ENERGY_CLOCK, until_s)},
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
        if (facts->kind == SY_ENERGY_TEMPERATURE && trace->count > 0 && isnan(out->temp_c_end))
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
    curve rates;
    sy_row_sustain_init(out_sustain);
    out_sustain->seconds = since_s(told, told->window.load_end_ns);
    if (take_rates(told, &rates)) {
        double burst_s = burst_end_s(out_sustain->seconds), late_s = 0.8 * out_sustain->seconds;
        double burst = burst_of(&rates, burst_s), sustained = mean_from(&rates, late_s);
        out_sustain->burst_run_per_s = burst;
        out_sustain->sustained_run_per_s = sustained;
        out_sustain->sustained_of_burst = sustained / burst;
        out_sustain->steady_s = steady_since_s(&rates, sustained, late_s);
        find_throttle(meters, told, &rates, burst, burst_s, out_sustain);
        fill_watts(meters, told, burst_s, late_s, out_sustain->seconds, out_sustain);
    }
    sy_mem_free(rates.begin_s);
}
