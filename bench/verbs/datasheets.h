/* The catalogue for the devices of a verb. */
#ifndef STEELYARD_VERBS_DATASHEETS_H
#define STEELYARD_VERBS_DATASHEETS_H

#include "bench/run/datasheet.h"
#include "bench/verbs/program.h"

/**
 * Load the catalogue if one of the targets may be in it, and point each that is to its entry. Without the
 * file no device has a data sheet; a file that is not as it should be is a warning, and then the same.
 * `catalogue` is zero-initialised, and to live as long as the targets.
 *
 * Errors  SY_OUT_OF_MEMORY.
 */
sy_status sy_datasheets_load(
    const sy_program *program, sy_targets *targets, sy_catalogue *catalogue, sy_error *err);

#endif
