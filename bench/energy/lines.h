/* Lines of a file that grows, read by blocks. */
#ifndef STEELYARD_ENERGY_LINES_H
#define STEELYARD_ENERGY_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "steelyard/status.h"

enum { SY_ENERGY_LINE_MAX = 4096, SY_ENERGY_BLOCK_BYTES = 65536 };

/** A place between two lines: bytes and lines before it. Zero: the beginning. */
typedef struct sy_energy_line_place {
    uint64_t bytes, lines;
} sy_energy_line_place;

/**
 * Reader. next: the line that comes next. path and fd are the caller's. Set both, zero the rest.
 *
 * block[begin..end) was read and not given out yet; is_skipping: the rest of too long a line.
 */
typedef struct sy_energy_lines {
    const char *path;
    int fd;
    sy_energy_line_place next;
    size_t begin, end;
    bool is_skipping;
    char block[SY_ENERGY_BLOCK_BYTES];
} sy_energy_lines;

/**
 * Next line without its end, valid until the next call; only lines whose end was written count.
 *
 * Errors  SY_UNAVAILABLE: none so far. SY_OVERFLOW: longer than SY_ENERGY_LINE_MAX - 1, passed over;
 * next.lines is its number. SY_IO.
 */
sy_status sy_energy_lines_next(sy_energy_lines *lines, char **out_line, sy_error *err);

/** Go to a place that `next` was at before. SY_IO. */
sy_status sy_energy_lines_seek(sy_energy_lines *lines, sy_energy_line_place place, sy_error *err);

#endif
