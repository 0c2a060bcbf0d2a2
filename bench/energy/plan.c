/* The length of a window. */
#include "bench/energy/plan.h"

#include <math.h>
#include <stdio.h>

static const double EDGE_SHARE = 0.41, LEAST_S = 1, LEAST_UPDATES = 5, LEAST_AVERAGES = 2, EDGE_UPDATES = 2;
static const double UNKNOWN_UPDATE_S = 1, LEAST_WATT = 1;

/* What fits into 63 bits of nanoseconds. */
static const double LONGEST_S = 9e9;

static uint64_t to_ns(double seconds) {
    return seconds < LONGEST_S ? (uint64_t)llround(ceil(1e9 * seconds)) : UINT64_MAX;
}

static double update_s_of(const sy_energy_facts *facts, const sy_energy_need *need) {
    uint64_t update_ns = need->update_period_ns > 0 ? need->update_period_ns : facts->update_period_ns;
    return update_ns > 0 ? 1e-9 * (double)update_ns : UNKNOWN_UPDATE_S;
}

static void cut(const sy_energy_facts *facts, const sy_energy_need *need, sy_energy_plan *plan) {
    if (need->longest_ns == 0 || plan->window_ns <= need->longest_ns)
        return;
    plan->window_ns = need->longest_ns;
    plan->is_cut = true;
    snprintf(plan->text, sizeof plan->text, "%s: %.3g %% would need %.4g s, the longest window is %.4g s",
        facts->name, 100 * need->precision, 1e-9 * (double)plan->needed_ns, 1e-9 * (double)need->longest_ns);
}

void sy_energy_plan_window(
    const sy_energy_facts *facts, const sy_energy_need *need, sy_energy_plan *out_plan) {
    bool is_average = facts->kind == SY_ENERGY_POWER_AVERAGE, is_counter = facts->kind == SY_ENERGY_COUNTER;
    double update_s = update_s_of(facts, need), average_s = is_average ? 1e-9 * (double)facts->window_ns : 0;
    double watt = need->watt > LEAST_WATT ? need->watt : LEAST_WATT;
    double step = facts->resolution > 0 ? facts->resolution : 0;
    double blur_s = is_counter ? hypot(EDGE_SHARE * update_s, step / watt) : EDGE_SHARE * update_s;
    double needed_s = fmax(fmax(LEAST_S, LEAST_UPDATES * update_s), LEAST_AVERAGES * average_s);
    if (need->precision > 0)
        needed_s = fmax(needed_s, blur_s / need->precision);
    *out_plan = (sy_energy_plan){.window_ns = to_ns(needed_s),
        .needed_ns = to_ns(needed_s),
        .before_ns = to_ns(fmax(LEAST_S, average_s + EDGE_UPDATES * update_s)),
        .after_ns = to_ns(0.5 * average_s + EDGE_UPDATES * update_s)};
    cut(facts, need, out_plan);
    if (is_counter || !(need->precision > 0) || step / sqrt(12) <= need->precision * watt)
        return;
    out_plan->needed_ns = UINT64_MAX;
    out_plan->is_cut = true;
    snprintf(out_plan->text, sizeof out_plan->text,
        "%s: no window gives %.3g %% of %.4g W, it reads in steps of %.4g W", facts->name,
        100 * need->precision, watt, step);
}
