/* The rows that are to be compared, taken in one at a time as a record is read. */
#ifndef STEELYARD_BENCH_COMPARE_INTAKE_H
#define STEELYARD_BENCH_COMPARE_INTAKE_H

#include "bench/compare/entry.h"
#include "bench/environment/environment.h"
#include "bench/record/ids.h"

/**
 * A fact of a run that may explain a difference ("host", "driver", "library onednn", "clock governor").
 *
 * device   as asked for, if the fact belongs to one; NULL: to the whole machine.
 */
typedef struct sy_run_fact {
    const char *name, *value, *device;
} sy_run_fact;

/** One run of the program. side: the file (or list of files) it was handed in for, from 0. */
typedef struct sy_intake_run_facts {
    const char *run_id;
    uint32_t side;
    struct {
        const sy_run_fact *item;
        size_t count;
    } fact;
} sy_intake_run_facts;

/**
 * Rows and runs. Zero-initialise; read-only for whoever did not fill it.
 *
 * entry     each row of each run once: of several with one id the later one.
 * repeated  how many rows were there again and replaced the earlier.
 */
typedef struct sy_intake {
    sy_entry *entry;
    size_t count, capacity;
    sy_intake_run_facts *run;
    size_t runs, run_capacity;
    uint64_t repeated;
    sy_intern texts;
    sy_ids index;
} sy_intake;

/**
 * Say that the rows that follow belong to a run. Call it for every environment line; one known run_id of the
 * same side gives the same number again. environment NULL: nothing known (its facts are absent).
 *
 * run_id   NULL is a run of its own.
 * Errors   SY_OUT_OF_MEMORY.
 */
sy_status sy_intake_run(sy_intake *intake, uint32_t side, const char *run_id,
    const sy_environment *environment, uint32_t *out_run, sy_error *err);

/** Take a row in; everything is copied. Errors as sy_entry_copy(). */
sy_status sy_intake_row(sy_intake *intake, uint32_t run, const sy_row *row, sy_error *err);

/** Free everything and zero it. */
void sy_intake_release(sy_intake *intake);

#endif
