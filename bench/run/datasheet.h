/* The data sheet of a device: what its rows are set against, where it is known for certain which variant it
 * is. */
#ifndef STEELYARD_RUN_DATASHEET_H
#define STEELYARD_RUN_DATASHEET_H

#include "bench/catalogue/catalogue.h"
#include "bench/run/target.h"
#include "steelyard/spec.h"

/** Whether a target may have a data sheet at all: usable, real, and not the host's processor. */
bool sy_datasheet_is_looked_for(const sy_target *target);

/** Which entries a target is; none if it may have none. One is certain. */
void sy_datasheet_match(
    const sy_target *target, const sy_catalogue *catalogue, sy_catalogue_match *out_match);

/** Point every target to its entry, or to NULL. The catalogue is to live as long as the targets. */
void sy_datasheets_find(sy_targets *targets, const sy_catalogue *catalogue);

/**
 * The fraction of the published dense peak at which `flop` of a product (gemm, conv2d) in `seconds` run; NaN
 * if there is none for its types and the arithmetic delivered (SY_MATH), or `datasheet` is NULL.
 *
 * out_confidence  of the peak, a constant text; NULL with NaN.
 */
double sy_datasheet_fraction(const sy_catalogue_device *datasheet, const sy_spec *spec, uint32_t math,
    uint64_t flop, double seconds, const char **out_confidence);

#endif
