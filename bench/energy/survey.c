/* Defects that the readings show one after another: missing ones, values that stay, counters that fall. */
#include <math.h>

#include "bench/energy/span.h"

/* A hole is longer than this many mean intervals; a value is stuck that stays this many usual times as long.
 */
static const double HOLE_POLLS = 5, STUCK_TIMES = 12;

/* Noise that moves a value by more than so many of its steps does not leave it where it is. */
static const double LARGE_STEPS = 1.5;

/* A counter that stood still all the time is stuck if one step in that time would be less than this, W. */
static const double LEAST_LOAD_W = 1;

enum { STUCK_CHANGES = 10, OUTSIDE_READINGS = 3 };

typedef struct survey {
    sy_energy_point last;
    double previous_step, first_changed_s, changed_s, step2, bend2;
    size_t count, changes, large, outside;
    bool has_other;
    uint32_t reasons;
} survey;

static double overlap(double from_s, double to_s, double length_s) {
    return fmin(to_s, length_s) - fmax(from_s, 0);
}

static void see_gap(const sy_energy_span *span, const survey *seen, double at_s, uint32_t *reasons) {
    double gap_s = at_s - seen->last.at_s;
    if (gap_s <= HOLE_POLLS * span->period.poll_s || span->period.poll_s <= 0)
        return;
    /* A counter goes on counting in a hole: it matters only if an edge of the window lies in it. */
    bool is_inner = seen->last.at_s >= 0 && at_s <= span->length_s;
    if (span->facts->kind == SY_ENERGY_COUNTER && is_inner)
        return;
    if (overlap(seen->last.at_s, at_s, span->length_s) > span->important * span->length_s)
        *reasons |= SY_ENERGY_GAP;
}

static void see_change(const sy_energy_span *span, survey *seen, const sy_energy_point *reading) {
    double step = reading->value - seen->last.value;
    if (step == 0)
        return;
    seen->has_other = true;
    if (reading->at_s < 0 || reading->at_s > span->length_s)
        return;
    seen->first_changed_s = seen->changes == 0 ? reading->at_s : seen->first_changed_s;
    seen->changed_s = reading->at_s;
    bool is_back = step == -seen->previous_step;
    seen->large += !is_back && !(fabs(step) <= LARGE_STEPS * span->facts->resolution);
    seen->step2 += step * step;
    seen->bend2 += (step - seen->previous_step) * (step - seen->previous_step);
    seen->previous_step = step;
    seen->changes++;
}

/*
 * It changed often, and then not for much longer than ever. Of a power only where it was noise that changed,
 * and by more than a step: one that rises smoothly may well come to rest, and one that flickers between two
 * steps may move away from their border.
 */
static bool has_frozen(const sy_energy_span *span, const survey *seen, double until_s) {
    if (seen->changes < STUCK_CHANGES)
        return false;
    double usual_s = (seen->changed_s - seen->first_changed_s) / (double)(seen->changes - 1);
    double still_s = until_s - seen->changed_s;
    bool is_noise =
        seen->bend2 > seen->step2 && seen->large > STUCK_CHANGES && 2 * seen->large > seen->changes;
    return (span->facts->kind == SY_ENERGY_COUNTER || is_noise) && still_s > STUCK_TIMES * usual_s &&
           still_s > STUCK_TIMES * span->period.poll_s && still_s > span->important * span->length_s;
}

/* A constant power is no defect; one that did not see the load begin or end is. */
static bool is_still(const sy_energy_span *span, const survey *seen, double from_s, double until_s) {
    if (seen->has_other || seen->count < 2)
        return false;
    if (span->facts->kind != SY_ENERGY_COUNTER)
        return seen->outside >= OUTSIDE_READINGS;
    double resolution = isnan(span->facts->resolution) ? 0 : span->facts->resolution;
    return resolution < LEAST_LOAD_W * (until_s - from_s);
}

static void see(const sy_energy_span *span, survey *seen, const sy_energy_point *reading) {
    double settle_s = span->lag_s + span->update_s;
    if (seen->count > 0) {
        see_gap(span, seen, reading->at_s, &seen->reasons);
        bool is_within = overlap(seen->last.at_s, reading->at_s, span->length_s) > 0;
        if (span->facts->kind == SY_ENERGY_COUNTER && reading->value < seen->last.value && is_within)
            seen->reasons |= SY_ENERGY_RESET;
        see_change(span, seen, reading);
    }
    seen->outside += reading->at_s < span->load_from_s || reading->at_s > span->load_to_s + settle_s;
    seen->last = *reading;
    seen->count++;
}

static uint32_t of_status(const sy_energy_span *span, double last_s) {
    bool is_short = last_s < span->length_s;
    if (span->trace->failures == 0 || !is_short)
        return 0;
    if (span->trace->status == SY_UNAVAILABLE)
        return SY_ENERGY_GONE;
    return span->trace->status == SY_INTERNAL && span->facts->kind == SY_ENERGY_COUNTER ? SY_ENERGY_RESET : 0;
}

uint32_t sy_energy_span_survey(const sy_energy_span *span) {
    sy_energy_walk walk = {.trace = span->trace, .origin_ns = span->origin_ns};
    survey seen = {.count = 0};
    sy_energy_point reading, first = {0};
    while (sy_energy_walk_reading(&walk, &reading)) {
        first = seen.count == 0 ? reading : first;
        see(span, &seen, &reading);
    }
    uint32_t reasons = seen.reasons | of_status(span, seen.last.at_s);
    double until_s = fmin(seen.last.at_s, span->length_s);
    if (seen.count > 0 &&
        (has_frozen(span, &seen, until_s) || is_still(span, &seen, first.at_s, seen.last.at_s)))
        reasons |= SY_ENERGY_STUCK;
    return reasons;
}

uint32_t sy_energy_span_ends(const sy_energy_span *span, double head_s, double tail_s) {
    double most_s = span->important * span->length_s;
    double near_s = 0.5 * span->lag_s + 2 * fmax(span->update_s, span->period.poll_s);
    uint32_t reasons = 0;
    if (head_s > most_s)
        reasons |= head_s <= span->load_from_s + near_s ? SY_ENERGY_UNSTEADY : SY_ENERGY_GAP;
    if (tail_s > most_s)
        reasons |= span->length_s - tail_s >= span->load_to_s - near_s ? SY_ENERGY_UNSTEADY : SY_ENERGY_GAP;
    return reasons;
}
