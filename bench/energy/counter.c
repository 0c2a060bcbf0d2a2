/*
 * Counters: the difference between the two edges of the window, each interpolated between the two updates
 * around it. An update is known to the interval between two readings or to a period, whichever is less.
 */
#include <math.h>

#include "bench/energy/span.h"

/* A peak is taken over so many widths of an update, or their blur would make it. */
static const double PEAK_WIDTHS = 10;

/* What is assumed of a power that swings within an update, where the load's period says that it may: a pause
 * takes half of the mean power away or the load adds as much. */
static const double UNSEEN_SWING = 0.5;

/* Mean square of a jump over that of the change between two neighbours: a jump falls into an interval and is
 * shared by two changes (3/2); twice that, since few windows meet one and those meet all of it. */
static const double JUMP_SHARE = 3;

/* The updates around one edge. */
typedef struct edge {
    sy_energy_point before, after;
    bool has_before, has_after;
} edge;

typedef struct counted {
    edge begin, end;
    sy_energy_point first, last, peak_from;
    double slope, jump2, peak_w;
    size_t points, inside, jumps;
} counted;

static void place(edge *at, double edge_s, const sy_energy_point *point) {
    if (point->at_s <= edge_s) {
        at->before = *point;
        at->has_before = true;
    } else if (!at->has_after) {
        at->after = *point;
        at->has_after = true;
    }
}

static void see_peak(counted *seen, const sy_energy_point *point, double length_s) {
    if (point->at_s < 0 || point->at_s > length_s)
        return;
    if (seen->inside == 0)
        seen->peak_from = *point;
    seen->inside++;
    double took_s = point->at_s - seen->peak_from.at_s;
    if (took_s <= 0 || took_s < PEAK_WIDTHS * fmax(point->width_s, seen->peak_from.width_s))
        return;
    seen->peak_w = fmax(seen->peak_w, (point->value - seen->peak_from.value) / took_s);
    seen->peak_from = *point;
}

static counted walk_through(const sy_energy_span *span) {
    sy_energy_walk walk = sy_energy_span_walk(span);
    counted seen = {.peak_w = NAN};
    sy_energy_point point;
    while (sy_energy_walk_next(&walk, &point)) {
        if (point.at_s < span->load_from_s || point.at_s > span->load_to_s)
            continue;
        place(&seen.begin, 0, &point);
        place(&seen.end, span->length_s, &point);
        see_peak(&seen, &point, span->length_s);
        if (seen.points > 0) {
            double slope = (point.value - seen.last.value) / (point.at_s - seen.last.at_s);
            seen.jump2 += seen.points > 1 ? (slope - seen.slope) * (slope - seen.slope) : 0;
            seen.jumps += seen.points > 1;
            seen.slope = slope;
        } else {
            seen.first = point;
        }
        seen.last = point;
        seen.points++;
    }
    return seen;
}

/* One edge: the count there, and variances of when (in s^2), of the step (in units of a step's) and of a
 * power that jumps by 1 W between updates (in J^2). */
typedef struct crossing {
    double value, when2_s2, steps2, jump2_j2, near_s;
} crossing;

/*
 * Line through the updates a and b at edge_s. A kink of J W at a random place between them moves the line's
 * middle by up to J (b - a) / 4; its variance at share x of the way is (J (b - a) x (1 - x))^2 / 3, which is
 * taken for a line that is drawn on, too. Polling that is nearly in step with the updates is late by as much
 * at both: their moments are taken to be off together.
 */
static crossing cross(const sy_energy_point *a, const sy_energy_point *b, double edge_s) {
    double length_s = b->at_s - a->at_s, x = (edge_s - a->at_s) / length_s;
    double when_s = fabs(1 - x) * a->width_s + fabs(x) * b->width_s;
    double bow_s = length_s * x * (1 - x);
    return (crossing){.value = a->value + x * (b->value - a->value),
        .when2_s2 = when_s * when_s / 12,
        .steps2 = ((1 - x) * (1 - x) + x * x) / 12,
        .jump2_j2 = bow_s * bow_s / 3,
        .near_s = fmin(fabs(edge_s - a->at_s), fabs(b->at_s - edge_s))};
}

/* Where the load has no update beyond the edge, the mean line of all of it is drawn on: the load is steady.
 */
static crossing cross_edge(const counted *seen, const edge *at, double edge_s) {
    if (at->has_before && at->has_after)
        return cross(&at->before, &at->after, edge_s);
    return cross(&seen->first, &seen->last, edge_s);
}

/* The step by which a count may lag: less than one resolution, and less than what has come since it was last
 * seen to change. */
static double step_j(const sy_energy_span *span, double watt) {
    double resolution = span->facts->resolution;
    if (!(resolution > 0))
        return 0;
    double since_s = fmax(span->update_s, span->period.poll_s);
    return span->update_s > 0 ? fmin(resolution, watt * since_s) : resolution;
}

/* A load too fast to be seen between updates: at most what its swing makes in the time to the nearest one. */
static double unseen_j(const sy_energy_span *span, double watt, const crossing *begin, const crossing *end) {
    if (!sy_energy_span_is_fast(span))
        return 0;
    double swing_w = UNSEEN_SWING * watt;
    double near_s = fmax(begin->near_s, end->near_s);
    return fmin(sy_energy_span_cut_j(span, swing_w), 0.5 * sqrt(2) * swing_w * near_s);
}

void sy_energy_counter_integrate(const sy_energy_span *span, sy_energy_result *out) {
    counted seen = walk_through(span);
    double between_s = seen.last.at_s - seen.first.at_s;
    if (seen.points < 2 || between_s < 0.5 * span->length_s || seen.last.value <= seen.first.value) {
        out->reasons |= SY_ENERGY_TOO_FEW;
        return;
    }
    double head_s = fmax(0, seen.first.at_s), tail_s = fmax(0, span->length_s - seen.last.at_s);
    out->reasons |= sy_energy_span_ends(span, head_s, tail_s);
    crossing begin = cross_edge(&seen, &seen.begin, 0), end = cross_edge(&seen, &seen.end, span->length_s);
    out->joule = end.value - begin.value;
    double watt = out->joule / span->length_s;
    double jump2 = seen.jumps > 0 ? JUMP_SHARE * seen.jump2 / (double)seen.jumps : 0;
    out->u_edge_j = hypot(watt * sqrt(begin.when2_s2 + end.when2_s2), unseen_j(span, watt, &begin, &end));
    out->u_quantum_j = step_j(span, watt) * sqrt(begin.steps2 + end.steps2);
    out->u_sampling_j = sqrt(jump2 * (begin.jump2_j2 + end.jump2_j2));
    out->watt_peak = isnan(seen.peak_w) ? watt : seen.peak_w;
}
