/* The one further measurement that a gate may ask for: which rows, how often, and whether what came of it
 * counts. Pure: who measures is the caller. */
#ifndef STEELYARD_BENCH_COMPARE_EXTENSION_H
#define STEELYARD_BENCH_COMPARE_EXTENSION_H

#include "bench/compare/gate.h"

/** Blocks BASE NEW NEW BASE of an extension: fixed before anything is seen, so that nobody measures until he
 * likes it. Each row gets twice as many runs of one round a side. */
#define SY_EXTENSION_BLOCKS 3u

/**
 * A line to be measured again.
 *
 * base, other  copies of what stands for it on both sides: the intake may grow meanwhile.
 * before       SY_GATED_* of each quantity before the extension; -1: it was not gated.
 * batch        place in sy_extension.batch; SIZE_MAX: it is not measured.
 * reason       why it is not measured, or why what was measured does not count; NULL: it counts.
 */
typedef struct sy_extension_row {
    size_t line;
    sy_entry base, other;
    int before[SY_QUANTITY_COUNT];
    size_t batch;
    const char *reason;
} sy_extension_row;

/** What one call of a program measures it with, as its options take it; NULL: the default. */
typedef struct sy_extension_ask {
    const char *device, *algorithm, *data, *cache, *launch, *threads, *seed, *isolation;
    bool is_tuned;
} sy_extension_ask;

/** Rows that are asked for in the same way, of BASE (0) and of NEW (1). rows: how many. */
typedef struct sy_extension_batch {
    sy_extension_ask side[2];
    size_t rows;
} sy_extension_batch;

/** An extension; measured: rows that have a batch; counted: those that count, after sy_extension_settle(). */
typedef struct sy_extension {
    sy_extension_row *row;
    size_t rows;
    sy_extension_batch *batch;
    size_t batches, measured, counted;
} sy_extension;

/**
 * Plan it: every line that regressed or is undecided in time, throughput or energy. Of column 1 alone.
 *
 * devices  that may be opened though their names tell of a file ("cuda@/abs/plugin.so:0"): a record's word
 * for that is not enough. Everything else from a record must look like what it is, or the row is not
 * measured. Owns     everything lives in `arena` and borrows the comparison and its intake. Errors
 * SY_OUT_OF_MEMORY.
 */
sy_status sy_extension_plan(const sy_comparison *comparison, const sy_gate *gate, const sy_intake *intake,
    const char *const *devices, size_t n_devices, sy_arena *arena, sy_extension *out_extension,
    sy_error *err);

/**
 * Decide what counts: a row whose every run gave a time on both sides, on the same subject and card as
 * before, in runs that tell nothing else about the machine and the build than the record did (but --rounds
 * and --threads: a number that was `auto`).
 *
 * before, after  intakes of the records that were compared and of the extension alone; sides 0 and 1.
 * Errors   SY_OUT_OF_MEMORY.
 */
sy_status sy_extension_settle(
    sy_extension *extension, const sy_intake *before, const sy_intake *after, sy_arena *arena, sy_error *err);

/** Whether a row of the extension's records, measured for `side`, is one that counts. */
bool sy_extension_takes(const sy_extension *extension, uint32_t side, const sy_row *row);

#endif
