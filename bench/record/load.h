/* A whole record in memory: what a summary, a table or a page is made from. */
#ifndef STEELYARD_BENCH_RECORD_LOAD_H
#define STEELYARD_BENCH_RECORD_LOAD_H

#include "bench/record/reader.h"

/** A list of totals, of ceilings. */
typedef struct sy_total_list {
    const sy_total *item;
    size_t count;
} sy_total_list;
typedef struct sy_peak_list {
    const sy_peak *item;
    size_t count;
} sy_peak_list;

/**
 * What is in a file. Zero-initialise; everything belongs to it.
 *
 * rows         each run's row once: of lines with one id the later one, in the order of the first.
 * environment  of the last environment line; all absent if there is none. environments: how many lines.
 * run_id       of the last environment line; NULL if there is none.
 * ending       of the last end line; has_ending.
 * torn_byte    bytes of a torn last line that was left out.
 */
typedef struct sy_loaded {
    sy_row_list rows;
    sy_total_list totals;
    sy_peak_list peaks;
    sy_environment environment;
    const char *run_id;
    sy_record_ending ending;
    bool has_ending;
    uint64_t environments, planned, torn_byte;
    sy_arena arena;
} sy_loaded;

/**
 * Read a record ("-": standard input).
 *
 * Errors   those of sy_reader_next() but the end; *out_loaded is then empty.
 */
sy_status sy_record_load(const char *path, sy_loaded *out_loaded, sy_error *err);

/** Free everything and zero it. */
void sy_loaded_release(sy_loaded *loaded);

#endif
