/* Two meters that should say the same. Pure. */
#ifndef STEELYARD_ENERGY_CROSS_H
#define STEELYARD_ENERGY_CROSS_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/energy/integrate.h"

/**
 * Whether two meters of one scope agree about one window: by three times their random and systematic
 * uncertainties together; a gain that is not known is taken as 10 % for this judgement alone. Meters of
 * different scopes, or with nothing to say, are not compared: true.
 *
 * out_text  (may be NULL) "" or the disagreement: "device:energy 152.3 J, device:power 201.9 J".
 */
bool sy_energy_cross(const sy_energy_facts *a, const sy_energy_result *result_a, const sy_energy_facts *b,
    const sy_energy_result *result_b, char *out_text, size_t capacity);

#endif
