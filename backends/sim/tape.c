/* Energy over simulated time. */
#include "backends/sim/tape.h"

#include <math.h>
#include <stdbool.h>

/* Pieces of one grain that fill what is kept, with as many points again for pieces between two that are long.
 */
static const double GRAINS = 12000.0;

static uint32_t slot(const sim_tape *tape, uint32_t index) {
    return (tape->first + index) % SIM_TAPE_POINTS;
}

static const sim_point *point(const sim_tape *tape, uint32_t index) {
    return &tape->point[slot(tape, index)];
}

void sim_tape_init(sim_tape *tape, double idle_w, double keep_ns) {
    tape->idle_w = idle_w;
    tape->keep_ns = keep_ns;
    tape->grain_ns = keep_ns / GRAINS;
    tape->watt = NAN;
    tape->first = 0;
    tape->count = 1;
    tape->point[0] = (sim_point){0};
}

/* Every second point goes, but for the piece that may still grow: work was enqueued very far ahead. */
static void thin(sim_tape *tape) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < tape->count; i++)
        if (i % 2 == 0 || i + 2 >= tape->count)
            tape->point[slot(tape, kept++)] = *point(tape, i);
    tape->count = kept;
    tape->grain_ns *= 2.0;
}

static void forget(sim_tape *tape, double before_ns) {
    while (tape->count > 2 && point(tape, 1)->at_ns <= before_ns) {
        tape->first = slot(tape, 1);
        tape->count--;
    }
}

/* Go on at `watt` until end_ns. */
static void draw(sim_tape *tape, double end_ns, double watt) {
    sim_point *last = &tape->point[slot(tape, tape->count - 1)];
    double taken_ns = end_ns - last->at_ns;
    if (taken_ns <= 0.0)
        return;
    const sim_point next = {.at_ns = end_ns, .joule = last->joule + watt * taken_ns * 1e-9};
    bool is_same = watt == tape->watt;
    bool is_short = tape->count > 1 && taken_ns < tape->grain_ns &&
                    last->at_ns - point(tape, tape->count - 2)->at_ns < tape->grain_ns;
    if (is_same || is_short) {
        *last = next;
        tape->watt = is_same ? watt : NAN;
        return;
    }
    if (tape->count == SIM_TAPE_POINTS)
        thin(tape);
    tape->point[slot(tape, tape->count++)] = next;
    tape->watt = watt;
}

void sim_tape_add(sim_tape *tape, double now_ns, double begin_ns, double end_ns, double watt) {
    forget(tape, now_ns - tape->keep_ns);
    draw(tape, begin_ns, tape->idle_w);
    draw(tape, end_ns, watt);
}

/* The last point that is not after at_ns; 0 if all are. */
static uint32_t find(const sim_tape *tape, double at_ns) {
    uint32_t low = 0, high = tape->count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (point(tape, middle)->at_ns <= at_ns)
            low = middle;
        else
            high = middle;
    }
    return low;
}

double sim_tape_watt(const sim_tape *tape, double at_ns) {
    uint32_t index = find(tape, at_ns);
    const sim_point *from = point(tape, index);
    if (at_ns < from->at_ns || index + 1 == tape->count)
        return tape->idle_w;
    const sim_point *to = point(tape, index + 1);
    return (to->joule - from->joule) / (to->at_ns - from->at_ns) * 1e9;
}

double sim_tape_joule(const sim_tape *tape, double at_ns) {
    const sim_point *from = point(tape, find(tape, at_ns));
    return from->joule + sim_tape_watt(tape, at_ns) * (at_ns - from->at_ns) * 1e-9;
}
