/* A table of sources that read nothing: names, and meters that a test puts in. */
#ifndef STEELYARD_TESTS_ENERGY_MADE_UP_H
#define STEELYARD_TESTS_ENERGY_MADE_UP_H

#include "bench/energy/source.h"

/**
 * What the sources find, by their names, which meters' names begin with: device, powercap, hwmon (looked for
 * unasked), shelly, csv, ipmi (have to be named; ipmi's form needs no more). A source finds all of its own;
 * `asked` notes what it was asked for, one a line ("shelly:192.0.2.7", "powercap"). Status other than SY_OK:
 * finding fails.
 */
typedef struct made_up_meters {
    sy_energy_found found[32];
    size_t count;
    char asked[512];
    sy_status status;
} made_up_meters;

extern made_up_meters made_up;

/** Forget everything. */
void made_up_clear(void);

/** Add a usable meter, its spec the source's name, and hand it out to be changed. */
sy_energy_found *made_up_add(const char *name, uint32_t kind, uint32_t scope);

#endif
