/* A file that only grows by whole lines: opened once, locked, synced, and cut back after a failed write. */
#ifndef STEELYARD_BENCH_RECORD_FILE_H
#define STEELYARD_BENCH_RECORD_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "steelyard/status.h"

/**
 * An open file. is_plain: a regular file, so locked, synced and cut back; pipes, terminals and devices are
 * only written to. is_torn: a failed write could not be taken back; nothing more is written.
 */
typedef struct sy_line_file {
    int fd;
    bool is_plain, is_new, is_torn, is_borrowed;
    uint64_t bytes;
    const char *path; /* borrowed */
} sy_line_file;

/**
 * Open for appending and lock. `path` "-" is standard output; it must outlive the file.
 *
 * must_exist   false: created if missing, refused if it has something in it; true: must be there, a regular
 *              file.
 * Errors       SY_REFUSED: locked by another program; SY_INVALID_ARGUMENT: exists, or does not; SY_IO.
 */
sy_status sy_line_file_open(const char *path, bool must_exist, sy_line_file *out_file, sy_error *err);

/** Cut it to `bytes`. SY_IO. */
sy_status sy_line_file_cut(sy_line_file *file, uint64_t bytes, sy_error *err);

/** Append and, if `sync`, bring to the disk. SY_IO: taken back, the file is as it was. */
sy_status sy_line_file_append(sy_line_file *file, const char *text, size_t bytes, bool sync, sy_error *err);

/** Close; a file that this program made and never wrote to is removed. */
void sy_line_file_close(sy_line_file *file);

#endif
