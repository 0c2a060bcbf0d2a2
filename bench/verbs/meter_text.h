/* One meter in one line. */
#ifndef STEELYARD_VERBS_METER_TEXT_H
#define STEELYARD_VERBS_METER_TEXT_H

#include "bench/energy/source.h"

#define SY_METER_TEXT_MAX 1024u

/** "ready", "unavailable", "not permitted" (refused); else the status' name. Static. */
const char *sy_meter_state(sy_status state);

/**
 * The line: "NAME: counter, package, every 1 ms, gain to 5 %", with `has_detail` "; DETAIL" after it, for one
 * that cannot be read its state, reason and fix. Fit for a terminal, whatever names the system has.
 */
void sy_meter_describe(const sy_energy_found *found, bool has_detail, char out_text[SY_METER_TEXT_MAX]);

#endif
