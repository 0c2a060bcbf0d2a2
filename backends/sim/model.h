/*
 * The simulated world: how long work takes on a roofline, how that varies, what power it draws. Pure
 * arithmetic on a state; the same parameters and seed give the same world.
 *
 * Parameters ("sim:0?peak=100T,bw=1T"):
 *   peak      FLOP/s of f32 (default 10T); f64 has half, f16 and bf16 twice, 8-bit types four times as much
 *   bw        byte/s of memory (500G)       link     byte/s between host and device (20G)
 *   launch    time of an empty launch (5us) memory   bytes of device memory (16G)
 *   cache     last-level cache (32M)        seed     of the noise (1)
 *   jitter    standard deviation of independent noise, relative (0)
 *   ar        lag-1 correlation of a second, correlated noise of deviation `wander` (0; wander=0)
 *   drift     relative change of every time per simulated second (0)
 *   slow      factor of the slow mode (1 = none); slow_share: its share of launches' time (0.3); dwell: its
 *             length (50ms)
 *   throttle  simulated seconds at load (0 = never) after which, from the next launch on, rate and clock fall
 *             by throttle_factor (0.7) and power to throttle_w
 *   idle_w    power without work (50)       busy_w   power at work, launch included (300)
 *   memory_w  power at work that memory bounds, as copies and fills are (0 = busy_w)
 *   throttle_w power at work once throttled, no higher than before (0 = what is above idle falls by
 *             throttle_factor)
 *   fault     crash, hang, exit, abort, error or wrong: what happens in run() of a plan with exactly
 *             fault_flop FLOP, and with a tile of fault_tile (0: any); of a compiled model of fault_flop
 *             also load: it is not loaded, and remember: a lie, inputs like those before take no time
 *   timer     what timers tell of a device's time over the truth: another number than 1 is a lie (1)
 *   compile   time that the first plan of a kind, tile and amount of work takes for its program (0)
 * Of the sensors, which change at whole multiples of their period:
 *   power_period   of instant and average power (20ms)
 *   power_window   over which average power is the mean (1s; 0 = there is no such sensor)
 *   energy_period, energy_step, energy_wrap   of the counter: period (20ms), smallest step, J (0.001), and
 *             where it starts again, J (0 = nowhere), at least two steps
 *   gain      what power and energy show over the truth (1); gain_u: relative standard uncertainty that they
 *             declare of it (0.01)
 *   power_clip     a lie: power sensors show no more than that, W (0 = none)
 *   sensor_fault   a lie from simulated second sensor_fault_at (0) on: stuck: power changes no more; zero:
 *             the counter shows 0; gone: no sensor answers; and at any time, wrap: the counter does not
 *             declare its energy_wrap
 */
#ifndef STEELYARD_SIM_MODEL_H
#define STEELYARD_SIM_MODEL_H

#include <stdbool.h>

#include "backends/sim/tape.h"
#include "runtime/base/random.h"
#include "steelyard/status.h"
#include "steelyard/types.h"

enum {
    SIM_FAULT_NONE = 0,
    SIM_FAULT_CRASH,
    SIM_FAULT_HANG,
    SIM_FAULT_EXIT,
    SIM_FAULT_ABORT,
    SIM_FAULT_ERROR,
    SIM_FAULT_WRONG,
    SIM_FAULT_LOAD,
    SIM_FAULT_REMEMBER
};

enum { SIM_SENSOR_HONEST = 0, SIM_SENSOR_STUCK, SIM_SENSOR_ZERO, SIM_SENSOR_GONE, SIM_SENSOR_WRAP };

/** The parameters, in SI units and ns. */
typedef struct sim_model {
    double peak, bw, link, launch_ns;
    double jitter, ar, wander, drift, slow, slow_share, dwell_ns, throttle_ns, throttle_factor;
    double idle_w, busy_w, memory_w, throttle_w, compile_ns, timer;
    double power_period_ns, power_window_ns, energy_period_ns, energy_step, energy_wrap;
    double gain, gain_u, power_clip, sensor_fault_ns;
    uint64_t memory, cache, seed, fault_flop, fault_tile;
    uint32_t fault, sensor_fault;
} sim_model;

/** What passes: the host's and the device's time, the noise, the energy. */
typedef struct sim_state {
    double now_ns;        /* of the simulated host */
    double busy_until_ns; /* of the device */
    double busy_total_ns; /* time at work, for heat */
    double throttled_ns;  /* when the first throttled launch began; infinite: none has */
    double correlated;
    double mode_until_ns;
    uint32_t is_slow;
    sy_random random;
    sim_tape tape;
} sim_state;

/** Parse "key=value,...". SY_INVALID_ARGUMENT names the key and those that exist. */
sy_status sim_model_parse(const char *params, sim_model *out_model, sy_error *err);

/** A fresh world. */
void sim_state_init(const sim_model *model, sim_state *out_state);

/** Work of a launch: its time on the roofline, without launch and noise, and which side of that bounds it. */
typedef struct sim_load {
    double work_ns;
    bool is_memory_bound;
} sim_load;

/** `flop` FLOP in `dtype` and `byte` bytes of memory on the roofline. */
sim_load sim_model_load(const sim_model *model, uint32_t dtype, uint64_t flop, uint64_t byte);

/** Power that work draws from begin to end, W. */
double sim_model_load_w(const sim_model *model, bool is_memory_bound, bool is_throttled);

/** Enqueue work plus a launch: the device's time moves on, the host's by the cost of the call. */
void sim_enqueue(const sim_model *model, sim_state *state, sim_load load);

/** The same behind another launch of one graph: no call, a fifth of a launch. */
void sim_enqueue_next(const sim_model *model, sim_state *state, sim_load load);

/** The host waits for the device. */
void sim_wait(sim_state *state);

#endif
