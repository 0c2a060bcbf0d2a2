/* What is going on, on stderr, while it is a terminal: one line that is written over, with the time that is
 * left. */
#ifndef STEELYARD_RUN_PROGRESS_H
#define STEELYARD_RUN_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/plan/worklist.h"
#include "bench/record/row.h"

/**
 * Progress of a run; plain values, made by sy_progress_start().
 *
 * lines    final rows are also told one by one (-v), terminal or not.
 */
typedef struct sy_progress {
    bool shown, lines, line_open;
    uint64_t visits, visits_total, start_ns, last_ns;
} sy_progress;

/** Begin. `visits_total`: visits that are planned. Shown only if stderr is a terminal and `quiet` is false.
 */
void sy_progress_start(sy_progress *progress, uint64_t visits_total, bool quiet, bool lines);

/** A visit begins. */
void sy_progress_visit(sy_progress *progress, const sy_work_row *work, const char *device, uint64_t round);

/** A row is final. */
void sy_progress_row(sy_progress *progress, const sy_row *row);

/** Wipe the line. */
void sy_progress_end(sy_progress *progress);

#endif
