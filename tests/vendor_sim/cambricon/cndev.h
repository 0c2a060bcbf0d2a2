/* What the files of the simulated libcndev.so share. */
#ifndef TESTS_VENDOR_SIM_CAMBRICON_CNDEV_H
#define TESTS_VENDOR_SIM_CAMBRICON_CNDEV_H

#include <stdbool.h>

#include "tests/vendor_sim/cambricon/cndev_api.h"

/** Begin an exported function that answers at `out`: 0, or what it has to return; sim_leave() must follow. A
 * device that is lost goes on to tell. */
cndevRet_t cndev_enter(const char *function, const void *out);
/** The same of a device; *out_device is its physical index. */
cndevRet_t cndev_enter_of(const char *function, const void *out, cndevDevice_t handle, int *out_device);
/** The same where the answer begins with a version that the caller wrote. */
cndevRet_t cndev_enter_versioned(
    const char *function, const void *out, cndevDevice_t handle, int *out_device);

/** Whether the library knows structs of that version (`cndev_min` to `cndev_max`). */
bool cndev_accepts(int32_t version);

#endif
