/*
 * What is read beside the work of one device: its meters, what they said while it was idle, and what was
 * learned of them. One a target of a run.
 */
#ifndef STEELYARD_RUN_ENERGY_KIT_H
#define STEELYARD_RUN_ENERGY_KIT_H

#include "bench/energy/choose.h"
#include "bench/energy/integrate.h"
#include "bench/energy/net.h"
#include "bench/energy/wish.h"
#include "bench/run/energy_call.h"

/** Most meters of one device and machine; more are left out, the first ones in the sources' order stay. */
#define SY_ENERGY_METERS_MAX 24u

/**
 * The kit. Zero-initialise; sy_energy_kit_release().
 *
 * meters     those that are read, of all kinds; why: what is missing, or why there is none of energy.
 * idle       each meter's last idle, over idle_s seconds: `before` the windows that come next; has_idle:
 *            there was one.
 * watt       mean power that was seen under load; NaN: never.
 * period_ns  update period that was measured; 0: not.
 * calls      so far: no two begin at the same phase.
 */
typedef struct sy_energy_kit {
    sy_energy_list meters;
    char why[SY_ENERGY_WHY_MAX];
    bool has_energy, has_idle;
    sy_energy_result idle[SY_ENERGY_METERS_MAX];
    double idle_s, watt[SY_ENERGY_METERS_MAX];
    uint64_t period_ns[SY_ENERGY_METERS_MAX], calls;
} sy_energy_kit;

/**
 * Find what there is and choose by the wish. Nothing is found for a target that does not work.
 * Errors  SY_INVALID_ARGUMENT: a source cannot be asked as it was named; SY_OUT_OF_MEMORY; SY_REFUSED:
 *         interrupted. A worker that cannot tell of its meters is why the device has none.
 */
sy_status sy_energy_kit_open(const sy_target_places *places, sy_target *target, const sy_energy_wish *wish,
    sy_energy_kit *out_kit, sy_error *err);

/** Free; zeroes. */
void sy_energy_kit_release(sy_energy_kit *kit);

/** A call of this kit, at a phase of its own. */
sy_energy_call sy_energy_kit_call(sy_energy_kit *kit, const sy_target_places *places, sy_target *target);

/** A meter's update period: measured, else declared; 0: unknown. */
uint64_t sy_energy_kit_period_ns(const sy_energy_kit *kit, size_t index);

/** How long idling takes: enough updates of every meter. */
uint64_t sy_energy_kit_idle_ns(const sy_energy_kit *kit);

/**
 * Read the idle device into `idle`. Errors as sy_energy_ask_idle(); the kit is as it was then.
 */
sy_status sy_energy_kit_idle(
    sy_energy_kit *kit, const sy_target_places *places, sy_target *target, sy_error *err);

#endif
