/*
 * Powers: the trapezoid over the updates of the sensor, each in the middle of the interval that it is the
 * mean of. What the updates scatter about a line through their neighbours is what is not known between them.
 */
#include <math.h>

#include "bench/energy/alias.h"
#include "bench/energy/swing.h"

enum { FEWEST_POINTS = 4 };

/* Swing of a load that an averaging sensor smooths away: what counter.c assumes as well. */
static const double UNSEEN_SWING = 0.5;

/* Two levels apart by 2 standard deviations at a duty of 1/2, by 3.3 at 1/10: one factor for all. */
static const double SWING_SIGMAS = 2.5;

/* Readings that differ by less than so many steps take two values. */
static const double TWO_VALUES = 1.5;

/*
 * The sum so far. head, tail: what of the window lies before the first and after the last update; unseen: the
 * part of the tail that no reading has seen. scatter,
 * place: variances of the energy from the updates' values and moments. still: how long the value has stayed,
 * and the squares of such times. step, bend: variance between neighbours, and about the line through them.
 */
typedef struct trapezoid {
    sy_energy_point back, last;
    double joule, peak_w, head_s, tail_s, unseen_s, head_w, back_s;
    double scatter2_j2, place2_j2, still2_s2, still_s, step2_w2, bend2_w2;
    size_t count, inside, steps, bends;
} trapezoid;

/* How much of the segment from a to b lies in the window. */
static double overlap_s(double a_s, double b_s, double length_s) {
    return fmax(0, fmin(b_s, length_s) - fmax(a_s, 0));
}

static double value_at(const sy_energy_point *a, const sy_energy_point *b, double at_s) {
    return a->value + (b->value - a->value) * (at_s - a->at_s) / (b->at_s - a->at_s);
}

static void add_area(trapezoid *sum, const sy_energy_point *next, double length_s) {
    double took_s = overlap_s(sum->last.at_s, next->at_s, length_s);
    if (took_s <= 0)
        return;
    double from_w = value_at(&sum->last, next, fmax(sum->last.at_s, 0));
    double to_w = value_at(&sum->last, next, fmin(next->at_s, length_s));
    sum->joule += 0.5 * (from_w + to_w) * took_s;
    sum->step2_w2 += (next->value - sum->last.value) * (next->value - sum->last.value);
    sum->steps++;
    /* As long as a value stays its rounding does too; another value is rounded anew. */
    if (next->value != sum->last.value) {
        sum->still2_s2 += sum->still_s * sum->still_s;
        sum->still_s = 0;
    }
    sum->still_s += took_s;
}

/* The middle one of three updates: its weight in the sum, its distance from the line through the others. */
static void add_scatter(trapezoid *sum, const sy_energy_point *next, double length_s) {
    const sy_energy_point *a = &sum->back, *b = &sum->last;
    double weight_s = 0.5 * (sum->back_s + overlap_s(b->at_s, next->at_s, length_s));
    double y = (b->at_s - a->at_s) / (next->at_s - a->at_s);
    double off_w = b->value - value_at(a, next, b->at_s);
    double variance_w2 = off_w * off_w / (1 + y * y + (1 - y) * (1 - y));
    double turn_w = 0.5 * (next->value - a->value);
    if (weight_s <= 0)
        return;
    sum->scatter2_j2 += weight_s * weight_s * variance_w2;
    sum->place2_j2 += turn_w * turn_w * b->width_s * b->width_s / 12;
    sum->bend2_w2 += variance_w2;
    sum->bends++;
}

static void add_point(trapezoid *sum, const sy_energy_point *next, double length_s) {
    if (sum->count == 0) {
        sum->head_s = fmin(fmax(next->at_s, 0), length_s);
        sum->head_w = next->value;
    } else {
        add_area(sum, next, length_s);
    }
    if (sum->count > 1)
        add_scatter(sum, next, length_s);
    sum->back_s = sum->count > 0 ? overlap_s(sum->last.at_s, next->at_s, length_s) : 0;
    if (next->at_s >= 0 && next->at_s <= length_s) {
        sum->inside++;
        sum->peak_w = fmax(sum->peak_w, next->value);
    }
    sum->back = sum->last;
    sum->last = *next;
    sum->count++;
}

bool sy_energy_span_power(const sy_energy_span *span, sy_energy_walk *walk, sy_energy_point *out_point) {
    while (sy_energy_walk_next(walk, out_point)) {
        double end_s = out_point->at_s;
        out_point->at_s -= 0.5 * span->lag_s;
        if (end_s - span->lag_s >= span->load_from_s && end_s <= span->load_to_s)
            return true;
    }
    return false;
}

static trapezoid add_up(const sy_energy_span *span) {
    sy_energy_walk walk = sy_energy_span_walk(span);
    trapezoid sum = {.peak_w = -INFINITY};
    sy_energy_point point;
    while (sy_energy_span_power(span, &walk, &point))
        add_point(&sum, &point, span->length_s);
    sum.tail_s = sum.count > 0 ? fmin(fmax(0, span->length_s - sum.last.at_s), span->length_s) : 0;
    sum.unseen_s = sum.tail_s;
    /* A point lies before the reading that showed it, and readings that repeat it are no points: they have
     * seen it all the same. */
    if (walk.last.value == sum.last.value)
        sum.unseen_s = fmin(
            sum.tail_s, fmax(0, span->length_s + 0.5 * span->lag_s - fmin(walk.held_s, span->load_to_s)));
    sum.joule += sum.head_s * sum.head_w + sum.tail_s * sum.last.value;
    sum.still2_s2 += (sum.still_s + sum.tail_s) * (sum.still_s + sum.tail_s) + sum.head_s * sum.head_s;
    return sum;
}

/*
 * What averaging smears over the edges of the window. Jumps of A W at r a second leave A^2 w^3 r / 160 J^2 at
 * each edge; A^2 r is taken from the differences of neighbours, less what noise makes of them.
 */
static double smear2_j2(const sy_energy_span *span, const trapezoid *sum, double apart_s) {
    double w = span->lag_s, noise2 = sum->bends > 0 ? sum->bend2_w2 / (double)sum->bends : 0;
    double jump2 = sum->steps > 0 ? fmax(0, sum->step2_w2 / (double)sum->steps - 2 * noise2) : 0;
    return w > 0 ? 2 * jump2 * w * w * w * fmax(w, apart_s) / (160 * apart_s * apart_s) : 0;
}

/* Every point may be late by the same part of an interval, if the period is not known. */
static double late_j(const sy_energy_span *span, const trapezoid *sum) {
    return span->update_s > 0 ? 0 : fabs(sum->last.value - sum->head_w) * span->period.poll_s / sqrt(12);
}

/*
 * Each time that a value stays is one rounding. But noise of less than half a step may show two values
 * without being even between them: if a share p of the readings shows the upper one, the power is anything
 * between that and the border of the two, which for p = 0 is the rounding of a constant.
 */
static double quantum_j(const sy_energy_span *span, const trapezoid *sum, const sy_energy_swing *swing) {
    double resolution = span->facts->resolution;
    if (!(resolution > 0))
        return 0;
    double rounded_s = sqrt(sum->still2_s2);
    if (swing->range_w < TWO_VALUES * resolution)
        rounded_s = fmax(rounded_s, fabs(1 - 2 * swing->upper) * span->length_s);
    return resolution * rounded_s / sqrt(12);
}

static void judge(const sy_energy_span *span, const trapezoid *sum, sy_energy_result *out) {
    double length_s = span->length_s, apart_s = length_s / (double)sum->inside;
    sy_energy_phases phases = sy_energy_phases_of(span);
    sy_energy_swing swing = sy_energy_swing_of(span, sum->bend2_w2 / (double)sum->bends, phases.is_fast);
    double swing_w = swing.is_wave ? SWING_SIGMAS * swing.sigma_w : 0;
    double scatter2 = sum->scatter2_j2;
    if (phases.is_fast && swing.is_wave)
        scatter2 = fmin(scatter2, swing.within_w * swing.within_w * length_s * apart_s);
    double held2 = sum->head_s * sum->head_s + sum->tail_s * sum->tail_s;
    double off_j = hypot(phases.spread, swing.beat) * swing_w * length_s;
    double cut_w =
        span->lag_s > 0 && phases.is_fast ? fmax(swing_w, UNSEEN_SWING * out->joule / length_s) : swing_w;
    double cut_j = phases.is_fast ? sy_energy_span_cut_j(span, cut_w) : 0;
    out->u_sampling_j = sqrt(scatter2 + held2 * swing.sigma_w * swing.sigma_w + off_j * off_j);
    out->u_edge_j =
        hypot(sqrt(sum->place2_j2 + smear2_j2(span, sum, apart_s)), hypot(cut_j, late_j(span, sum)));
    out->u_quantum_j = quantum_j(span, sum, &swing);
    out->reasons |= phases.is_alias || swing.is_slow_beat ? SY_ENERGY_ALIAS : 0;
}

void sy_energy_power_integrate(const sy_energy_span *span, sy_energy_result *out) {
    trapezoid sum = add_up(span);
    if (sum.inside < FEWEST_POINTS || sum.bends < 1) {
        out->reasons |= SY_ENERGY_TOO_FEW;
        return;
    }
    out->joule = sum.joule;
    out->watt_peak = sum.peak_w;
    out->reasons |= sy_energy_span_ends(span, sum.head_s, sum.unseen_s);
    judge(span, &sum, out);
}
