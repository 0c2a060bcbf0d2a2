/*
 * What the sensors of a simulated card show: registers that change every period of theirs, at whole multiples
 * of it in simulated time, and that may lie. Pure arithmetic on a world.
 */
#ifndef STEELYARD_SIM_METER_H
#define STEELYARD_SIM_METER_H

#include <stdbool.h>

#include "backends/sim/model.h"

/** Power at the last update, W; the mean over power_window before it, W; energy up to the last update since
 * the world began, J, in whole steps. */
double sim_show_power_w(const sim_model *model, const sim_state *state);
double sim_show_average_w(const sim_model *model, const sim_state *state);
double sim_show_energy_j(const sim_model *model, const sim_state *state);

/** Temperature, Celsius; clock, Hz; SIM_THROTTLE_HEAT while it is throttled. Of the moment. */
double sim_show_temperature_c(const sim_model *model, const sim_state *state);
double sim_show_clock_hz(const sim_model *model, const sim_state *state);
double sim_show_throttle(const sim_model *model, const sim_state *state);

/** Value at which the counter starts again, J; NaN: it does not, or does not say so. */
double sim_show_wrap_j(const sim_model *model);

/** Whether the sensors answer no more. */
bool sim_sensors_are_gone(const sim_model *model, const sim_state *state);

/* Bit of the throttle sensor, as in other backends: clocks are low for heat. */
enum { SIM_THROTTLE_HEAT = 0x20 };

#endif
