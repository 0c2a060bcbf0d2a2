/* Rounds of networks on devices: phases of traffic, and the search for a server's rate. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/run/pair.h"
#include "bench/verbs/infer_job.h"
#include "bench/worker/protocol.h"
#include "runtime/base/error.h"
#include "runtime/base/random.h"
#include "runtime/base/seam.h"

/* Warming before a round, at most a part of what the round takes; a phase that only looks takes so long at
 * most. */
static const uint64_t FIRST_WARM_NS = 1000000000, WARM_NS = 200000000, LOOK_NS = 1000000000;

/* With --queries auto the percentile's number of queries is kept to, if that takes no more. */
static const double AUTO_NS = 60e9;

/* What the watchdog allows beyond twice of what was asked for. */
enum { PATIENCE_MS = 10 * 60 * 1000 };

bool sy_infer_is_by_rate(const sy_infer_job *job) {
    bool is_searched = job->settings.scenario == SY_SCENARIO_SERVER && isnan(job->settings.qps);
    return job->settings.scenario == SY_SCENARIO_OFFLINE || is_searched;
}

static const sy_config *config_of(const sy_infer_job *job) {
    return job->run.program->config;
}

static json_t *traffic_request(const sy_traffic_settings *s, uint64_t warm_ns, bool with_outputs) {
    json_t *request = json_pack("{s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:o,s:f,s:b,s:I,s:b}", "call",
        "traffic", "scenario", (json_int_t)s->scenario, "batch", (json_int_t)s->batch, "query_samples",
        (json_int_t)s->query_samples, "batch_delay_ns", (json_int_t)s->batch_delay_ns, "bound_ns",
        (json_int_t)s->bound_ns, "min_duration_ns", (json_int_t)s->min_duration_ns, "min_queries",
        (json_int_t)s->min_queries, "limit_ns", (json_int_t)s->limit_ns, "give_up_over",
        (json_int_t)s->give_up_over, "seed", sy_protocol_from_hex(s->seed), "qps", s->qps, "is_repeated",
        s->is_repeated, "warm_ns", (json_int_t)warm_ns, "with_outputs", with_outputs);
    return request;
}

/* The log out of the worker's memory. */
static sy_status take_log(sy_worker *worker, const json_t *reply, sy_traffic_log *out, sy_error *err) {
    uint64_t count = sy_protocol_u64(reply, "queries", 0), all = sy_protocol_u64(reply, "outputs_bytes", 0);
    const void *data = NULL;
    *out = (sy_traffic_log){.begin_ns = sy_protocol_u64(reply, "begin_ns", 0),
        .last_end_ns = sy_protocol_u64(reply, "last_end_ns", 0),
        .runs = sy_protocol_u64(reply, "runs", 0),
        .samples = sy_protocol_u64(reply, "samples", 0),
        .padding = sy_protocol_u64(reply, "padding", 0),
        .has_given_up = sy_protocol_bool(reply, "has_given_up", false),
        .is_cut = sy_protocol_bool(reply, "is_cut", false)};
    if (count == 0 || count > all / sizeof *out->query)
        return sy_error_set(
            err, SY_INTERNAL, "the worker told of %" PRIu64 " queries in %" PRIu64 " bytes", count, all);
    sy_status status = sy_worker_outputs(worker, all, &data, err);
    if (status != SY_OK)
        return status;
    out->query = sy_mem_calloc(count, sizeof *out->query);
    if (out->query == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %" PRIu64 " queries", count);
    memcpy(out->query, data, count * sizeof *out->query);
    out->count = out->capacity = (size_t)count;
    return SY_OK;
}

sy_status sy_infer_phase(sy_infer_job *job, sy_infer_side *side, const sy_traffic_settings *settings,
    uint64_t warm_ns, sy_traffic_log *out_log, sy_infer_outputs *out_outputs, sy_error *err) {
    json_t *reply = NULL;
    sy_worker *worker = side->target->worker;
    int64_t limit_ms = PATIENCE_MS + (int64_t)(2 * (settings->limit_ns + warm_ns) / 1000000u);
    *out_log = (sy_traffic_log){0};
    (void)job;
    sy_status status = sy_worker_call(
        worker, traffic_request(settings, warm_ns, out_outputs != NULL), limit_ms, &reply, err);
    if (status == SY_OK)
        status = take_log(worker, reply, out_log, err);
    if (status == SY_OK && out_outputs != NULL)
        status = sy_infer_take_outputs(side, worker, reply, out_outputs, err);
    if (status == SY_OK)
        side->peak_rss_bytes = sy_protocol_u64(reply, "peak_rss_bytes", 0);
    if (status == SY_OK && out_log->last_end_ns > 0)
        side->real_share = sy_protocol_f64(reply, "real_ns", 0.0) / (double)out_log->last_end_ns;
    json_decref(reply);
    return status;
}

/* What a failed call means for the side; an interruption is everybody's. */
static sy_status settle(sy_infer_side *side, sy_status status, const sy_error *reason, sy_error *err) {
    if (status == SY_REFUSED && !sy_worker_alive(side->target->worker))
        return sy_error_set(err, SY_REFUSED, "interrupted");
    if (status == SY_OUT_OF_MEMORY || status == SY_UNSUPPORTED)
        sy_infer_end(side, SY_ROW_UNSUPPORTED, "%s", sy_error_text(reason, status));
    else if (status != SY_OK)
        sy_infer_end(
            side, status == SY_TIMEOUT ? SY_ROW_TIMEOUT : SY_ROW_ERROR, "%s", sy_error_text(reason, status));
    return SY_OK;
}

/* So many queries of all rounds as the scenario's percentile needs, if they are not too long. */
static uint64_t auto_queries(const sy_infer_job *job, const sy_infer_side *side) {
    double percentile = sy_scenario_percentile(job->settings.scenario);
    uint64_t runs = (job->settings.query_samples + job->settings.batch - 1) / job->settings.batch;
    double query_ns = (double)side->first_unit_ns * (double)runs;
    if (percentile <= 0.0)
        return 1;
    double needs = (double)sy_early_queries(1, percentile, SY_EARLY_CONFIDENCE);
    double most = query_ns > 0.0 ? AUTO_NS / query_ns : needs;
    return (uint64_t)fmax(1.0, fmin(needs, most));
}

/* Queries after which so many late ones are still sure to be few enough. */
static uint64_t needed_of_server(uint64_t late) {
    return sy_early_queries(late, sy_scenario_percentile(SY_SCENARIO_SERVER), SY_EARLY_CONFIDENCE);
}

static void plan_side(const sy_infer_job *job, sy_infer_side *side) {
    const sy_infer_settings *s = &job->settings;
    const sy_config *config = config_of(job);
    uint64_t queries = s->queries > 0 ? s->queries : auto_queries(job, side);
    bool is_server = s->scenario == SY_SCENARIO_SERVER;
    if (is_server && s->queries == 0)
        queries = needed_of_server(1);
    if (is_server && isnan(s->qps) && queries < needed_of_server(0))
        queries = needed_of_server(0); /* fewer can never keep a bound */
    side->traffic = (sy_traffic_settings){.scenario = s->scenario,
        .instances = (uint32_t)s->instances,
        .batch = (uint32_t)s->batch,
        .query_samples = (uint32_t)s->query_samples,
        .batch_delay_ns = is_server ? config->batch_delay_ns : 0,
        .bound_ns = is_server ? config->latency_bound_ns : 0,
        .min_duration_ns = s->duration_ns / s->rounds,
        .min_queries = (queries + s->rounds - 1) / s->rounds,
        .limit_ns = 10 * s->duration_ns + 60 * UINT64_C(1000000000),
        .sets = s->sets,
        .seed = sy_random_mix(config->seed),
        .qps = isnan(s->qps) ? 0.0 : s->qps};
}

/* Queries that a server is asked at its rate. */
static double planned_queries(const sy_traffic_settings *s) {
    return fmax((double)s->min_queries, s->qps * (double)s->min_duration_ns * 1e-9);
}

/* A server is given the time that its queries take to come, and when it gives up: in a search at once when
 * the bound cannot be kept any more; else, because a rate beyond what can be served builds up a queue that
 * takes for ever, when a tenth too many are late. */
static void plan_server(sy_traffic_settings *s, bool is_probe) {
    double planned = planned_queries(s), coming_ns = 2e9 * planned / s->qps + 60e9;
    s->give_up_over = sy_search_give_up((uint64_t)planned, sy_scenario_percentile(s->scenario));
    if (!is_probe)
        s->give_up_over += (uint64_t)(planned / 10.0) + 100;
    if (coming_ns > (double)s->limit_ns && coming_ns < 1e18)
        s->limit_ns = (uint64_t)coming_ns;
}

/* Batches' times of one round for its statistics: latencies, or time a sample where the rate is what counts.
 */
static sy_status summarise_round(
    sy_infer_job *job, sy_infer_side *side, size_t round, uint64_t warm_ns, sy_error *err) {
    const sy_traffic_log *log = &side->log[round];
    const sy_traffic_settings *s = &side->traffic;
    double divisor = sy_infer_is_by_rate(job) ? (double)s->query_samples * (double)s->instances : 1.0;
    double *values = sy_mem_calloc(log->count + sy_visit_scratch(log->count), sizeof *values);
    if (values == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %zu latencies", log->count);
    for (size_t i = 0; i < log->count; i++)
        values[i] = fmax(1.0, (double)sy_traffic_latency_ns(&log->query[i])) / divisor;
    sy_visit_summarise(values, log->count, values + log->count, &side->visit[round]);
    side->round[round] = (sy_row_round){.round = round,
        .order = (uint64_t)(side - job->side),
        .samples = log->count,
        .batch = s->batch,
        .median_ns = side->visit[round].median_ns,
        .ci95_ns = {side->visit[round].low_ns, side->visit[round].high_ns},
        .warm_ns = (double)warm_ns,
        .clock_mhz = NAN,
        .temp_c = NAN,
        .autocorrelation = side->visit[round].lag1};
    sy_mem_free(values);
    return SY_OK;
}

static uint64_t warm_of(const sy_infer_side *side, uint64_t round_ns) {
    uint64_t most_ns = side->logs == 0 ? FIRST_WARM_NS : WARM_NS;
    return round_ns < most_ns ? round_ns : most_ns;
}

/* A phase of the search at a rate. */
typedef struct searching {
    sy_infer_job *job;
    sy_infer_side *side;
    sy_infer_outputs *timed;
} searching;

static void say_probe(const sy_infer_job *job, const sy_search_probe *probe) {
    const sy_config *config = config_of(job);
    if (!config->quiet && (config->verbose > 0 || isatty(STDERR_FILENO)))
        fprintf(stderr, "server: %.4g queries/s: %s (%" PRIu64 " of %" PRIu64 " late)%s\n", probe->qps,
            probe->is_valid ? "held" : "not held", probe->over, probe->queries,
            probe->is_final ? ", in full" : "");
}

static sy_status run_probe(void *ctx, uint32_t number, sy_search_probe *probe, sy_error *err) {
    searching *s = ctx;
    sy_traffic_settings settings = s->side->traffic;
    sy_traffic_log log;
    sy_traffic_result result;
    settings.qps = probe->qps;
    settings.seed = sy_random_mix(settings.seed + number);
    plan_server(&settings, true);
    if (probe->is_final)
        sy_infer_outputs_release(s->timed);
    sy_status status = sy_infer_phase(s->job, s->side, &settings, number == 0 ? FIRST_WARM_NS : 0, &log,
        probe->is_final ? s->timed : NULL, err);
    if (status == SY_OK)
        status = sy_traffic_sum_up(&settings, &log, 1, &result, err);
    if (status == SY_OK) {
        probe->queries = result.queries;
        probe->over = result.over;
        probe->is_valid =
            !log.has_given_up && sy_traffic_bound_kept(result.queries, result.over, result.judged.percentile);
        say_probe(s->job, probe);
    }
    if (status == SY_OK && probe->is_final) {
        sy_traffic_log_release(&s->side->log[0]);
        s->side->log[0] = log;
        s->side->traffic.qps = probe->qps;
    } else
        sy_traffic_log_release(&log);
    return status;
}

/* How fast one query is answered and how many a second, with every instance busy. */
static sy_status look_at_capacity(
    sy_infer_job *job, sy_infer_side *side, double *out_qps, double *out_alone_ns, sy_error *err) {
    sy_traffic_settings settings = side->traffic;
    sy_traffic_log log;
    sy_traffic_result result;
    settings.scenario = SY_SCENARIO_OFFLINE;
    settings.query_samples = settings.batch;
    settings.min_queries = 3;
    settings.min_duration_ns = settings.min_duration_ns < LOOK_NS ? settings.min_duration_ns : LOOK_NS;
    sy_status status =
        sy_infer_phase(job, side, &settings, warm_of(side, settings.min_duration_ns), &log, NULL, err);
    if (status == SY_OK)
        status = sy_traffic_sum_up(&settings, &log, 1, &result, err);
    *out_qps = status == SY_OK ? result.samples_per_s : NAN;
    *out_alone_ns = status == SY_OK ? result.median_ns : NAN;
    sy_traffic_log_release(&log);
    return status;
}

/* Real seconds that a phase of a search would take on a simulated device: its queries are computed here. */
static double probe_real_s(const sy_infer_side *side, double alone_ns) {
    return side->target->simulated ? planned_queries(&side->traffic) * alone_ns * 1e-9 * side->real_share
                                   : 0.0;
}

static sy_status search_rate(sy_infer_job *job, sy_infer_side *side, sy_infer_outputs *timed, sy_error *err) {
    static const double START = 0.7, PRECISION = 0.03, PROBE_PATIENCE_S = 60.0;
    double capacity = NAN, alone_ns = NAN;
    searching s = {.job = job, .side = side, .timed = timed};
    sy_status status = look_at_capacity(job, side, &capacity, &alone_ns, err);
    if (status != SY_OK)
        return status;
    if (alone_ns > (double)side->traffic.bound_ns) {
        sy_infer_end(side, SY_ROW_UNSUPPORTED,
            "no rate keeps the bound: a run alone takes %.4g ms of %.4g ms; raise --latency-bound",
            alone_ns * 1e-6, (double)side->traffic.bound_ns * 1e-6);
        return SY_OK;
    }
    if (probe_real_s(side, alone_ns) > PROBE_PATIENCE_S) {
        sy_infer_end(side, SY_ROW_UNSUPPORTED,
            "each rate that a search tries would take %.0f minutes to simulate: give --qps or fewer "
            "--queries",
            ceil(probe_real_s(side, alone_ns) / 60.0));
        return SY_OK;
    }
    const sy_search_request request = {
        .start_qps = START * capacity, .precision = PRECISION, .ctx = &s, .probe = run_probe};
    status = sy_traffic_search(&request, &side->search, err);
    side->found_qps = side->search.qps;
    if (status == SY_OK && isnan(side->found_qps))
        sy_infer_end(side, SY_ROW_UNSUPPORTED,
            "no rate kept the bound of %.4g ms: raise --latency-bound, or --duration",
            (double)side->traffic.bound_ns * 1e-6);
    return status;
}

static sy_status run_round(sy_infer_job *job, sy_infer_side *side, sy_infer_outputs *timed, sy_error *err) {
    sy_traffic_settings settings = side->traffic;
    uint64_t warm_ns = warm_of(side, settings.min_duration_ns);
    bool is_searched = settings.scenario == SY_SCENARIO_SERVER && isnan(job->settings.qps);
    sy_status status;
    if (is_searched)
        status = search_rate(job, side, timed, err);
    else {
        settings.seed = sy_random_mix(settings.seed + side->logs);
        if (settings.scenario == SY_SCENARIO_SERVER)
            plan_server(&settings, false);
        status = sy_infer_phase(job, side, &settings, warm_ns, &side->log[side->logs], timed, err);
    }
    if (status == SY_OK && side->status == 0)
        status = summarise_round(job, side, side->logs++, warm_ns, err);
    return status;
}

sy_status sy_infer_round(sy_infer_job *job, sy_infer_side *side, sy_error *err) {
    sy_infer_outputs timed = {0};
    sy_error reason = SY_ERROR_INIT;
    if (side->status != 0)
        return SY_OK;
    sy_status status = run_round(job, side, &timed, &reason);
    if (status == SY_OK && side->status == 0)
        sy_infer_check_timed(job, side, &timed);
    sy_infer_outputs_release(&timed);
    return settle(side, status, &reason, err);
}

static sy_status begin_side(sy_infer_job *job, sy_infer_side *side, sy_error *err) {
    size_t rounds = (size_t)job->settings.rounds;
    side->log = sy_mem_calloc(rounds, sizeof *side->log);
    side->visit = sy_mem_calloc(rounds, sizeof *side->visit);
    side->round = sy_mem_calloc(rounds, sizeof *side->round);
    if (side->log == NULL || side->visit == NULL || side->round == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %zu rounds", rounds);
    if (side->status != 0)
        return SY_OK;
    side->first_unit_ns = sy_protocol_u64(side->facts, "first_run_ns", 0);
    plan_side(job, side);
    return sy_infer_check(job, side, err);
}

/* Round by round over all devices; of a pair A, B, B, A. */
static sy_status run_rounds(sy_infer_job *job, sy_error *err) {
    uint64_t rounds = job->settings.rounds;
    sy_status status = SY_OK;
    if (!job->settings.is_pair) {
        for (uint64_t r = 0; status == SY_OK && r < rounds; r++)
            for (size_t i = 0; status == SY_OK && i < job->count; i++)
                status = sy_infer_round(job, &job->side[i], err);
        return status;
    }
    for (uint64_t block = 0; status == SY_OK && block < rounds / SY_PAIR_ROUNDS; block++)
        for (size_t turn = 0; status == SY_OK && turn < SY_PAIR_VISITS; turn++)
            status = sy_infer_round(job, &job->side[sy_pair_turn(turn)], err);
    return status;
}

static sy_status sum_up(sy_infer_job *job, sy_infer_side *side, sy_error *err) {
    sy_traffic_settings all = side->traffic;
    if (side->status != 0 || side->logs < job->settings.rounds)
        return SY_OK;
    all.min_duration_ns *= job->settings.rounds;
    all.min_queries *= job->settings.rounds;
    return sy_traffic_sum_up(&all, side->log, side->logs, &side->result, err);
}

sy_status sy_infer_measure(sy_infer_job *job, sy_error *err) {
    sy_status status = SY_OK;
    for (size_t i = 0; status == SY_OK && i < job->count; i++)
        status = begin_side(job, &job->side[i], err);
    if (status == SY_OK)
        status = run_rounds(job, err);
    for (size_t i = 0; i < job->count && (status == SY_OK || status == SY_REFUSED); i++) {
        sy_status summed = sum_up(job, &job->side[i], err);
        if (status == SY_OK && summed == SY_OK)
            summed = sy_infer_look(job, &job->side[i], err);
        if (summed == SY_OK)
            summed = sy_infer_write_row(job, i, err);
        if (summed != SY_OK && status == SY_OK)
            status = summed;
    }
    return status;
}
