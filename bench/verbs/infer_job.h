/*
 * Everything that one `infer` holds, and its steps in order: settings, networks opened, the reference,
 * rounds, checks, what is looked at besides, rows. Each returns a status; sy_infer_job_release() undoes
 * whatever was done.
 */
#ifndef STEELYARD_VERBS_INFER_JOB_H
#define STEELYARD_VERBS_INFER_JOB_H

#include "bench/run/weigh.h"
#include "bench/tensor/host.h"
#include "bench/traffic/logs.h"
#include "bench/traffic/search.h"
#include "bench/verbs/run_job.h"

/** Longest that opening and compiling a network may take, or checking it with the reference. */
#define SY_INFER_OPEN_LIMIT_MS (20 * 60 * 1000)

/**
 * What was asked for. name: the file's, without folder and ".onnx". request: the `model` request that all
 * devices share; ours. qps: of a server, NaN: searched. rounds, pair: as measured. duration_ns: of all
 * rounds.
 */
typedef struct sy_infer_settings {
    const char *path;
    char name[128], sha256[65];
    json_t *request;
    uint32_t scenario, dtype;
    uint64_t batch, query_samples, instances, sets, rounds, duration_ns, queries;
    double qps;
    bool is_pair;
} sy_infer_settings;

/** An input or output as a worker told of it; bytes of its elements. */
typedef struct sy_infer_port {
    char name[256];
    bool is_output;
    uint32_t dtype, rank;
    int64_t dim[SY_MAX_RANK];
    uint64_t bytes;
} sy_infer_port;

/** The outputs of several runs in one block, as a worker hands them over: set, and where they begin. */
typedef struct sy_infer_outputs {
    char *data;
    uint64_t bytes;
    size_t count;
    struct {
        uint64_t set, offset;
    } * run;
} sy_infer_outputs;

/**
 * One device with the network.
 *
 * facts             the reply to `model`. status, reason: SY_ROW_* once it has ended without a result; 0: it
 *                   has not.
 * traffic           of one round; log: a round each, `logs` of `rounds`. value_ns: of the row's unit, one
 *                   round's, for a round's statistics. result: of all rounds. found_qps: by a search, NaN:
 *                   none. checked outputs of every set. timed: of runs under traffic, of the round that was
 *                   last.
 * max_error, bound  against the reference; is_weak: it could not see much. compared: timed outputs that were
 *                   held against checked ones.
 */
typedef struct sy_infer_side {
    sy_target *target;
    json_t *facts, *profile;
    sy_infer_port *port;
    uint32_t n_in, n_out;
    uint64_t run_bytes;
    char inputs[400], load[200], problem[800], key_hash[SY_ROW_ID_MAX], id[SY_ROW_ID_MAX];
    uint32_t status;
    char reason[512];
    sy_traffic_settings traffic;
    sy_traffic_log *log;
    size_t logs;
    sy_visit_stats *visit;
    sy_row_round *round;
    sy_traffic_result result;
    sy_search_result search;
    double found_qps, max_error, bound, host_share, repeated, real_share;
    sy_infer_outputs checked;
    bool is_weak, is_checked;
    char check_note[200];
    uint64_t compared, peak_rss_bytes, first_unit_ns;
    sy_weighed weighed;
    char energy_reason[256];
} sy_infer_side;

/** The job. Zero-initialise, then set run.program and run.wake_fd (-1). */
typedef struct sy_infer_job {
    sy_run_job run;
    sy_infer_settings settings;
    sy_infer_side *side;
    size_t count;
    sy_infer_outputs reference; /* of the first sets; count 0: there is none, and why_no_reference says why */
    char why_no_reference[256];
    sy_energy_kit *kit; /* one a side */
} sy_infer_job;

/** Read the settings; the file is hashed. Errors: SY_INVALID_ARGUMENT, as everything that the user named. */
sy_status sy_infer_settings_read(const sy_program *program, sy_infer_settings *out, sy_error *err);
void sy_infer_settings_release(sy_infer_settings *settings);

/** Devices, networks on them, keys and ids. Errors as sy_targets_open(), and those of loading. */
sy_status sy_infer_open(sy_infer_job *job, sy_error *err);

/** Run the reference in a worker of its own, which ends again. What it cannot do is why there is none.
 * Errors: SY_REFUSED: interrupted; SY_INVALID_ARGUMENT and others: the model itself is at fault. */
sy_status sy_infer_reference(sy_infer_job *job, sy_error *err);

/** All rounds of all devices, with their checks and what is looked at besides. SY_REFUSED: interrupted. */
sy_status sy_infer_measure(sy_infer_job *job, sy_error *err);

/** One round of a side: its log, and outputs of timed runs checked. Ends the side where it fails. SY_REFUSED.
 */
sy_status sy_infer_round(sy_infer_job *job, sy_infer_side *side, sy_error *err);

/** One phase of a side: settings and warm-up as given, its log (released by the caller) and, if out_outputs
 * is not NULL, outputs of timed runs. */
sy_status sy_infer_phase(sy_infer_job *job, sy_infer_side *side, const sy_traffic_settings *settings,
    uint64_t warm_ns, sy_traffic_log *out_log, sy_infer_outputs *out_outputs, sy_error *err);

/** Outputs of every set on the device, against the reference. Ends the side where they are wrong. */
sy_status sy_infer_check(sy_infer_job *job, sy_infer_side *side, sy_error *err);

/** Outputs of timed runs against the checked ones. Ends the side where they differ. */
void sy_infer_check_timed(sy_infer_job *job, sy_infer_side *side, const sy_infer_outputs *timed);

/** After the rounds: repeated inputs, steps, energy. SY_REFUSED: interrupted. */
sy_status sy_infer_look(sy_infer_job *job, sy_infer_side *side, sy_error *err);

/** Put the side's row into the record, unless it has neither a result nor ended. */
sy_status sy_infer_write_row(sy_infer_job *job, size_t index, sy_error *err);

/** Outputs, logs and profile as files, as far as they were asked for. Errors: SY_IO. */
sy_status sy_infer_write_files(const sy_infer_job *job, sy_error *err);

/** Tables of the profile on standard output; ratio of a pair. */
void sy_infer_print(const sy_infer_job *job);

/** End a side with a status and a reason, unless it has ended. */
__attribute__((format(printf, 3, 4))) void sy_infer_end(
    sy_infer_side *side, uint32_t status, const char *format, ...);

/** Read a reply's `outputs` from the worker's memory. Each begins with `skip` bytes of something else. */
sy_status sy_infer_take_outputs(
    const sy_infer_side *side, sy_worker *worker, const json_t *reply, sy_infer_outputs *out, sy_error *err);
void sy_infer_outputs_release(sy_infer_outputs *outputs);

/** A device's or an output's name as a file's. */
void sy_infer_file_name(const char *name, char out_name[128]);

/** Samples of what a row's times are of, and whether that is an inference instead of a query. */
bool sy_infer_is_by_rate(const sy_infer_job *job);

void sy_infer_job_release(sy_infer_job *job);

#endif
