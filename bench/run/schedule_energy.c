/* Meters and picks of a whole run. */
#include "bench/run/energy_pick.h"
#include "bench/run/schedule.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

sy_status sy_schedule_open_energy(sy_schedule *schedule, sy_error *err) {
    const sy_config *config = schedule->shared.config;
    const sy_targets *targets = schedule->targets;
    sy_energy_wish wish;
    sy_status status = sy_energy_wish_read(config->energy.word, config->energy.count, &wish, err);
    if (status != SY_OK)
        return status;
    schedule->kits = sy_mem_calloc(targets->count + 1, sizeof *schedule->kits);
    schedule->weighed = sy_mem_calloc(schedule->list->count + 1, sizeof *schedule->weighed);
    schedule->sustained = sy_mem_calloc(schedule->list->count + 1, sizeof *schedule->sustained);
    if (schedule->kits == NULL || schedule->weighed == NULL || schedule->sustained == NULL)
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for energy");
    for (size_t i = 0; status == SY_OK && i < targets->count; i++)
        status =
            sy_energy_kit_open(schedule->shared.places, &targets->target[i], &wish, &schedule->kits[i], err);
    if (status == SY_OK && config->sustain_ns > 0)
        status = sy_energy_pick_sustained(schedule->list, schedule->sustained, err);
    return status == SY_OK ? sy_energy_pick(&wish, schedule->list, schedule->weighed, err) : status;
}

void sy_schedule_close_energy(sy_schedule *schedule) {
    for (size_t i = 0; schedule->kits != NULL && i < schedule->targets->count; i++)
        sy_energy_kit_release(&schedule->kits[i]);
    sy_mem_free(schedule->kits);
    sy_mem_free(schedule->weighed);
    sy_mem_free(schedule->sustained);
    schedule->kits = NULL;
    schedule->weighed = schedule->sustained = NULL;
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
