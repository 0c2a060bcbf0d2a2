#include "tests/vendor_sim/common/clock.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "tests/vendor_sim/common/load.h"
#include "tests/vendor_sim/common/lock.h"
#include "tests/vendor_sim/common/settings.h"
#include "tests/vendor_sim/common/world.h"

#define SAMPLES 64
#define WINDOW_NS 1e9
#define AFTERGLOW_NS 50e6

/* busy_ns: of the host's time. sample: of busy_ns, the youngest last, at least a 50th of the window apart. */
typedef struct device_clock {
    double now_ns, work_joules, busy_ns, busy_since, busy_until;
    int busy; /* streams at work */
    double sample_time[SAMPLES], sample_busy[SAMPLES];
    int samples;
    double average, average_step; /* as of that step of the host's time */
    sim_load load;
} device_clock;

static device_clock clocks[SIM_DEVICES_MAX];
static int64_t began_ns;

void sim_clock_reset(void) {
    memset(clocks, 0, sizeof clocks);
    for (int i = 0; i < SIM_DEVICES_MAX; i++) {
        clocks[i].busy_until = -1e18;
        clocks[i].average_step = -1;
        clocks[i].samples = 1; /* nothing was done before the world began */
        sim_load_begin(&clocks[i].load);
    }
    began_ns = sim_host_ns();
}

double sim_clock_host_ns(void) {
    return (double)(sim_host_ns() - began_ns);
}

static int is_host_clock(int device) {
    return strcmp(sim_text(device, "clock", "work"), "host") == 0;
}

double sim_clock_ns(int device) {
    return is_host_clock(device) ? sim_clock_host_ns() : clocks[device].now_ns;
}

double sim_clock_advance(int device, double flop, double moved, double ns) {
    double cost = flop / (sim_real(device, "tflops", 10) * 1e3) + moved / sim_real(device, "gbps", 100) + ns +
                  sim_real(device, "launch_ns", 0);
    clocks[device].now_ns += cost;
    clocks[device].work_joules += cost * 1e-9 * sim_real(device, "watts", 300);
    return cost;
}

static double busy_ns(const device_clock *clock, double now) {
    return clock->busy_ns + (clock->busy > 0 ? now - clock->busy_since : 0);
}

static void sample(device_clock *clock, double now) {
    int last = clock->samples - 1;
    if (now - clock->sample_time[last] < WINDOW_NS / 50)
        return;
    if (clock->samples == SAMPLES) {
        memmove(clock->sample_time, clock->sample_time + 1, (SAMPLES - 1) * sizeof clock->sample_time[0]);
        memmove(clock->sample_busy, clock->sample_busy + 1, (SAMPLES - 1) * sizeof clock->sample_busy[0]);
        clock->samples--;
    }
    clock->sample_time[clock->samples] = now;
    clock->sample_busy[clock->samples++] = busy_ns(clock, now);
}

void sim_clock_busy(int device, int is_busy) {
    device_clock *clock = &clocks[device];
    double now = sim_clock_host_ns();
    sample(clock, now);
    if (is_busy && clock->busy++ == 0) {
        clock->busy_since = now;
        sim_load_turn(&clock->load, now, true);
    }
    if (!is_busy && --clock->busy == 0) {
        clock->busy_ns += now - clock->busy_since;
        clock->busy_until = now;
        sim_load_turn(&clock->load, now, false);
    }
}

static double step_ns(int device) {
    double ms = sim_real(device, "step_ms", 100);
    return ms > 0 ? ms * 1e6 : 1;
}

/* Meters in the host's time: their last update before they stuck, if they did. */
static double updated_ns(int device, const char *stuck) {
    double now = fmin(sim_clock_host_ns(), sim_real(device, stuck, 1e12) * 1e6);
    return floor(now / step_ns(device)) * step_ns(device);
}

static bool is_host_meter(int device) {
    return strcmp(sim_text(device, "meter", "work"), "host") == 0;
}

/* Between idle and at work. */
static double between(int device, double share) {
    double idle = sim_real(device, "idle_watts", 60);
    return idle + share * (sim_real(device, "watts", 300) - idle);
}

static double host_joules(int device) {
    double until = updated_ns(device, "energy_stuck_ms");
    double busy = sim_load_busy_ns(&clocks[device].load, until);
    return (between(device, 0) * (until - busy) + between(device, 1) * busy) * 1e-9;
}

static double host_average(int device) {
    double until = updated_ns(device, "power_stuck_ms"), window = sim_real(device, "window_ms", 1000) * 1e6;
    const sim_load *load = &clocks[device].load;
    double since = fmax(until - window, 0);
    return between(device, (sim_load_busy_ns(load, until) - sim_load_busy_ns(load, since)) / window);
}

double sim_energy_joules(int device) {
    const device_clock *clock = &clocks[device];
    double now = sim_clock_host_ns(), watts = sim_real(device, "watts", 300);
    if (is_host_meter(device))
        return sim_real(device, "energy_base", 1000) + host_joules(device);
    double work = is_host_clock(device) ? busy_ns(clock, now) * 1e-9 * watts : clock->work_joules;
    double idle = floor(now / step_ns(device)) * step_ns(device) * 1e-9 * sim_real(device, "idle_watts", 60);
    double unit = watts * step_ns(device) * 1e-9; /* what a step of work is worth */
    return sim_real(device, "energy_base", 1000) + floor(work / unit + 1e-9) * unit + idle;
}

double sim_power_now(int device) {
    const device_clock *clock = &clocks[device];
    if (is_host_meter(device))
        return between(device, sim_load_share(&clock->load, updated_ns(device, "power_stuck_ms")));
    int is_warm = clock->busy > 0 || sim_clock_host_ns() - clock->busy_until < AFTERGLOW_NS;
    return is_warm ? sim_real(device, "watts", 300) : sim_real(device, "idle_watts", 60);
}

double sim_power_average(int device) {
    device_clock *clock = &clocks[device];
    double now = sim_clock_host_ns(), step = floor(now / step_ns(device));
    if (is_host_meter(device))
        return host_average(device);
    if (clock->average_step >= 0 && step <= clock->average_step)
        return clock->average;
    sample(clock, now);
    int first = 0;
    while (first + 1 < clock->samples && clock->sample_time[first + 1] <= now - WINDOW_NS)
        first++;
    double window = fmax(now - clock->sample_time[first], WINDOW_NS);
    double share = fmin((busy_ns(clock, now) - clock->sample_busy[first]) / window, 1);
    clock->average = between(device, share);
    clock->average_step = step;
    return clock->average;
}
