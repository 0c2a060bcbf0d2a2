/*
 * What a run will do, before anything is measured: every problem of the suites asked for, on every device, by
 * every algorithm, as rows with their ids. Knows no driver: what algorithms a device offers is told by the
 * caller.
 */
#ifndef STEELYARD_PLAN_WORKLIST_H
#define STEELYARD_PLAN_WORKLIST_H

#include "bench/cli/config.h"
#include "bench/record/row.h"
#include "bench/suites/suite.h"
#include "steelyard/spec.h"

/** Further places of one row in the suites: same problem under another name. */
typedef struct sy_work_origin {
    const sy_suite *suite;
    const sy_suite_item *item;
} sy_work_origin;

/**
 * One row to measure. Texts of suites are borrowed from them.
 *
 * problem   canonical string. origin: first place, `also` further ones (also_count), the worklist's memory.
 * target    index into the caller's devices. algorithm: as requested.
 * pair      of rows that are measured in turn: the number of the other one in the list, and this one's side,
 *           "a" or "b"; NULL: none. Set by sy_pair_join().
 * refused   SY_OK, or why this row cannot be measured, with `reason`: it becomes `unsupported` at once.
 */
typedef struct sy_work_row {
    sy_spec spec;
    char problem[SY_SPEC_TEXT_MAX];
    sy_work_origin origin;
    sy_work_origin *also;
    size_t also_count;
    size_t target;
    char algorithm[64];
    uint64_t process, flop, byte, working_byte;
    char id[SY_ROW_ID_MAX], key_hash[SY_ROW_ID_MAX];
    struct {
        const char *side;
        char id[SY_ROW_ID_MAX];
        size_t other;
    } pair;
    sy_status refused;
    char reason[256];
} sy_work_row;

/** The rows, in the order of suites, items, devices, algorithms, processes. */
typedef struct sy_worklist {
    sy_work_row *row;
    size_t count, capacity;
} sy_worklist;

/** A device as the worklist needs it: id as asked for, and the identity that goes into row ids. */
typedef struct sy_work_target {
    const char *id, *physical_id, *name;
} sy_work_target;

/**
 * Names of the algorithms for a problem under `--algorithm all`.
 *
 * Gets the problem and an index; writes the name of candidate `index`. SY_OK: usable; SY_UNSUPPORTED: it says
 * no, the reason in `err`; SY_UNAVAILABLE: past the end. Any other status ends the planning.
 */
typedef sy_status sy_work_candidates(
    void *ctx, size_t target, const char *problem, uint32_t index, char out_name[64], sy_error *err);

/** What to plan. `suites` must outlive the list. */
typedef struct sy_work_request {
    const sy_config *config;
    sy_suite *const *suite;
    size_t suite_count;
    const sy_work_target *target;
    size_t target_count;
    const char *settings_hash;
    sy_work_candidates *candidates;
    void *ctx;
} sy_work_request;

/**
 * Make the rows. A problem that occurs twice is one row with two origins.
 *
 * Owns    *out_list belongs to the caller: sy_worklist_release(); empty on error.
 * Errors  SY_INVALID_ARGUMENT, SY_OVERFLOW, SY_UNSUPPORTED: a problem is malformed, with suite and name
 * before the reason; a combination of types that --dtype made impossible becomes a refused row instead.
 */
sy_status sy_worklist_make(const sy_work_request *request, sy_worklist *out_list, sy_error *err);

/** Free and zero. */
void sy_worklist_release(sy_worklist *list);

#endif
