/* The made-up world. */
#include "tests/unit/bench/energy/world.h"

#include <math.h>
#include <stdlib.h>

static uint64_t next_bits(uint64_t *state) {
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

double random_uniform(random_state *random, double low, double high) {
    return low + (high - low) * (double)(next_bits(&random->state) >> 11) * 0x1p-53;
}

double random_normal(random_state *random) {
    double radius = sqrt(-2 * log(1 - random_uniform(random, 0, 1)));
    return radius * cos(2 * M_PI * random_uniform(random, 0, 1));
}

double load_power_w(const world_load *load, double at_s) {
    if (at_s < load->load_from_s || at_s >= load->load_to_s)
        return load->idle_w;
    double turns = load->period_s > 0 ? (at_s - load->phase_s) / load->period_s : 0;
    bool is_high = load->period_s > 0 && turns - floor(turns) < load->duty;
    return load->low_w + load->slope_w * at_s + (is_high ? load->swing_w : 0);
}

/* Seconds at the high level up to at_s, but for a constant. */
static double high_s(const world_load *load, double at_s) {
    if (load->period_s <= 0)
        return 0;
    double turns = (at_s - load->phase_s) / load->period_s, whole = floor(turns);
    return load->period_s * (whole * load->duty + fmin(turns - whole, load->duty));
}

static double within_j(const world_load *load, double at_s) {
    return load->low_w * at_s + 0.5 * load->slope_w * at_s * at_s + load->swing_w * high_s(load, at_s);
}

double load_energy_j(const world_load *load, double at_s) {
    double inside_s = fmin(fmax(at_s, load->load_from_s), load->load_to_s);
    return load->idle_w * (at_s - inside_s) + within_j(load, inside_s) - within_j(load, load->load_from_s);
}

static double round_to(double value, double resolution) {
    return resolution > 0 ? resolution * round(value / resolution) : value;
}

double sensor_value(const world_sensor *sensor, const world_load *load, double at_s) {
    double number = floor((at_s - sensor->first_update_s) / sensor->real_update_s);
    double update_s = sensor->first_update_s + number * sensor->real_update_s;
    double resolution = sensor->facts.resolution, window_s = 1e-9 * (double)sensor->facts.window_ns;
    if (sensor->facts.kind == SY_ENERGY_COUNTER) {
        double count_j = 1e5 + sensor->gain * load_energy_j(load, update_s);
        return resolution > 0 ? resolution * floor(count_j / resolution) : count_j;
    }
    random_state noise = {
        .state = sensor->seed ^ ((uint64_t)((int64_t)number) * UINT64_C(0x2545f4914f6cdd1d))};
    double watt = load_power_w(load, update_s);
    if (sensor->facts.kind == SY_ENERGY_POWER_AVERAGE && window_s > 0)
        watt = (load_energy_j(load, update_s) - load_energy_j(load, update_s - window_s)) / window_s;
    return round_to(sensor->gain * watt + sensor->noise_w * random_normal(&noise), resolution);
}

void sample(const world_sensor *sensor, const world_load *load, double from_s, double to_s, double poll_s,
    double jitter, uint64_t zero_ns, random_state *random, sy_energy_trace *trace) {
    for (double at_s = from_s; at_s <= to_s; at_s += poll_s * random_uniform(random, 1, 1 + jitter)) {
        int64_t since_ns = (int64_t)llround(1e9 * at_s);
        uint64_t at_ns = zero_ns + (uint64_t)since_ns;
        sy_energy_reading reading = {
            .begin_ns = at_ns - 5000, .end_ns = at_ns + 5000, .value = sensor_value(sensor, load, at_s)};
        if (sy_energy_trace_append(trace, reading, NULL) != SY_OK)
            abort();
    }
}

sy_energy_window window_of(const world_load *load, double length_s, uint64_t zero_ns) {
    return (sy_energy_window){.begin_ns = zero_ns,
        .end_ns = zero_ns + (uint64_t)llround(1e9 * length_s),
        .load_begin_ns = zero_ns + (uint64_t)llround(1e9 * load->load_from_s),
        .load_end_ns = zero_ns + (uint64_t)llround(1e9 * load->load_to_s),
        .load_period_ns = (uint64_t)llround(1e9 * load->period_s)};
}
