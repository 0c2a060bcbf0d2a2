/*
 * Small files and folders under /sys and /proc, below a root that the caller names (a recorded tree in
 * tests). Contents are taken as hostile: bounded, cut at the first NUL.
 */
#ifndef STEELYARD_BASE_SYSFS_H
#define STEELYARD_BASE_SYSFS_H

#include <stddef.h>
#include <stdint.h>

#include "steelyard/status.h"

/**
 * Text of file `path` ("/sys/class/...") below `root` (NULL or "": the real one), trailing white space
 * removed, always NUL-terminated.
 *
 * Errors  SY_UNAVAILABLE: not there, or no permission (the text says which). SY_OVERFLOW: longer than
 *         capacity - 1; the part that fits is kept. SY_IO. Otherwise "" on error.
 */
sy_status sy_sysfs_text(const char *root, const char *path, char *out_text, size_t capacity, sy_error *err);

/** A file with one decimal number. SY_INVALID_ARGUMENT if it holds something else; *out_value 0 on error. */
sy_status sy_sysfs_i64(const char *root, const char *path, int64_t *out_value, sy_error *err);

/** Names in a folder, sorted by bytes; release with sy_sysfs_release(). */
typedef struct sy_sysfs_names {
    char **name;
    size_t count;
} sy_sysfs_names;

/** Most names that a listing holds; a larger folder is SY_OVERFLOW. */
#define SY_SYSFS_NAMES_MAX 4096u

/**
 * Entries of folder `path` below `root`, without those that begin with a dot.
 * Errors: SY_UNAVAILABLE: no such folder or no permission; SY_OVERFLOW; SY_OUT_OF_MEMORY. Empty on error.
 */
sy_status sy_sysfs_list(const char *root, const char *path, sy_sysfs_names *out_names, sy_error *err);

/** Free a listing; it is empty afterwards. */
void sy_sysfs_release(sy_sysfs_names *names);

#endif
