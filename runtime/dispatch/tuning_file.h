/*
 * The tuning cache on disk: one small file below the user's cache folder. Reading it never fails: one that is
 * damaged, foreign or unreadable is as none, with one line in the log. Writing merges with what is there,
 * under a lock, into a new file that replaces the old one at once: whoever reads sees the one or the other,
 * and whatever goes wrong leaves the old one as it was.
 */
#ifndef STEELYARD_DISPATCH_TUNING_FILE_H
#define STEELYARD_DISPATCH_TUNING_FILE_H

#include "runtime/base/log.h"
#include "runtime/dispatch/tuning.h"

#define SY_TUNING_FOLDER_MAX 3072u

/** Value of an environment variable, NULL if it is not set. */
typedef const char *sy_tuning_variable(void *ctx, const char *name);

/**
 * Folder of the cache: $XDG_CACHE_HOME/steelyard, or $HOME/.cache/steelyard; relative folders do not count.
 * "" and false if there is none. Source  XDG Base Directory Specification 0.8.
 */
bool sy_tuning_folder(sy_tuning_variable *variable, void *ctx, char out_folder[SY_TUNING_FOLDER_MAX]);

/**
 * Read the cache in `folder` ("": none). Taken is only a regular file that belongs to the effective user and
 * that nobody else may write, in a folder of which the same is true, and that is whole (sy_tuning_parse()).
 * Anything else leaves *out_tuning empty, with one warning to `logger` (NULL: none) unless there just is no
 * file.
 */
void sy_tuning_load(const char *folder, const sy_logger *logger, sy_tuning *out_tuning);

/**
 * Put findings into the cache; folder and file are made if need be. A damaged file is replaced, with a line
 * in the log; two programs at once wait for each other, and the later one keeps what the first has written.
 * Errors  SY_IO: the file system says no; SY_REFUSED: a foreign folder or file is in the way; SY_TIMEOUT:
 *         another program holds the lock for long; SY_UNAVAILABLE: `folder` is "";
 *         SY_INVALID_ARGUMENT, SY_OVERFLOW, SY_OUT_OF_MEMORY: see sy_tuning_put(). The cache is unchanged
 * then.
 */
sy_status sy_tuning_store(
    const char *folder, const sy_tuning_entry *entries, size_t count, const sy_logger *logger, sy_error *err);

/** Forget everything. Errors as sy_tuning_store(); no cache at all is fine. */
sy_status sy_tuning_clear(const char *folder, sy_error *err);

#endif
