/* The meters that a device has itself: asked of a worker that has it open. */
#ifndef STEELYARD_RUN_METERS_H
#define STEELYARD_RUN_METERS_H

#include "bench/energy/source.h"
#include "bench/run/target.h"

/**
 * Ask the worker of a connected target. Appends to `list`.
 * sysroot  as sy_energy_places. Errors as sy_worker_call().
 */
sy_status sy_meters_ask(sy_target *target, const char *sysroot, sy_energy_list *list, sy_error *err);

/**
 * The meters of a device that nobody has open: it is opened in a worker for as long as this takes.
 *
 * Errors  SY_REFUSED: another program uses it, and is not disturbed, or interrupted; else as
 * sy_target_connect() and sy_worker_call().
 */
sy_status sy_meters_look(
    const sy_target_places *places, const sy_target *target, sy_energy_list *list, sy_error *err);

#endif
