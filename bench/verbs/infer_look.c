/* What is looked at after the rounds: whether answers are remembered, where time goes, energy. */
#include <math.h>
#include <stdio.h>

#include "bench/energy/wish.h"
#include "bench/run/energy_pick.h"
#include "bench/verbs/infer_job.h"
#include "bench/worker/protocol.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Two short phases of each kind; so much faster with one input in both pairs is no chance. */
static const uint64_t LOOK_NS = 500000000, PROFILE_NS = 2000000000;
static const double FASTER = 0.9;

static sy_status median_of(
    sy_infer_job *job, sy_infer_side *side, bool is_repeated, double *out_ns, sy_error *err) {
    sy_traffic_settings settings = side->traffic;
    sy_traffic_log log;
    sy_traffic_result result;
    settings.scenario = SY_SCENARIO_SINGLE_STREAM;
    settings.query_samples = settings.batch;
    settings.min_queries = 7;
    settings.bound_ns = settings.give_up_over = 0;
    settings.min_duration_ns =
        settings.min_duration_ns / 5 < LOOK_NS ? settings.min_duration_ns / 5 : LOOK_NS;
    settings.is_repeated = is_repeated;
    sy_status status = sy_infer_phase(job, side, &settings, 0, &log, NULL, err);
    if (status == SY_OK)
        status = sy_traffic_sum_up(&settings, &log, 1, &result, err);
    *out_ns = status == SY_OK ? result.median_ns : NAN;
    sy_traffic_log_release(&log);
    return status;
}

/* Distinct, repeated, repeated, distinct; whether repeated inputs were faster both times. */
static sy_status compare_repeated(
    sy_infer_job *job, sy_infer_side *side, bool *out_is_faster, sy_error *err) {
    static const bool is_repeated[] = {false, true, true, false};
    double ns[4];
    sy_status status = SY_OK;
    for (size_t i = 0; status == SY_OK && i < 4; i++)
        status = median_of(job, side, is_repeated[i], &ns[i], err);
    if (status != SY_OK)
        return status;
    side->repeated = sqrt(ns[1] / ns[0] * (ns[2] / ns[3]));
    *out_is_faster = ns[1] / ns[0] < FASTER && ns[2] / ns[3] < FASTER;
    return SY_OK;
}

/* What looks like a memory once is looked at again: the machine may have been busy with something else. */
static sy_status look_for_memory(sy_infer_job *job, sy_infer_side *side, sy_error *err) {
    bool is_faster = true;
    sy_status status = SY_OK;
    if (job->settings.sets < 2 || job->run.program->config->check == SY_CHECK_OFF)
        return SY_OK;
    for (int tries = 0; status == SY_OK && is_faster && tries < 3; tries++)
        status = compare_repeated(job, side, &is_faster, err);
    if (status == SY_OK && is_faster)
        sy_infer_end(side, SY_ROW_SUSPECT,
            "with one input again and again it takes %.2g of the time with inputs that differ: something "
            "remembers answers",
            side->repeated);
    return status;
}

static double share_of_host(const json_t *profile) {
    double host = 0.0, all = 0.0;
    size_t index;
    json_t *step;
    json_array_foreach(json_object_get(profile, "steps"), index, step) {
        double ns = sy_protocol_f64(step, "ns", 0.0);
        bool is_host = sy_protocol_bool(step, "is_host", false) || sy_protocol_bool(step, "is_copy", false);
        all += ns;
        host += is_host ? ns : 0.0;
    }
    return all > 0.0 ? host / all : NAN;
}

/* Steps are timed where the user wants to see them, and where some are not on the device. */
static sy_status look_at_steps(sy_infer_job *job, sy_infer_side *side, sy_error *err) {
    bool is_wanted = job->run.program->config->profile != NULL;
    bool has_others = sy_protocol_u64(side->facts, "host_steps", 0) > 0 &&
                      sy_protocol_u64(side->facts, "device_steps", 0) > 0;
    double run_ns = fmax(side->result.median_ns, 1.0);
    uint64_t runs = (uint64_t)fmax(1.0, fmin(20.0, (double)PROFILE_NS / run_ns));
    if (!is_wanted && !has_others)
        return SY_OK;
    sy_status status = sy_worker_call(side->target->worker,
        json_pack("{s:s,s:I}", "call", "model_profile", "runs", (json_int_t)runs), SY_INFER_OPEN_LIMIT_MS,
        &side->profile, err);
    if (status == SY_OK && has_others && !side->target->simulated)
        side->host_share = share_of_host(side->profile);
    if (status != SY_OK && side->profile != NULL) {
        json_decref(side->profile);
        side->profile = NULL;
    }
    return status == SY_UNSUPPORTED ? SY_OK : status;
}

/* A launch of the load is as many runs of every instance as a query needs. */
static uint64_t runs_of_query(const sy_infer_job *job) {
    const sy_infer_settings *s = &job->settings;
    return (s->query_samples + s->batch - 1) / s->batch;
}

static json_t *make_jobs(void *ctx) {
    const sy_infer_job *job = ctx;
    return json_pack("[{s:b,s:I}]", "is_model", 1, "runs", (json_int_t)runs_of_query(job));
}

/* Units of the row that one launch stands for. */
static uint64_t units_each(const sy_infer_job *job) {
    const sy_infer_settings *s = &job->settings;
    uint64_t samples = runs_of_query(job) * s->batch;
    return s->instances * (sy_infer_is_by_rate(job) ? samples : samples / s->query_samples);
}

static sy_status weigh(sy_infer_job *job, sy_infer_side *side, sy_error *err) {
    sy_energy_kit *kit = &job->kit[side - job->side];
    const sy_visit_shared shared = {.places = &job->run.places, .config = job->run.program->config};
    const sy_weigh with = {.shared = &shared, .target = side->target, .kit = kit};
    double run_ms = side->result.median_ns * (double)runs_of_query(job) * 1e-6;
    const sy_weigh_load load = {.ctx = job,
        .make_jobs = make_jobs,
        .limit_ms = SY_TARGET_OPEN_LIMIT_MS + (int64_t)(100.0 * run_ms),
        .runs_each = units_each(job)};
    return sy_weigh_load_run(&with, &load, &side->weighed, err);
}

/* What a window of energy is about, in seconds of the device's time, and how long anybody waits for it. */
static const double WINDOW_S = 5.0, PATIENCE_S = 60.0;

/* Real seconds that a window would take: a simulated moment may be long. */
static double window_real_s(const sy_infer_side *side) {
    return side->target->simulated ? WINDOW_S * side->real_share : 0.0;
}

static sy_status look_at_energy(sy_infer_job *job, sy_infer_side *side, sy_error *err) {
    const sy_config *config = job->run.program->config;
    sy_energy_wish wish;
    size_t index = (size_t)(side - job->side);
    sy_status status = sy_energy_wish_read(config->energy.word, config->energy.count, &wish, err);
    if (status == SY_OK && job->kit == NULL) {
        job->kit = sy_mem_calloc(job->count, sizeof *job->kit);
        if (job->kit == NULL)
            return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for energy");
    }
    if (status == SY_OK)
        status = sy_energy_kit_open(&job->run.places, side->target, &wish, &job->kit[index], err);
    if (status != SY_OK)
        return status;
    const char *why = job->kit[index].why;
    snprintf(side->energy_reason, sizeof side->energy_reason, "%.250s",
        wish.is_off      ? "not asked for"
        : why[0] != '\0' ? why
                         : "no meter");
    if (job->kit[index].has_energy && window_real_s(side) > PATIENCE_S) {
        snprintf(side->energy_reason, sizeof side->energy_reason,
            "a window of the simulated device would take %.0f minutes", window_real_s(side) / 60.0);
        return SY_OK;
    }
    return job->kit[index].has_energy ? weigh(job, side, err) : SY_OK;
}

/* What goes wrong here costs what was looked at, not the row's time; only an interruption ends everything. */
static sy_status forgive(
    sy_infer_side *side, sy_status status, const sy_error *reason, const char *what, sy_error *err) {
    if (status == SY_OK)
        return SY_OK;
    if (status == SY_REFUSED && !sy_worker_alive(side->target->worker))
        return sy_error_set(err, SY_REFUSED, "interrupted");
    fprintf(stderr, "steelyard: %s: %s: %s\n", side->target->id, what, sy_error_text(reason, status));
    return SY_OK;
}

sy_status sy_infer_look(sy_infer_job *job, sy_infer_side *side, sy_error *err) {
    static const struct {
        const char *what;
        sy_status (*look)(sy_infer_job *, sy_infer_side *, sy_error *);
    } looks[] = {{"repeated inputs", look_for_memory}, {"steps", look_at_steps}, {"energy", look_at_energy}};
    sy_status status = SY_OK;
    for (size_t i = 0; status == SY_OK && i < sizeof looks / sizeof looks[0]; i++) {
        sy_error reason = SY_ERROR_INIT;
        if (side->status != 0 || side->logs < job->settings.rounds || !sy_worker_alive(side->target->worker))
            break;
        status = forgive(side, looks[i].look(job, side, &reason), &reason, looks[i].what, err);
        if (i == 2 && side->weighed.kit == NULL && reason.text[0] != '\0')
            snprintf(side->energy_reason, sizeof side->energy_reason, "%.250s", reason.text);
    }
    return status;
}
