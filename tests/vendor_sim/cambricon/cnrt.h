/* What the files of the simulated libcnrt.so share. */
#ifndef TESTS_VENDOR_SIM_CAMBRICON_CNRT_H
#define TESTS_VENDOR_SIM_CAMBRICON_CNRT_H

#include "tests/vendor_sim/cambricon/cnrt_api.h"

/** Begin an exported function that needs the current device: 0, or what it has to return: no device, a
 * scripted fault, or the trap that the device is in. cnrt_leave() must follow. */
cnrtRet_t cnrt_enter(const char *function);
/** The same for questions and for letting go: a trap does not matter, a device need not be there. */
cnrtRet_t cnrt_enter_apart(const char *function);
/** End it: the code, which becomes the thread's last error if it is one. */
cnrtRet_t cnrt_leave(cnrtRet_t code);

/** A device's work ended with that code: a trap stays until the device is reset (`sticky=0`: it does not).
 * Returns the code. */
cnrtRet_t cnrt_after(int device, cnrtRet_t code);

#endif
