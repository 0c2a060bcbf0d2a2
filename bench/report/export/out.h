/* Where an export goes: text that is gathered and written on in pieces, to a file that is whole or not there.
 */
#ifndef STEELYARD_BENCH_REPORT_EXPORT_OUT_H
#define STEELYARD_BENCH_REPORT_EXPORT_OUT_H

#include "runtime/base/text.h"
#include "steelyard/status.h"

/**
 * An output. Append to `text`, then sy_out_flush() now and then.
 *
 * path         as given, borrowed. temporary: the file beside it that is written to; NULL: written directly.
 * is_borrowed  standard output.
 */
typedef struct sy_out {
    sy_text text;
    const char *path;
    char *temporary;
    int fd;
    bool is_borrowed;
} sy_out;

/**
 * Open "-" (standard output), something that is no regular file (a pipe, a terminal: written to directly), or
 * a file: a new one beside it, which takes its place in sy_out_finish(), so that whoever reads the file (a
 * collector of metrics) never sees half of it. Its name ends in ".part", not in what `path` ends in.
 *
 * Errors   SY_IO, SY_OUT_OF_MEMORY; *out_out is closed then.
 */
sy_status sy_out_open(const char *path, sy_out *out_out, sy_error *err);

/** Open for appending to a file that others append to as well; made if it is not there. Errors as above. */
sy_status sy_out_open_append(const char *path, sy_out *out_out, sy_error *err);

/** Write out what was gathered once it is 64 KiB, or any of it if `is_forced`. SY_IO, SY_OUT_OF_MEMORY. */
sy_status sy_out_flush(sy_out *out, bool is_forced, sy_error *err);

/** Write everything, bring it to the disk and into place. Errors: SY_IO, SY_OUT_OF_MEMORY; what was at `path`
 * before is then still there. */
sy_status sy_out_finish(sy_out *out, sy_error *err);

/** Close and free; what was not finished is removed. A zeroed output with fd -1 is fine. */
void sy_out_close(sy_out *out);

#endif
