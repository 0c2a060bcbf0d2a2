/* What meters in plugs have in common: cheap, calibrated once, of no stated uncertainty. */
#ifndef STEELYARD_ENERGY_PLUG_H
#define STEELYARD_ENERGY_PLUG_H

#include "bench/energy/web.h"

/**
 * Add a row for a number, with what is known of plugs: a gain of 1 %, which is what such meters reach and
 * none of them guarantees; the row's detail says so after `kind`, which may be hostile.
 *
 * Errors  SY_INVALID_ARGUMENT: no number there; of sy_web_add().
 */
sy_status sy_plug_add(
    sy_web *web, sy_web_rows *rows, sy_web_row *row, json_t *root, const char *kind, sy_error *err);

#endif
