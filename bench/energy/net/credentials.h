/* Names and passwords of meters, from a file that nobody else may read. */
#ifndef STEELYARD_ENERGY_NET_CREDENTIALS_H
#define STEELYARD_ENERGY_NET_CREDENTIALS_H

#include <stdbool.h>

#include "steelyard/status.h"

/** A name and a password; all zero: none. Forget it as soon as it was handed on. */
typedef struct sy_net_secret {
    char user[128], password[256];
    bool is_set;
} sy_net_secret;

/**
 * The line of `name` ("HOST" or "HOST:PORT", letters of either case) in `file`: "HOST USER PASSWORD" a line,
 * the password up to the line's end; '#' begins a comment line. A line for HOST:PORT goes before one for HOST
 * (`host`). file NULL, or no such line: out_secret->is_set false, SY_OK.
 *
 * Errors  SY_REFUSED: others than the owner may read it (the text has the chmod that helps), or it belongs to
 *         somebody else; SY_INVALID_ARGUMENT: a line of another form, by number; SY_OVERFLOW: over 64 KiB;
 *         SY_IO. No text repeats what the file holds.
 */
sy_status sy_net_secret_find(
    const char *file, const char *host, const char *name, sy_net_secret *out_secret, sy_error *err);

/** Overwrite, so that it is gone from memory. */
void sy_net_secret_forget(sy_net_secret *secret);

#endif
