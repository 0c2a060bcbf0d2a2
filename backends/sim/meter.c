/* What the sensors of a simulated card show. */
#include "backends/sim/meter.h"

#include <math.h>

static const double FULL_CLOCK_HZ = 1.5e9;

static bool has_fault(const sim_model *model, const sim_state *state, uint32_t fault) {
    return model->sensor_fault == fault && state->now_ns >= model->sensor_fault_ns;
}

static double last_update_ns(double now_ns, double period_ns) {
    return floor(now_ns / period_ns) * period_ns;
}

/* When the power registers were last written. */
static double power_update_ns(const sim_model *model, const sim_state *state) {
    bool is_stuck = has_fault(model, state, SIM_SENSOR_STUCK);
    return last_update_ns(is_stuck ? model->sensor_fault_ns : state->now_ns, model->power_period_ns);
}

static double shown_w(const sim_model *model, double true_w) {
    double watt = true_w * model->gain;
    return model->power_clip > 0.0 ? fmin(watt, model->power_clip) : watt;
}

double sim_show_power_w(const sim_model *model, const sim_state *state) {
    return shown_w(model, sim_tape_watt(&state->tape, power_update_ns(model, state)));
}

double sim_show_average_w(const sim_model *model, const sim_state *state) {
    double end_ns = power_update_ns(model, state), begin_ns = end_ns - model->power_window_ns;
    double drawn_j = sim_tape_joule(&state->tape, end_ns) - sim_tape_joule(&state->tape, begin_ns);
    return shown_w(model, drawn_j / (model->power_window_ns * 1e-9));
}

/* Steps after which the counter starts again; 0: it does not. */
static double wrap_steps(const sim_model *model) {
    return floor(model->energy_wrap / model->energy_step);
}

double sim_show_wrap_j(const sim_model *model) {
    bool is_silent = model->sensor_fault == SIM_SENSOR_WRAP;
    return model->energy_wrap > 0.0 && !is_silent ? wrap_steps(model) * model->energy_step : NAN;
}

double sim_show_energy_j(const sim_model *model, const sim_state *state) {
    double update_ns = last_update_ns(state->now_ns, model->energy_period_ns);
    double steps = floor(sim_tape_joule(&state->tape, update_ns) * model->gain / model->energy_step);
    if (has_fault(model, state, SIM_SENSOR_ZERO))
        return 0.0;
    if (model->energy_wrap > 0.0)
        steps = fmod(steps, wrap_steps(model));
    return steps * model->energy_step;
}

double sim_show_temperature_c(const sim_model *model, const sim_state *state) {
    (void)model;
    return 85.0 - 45.0 * exp(-state->busy_total_ns * 1e-9 / 30.0);
}

double sim_show_clock_hz(const sim_model *model, const sim_state *state) {
    bool is_throttled = state->now_ns >= state->throttled_ns;
    return is_throttled ? FULL_CLOCK_HZ * model->throttle_factor : FULL_CLOCK_HZ;
}

double sim_show_throttle(const sim_model *model, const sim_state *state) {
    (void)model;
    return state->now_ns >= state->throttled_ns ? SIM_THROTTLE_HEAT : 0.0;
}

bool sim_sensors_are_gone(const sim_model *model, const sim_state *state) {
    return has_fault(model, state, SIM_SENSOR_GONE);
}
