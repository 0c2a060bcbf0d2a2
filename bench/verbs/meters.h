/* The meters of energy of a machine and its devices, as `devices` lists them. */
#ifndef STEELYARD_VERBS_METERS_H
#define STEELYARD_VERBS_METERS_H

#include <jansson.h>

#include "bench/energy/source.h"
#include "bench/run/target.h"

/** A device's own meters; why they could not be asked for, else "". */
typedef struct sy_device_meters {
    sy_energy_list list;
    char reason[256];
} sy_device_meters;

/** What was found. Zero-initialise; sy_meters_release(). device: one each target. has_detail: lines tell
 * where a meter is (-v). */
typedef struct sy_meters {
    sy_energy_list machine;
    char machine_reason[256];
    sy_device_meters *device;
    size_t count;
    bool has_detail;
} sy_meters;

/**
 * Ask the machine's sources that need not be named, and every usable target, each opened in a worker for that
 * long. What fails is told in a reason. Errors: SY_OUT_OF_MEMORY.
 */
sy_status sy_meters_gather(
    const sy_target_places *places, const sy_targets *targets, sy_meters *out_meters, sy_error *err);

/** Free; zeroes. */
void sy_meters_release(sy_meters *meters);

/**
 * The meters of target `index` as a JSON array: its own, and for the first device that is the host's
 * processor the machine's too. Fields as sy_energy_to_wire(), but kind, scope and state as words, what is not
 * known as null.
 */
json_t *sy_meters_json(const sy_meters *meters, const sy_targets *targets, size_t index);

/** Print lines about the meters of target `index`, indented as the other lines about it. */
void sy_meters_print_device(const sy_meters *meters, size_t index);

/** Print the block about the machine, with what can be named. */
void sy_meters_print_machine(const sy_meters *meters);

#endif
