/* Which targets are one piece of silicon, driven by several backends; and which of them `all` takes. */
#ifndef STEELYARD_RUN_SILICON_H
#define STEELYARD_RUN_SILICON_H

#include "bench/run/target.h"

/** Whether two targets are the same device of the same backend, whatever their parameters. Simulated devices
 * are as many as are asked for: those are the same that are written alike. */
bool sy_silicon_is_one_device(const sy_target *a, const sy_target *b);

/**
 * Whether two targets are the same piece of silicon: one device; or both the host's processor, of which there
 * is one whatever drives it; or alike in UUID or PCI address. Simulated ones are only if they are one device.
 */
bool sy_silicon_is_same(const sy_target *a, const sy_target *b);

#define SY_SILICON_IDENTITY_MAX 700u

/** What a lock is named after: the same text for the same silicon, as far as backends tell what it is. */
void sy_silicon_identity(const sy_target *target, char out_identity[SY_SILICON_IDENTITY_MAX]);

/** Devices of general interfaces (SY_DEVICE_GENERAL) behind all others; else as they were. */
void sy_silicon_sort(sy_targets *targets);

/** The first usable one of `count` targets that is the same silicon; NULL if there is none. */
const sy_target *sy_silicon_find(const sy_target *targets, size_t count, const sy_target *target);

/** Why `all` leaves out a usable device of a sorted list; false and "" if it does not. */
bool sy_silicon_left_out(const sy_targets *targets, size_t index, char *out_reason, size_t capacity);

#endif
