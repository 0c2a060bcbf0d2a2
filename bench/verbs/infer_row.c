/* A device's row of the record. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/measure/sampler.h"
#include "bench/run/pair.h"
#include "bench/verbs/infer_job.h"
#include "bench/worker/protocol.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

enum { HOST_OPS = 32 };

/* Texts and lists that must live as long as the row. */
typedef struct row_room {
    sy_library_fact library[SY_TARGET_LIBRARIES_MAX];
    sy_row_percentile percentile[SY_TRAFFIC_PERCENTILES];
    const char *reasons[SY_TRAFFIC_REASONS_MAX], *host_ops[HOST_OPS];
    char subject_hash[SY_ROW_ID_MAX], reason[200];
    double samples[SY_ROW_SAMPLES_MAX];
    sy_row_stats stats;
    sy_weighed_texts weighed;
} row_room;

static void fill_identity(const sy_infer_job *job, const sy_infer_side *side, sy_row *row) {
    const sy_infer_settings *s = &job->settings;
    const sy_config *config = job->run.program->config;
    row->id = side->id;
    row->seq = (uint64_t)(side - job->side);
    row->process = 0;
    row->request.device = side->target->id;
    row->request.algorithm = "auto";
    row->key.problem = side->problem;
    row->key.data = config->inputs.count > 0 ? "files" : sy_data_name(config->data);
    row->key_hash = side->key_hash;
    row->model.sha256 = s->sha256;
    row->model.inputs = side->inputs;
    row->model.scenario = sy_scenario_name(s->scenario);
    row->model.load = side->load;
    row->model.dtype = sy_net_dtype_name(s->dtype);
    row->origin.name = s->name;
    if (!s->is_pair)
        return;
    row->pair.id = job->side[0].id;
    row->pair.side = side == job->side ? "a" : "b";
    row->pair.block = side->logs / SY_PAIR_ROUNDS;
}

/* What is not told is absent, and a network taken as a whole has no steps to tell of. */
static uint64_t fact_of(const sy_infer_side *side, const char *name, bool is_whole) {
    const json_t *value = json_object_get(side->facts, name);
    return !json_is_integer(value) || is_whole ? SY_NO_COUNT : (uint64_t)json_integer_value(value);
}

static void fill_network(const sy_infer_side *side, row_room *room, sy_row *row) {
    const json_t *ops = json_object_get(side->facts, "host_ops");
    bool is_whole = sy_protocol_bool(side->facts, "whole", false);
    if (side->facts == NULL)
        return;
    row->subject.algorithm = is_whole ? "whole" : "network";
    row->model.whole = sy_tri_of(is_whole);
    row->model.steps = fact_of(side, "steps", is_whole);
    row->model.device_steps = fact_of(side, "device_steps", is_whole);
    row->model.host_steps = fact_of(side, "host_steps", is_whole);
    row->model.copies = fact_of(side, "copies", is_whole);
    row->model.wide_steps = fact_of(side, "wide_steps", is_whole);
    row->model.weight_byte = fact_of(side, "weight_bytes", is_whole);
    row->model.activation_byte = fact_of(side, "activation_bytes", is_whole);
    row->model.host_share = side->host_share;
    row->model.load_ns = sy_protocol_f64(side->facts, "load_ns", NAN);
    row->time.compile_ns = sy_protocol_f64(side->facts, "compile_ns", NAN);
    row->time.first_run_ns = sy_protocol_f64(side->facts, "first_run_ns", NAN);
    row->model.host_ops.item = room->host_ops;
    for (size_t i = 0; i < json_array_size(ops) && i < HOST_OPS; i++)
        room->host_ops[row->model.host_ops.count++] = json_string_value(json_array_get(ops, i));
}

/* An image has four extents and a few channels on one side; tokens come as whole numbers in rows. */
static void fill_item(const sy_infer_job *job, const sy_infer_side *side, sy_row *row) {
    const sy_infer_port *port = &side->port[0];
    if (side->n_in == 0 || port->rank == 0 || port->dim[0] <= 0)
        return;
    double each = (double)port->dim[0] / (double)job->settings.batch;
    bool is_image = port->rank == 4 && (port->dim[1] <= 4 || port->dim[3] <= 4);
    bool is_tokens = port->rank == 2 && (port->dtype == SY_S64 || port->dtype == SY_S32);
    if (!is_image && !is_tokens)
        return;
    row->model.item = is_image ? "image" : "token";
    row->model.item_per_s = row->model.inference_per_s * each * (is_tokens ? (double)port->dim[1] : 1.0);
}

static void fill_load(const sy_infer_job *job, const sy_infer_side *side, sy_row *row) {
    const sy_infer_settings *s = &job->settings;
    row->model.unit = sy_infer_is_by_rate(job) ? "inference" : "query";
    row->model.instances = s->instances;
    row->model.batch = s->batch;
    row->model.query_samples = s->query_samples;
    if (s->scenario != SY_SCENARIO_SERVER)
        return;
    row->model.bound_ns = (double)side->traffic.bound_ns;
    row->model.qps = isnan(s->qps) ? side->found_qps : s->qps;
}

static void fill_result(const sy_infer_job *job, const sy_infer_side *side, row_room *room, sy_row *row) {
    const sy_traffic_result *r = &side->result;
    sy_row_model *m = &row->model;
    m->queries = r->queries;
    m->samples = r->samples;
    m->runs = r->runs;
    m->padding = r->padding;
    m->over = job->settings.scenario == SY_SCENARIO_SERVER ? r->over : SY_NO_COUNT;
    m->duration_ns = r->duration_ns;
    m->inference_per_s = r->samples_per_s;
    m->queue_ns = r->queue_ns;
    m->in_ns = r->in_ns;
    m->compute_ns = r->compute_ns;
    m->out_ns = r->out_ns;
    m->other_ns = r->other_ns;
    for (size_t i = 0; i < SY_TRAFFIC_PERCENTILES; i++)
        room->percentile[i] = (sy_row_percentile){.percentile = r->percentile[i].percentile,
            .plain_ns = r->percentile[i].plain_ns,
            .estimate_ns = r->percentile[i].estimate_ns,
            .needs = r->percentile[i].needs,
            .has = r->percentile[i].has};
    m->percentile.item = room->percentile;
    m->percentile.count = job->settings.scenario == SY_SCENARIO_OFFLINE ? 0 : SY_TRAFFIC_PERCENTILES;
    m->valid = sy_tri_of(r->is_valid);
    for (size_t i = 0; i < r->reasons; i++)
        room->reasons[i] = r->reason[i];
    m->reasons = (sy_text_list){.item = room->reasons, .count = r->reasons};
    m->compared = side->compared;
    m->repeated_of_distinct = side->repeated;
    m->peak_rss_byte = side->peak_rss_bytes > 0 ? side->peak_rss_bytes : SY_NO_COUNT;
    fill_item(job, side, row);
}

/* Values of all rounds in the order they were measured, thinned to what a row keeps. */
static void fill_samples(const sy_infer_job *job, const sy_infer_side *side, row_room *room, sy_row *row) {
    const sy_traffic_settings *s = &side->traffic;
    double divisor = sy_infer_is_by_rate(job) ? (double)s->query_samples * (double)s->instances : 1.0;
    size_t count = 0, at = 0;
    for (size_t i = 0; i < side->logs; i++)
        count += side->log[i].count;
    double *all = sy_mem_calloc(count + 1, sizeof *all);
    for (size_t i = 0; all != NULL && i < side->logs; i++)
        for (size_t j = 0; j < side->log[i].count; j++)
            all[at++] = (double)sy_traffic_latency_ns(&side->log[i].query[j]) / divisor;
    row->time.samples = count;
    row->time.samples_ns.item = room->samples;
    row->time.samples_ns.count =
        all != NULL ? sy_samples_thin(all, at, room->samples, SY_ROW_SAMPLES_MAX) : 0;
    sy_mem_free(all);
}

static void fill_time(const sy_infer_job *job, const sy_infer_side *side, row_room *room, sy_row *row) {
    sy_row_stats *stats = &room->stats;
    bool is_searched = isfinite(side->found_qps), is_by_rate = sy_infer_is_by_rate(job);
    sy_row_summarise(side->visit, side->logs, stats);
    row->time.headline = SY_HEADLINE_HOST;
    row->time.rounds = side->logs;
    row->time.batch = job->settings.batch;
    row->time.host.median_ns = is_searched ? 1e9 / side->found_qps : stats->median_ns;
    row->time.host.resolution_ns = side->target->clock_resolution_ns;
    row->time.clock_overhead_ns = side->target->clock_overhead_ns;
    if (is_searched)
        return;
    row->time.interval_kind = (uint32_t)stats->interval_kind;
    row->time.host.ci95_ns[0] = stats->low_ns;
    row->time.host.ci95_ns[1] = stats->high_ns;
    row->time.host.min_ns = stats->min_ns;
    row->time.host.mean_ns = is_by_rate ? 1e9 / side->result.samples_per_s : side->result.mean_ns;
    row->time.by_round.item = side->round;
    row->time.by_round.count = side->logs;
    if (!is_by_rate) {
        row->time.host.p90_ns = side->result.percentile[1].plain_ns;
        row->time.host.p99_ns = side->result.percentile[4].plain_ns;
    }
    fill_samples(job, side, room, row);
}

static void fill_rate(const sy_infer_job *job, const sy_infer_side *side, sy_row *row) {
    const sy_infer_settings *s = &job->settings;
    double flop = sy_protocol_f64(side->facts, "flop", 0.0);
    double samples = sy_infer_is_by_rate(job) ? 1.0 : (double)s->query_samples;
    flop = flop / (double)s->batch * samples;
    if (!(flop >= 1.0) || flop > 9e18)
        return;
    row->rate.flop = (uint64_t)(flop + 0.5);
    row->rate.flop_per_s = (double)row->rate.flop / (row->time.host.median_ns * 1e-9);
}

static void fill_check(const sy_infer_job *job, const sy_infer_side *side, sy_row *row) {
    bool is_whole = sy_protocol_bool(side->facts, "whole", false);
    /* What was delivered, not what was allowed. */
    row->check.math =
        is_whole ? NULL : sy_math_name((uint32_t)sy_protocol_u64(side->facts, "math", SY_MATH_UNKNOWN));
    if (job->run.program->config->check == SY_CHECK_OFF) {
        row->check.status = SY_CHECKED_OFF;
        return;
    }
    row->check.method = "the network operator by operator on the host";
    row->check.bound = side->bound;
    if (!side->is_checked) {
        row->check.status = SY_CHECKED_WEAK;
        row->check.verified = SY_TRI_NO;
        row->check.reason = job->why_no_reference[0] != '\0' ? job->why_no_reference : NULL;
        return;
    }
    row->check.max_error = side->max_error;
    bool is_wrong = side->status == SY_ROW_WRONG;
    row->check.status = is_wrong ? SY_CHECKED_WRONG : side->is_weak ? SY_CHECKED_WEAK : SY_CHECKED_OK;
    row->check.verified = sy_tri_of(row->check.status == SY_CHECKED_OK);
    row->check.reason = side->check_note[0] != '\0' ? side->check_note : NULL;
    row->check.smallest_fault = "an output off by the bound times its tensor's scale";
}

static void fill_energy(const sy_infer_side *side, row_room *room, sy_row *row) {
    row->energy.item = room->weighed.entry;
    if (side->weighed.kit != NULL) {
        row->energy.count = sy_weighed_entries(
            &side->weighed, row->rate.flop, SY_NO_COUNT, row->time.host.median_ns, &room->weighed);
        row->conditions.throttle = sy_weighed_held_back(&side->weighed, &room->weighed);
    }
    if (row->energy.count == 0)
        row->energy_reason = side->energy_reason[0] != '\0' ? side->energy_reason : "not asked for";
}

static void fill_status(const sy_infer_side *side, row_room *room, sy_row *row) {
    row->status = side->status;
    row->reason = side->reason[0] != '\0' ? side->reason : NULL;
    if (side->status != 0)
        return;
    bool is_stable = room->stats.is_stable || isfinite(side->found_qps);
    row->status = is_stable ? SY_ROW_OK : SY_ROW_UNSTABLE;
    snprintf(room->reason, sizeof room->reason, "%s", is_stable ? "" : room->stats.reason);
    row->reason = room->reason[0] != '\0' ? room->reason : NULL;
}

static sy_status write_row(sy_infer_job *job, const sy_infer_side *side, row_room *room, sy_error *err) {
    sy_row row;
    bool has_result = side->result.queries > 0 && side->status != SY_ROW_WRONG &&
                      (side->status == 0 || side->status == SY_ROW_SUSPECT);
    sy_row_init(&row);
    fill_identity(job, side, &row);
    sy_row_describe_target(side->target, room->library, &row);
    fill_network(side, room, &row);
    fill_load(job, side, &row);
    fill_check(job, side, &row);
    row.path.in_process = sy_tri_of(job->run.program->config->isolation == SY_ISOLATION_NONE);
    if (has_result) {
        fill_result(job, side, room, &row);
        fill_time(job, side, room, &row);
        fill_rate(job, side, &row);
        fill_energy(side, room, &row);
    }
    fill_status(side, room, &row);
    sy_subject_hash(&row, room->subject_hash);
    row.subject_hash = room->subject_hash;
    sy_status status = sy_record_row(job->run.record, &row, err);
    return status == SY_OK ? sy_row_list_append(&job->run.schedule.rows, &row, err) : status;
}

sy_status sy_infer_write_row(sy_infer_job *job, size_t index, sy_error *err) {
    const sy_infer_side *side = &job->side[index];
    if (side->status == 0 && side->result.queries == 0)
        return SY_OK; /* interrupted before its rounds were done */
    row_room *room = sy_mem_calloc(1, sizeof *room);
    if (room == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a row");
    sy_status status = write_row(job, side, room, err);
    sy_mem_free(room);
    return status;
}
