/* Meters that were found, as JSON between parent and worker. */
#ifndef STEELYARD_WORKER_ENERGY_WIRE_H
#define STEELYARD_WORKER_ENERGY_WIRE_H

#include <jansson.h>

#include "bench/energy/source.h"

/** A meter as an object with the names of the structs' fields; numbers that are not known are null. NULL
 * without memory. */
json_t *sy_energy_to_wire(const sy_energy_found *found);

/** Back. Strings are cut to the struct's room; what is absent or of another type is unknown, "", 0 or false;
 * a state that does not exist is SY_INTERNAL. */
void sy_energy_from_wire(const json_t *object, sy_energy_found *out_found);

/** A list as an array. NULL without memory. */
json_t *sy_energy_list_to_wire(const sy_energy_list *list);

/** Append an array's meters; elements that are no objects, and what is no array, are passed over.
 * SY_OUT_OF_MEMORY leaves what was appended so far. */
sy_status sy_energy_list_from_wire(const json_t *array, sy_energy_list *list, sy_error *err);

#endif
