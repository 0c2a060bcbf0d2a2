/* Meters of one device, chosen; its idle. */
#include "bench/run/energy_kit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/energy/find.h"
#include "bench/run/meters.h"
#include "runtime/base/error.h"
#include "runtime/base/random.h"

/* Idling: at least that long, and so many updates of the slowest meter, but no longer than that. */
static const uint64_t LEAST_IDLE_NS = 2000000000, MOST_IDLE_NS = 10000000000;
enum { IDLE_UPDATES = 20 };

static sy_status find_all(const sy_target_places *places, sy_target *target, const sy_energy_wish *wish,
    sy_energy_list *list, sy_energy_kit *kit, sy_error *err) {
    const char *credentials = places->config->energy_credentials;
    sy_energy_places where = {.sysroot = places->sysroot, .credentials = credentials};
    sy_error reason = SY_ERROR_INIT;
    sy_status status = sy_meters_ask(target, places->sysroot, list, &reason);
    if (status == SY_REFUSED || status == SY_OUT_OF_MEMORY)
        return sy_error_set(err, status, "%s", sy_error_text(&reason, status));
    if (status != SY_OK)
        snprintf(kit->why, sizeof kit->why, "%s", sy_error_text(&reason, status));
    status = sy_energy_find_unasked(&where, SY_ENERGY_OF_MACHINE, list, err);
    for (size_t i = 0; status == SY_OK && i < wish->spec_count; i++)
        status = sy_energy_find_named(&where, wish->spec[i], list, err);
    return status;
}

static void learn_nothing(sy_energy_kit *kit) {
    if (kit->meters.count > SY_ENERGY_METERS_MAX)
        kit->meters.count = SY_ENERGY_METERS_MAX;
    for (size_t i = 0; i < kit->meters.count; i++) {
        kit->watt[i] = NAN;
        kit->has_energy = kit->has_energy || sy_energy_is_energy(kit->meters.found[i].facts.kind);
    }
}

sy_status sy_energy_kit_open(const sy_target_places *places, sy_target *target, const sy_energy_wish *wish,
    sy_energy_kit *out_kit, sy_error *err) {
    sy_energy_list found = {0};
    *out_kit = (sy_energy_kit){0};
    if (wish->is_off || target->status != SY_OK || target->worker == NULL)
        return SY_OK;
    sy_energy_subject subject = {.is_simulated = target->simulated,
        .is_host_processor = (target->info.flags & SY_DEVICE_HOST_PROCESSOR) != 0};
    char why[SY_ENERGY_WHY_MAX] = "";
    sy_status status = find_all(places, target, wish, &found, out_kit, err);
    if (status == SY_OK)
        status = sy_energy_choose(&found, wish, &subject, &out_kit->meters, why, err);
    size_t used = strlen(out_kit->why); /* what the worker could not tell comes first */
    if (status == SY_OK && why[0] != '\0')
        snprintf(out_kit->why + used, sizeof out_kit->why - used, "%s%s", used > 0 ? "; " : "", why);
    learn_nothing(out_kit);
    sy_energy_list_release(&found);
    return status;
}

void sy_energy_kit_release(sy_energy_kit *kit) {
    sy_energy_list_release(&kit->meters);
    *kit = (sy_energy_kit){0};
}

sy_energy_call sy_energy_kit_call(sy_energy_kit *kit, const sy_target_places *places, sy_target *target) {
    return (sy_energy_call){.places = places,
        .target = target,
        .meters = &kit->meters,
        .phase_seed = sy_random_mix(places->config->seed + 0x5eed + kit->calls++)};
}

uint64_t sy_energy_kit_period_ns(const sy_energy_kit *kit, size_t index) {
    return kit->period_ns[index] > 0 ? kit->period_ns[index]
                                     : kit->meters.found[index].facts.update_period_ns;
}

uint64_t sy_energy_kit_idle_ns(const sy_energy_kit *kit) {
    uint64_t idle_ns = LEAST_IDLE_NS;
    for (size_t i = 0; i < kit->meters.count; i++) {
        uint64_t wanted_ns = IDLE_UPDATES * sy_energy_kit_period_ns(kit, i);
        if (sy_energy_is_energy(kit->meters.found[i].facts.kind) && wanted_ns > idle_ns)
            idle_ns = wanted_ns;
    }
    return idle_ns < MOST_IDLE_NS ? idle_ns : MOST_IDLE_NS;
}

/* What a sensor still averages over of the load before, and a moment for clocks and fans. */
static uint64_t settle_ns(const sy_energy_kit *kit) {
    uint64_t longest_ns = 500000000;
    for (size_t i = 0; i < kit->meters.count; i++)
        if (kit->meters.found[i].facts.window_ns + 500000000 > longest_ns)
            longest_ns = kit->meters.found[i].facts.window_ns + 500000000;
    return longest_ns < MOST_IDLE_NS ? longest_ns : MOST_IDLE_NS;
}

sy_status sy_energy_kit_idle(
    sy_energy_kit *kit, const sy_target_places *places, sy_target *target, sy_error *err) {
    sy_energy_told told = {0};
    sy_energy_call call = sy_energy_kit_call(kit, places, target);
    sy_status status = sy_energy_ask_idle(&call, settle_ns(kit), sy_energy_kit_idle_ns(kit), &told, err);
    for (size_t i = 0; status == SY_OK && i < kit->meters.count; i++) {
        sy_energy_integrate(&kit->meters.found[i].facts, &told.trace[i], &told.window, 0.0, &kit->idle[i]);
        kit->idle_s = (double)(told.window.end_ns - told.window.begin_ns) * 1e-9;
    }
    kit->has_idle = kit->has_idle || status == SY_OK;
    sy_energy_told_release(&told);
    return status;
}
