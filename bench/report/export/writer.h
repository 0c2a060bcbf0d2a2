/* What a format is made of, and what its writer works on. */
#ifndef STEELYARD_BENCH_REPORT_EXPORT_WRITER_H
#define STEELYARD_BENCH_REPORT_EXPORT_WRITER_H

#include "bench/record/ids.h"
#include "bench/record/row.h"
#include "bench/report/export/export.h"
#include "bench/report/export/out.h"

/** Texts that a format keeps for its end, each on its own. */
#define SY_EXPORT_PARTS 16u

/**
 * One export under way.
 *
 * out          append to out.text; it is written on between rows.
 * part         kept in memory until `end` puts them into out.text.
 * names        what sy_export_once() has seen.
 * environment  of the first run, NULL if there is none; run_id: of the row, "" if not known.
 * rows         given to the writer so far; entries: that came out of them, in formats that count those.
 * tally        rows given so far by status, [1] of simulated devices.
 * most_byte    0, or where to stop: more is said in a last line.
 * bytes        appended so far, if most_byte is set. dropped: rows left out for it.
 * failed       no memory.
 */
typedef struct sy_export {
    sy_out out;
    sy_text part[SY_EXPORT_PARTS];
    sy_ids names;
    const sy_environment *environment;
    const char *run_id;
    uint64_t rows, entries, tally[2][SY_ROW_STATUS_COUNT];
    uint64_t most_byte, bytes, dropped;
    bool failed;
} sy_export;

/** begin: before the first row, with the environment; row: each row; end: after the last. */
struct sy_export_writer {
    void (*begin)(sy_export *export);
    void (*row)(sy_export *export, const sy_row *row);
    void (*end)(sy_export *export);
};

/* The formats; one file each. */
extern const sy_export_writer sy_export_markdown, sy_export_csv, sy_export_junit, sy_export_gbench,
    sy_export_github_smaller, sy_export_github_bigger, sy_export_bmf, sy_export_gobench,
    sy_export_openmetrics;

#endif
