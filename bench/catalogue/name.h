/* Names compared whole: case of ASCII letters and the width of blanks do not count. */
#ifndef STEELYARD_BENCH_CATALOGUE_NAME_H
#define STEELYARD_BENCH_CATALOGUE_NAME_H

#include <stdbool.h>
#include <stddef.h>

/** Longest name that is compared, with its NUL; a longer one equals none. */
#define SY_NAME_MAX 160u

/** Lower case, blanks at the ends gone, others single. False, and "", if it does not fit. */
bool sy_name_normalise(const char *name, char out_name[SY_NAME_MAX]);

/** Whether two names are the same; NULL is none. */
bool sy_name_is_same(const char *a, const char *b);

/** Whether `part` is in `name`. */
bool sy_name_has(const char *name, const char *part);

#endif
