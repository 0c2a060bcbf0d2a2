/* From readings to joules: what counters and powers have in common, and the reasons. */
#include "bench/energy/integrate.h"

#include <math.h>

#include "bench/energy/span.h"

/* A defect that concerns less of the window than this is let pass, unless more precision was asked for. */
static const double IMPORTANT = 0.05;

/* A declared period is believed that is as near to the measured one: its uncertainty, and an update or two
 * that may have been miscounted. */
static const double AGREE_SIGMAS = 3, AGREE_SHARE = 0.03;

static const double FAST_UPDATES = 2;

/* What fits into 63 bits of nanoseconds. */
static const double LONGEST_S = 9e9;

const char *sy_energy_reason_name(uint32_t bit) {
    static const char *const names[SY_ENERGY_REASON_COUNT] = {"too_few_readings", "gap", "window_too_short",
        "stuck", "alias", "reset", "gone", "disagrees", "unsteady", "idle_drift"};
    for (uint32_t i = 0; i < SY_ENERGY_REASON_COUNT; i++)
        if (bit == UINT32_C(1) << i)
            return names[i];
    return NULL;
}

sy_energy_walk sy_energy_span_walk(const sy_energy_span *span) {
    return (sy_energy_walk){.trace = span->trace,
        .origin_ns = span->origin_ns,
        .period_s = span->update_s > 0 ? span->update_s : span->period.poll_s,
        .is_counter = span->facts->kind == SY_ENERGY_COUNTER};
}

bool sy_energy_span_is_fast(const sy_energy_span *span) {
    double apart_s = fmax(span->update_s, span->period.poll_s);
    return span->load_period_s > 0 && span->load_period_s < FAST_UPDATES * apart_s;
}

double sy_energy_span_cut_j(const sy_energy_span *span, double swing_w) {
    return sqrt(2) * swing_w * span->load_period_s / (8 * sqrt(3));
}

/* The measured period, or the declared one where both say the same: that one is exact, and whether a load is
 * in step is a question of parts in a thousand. */
static void choose_period(sy_energy_span *span) {
    double declared_s = 1e-9 * (double)span->facts->update_period_ns, measured_s = span->period.period_s;
    span->update_s = declared_s;
    if (!span->period.is_measured)
        return;
    bool agree = declared_s > 0 && fabs(declared_s - measured_s) <
                                       AGREE_SIGMAS * span->period.sigma_s + AGREE_SHARE * declared_s;
    span->update_s = agree ? declared_s : measured_s;
    span->update_sigma_s = agree ? 0 : span->period.sigma_s;
}

static sy_energy_span span_of(const sy_energy_facts *facts, const sy_energy_trace *trace,
    const sy_energy_window *window, double precision) {
    sy_energy_span span = {.trace = trace, .facts = facts, .origin_ns = window->begin_ns};
    bool is_averaging = facts->kind == SY_ENERGY_POWER_AVERAGE;
    span.length_s = sy_energy_seconds(window->end_ns, window->begin_ns);
    span.load_from_s = fmin(0, sy_energy_seconds(window->load_begin_ns, window->begin_ns));
    span.load_to_s = fmax(span.length_s, sy_energy_seconds(window->load_end_ns, window->begin_ns));
    span.load_period_s = 1e-9 * (double)window->load_period_ns;
    span.lag_s = is_averaging ? 1e-9 * (double)facts->window_ns : 0;
    span.important = precision > 0 ? fmin(precision, IMPORTANT) : IMPORTANT;
    uint64_t from_ns = window->load_begin_ns < window->begin_ns ? window->load_begin_ns : window->begin_ns;
    uint64_t to_ns = window->load_end_ns > window->end_ns ? window->load_end_ns : window->end_ns;
    sy_energy_period_measure(trace, facts, from_ns, to_ns, &span.period);
    choose_period(&span);
    return span;
}

static uint64_t to_ns(double seconds) {
    return seconds < LONGEST_S ? (uint64_t)llround(1e9 * seconds) : UINT64_MAX;
}

/* Edges do not grow with the window. The quantum of a counter does not, that of a constant power does. */
static void judge_length(const sy_energy_span *span, double precision, sy_energy_result *out) {
    double allowed_j = precision * fabs(out->joule), edge_j = out->u_edge_j, quantum_j = out->u_quantum_j;
    out->needed_window_ns = 0;
    if (!(precision > 0) || hypot(edge_j, quantum_j) <= allowed_j)
        return;
    out->reasons |= SY_ENERGY_SHORT;
    bool is_counter = span->facts->kind == SY_ENERGY_COUNTER;
    double grows_j = is_counter ? 0 : quantum_j, stays_j = is_counter ? hypot(edge_j, quantum_j) : edge_j;
    double room_j = sqrt(fmax(0, allowed_j * allowed_j - grows_j * grows_j));
    out->needed_window_ns = room_j > 0 ? to_ns(span->length_s * stays_j / room_j) : UINT64_MAX;
}

static void finish(const sy_energy_span *span, double precision, sy_energy_result *out) {
    if (isnan(out->joule))
        return;
    double offset_w = isnan(span->facts->offset_w) ? 0 : span->facts->offset_w;
    out->watt = out->joule / span->length_s;
    out->u_random_j = hypot(out->u_edge_j, hypot(out->u_quantum_j, out->u_sampling_j));
    out->u_systematic_j = hypot(span->facts->gain * out->joule, offset_w * span->length_s);
    judge_length(span, precision, out);
}

void sy_energy_integrate(const sy_energy_facts *facts, const sy_energy_trace *trace,
    const sy_energy_window *window, double precision, sy_energy_result *out_result) {
    *out_result = (sy_energy_result){.joule = NAN,
        .watt = NAN,
        .watt_peak = NAN,
        .u_edge_j = NAN,
        .u_quantum_j = NAN,
        .u_sampling_j = NAN,
        .u_random_j = NAN,
        .u_systematic_j = NAN,
        .update_period_ns = facts->update_period_ns};
    if (!sy_energy_is_energy(facts->kind) || window->end_ns <= window->begin_ns) {
        out_result->reasons = SY_ENERGY_TOO_FEW;
        return;
    }
    sy_energy_span span = span_of(facts, trace, window, precision);
    if (span.period.is_measured) {
        out_result->is_period_measured = true;
        out_result->update_period_ns = to_ns(span.period.period_s);
    }
    out_result->reasons = sy_energy_span_survey(&span);
    if (window->load_begin_ns > window->begin_ns || window->load_end_ns < window->end_ns)
        out_result->reasons |= SY_ENERGY_UNSTEADY;
    if (facts->kind == SY_ENERGY_COUNTER)
        sy_energy_counter_integrate(&span, out_result);
    else
        sy_energy_power_integrate(&span, out_result);
    finish(&span, precision, out_result);
}
