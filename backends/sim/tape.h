/*
 * What a simulated card has drawn, and what it will draw for the work it has been given: energy over
 * simulated time, straight between points. Of bounded size: the past is kept as long as the sensors average
 * over, and pieces shorter than a grain that differ in power are joined, so that their energy stays exact at
 * the points and is off by less than a grain's in between.
 */
#ifndef STEELYARD_SIM_TAPE_H
#define STEELYARD_SIM_TAPE_H

#include <stdint.h>

#define SIM_TAPE_POINTS 32768u

/** Energy up to a moment. */
typedef struct sim_point {
    double at_ns, joule;
} sim_point;

/** A ring of points. Idle before the first and after the last. watt: of the last piece, NaN where it was
 * joined of several. */
typedef struct sim_tape {
    double idle_w, keep_ns, grain_ns, watt;
    uint32_t first, count;
    sim_point point[SIM_TAPE_POINTS];
} sim_tape;

/** An idle card. keep_ns: how far back from the present it will be asked for. */
void sim_tape_init(sim_tape *tape, double idle_w, double keep_ns);

/** Work at `watt` from begin_ns, not before the end of the work before it, to end_ns; it is idle in between.
 * now_ns: the present, behind which keep_ns are kept. */
void sim_tape_add(sim_tape *tape, double now_ns, double begin_ns, double end_ns, double watt);

/** Energy from the beginning (0) to at_ns, J; and the power at that moment, W. Not further back than is kept.
 */
double sim_tape_joule(const sim_tape *tape, double at_ns);
double sim_tape_watt(const sim_tape *tape, double at_ns);

#endif
