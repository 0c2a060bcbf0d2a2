/* Blocks to lines. */
#include "bench/energy/lines.h"

#include <string.h>
#include <unistd.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Read more behind what is there. SY_UNAVAILABLE at the end of the file. */
static sy_status fill(sy_energy_lines *lines, sy_error *err) {
    memmove(lines->block, lines->block + lines->begin, lines->end - lines->begin);
    lines->end -= lines->begin;
    lines->begin = 0;
    ssize_t got = sy_file_read(lines->fd, lines->block + lines->end, sizeof lines->block - lines->end);
    if (got < 0)
        return sy_error_io(err, "%s", lines->path);
    lines->end += (size_t)got;
    return got > 0 ? SY_OK : sy_error_set(err, SY_UNAVAILABLE, "%s: no further line", lines->path);
}

static void pass(sy_energy_lines *lines, size_t bytes) {
    lines->begin += bytes;
    lines->next.bytes += bytes;
}

sy_status sy_energy_lines_next(sy_energy_lines *lines, char **out_line, sy_error *err) {
    for (;;) {
        char *line = lines->block + lines->begin;
        size_t there = lines->end - lines->begin;
        char *end = there > 0 ? memchr(line, '\n', there) : NULL;
        size_t length = end != NULL ? (size_t)(end - line) : there;
        bool is_long = lines->is_skipping || length >= SY_ENERGY_LINE_MAX;
        if (end != NULL) {
            pass(lines, length + 1);
            lines->next.lines++;
            lines->is_skipping = false;
            *end = '\0';
            *out_line = line;
            if (is_long)
                return sy_error_set(err, SY_OVERFLOW, "longer than %d bytes", SY_ENERGY_LINE_MAX - 1);
            return SY_OK;
        }
        if (is_long)
            pass(lines, length);
        lines->is_skipping = is_long;
        sy_status status = fill(lines, err);
        if (status != SY_OK)
            return status;
    }
}

sy_status sy_energy_lines_seek(sy_energy_lines *lines, sy_energy_line_place place, sy_error *err) {
    if (lseek(lines->fd, (off_t)place.bytes, SEEK_SET) < 0)
        return sy_error_io(err, "%s", lines->path);
    lines->next = place;
    lines->begin = lines->end = 0;
    lines->is_skipping = false;
    return SY_OK;
}
