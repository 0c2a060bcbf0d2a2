/* Stacks that C cannot reach, as a backend without devices. */
#ifndef BACKENDS_OTHERS_OTHERS_H
#define BACKENDS_OTHERS_OTHERS_H

#include "runtime/card/card.h"

/**
 * Its open() fails with SY_UNAVAILABLE if one of these stacks is in the machine (sysfs and device nodes below
 * the host's option "sysroot"); the text names each with what is missing. Else there are 0 devices.
 */
extern const sy_card_model others_model;

#endif
