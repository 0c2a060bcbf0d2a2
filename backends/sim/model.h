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
 *   slow      factor of the slow mode (1 = none), slow_share its share of launches' time (0.3), dwell its
 * length (50ms) throttle  simulated seconds at load after which clocks fall (0 = never) by throttle_factor
 * (0.7) idle_w, busy_w   power (50, 300) fault     crash, hang, exit, abort, error or wrong: what happens in
 * run() of a plan with exactly fault_flop FLOP, and with a tile of fault_tile (0: any)
 *   timer     what timers tell of a device's time over the truth: another number than 1 is a lie (1)
 *   compile   time that the first plan of a kind, tile and amount of work takes for its program (0)
 */
#ifndef STEELYARD_SIM_MODEL_H
#define STEELYARD_SIM_MODEL_H

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
    SIM_FAULT_WRONG
};

/** The parameters, in SI units and ns. */
typedef struct sim_model {
    double peak, bw, link, launch_ns;
    double jitter, ar, wander, drift, slow, slow_share, dwell_ns, throttle_ns, throttle_factor;
    double idle_w, busy_w, compile_ns, timer;
    uint64_t memory, cache, seed, fault_flop, fault_tile;
    uint32_t fault;
} sim_model;

/** What passes: the host's and the device's time, the noise. */
typedef struct sim_state {
    double now_ns;        /* of the simulated host */
    double busy_until_ns; /* of the device */
    double busy_total_ns; /* time at work, for energy and heat */
    double correlated;
    double mode_until_ns;
    uint32_t is_slow;
    sy_random random;
} sim_state;

/** Parse "key=value,...". SY_INVALID_ARGUMENT names the key and those that exist. */
sy_status sim_model_parse(const char *params, sim_model *out_model, sy_error *err);

/** A fresh world. */
void sim_state_init(const sim_model *model, sim_state *out_state);

/** Time of `flop` FLOP in `dtype` and `byte` bytes of memory on the roofline, without launch and noise. */
double sim_model_work_ns(const sim_model *model, uint32_t dtype, uint64_t flop, uint64_t byte);

/** Enqueue work that takes `work_ns` plus a launch: the device's time moves on, the host's by the cost of the
 * call. */
void sim_enqueue(const sim_model *model, sim_state *state, double work_ns);

/** The same behind another launch of one graph: no call, a fifth of a launch. */
void sim_enqueue_next(const sim_model *model, sim_state *state, double work_ns);

/** The host waits for the device. */
void sim_wait(sim_state *state);

/** Average power of the card at the moment, W; energy since the world began, J; temperature, Celsius; clock,
 * Hz. */
double sim_power_w(const sim_model *model, const sim_state *state);
double sim_energy_j(const sim_model *model, const sim_state *state);
double sim_temperature_c(const sim_model *model, const sim_state *state);
double sim_clock_hz(const sim_model *model, const sim_state *state);

#endif
