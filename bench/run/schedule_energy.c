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
    sy_mixes_release(&schedule->mixes);
    schedule->kits = NULL;
    schedule->weighed = schedule->sustained = NULL;
}

sy_status sy_schedule_mix(sy_schedule *schedule, size_t target, sy_error *err) {
    uint64_t budget_ns = schedule->shared.config->budget_ns;
    const sy_weigh weigh = {.shared = &schedule->shared,
        .target = &schedule->targets->target[target],
        .kit = &schedule->kits[target]};
    const sy_mix_source source = {.list = schedule->list,
        .rows = &schedule->rows,
        .names = schedule->names,
        .n_names = schedule->n_names,
        .until_ns = budget_ns > 0 ? schedule->start_ns + budget_ns : 0};
    sy_status status = sy_mixes_measure(&weigh, &source, &schedule->mixes, err);
    return status == SY_UNAVAILABLE ? SY_OK : status;
}
