/* Stub plugins laid out in a temporary folder with the owner and mode that a case wants. */
#ifndef STEELYARD_TESTS_REGISTRY_PLACE_H
#define STEELYARD_TESTS_REGISTRY_PLACE_H

#include <limits.h>
#include <sys/types.h>

/** A temporary folder (mode 0755); `path` is canonical. */
typedef struct temp_place {
    char path[PATH_MAX / 4];
} temp_place;

/** Make one below /tmp. Fails the test if that cannot be done. */
void place_create(temp_place *place);

/** Remove it with all it holds. */
void place_destroy(temp_place *place);

/** Copy stub `name` to "<folder>/<target>" with this mode; returns its path (the caller's buffer). */
const char *place_stub(
    const temp_place *place, const char *name, const char *target, mode_t mode, char path[PATH_MAX]);

/** Path of "<folder>/<name>". */
const char *place_path(const temp_place *place, const char *name, char path[PATH_MAX]);

/** Write a file of these bytes with this mode. */
void place_file(const temp_place *place, const char *name, const void *bytes, size_t count, mode_t mode);

#endif
