/* Everything that one `compare` holds, and its steps; each returns a status, the caller stops at the first
 * that is not SY_OK, and sy_compare_job_release() frees whatever there is. */
#ifndef STEELYARD_VERBS_COMPARE_JOB_H
#define STEELYARD_VERBS_COMPARE_JOB_H

#include "bench/compare/extension.h"
#include "bench/report/compare.h"
#include "bench/verbs/program.h"

/* The rows of real devices, and over time those of simulated ones, apart. */
enum { SY_INTAKE_REAL = 0, SY_INTAKE_SIMULATED = 1 };

/**
 * A comparison in the making; zero-initialise, then set `program`.
 *
 * is_across   one column a device, and both kinds of devices in one intake (the join keeps them apart).
 * taken       the intake that is compared; left_out: rows of the other one.
 * noise       of the rows; has_noise, with where it comes from.
 * extension   of the gate; extension_failure: why it came to nothing, else NULL. is_extending: what is
 *             read belongs to it: every row is wanted, or with `pooled` those of it that count.
 */
typedef struct sy_compare_job {
    const sy_program *program;
    bool is_across, has_noise, has_gate, is_extending, is_interrupted;
    sy_intake intake[2];
    const sy_intake *taken;
    size_t left_out;
    sy_arena arena;
    sy_noise noise;
    const char *noise_from;
    sy_gate_options gate_options;
    sy_join join;
    sy_comparison comparison;
    sy_mean_list means[SY_QUANTITY_COUNT];
    sy_conditions *conditions;
    const sy_rank *ranks;
    sy_gate gate;
    sy_extension extension;
    const sy_extension *pooled;
    const char *extension_failure;
} sy_compare_job;

/** Read a record line by line into the job's intakes as runs of `side`. Errors: those of sy_reader_next(),
 * and SY_INVALID_ARGUMENT: --filter is no regular expression. */
sy_status sy_compare_job_read(sy_compare_job *job, const char *path, uint32_t side, sy_error *err);

/** Choose which intake is compared: real rows, where there are some. SY_INVALID_ARGUMENT: there is no row. */
sy_status sy_compare_job_choose(sy_compare_job *job, sy_error *err);

/** Get the noise: from --noise, else from the history; neither there is no error. */
sy_status sy_compare_job_noise(sy_compare_job *job, sy_error *err);

/** Run what the command line names so many times, and take the rows in as runs of side 0. `why` is told on
 * stderr. is_interrupted is set if a signal came. Errors: those of sy_run_once(). */
sy_status sy_compare_job_repeat(
    sy_compare_job *job, const char *why, uint64_t runs, uint64_t rounds, sy_error *err);

/** Whether --base-build and --new-build can be run. SY_INVALID_ARGUMENT: one cannot. */
sy_status sy_compare_job_check_builds(const sy_compare_job *job, sy_error *err);

/**
 * Measure again, once, what the gate does not let pass, with both builds in turn, and take it in; the caller
 * then joins and judges anew. What came to nothing (a build that does not run) is told by extension_failure
 * and leaves everything as it was. is_interrupted is set if a signal came.
 *
 * Errors  SY_IO, SY_INVALID_ARGUMENT: no folder for its records; those of the steps of
 * bench/compare/extension.h.
 */
sy_status sy_compare_job_extend(sy_compare_job *job, sy_error *err);

/** --calibrate: measure or read runs of one build, write their noise. Returns an exit status. */
int sy_compare_calibrate(sy_compare_job *job);

void sy_compare_job_release(sy_compare_job *job);

#endif
