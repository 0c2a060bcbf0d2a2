/* Everything that one `run` (or `peak`) holds, and its steps in order; each returns a status, the caller
 * stops at the first that is not SY_OK, and sy_run_job_release() undoes whatever was done. */
#ifndef STEELYARD_VERBS_RUN_JOB_H
#define STEELYARD_VERBS_RUN_JOB_H

#include "bench/plan/worklist.h"
#include "bench/record/record.h"
#include "bench/run/schedule.h"
#include "bench/verbs/program.h"
#include "runtime/dispatch/tuning.h"

#define SY_SUITES_MAX 256u

/** A run in the making; zero-initialise, then set `program`. */
typedef struct sy_run_job {
    const sy_program *program;
    int wake_fd;
    uint64_t start_ns;
    bool without_ceilings, with_tuning; /* with_tuning: `auto` goes by the tuning cache */
    sy_target_places places;
    sy_suite *suite[SY_SUITES_MAX];
    size_t suite_count, convolutions;
    char **name; /* of every problem loaded, name_count of them */
    size_t name_count;
    sy_catalogue catalogue; /* loaded if a device may be in it */
    sy_targets targets;
    sy_work_target *work_target;
    sy_setting *setting;
    size_t setting_count;
    char *setting_text;
    sy_worklist list;
    sy_environment_box *environment;
    sy_device_fact *device_fact;
    sy_library_fact *library_fact;
    const char **plan_id;
    sy_data_block *block;
    sy_tuning tuning;
    sy_record *record;
    char record_path[1024]; /* where the record is: -o, or a temporary file */
    char series_path[1040]; /* samples of rows that are kept up; "": none */
    int temporary_fd;
    sy_ceilings *ceilings;
    sy_progress progress;
    sy_schedule schedule;
    json_t *candidates; /* of the problem asked last, while the list is made */
    char candidates_of[SY_SPEC_TEXT_MAX];
    size_t candidates_target;
} sy_run_job;

/** Read the suites named on the command line, filter them, set their batch. */
sy_status sy_run_job_load_suites(sy_run_job *job, sy_error *err);

/** Open devices, make the list of rows. */
sy_status sy_run_job_plan(sy_run_job *job, sy_error *err);

/** Print what would be done (--dry-run). */
void sy_run_job_print_plan(const sy_run_job *job);

/** Collect the effective settings. */
sy_status sy_run_job_settings(sy_run_job *job, sy_error *err);

/** As sy_run_job_open_record() for `count` rows of these ids, whatever the list has. Borrowed during the
 * call. */
sy_status sy_run_job_open_record_of(sy_run_job *job, const char *const *ids, size_t count, sy_error *err);

/** Usable devices first, so that rows index them without holes; how many there are. */
size_t sy_run_job_sort_open(sy_targets *targets);

/** Collect the environment, open the record, write its first line. */
sy_status sy_run_job_open_record(sy_run_job *job, sy_error *err);

/** --tuned search: find the fastest algorithm of each row that asks for `auto`, into the job's tuning. Part
 * of sy_run_job_measure(). Errors: SY_OUT_OF_MEMORY; those of sy_tuning_put(). */
sy_status sy_run_job_search(sy_run_job *job, sy_error *err);

/** Ceilings and rows. */
sy_status sy_run_job_measure(sy_run_job *job, sy_error *err);

/** Totals and the end line; `interrupted` as it was. */
sy_status sy_run_job_close_record(sy_run_job *job, bool interrupted, sy_error *err);

/** Release everything. */
void sy_run_job_release(sy_run_job *job);

#endif
