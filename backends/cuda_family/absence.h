/* Why a runtime that is there has no devices, and what helps. */
#ifndef BACKENDS_CUDA_FAMILY_ABSENCE_H
#define BACKENDS_CUDA_FAMILY_ABSENCE_H

#include "runtime/card/card.h"

/**
 * Text and status for a runtime that counted no devices: `code` as it said, 0 if it just has none. Names the
 * variable that hides them, the device node that is missing or closed, or what lets them into a container.
 */
sy_status cf_no_devices(const sy_backend *backend, int code, sy_error *err);

#endif
