/* The data of github-action-benchmark read back: what its page keeps of every run of a job. */
#ifndef STEELYARD_BENCH_REPORT_EXPORT_GITHUB_READ_H
#define STEELYARD_BENCH_REPORT_EXPORT_GITHUB_READ_H

#include "bench/record/row.h"

/**
 * One value. Texts are borrowed for the time of the visit and hostile; not known is NULL or NaN.
 *
 * suite     the heading it stands under. tool: "customSmallerIsBetter". commit: its id.
 * date_ms   of the run, ms since 1970 UTC.
 * half      half of the interval's width that `range` gives, in `unit`.
 */
typedef struct sy_github_point {
    const char *suite, *tool, *commit, *name, *unit;
    double date_ms, value, half;
} sy_github_point;

/** Gets each value, in the file's order. An error ends the reading. */
typedef sy_status sy_github_visit(void *ctx, const sy_github_point *point, sy_error *err);

/** Whether a file's name says that it is such data: it ends in ".js", ".smaller.json" or ".bigger.json". */
bool sy_github_is_named(const char *path);

/**
 * Read data.js (`window.BENCHMARK_DATA = {...}`), the same as plain JSON, or the list that one run hands to
 * the action. Values may be numbers or texts of such, as the action itself writes both; one that is neither
 * is left out.
 *
 * Errors   SY_INVALID_ARGUMENT: not of that form; SY_OVERFLOW: beyond 64 MiB; SY_IO; SY_OUT_OF_MEMORY; those
 * of `visit`.
 */
sy_status sy_github_read(const char *path, sy_github_visit *visit, void *ctx, sy_error *err);

/** A row made of a value, with the texts it points to. */
typedef struct sy_github_row {
    sy_row row;
    char id[SY_ROW_ID_MAX], key_hash[SY_ROW_ID_MAX], subject_hash[SY_ROW_ID_MAX];
    char run_id[64], problem[512], device[256];
} sy_github_row;

/**
 * A value as a row that can be listed, compared and followed over time beside others of this kind: its
 * problem is the name up to the device (names of ours end in " on DEVICE: WHAT"), its run is commit and date.
 * Times ("ns", "us", "ms", "s", also "ns/op") become a median with its interval; "FLOP/s", "OP/s" and
 * "byte/s" rates, without a time. Not a row: any other unit, and a value that is not above 0.
 */
bool sy_github_row_of(const sy_github_point *point, sy_github_row *out_row);

#endif
