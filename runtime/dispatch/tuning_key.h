/* What a finding of tuning holds for: the device, told from others by a fingerprint, and the versions. */
#ifndef STEELYARD_DISPATCH_TUNING_KEY_H
#define STEELYARD_DISPATCH_TUNING_KEY_H

#include "runtime/dispatch/tuning.h"
#include "steelyard/backend.h"

/**
 * An opened device as its caller knows it. Borrowed.
 *
 * version   of the backend (sy_backend_api.version).
 * params    what it was opened with, as written ("peak=1T"); "" if nothing.
 */
typedef struct sy_tuning_subject {
    const char *backend, *version, *params;
    const sy_device_info *info;
} sy_tuning_subject;

/**
 * The key of a device: a hash of backend, parameters, name, vendor, driver, instruction set, physical
 * identity, units (threads of a CPU) and cache; and "<of this program>/<of the backend>" as the version. The
 * memory that happens to be free is not in it, nor are peers' libraries: whether an algorithm is there is
 * seen when it is chosen.
 */
void sy_tuning_key_make(const sy_tuning_subject *subject, sy_tuning_key *out_key);

/** The device as a finding tells it: no control characters in any text. */
void sy_tuning_describe(const sy_tuning_subject *subject, sy_tuning_device *out_device);

/** "cpu?threads=1: AMD EPYC 7763": a device in one line. */
void sy_tuning_label(const sy_tuning_device *device, char out_label[SY_TUNING_LABEL_MAX]);

#endif
