/*
 * What is known of one row while its rounds go on: its visits so far, the worst of its checks, the facts that
 * the worker told; and the step from there to a row of the record.
 */
#ifndef STEELYARD_RUN_STATE_H
#define STEELYARD_RUN_STATE_H

#include <jansson.h>

#include "bench/check/check.h"
#include "bench/plan/worklist.h"
#include "bench/record/row.h"
#include "bench/run/ceiling.h"
#include "bench/run/device_time.h"
#include "bench/run/target.h"
#include "bench/run/weighed.h"
#include "bench/stats/row.h"
#include "bench/stats/visit.h"

/** Facts of the first good visit: they do not change from round to round. But compile_ns is of the first
 * visit that compiled something, NaN if none did: what was compiled once may be kept. explored:
 * candidates that `tune` chose a tuned algorithm from, 0: not known. */
typedef struct sy_state_facts {
    char algorithm[64], implementation[64], layout_used[32], math[16], launch[16];
    uint32_t math_id, flags;
    double flop_ratio, bound_factor, plan_ns, compile_ns, prepare_ns, first_run_ns;
    uint64_t workspace_byte, prepare_byte, launches;
    uint64_t ring_sets, ring_byte, cache_byte, explored;
    bool cache_partial, cache_assumed, warm_up_flat, tuned;
} sy_state_facts;

/**
 * A row in progress.
 *
 * status    SY_ROW_*: 0 while nothing has ended it; then why it is not measured any more, with `reason`.
 * visit     host and device summaries and round facts, `visits` of `rounds` used.
 * device_time  the device's times held against the host's, of all visits.
 * samples   of all visits, in order, sample_count of them.
 * check     the worst of all checks; check_count of them were done.
 */
typedef struct sy_row_state {
    const sy_work_row *work;
    uint32_t status;
    char reason[512];
    size_t rounds, visits;
    sy_visit_stats *host, *device;
    sy_row_round *round;
    sy_device_time device_time;
    double device_resolution_ns; /* of its timer; NaN: there is none, 0: unknown */
    double *samples;
    size_t sample_count;
    sy_check_result check;
    size_t check_count;
    sy_state_facts facts;
    double clock_min_mhz, clock_max_mhz, clock_sum_mhz, temp_c, gap_ms;
    size_t clock_count;
    bool done, written;
    sy_weighed weighed; /* energy, if a window of it was asked for */
} sy_row_state;

/** Room for `rounds` visits. SY_OUT_OF_MEMORY. sy_row_state_release() is legal afterwards in any case. */
sy_status sy_row_state_init(sy_row_state *state, const sy_work_row *work, size_t rounds, sy_error *err);
void sy_row_state_release(sy_row_state *state);

/** End the row with a status and a reason, unless it has ended. */
__attribute__((format(printf, 3, 4))) void sy_row_state_end(
    sy_row_state *state, uint32_t status, const char *format, ...);

/** Take a `measure` reply's samples and facts as the visit of `round`, at place `order` in it. */
sy_status sy_row_state_take(
    sy_row_state *state, const json_t *reply, uint64_t round, uint64_t order, sy_error *err);

/** Take the facts of a reply alone: the algorithm, its math and bound. */
void sy_row_state_take_facts(sy_row_state *state, const json_t *reply);

/** Take the outcome of a check; the worst stays. A wrong or overflowing result ends the row. */
void sy_row_state_take_check(sy_row_state *state, const sy_check_result *result);

/** What the headline's interval is by now. */
void sy_row_state_summary(const sy_row_state *state, sy_row_stats *out_stats);

/** Most further origins of a row that are kept. */
#define SY_ROW_ALSO_MAX 64u

/** Put down what a row runs on: device and libraries, with room for SY_TARGET_LIBRARIES_MAX of them. Borrows.
 */
void sy_row_describe_target(const sy_target *target, sy_library_fact *room, sy_row *row);

/** Texts of a row that must live as long as it does. */
typedef struct sy_row_texts {
    char subject_hash[SY_ROW_ID_MAX];
    double samples[SY_ROW_SAMPLES_MAX];
    sy_library_fact library[SY_TARGET_LIBRARIES_MAX];
    sy_row_origin also[SY_ROW_ALSO_MAX];
    char reason[200], device_reason[SY_DEVICE_TIME_REASON_MAX];
    sy_weighed_texts weighed;
} sy_row_texts;

/**
 * The row as it is recorded. *out_row borrows from state, work, target, config and *texts. `ceiling` (may be
 * NULL) gives the fractions.
 */
void sy_row_state_finish(const sy_row_state *state, const sy_target *target, const sy_config *config,
    const sy_ceilings *ceiling, sy_row_texts *texts, sy_row *out_row);

#endif
