/* A temporary root with files of /sys in it, one at a time, and lists of what a source finds there. */
#ifndef STEELYARD_TESTS_ENERGY_TREE_H
#define STEELYARD_TESTS_ENERGY_TREE_H

#include <stdbool.h>

#include "bench/energy/source.h"

/* cmocka fixtures: an empty root for every test; its path, and places with it as sysroot. */
int tree_make(void **state);
int tree_remove(void **state);
const char *tree_root(void);
const sy_energy_places *tree_places(void);

/** Write a file of that text ("/sys/..." and a printf format), and the folders above it. */
__attribute__((format(printf, 2, 3))) void tree_put(const char *path, const char *format, ...);
void tree_folder(const char *path);
/** Remove a file, or a folder with all that is in it. */
void tree_drop(const char *path);
/** A link that leads nowhere. */
void tree_dangle(const char *path);
/** Take the right to read from everybody, and the powers of root from the test; skips it where that cannot be
 * done. tree_allow() brings both back. */
void tree_deny(const char *path);
void tree_allow(const char *path);

/** Find by a source; asserts that it worked. Release the list. */
sy_energy_list tree_find(const sy_energy_source *source, const char *spec);
/** The row of that name; fails if there is none. */
const sy_energy_found *tree_row(const sy_energy_list *list, const char *name);
/** Open by name, as found a moment ago. Asserts that it worked. */
sy_energy_meter *tree_open(const sy_energy_source *source, const char *name);
/** Read; asserts that it worked. */
double tree_read(sy_energy_meter *meter);
/** Read; asserts the status and that the text holds `words`. */
void tree_read_fails(sy_energy_meter *meter, sy_status status, const char *words);
/** Open and find with every allocation and file call failing once: nothing may leak or crash. */
void tree_survives_faults(const sy_energy_source *source, const char *name);

#endif
