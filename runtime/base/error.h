/* Writing error texts: one line, with context added on the way up. */
#ifndef STEELYARD_BASE_ERROR_H
#define STEELYARD_BASE_ERROR_H

#include "steelyard/status.h"

/**
 * Put a formatted text into `err` (NULL: nothing) and return `status`, so that a failure is one statement:
 *     return sy_error_set(err, SY_INVALID_ARGUMENT, "gemm: m is %lld, must be at least 1", m);
 * Too long a text is cut. Control characters in it become '?': texts may carry hostile names.
 */
__attribute__((format(printf, 3, 4))) sy_status sy_error_set(
    sy_error *err, sy_status status, const char *format, ...);

/** Put "<context>: " before the text that is there; returns `status`. */
__attribute__((format(printf, 3, 4))) sy_status sy_error_prefix(
    sy_error *err, sy_status status, const char *format, ...);

/** As sy_error_set() with status SY_IO and errno's words appended after ": ". Reads errno first. */
__attribute__((format(printf, 2, 3))) sy_status sy_error_io(sy_error *err, const char *format, ...);

/** The text of `err`, or the status' name if there is none. Borrowed. */
const char *sy_error_text(const sy_error *err, sy_status status);

#endif
