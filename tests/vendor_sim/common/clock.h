/*
 * Time and energy of a device. Its clock is virtual: each piece of work moves it by flop / tflops + moved /
 * gbps
 * + ns + launch_ns. Energy is `watts` over that time and `idle_watts` over the host's time since the world
 * began.
 *
 * Settings, of a device each: tflops (10), gbps (100: of memory and copies alike), launch_ns (0), watts
 * (300), idle_watts (60), step_ms (100: the counter and the average change that often), pace (0; 1: work
 * takes as long in the host's time as on the device's clock), clock=host (stamps are of the host's clock, and
 * energy is `watts` over the host's time while there is work).
 *
 * With meter=host the meters have a truth in the host's time: `watts` while any stream is at work (pace=1
 * makes work last), idle_watts else, and neither both nor an afterglow. Energy and both powers are registers
 * written each step_ms, average power is of window_ms (1000). They may stick, that many ms after the world
 * began: power_stuck_ms, energy_stuck_ms.
 */
#ifndef TESTS_VENDOR_SIM_COMMON_CLOCK_H
#define TESTS_VENDOR_SIM_COMMON_CLOCK_H

#pragma GCC visibility push(default)

/** The device's clock, ns, and the host's since the world began. */
double sim_clock_ns(int device);
double sim_clock_host_ns(void);
/** Joules since the world began (plus energy_base: 1000), in steps of step_ms. */
double sim_energy_joules(int device);
/** Watts now: `watts` if work ran within the last 50 ms (meter=host: at the last step), else idle_watts. */
double sim_power_now(int device);
/** Watts over the last second (meter=host: over window_ms before the last step). */
double sim_power_average(int device);

#pragma GCC visibility pop

/** Work has that cost: move the clock; returns the ns that it takes. */
double sim_clock_advance(int device, double flop, double moved, double ns);
void sim_clock_busy(int device, int is_busy);
void sim_clock_reset(void);

#endif
