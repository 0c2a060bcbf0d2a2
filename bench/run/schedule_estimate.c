/* How long a run will take, before it does. */
#include <math.h>

#include "bench/run/energy_pick.h"
#include "bench/run/schedule.h"

double sy_schedule_estimate_s(const sy_schedule *schedule, double flop_per_s, double byte_per_s) {
    static const double SAMPLING_S = 0.3, FILL_BYTE_PER_S = 1e9;
    double rounds = (double)schedule->shared.config->rounds, total_s = 0.0;
    double limit_s = (double)schedule->shared.config->max_time_ns * 1e-9 / rounds;
    for (size_t i = 0; i < schedule->list->count; i++) {
        const sy_work_row *row = &schedule->list->row[i];
        if (row->refused != SY_OK || (schedule->record != NULL && sy_record_done(schedule->record, row->id)))
            continue;
        double launch_s = fmax((double)row->flop / flop_per_s, (double)row->byte / byte_per_s);
        double sampling_s = fmin(fmax(SAMPLING_S, 20.0 * launch_s), fmax(limit_s, launch_s));
        total_s += rounds * (sampling_s + (double)row->byte / FILL_BYTE_PER_S + 0.1);
    }
    double budget_s = (double)schedule->shared.config->budget_ns * 1e-9;
    return budget_s > 0.0 ? fmin(total_s, budget_s) : total_s;
}

double sy_schedule_energy_s(const sy_schedule *schedule, size_t target, size_t *out_rows) {
    const sy_energy_kit *kit = &schedule->kits[target];
    *out_rows = kit->has_energy ? sy_energy_picked(schedule->list, schedule->weighed, target) : 0;
    return *out_rows > 0 ? sy_weigh_estimate_s(kit, schedule->shared.config, *out_rows) : 0.0;
}

double sy_schedule_sustain_s(const sy_schedule *schedule, size_t target, size_t *out_rows) {
    *out_rows = sy_energy_picked(schedule->list, schedule->sustained, target);
    return 1e-9 * (double)schedule->shared.config->sustain_ns * (double)*out_rows;
}
