/* The search for the fastest candidate of one problem on one device, by the same visits as any row. */
#ifndef STEELYARD_VERBS_TUNE_SEARCH_H
#define STEELYARD_VERBS_TUNE_SEARCH_H

#include "bench/run/visit.h"

/** Most candidates of a problem. */
#define SY_TUNE_CANDIDATES_MAX 64u

/** Names that may be chosen for a problem, the cost model's choice first. */
typedef struct sy_tune_field {
    size_t count;
    char name[SY_TUNE_CANDIDATES_MAX][64];
} sy_tune_field;

/**
 * What a search came to.
 *
 * winner   name; the cost model's choice where nothing was better by more than the noise.
 * gain     speed over that of the cost model's choice; 1 where that has won.
 * tried    candidates that were visited. failed: of these, those with a wrong result, an error or a timeout.
 * failure  the first one that dropped out, also because it does not fit memory: "NAME: reason"; "" if none
 * did.
 */
typedef struct sy_tune_result {
    char winner[64];
    double gain;
    size_t tried, failed;
    char failure[320];
} sy_tune_result;

/**
 * Ask a device's worker which candidates there are for the problem of a row.
 * Errors  SY_UNSUPPORTED: none; SY_REFUSED: interrupted; else the worker's.
 */
sy_status sy_tune_ask(sy_target *target, const sy_work_row *work, sy_tune_field *out_field, sy_error *err);

/**
 * Search: short visits to all candidates in turn, of which the faster half goes on until two are left; these
 * and the cost model's choice are then compared in rounds. Outputs are checked in each candidate's first
 * visit, and again in its first of the comparison; who fails is out.
 *
 * time_ns  of all sampling together.
 * Errors   SY_UNSUPPORTED: the cost model's own choice failed, so there is nothing to compare with;
 * SY_REFUSED: interrupted; SY_UNAVAILABLE: the device is gone; SY_OUT_OF_MEMORY. *out_result holds what was
 * seen.
 */
sy_status sy_tune_search(const sy_visit_shared *shared, sy_target *target, const sy_work_row *work,
    const sy_tune_field *field, uint64_t time_ns, sy_tune_result *out_result, sy_error *err);

#endif
