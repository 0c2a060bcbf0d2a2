/* Made-up records of many runs, and a history in a folder of its own, for the tests of histories. */
#ifndef STEELYARD_TESTS_UNIT_BENCH_HISTORY_PAST_H
#define STEELYARD_TESTS_UNIT_BENCH_HISTORY_PAST_H

#include <stdio.h>

#include "bench/history/history.h"

/** A test's folder and paths in it; made by past_begin(), removed with all by past_end(): cmocka's setup,
 * teardown. */
typedef struct past {
    char folder[64], database[128], record[128];
} past;

int past_begin(void **state);
int past_end(void **state);

/** What a made-up row says; zero and NULL are defaults: row of run 0, problem 0, 1000 ns, "ok". */
typedef struct past_row {
    int run, problem, seconds;
    double median_ns, joule;
    const char *id, *status, *name, *card, *host_clock, *library;
    bool is_simulated;
} past_row;

/** Id of a run: "run-0007-made-up". */
void past_run_id(int run, char out_id[32]);

/** Problem `n` as in a record. */
void past_problem(int n, char out_problem[256]);

/** Write lines of a record to a file that is open. */
void past_write_environment(FILE *file, int run, const char *host, const char *driver, const char *commit);
void past_write_row(FILE *file, const past_row *row);

/** The fields that make key and subject of a made-up row. Texts are static but the problem's. */
void past_fill_row(const past_row *from, char problem[256], sy_row *out_row);

/** Open the test's history to write; a failure fails the test. */
sy_history *past_open(const past *where);

/** Write one row to the test's record and add it. */
void past_add_row(sy_history *history, const past *where, const past_row *row);

#endif
