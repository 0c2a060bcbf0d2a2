/* Times of a log, in text, to ns since 1970 UTC. Pure. */
#ifndef STEELYARD_ENERGY_UTC_H
#define STEELYARD_ENERGY_UTC_H

#include <stdint.h>

#include "steelyard/status.h"

/**
 * "1795694400.25" in units of unit_ns (1000000000: seconds), or ISO 8601 with a zone:
 * "2026-11-26T12:00:00.250Z", "2026-11-26 13:00:00+01:00". Digits beyond ns are cut. A leap second counts as
 * the second after it.
 *
 * Errors  SY_INVALID_ARGUMENT: not of that form, no zone (local time says nothing about UTC), before 1970 or
 *         after 2200.
 */
sy_status sy_energy_utc_parse(const char *text, uint64_t unit_ns, uint64_t *out_ns, sy_error *err);

#endif
