/*
 * When a device was at work, in the host's time, so that what its meters show can be told at any moment of
 * the last seconds: pure arithmetic, times in ns from the beginning of the world, not falling.
 */
#ifndef TESTS_VENDOR_SIM_COMMON_LOAD_H
#define TESTS_VENDOR_SIM_COMMON_LOAD_H

#include <stdbool.h>

#define SIM_TURNS_MAX 4096

/** Where work began or ended; busy_ns of work before it. */
typedef struct sim_turn {
    double at_ns, busy_ns;
} sim_turn;

/** The turns since the beginning, the oldest merged when there are too many. */
typedef struct sim_load {
    sim_turn turn[SIM_TURNS_MAX];
    int turns;
    bool is_busy;
} sim_load;

/** Nothing was ever done. */
void sim_load_begin(sim_load *load);

/** Work begins or ends. */
void sim_load_turn(sim_load *load, double at_ns, bool is_busy);

/** Time at work up to at_ns; 0 before the beginning. */
double sim_load_busy_ns(const sim_load *load, double at_ns);

/** Share of the time around at_ns that it was at work: 0 or 1, where turns were merged something in between.
 */
double sim_load_share(const sim_load *load, double at_ns);

#endif
