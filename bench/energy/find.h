/* Asking the sources of the table what there is. */
#ifndef STEELYARD_ENERGY_FIND_H
#define STEELYARD_ENERGY_FIND_H

#include "bench/energy/source.h"

/** Whose meters: those of places->device, and those of the machine. Bits. */
enum { SY_ENERGY_OF_DEVICE = 1, SY_ENERGY_OF_MACHINE = 2 };

/** Whether a meter belongs to the opened device: it is of the source "device". */
bool sy_energy_is_of_device(const sy_energy_found *found);

/** Ask every source that need not be named. A meter whose name is in the list already is left out. Errors as
 * sy_energy_source.find. */
sy_status sy_energy_find_unasked(
    const sy_energy_places *places, uint32_t whose, sy_energy_list *list, sy_error *err);

/** Ask the source that `spec` names ("powercap", "shelly:192.0.2.7"). Otherwise as above;
 * SY_INVALID_ARGUMENT: of no source. */
sy_status sy_energy_find_named(
    const sy_energy_places *places, const char *spec, sy_energy_list *list, sy_error *err);

#endif
