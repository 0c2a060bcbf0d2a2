/*
 * Small files of meters below a root, which tell apart what a meter has to tell apart: gone, not permitted,
 * no value just now. Each reading opens the file anew: a driver that went and came back is seen, and against
 * the ten readings a second that a meter allows an open costs nothing.
 */
#ifndef STEELYARD_ENERGY_FILE_H
#define STEELYARD_ENERGY_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "steelyard/status.h"

/**
 * Text of file `path` below `root` (NULL or "": the real one), white space at its end removed.
 *
 * Errors  SY_UNAVAILABLE: not there, or its device is gone. SY_REFUSED: no permission. SY_TIMEOUT, SY_IO: the
 *         driver has no value now. SY_OVERFLOW: longer than capacity - 1. "" on error.
 */
sy_status sy_energy_file_text(
    const char *root, const char *path, char *out_text, size_t capacity, sy_error *err);

/** A file with one whole number. Errors as above; SY_INVALID_ARGUMENT: something else is in it. 0 on error.
 */
sy_status sy_energy_file_i64(const char *root, const char *path, int64_t *out_value, sy_error *err);

/** As sy_energy_file_i64(), for what cannot be negative: SY_INVALID_ARGUMENT if it is. */
sy_status sy_energy_file_count(const char *root, const char *path, int64_t *out_value, sy_error *err);

#endif
