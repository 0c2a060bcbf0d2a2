/* Networks on devices, their keys, and the reference. */
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bench/run/greeting.h"
#include "bench/verbs/infer_job.h"
#include "bench/worker/protocol.h"
#include "runtime/base/checked.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

enum { PORTS_MAX = 4096 };

void sy_infer_end(sy_infer_side *side, uint32_t status, const char *format, ...) {
    va_list arguments;
    if (side->status != 0)
        return;
    side->status = status;
    va_start(arguments, format);
    vsnprintf(side->reason, sizeof side->reason, format, arguments);
    va_end(arguments);
}

static sy_status read_port(const json_t *object, sy_infer_port *out, sy_error *err) {
    const json_t *extents = json_object_get(object, "dim");
    sy_host_tensor tensor = {.dtype = (uint32_t)sy_protocol_u64(object, "dtype", 0)};
    tensor.rank = (uint32_t)json_array_size(extents);
    for (uint32_t i = 0; i < tensor.rank && i < SY_MAX_RANK; i++)
        tensor.dim[i] = (int64_t)json_integer_value(json_array_get(extents, i));
    sy_status status = sy_host_tensor_measure(&tensor, err);
    if (status != SY_OK)
        return sy_error_prefix(err, SY_INTERNAL, "the worker's list of ports");
    *out = (sy_infer_port){.is_output = sy_protocol_bool(object, "is_output", false),
        .dtype = tensor.dtype,
        .rank = tensor.rank,
        .bytes = tensor.bytes};
    memcpy(out->dim, tensor.dim, sizeof out->dim);
    snprintf(out->name, sizeof out->name, "%s", sy_protocol_text(object, "name", ""));
    return SY_OK;
}

static sy_status read_ports(sy_infer_side *side, const json_t *reply, sy_error *err) {
    const json_t *list = json_object_get(reply, "ports");
    size_t count = json_array_size(list);
    if (count == 0 || count > PORTS_MAX)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "a network without inputs and outputs");
    side->port = sy_mem_calloc(count, sizeof *side->port);
    if (side->port == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %zu inputs and outputs", count);
    sy_status status = SY_OK;
    for (size_t i = 0; status == SY_OK && i < count; i++) {
        uint64_t padded = 0;
        status = read_port(json_array_get(list, i), &side->port[i], err);
        if (status == SY_OK && side->port[i].is_output &&
            (!sy_round_up_u64(side->port[i].bytes, 64, &padded) ||
                !sy_add_u64(side->run_bytes, padded, &side->run_bytes)))
            status = sy_error_set(err, SY_OVERFLOW, "outputs exceed 63 bits of bytes");
        *(side->port[i].is_output ? &side->n_out : &side->n_in) += 1;
    }
    return status;
}

static json_t *request_of(const sy_infer_job *job) {
    return json_deep_copy(job->settings.request);
}

static sy_status open_model(sy_infer_job *job, sy_infer_side *side, sy_error *err) {
    sy_status status =
        sy_worker_call(side->target->worker, request_of(job), SY_INFER_OPEN_LIMIT_MS, &side->facts, err);
    if (status != SY_OK)
        return status;
    sy_target_take_libraries(side->target, side->facts);
    status = read_ports(side, side->facts, err);
    if (status == SY_OK && side->run_bytes == 0) /* a rate of nothing is no rate */
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "the network gives nothing: its outputs have no elements");
    return status;
}

/* Names may hold what parts a problem's text. */
static void add_plain(char *out, size_t capacity, size_t *used, const char *text) {
    for (; *text != '\0' && *used + 1 < capacity; text++) {
        bool parts = strchr(",=;: ", *text) != NULL || (unsigned char)*text < ' ';
        out[(*used)++] = parts ? '_' : *text;
    }
    out[*used] = '\0';
}

static void describe_inputs(sy_infer_side *side) {
    size_t used = 0;
    char shape[SY_SHAPE_TEXT_MAX];
    for (uint32_t i = 0; i < side->n_in; i++) {
        const sy_infer_port *port = &side->port[i];
        sy_extents_text(port->rank, port->dim, shape);
        if (used > 0 && used + 1 < sizeof side->inputs)
            side->inputs[used++] = ';';
        add_plain(side->inputs, sizeof side->inputs, &used, port->name);
        used += (size_t)snprintf(side->inputs + used, sizeof side->inputs - used, ":%s", shape);
        if (used >= sizeof side->inputs)
            used = sizeof side->inputs - 1;
    }
}

static void describe_load(const sy_infer_job *job, sy_infer_side *side) {
    const sy_infer_settings *s = &job->settings;
    size_t used = (size_t)snprintf(side->load, sizeof side->load,
        "instances=%" PRIu64 ",batch=%" PRIu64 ",samples=%" PRIu64, s->instances, s->batch, s->query_samples);
    if (s->scenario != SY_SCENARIO_SERVER)
        return;
    const sy_config *config = job->run.program->config;
    char qps[40] = "search";
    if (!isnan(s->qps))
        sy_text_from_f64(s->qps, qps, sizeof qps);
    snprintf(side->load + used, sizeof side->load - used, ",qps=%s,bound_ns=%" PRIu64 ",delay_ns=%" PRIu64,
        qps, config->latency_bound_ns, config->batch_delay_ns);
}

/* What sy_key_hash() hashes; the canonical text of a network's question. */
static void make_key(const sy_infer_job *job, sy_infer_side *side, const char *settings_hash) {
    sy_row row;
    const sy_infer_settings *s = &job->settings;
    const sy_config *config = job->run.program->config;
    describe_inputs(side);
    describe_load(job, side);
    snprintf(side->problem, sizeof side->problem, "model:sha256=%s,in=%s,scenario=%s,%s,dtype=%s,math=%s",
        s->sha256, side->inputs, sy_scenario_name(s->scenario), side->load, sy_net_dtype_name(s->dtype),
        sy_math_name(config->math));
    sy_row_init(&row);
    row.key.problem = side->problem;
    row.key.data = config->inputs.count > 0 ? "files" : sy_data_name(config->data);
    sy_key_hash(&row, side->key_hash);
    row.key_hash = side->key_hash;
    row.request.device = side->target->id;
    row.request.algorithm = "auto";
    row.subject.device.physical_id = side->target->physical_id[0] != '\0' ? side->target->physical_id : NULL;
    row.subject.device.name = side->target->info.name;
    sy_row_id(&row, settings_hash, side->id);
}

/* A model that one of several devices cannot do costs that device its row; the only device's is the user's.
 */
static sy_status open_side(sy_infer_job *job, sy_infer_side *side, sy_error *err) {
    sy_error reason = SY_ERROR_INIT;
    sy_status status = open_model(job, side, &reason);
    if (status == SY_OK)
        return SY_OK;
    bool is_alone = job->count == 1 || job->settings.is_pair;
    bool is_users = status == SY_INVALID_ARGUMENT || (status == SY_REFUSED && side->facts == NULL);
    if (is_alone || is_users)
        return sy_error_set(err, status, "%s%s%s", job->count > 1 ? side->target->id : "",
            job->count > 1 ? ": " : "", sy_error_text(&reason, status));
    sy_infer_end(side, status == SY_UNSUPPORTED ? SY_ROW_UNSUPPORTED : SY_ROW_ERROR, "%s",
        sy_error_text(&reason, status));
    return SY_OK;
}

/* --pair names two devices, or takes those of --device. */
static sy_status apply_pair(const sy_program *program, sy_config *config, sy_error *err) {
    if (config->pair.count == 0)
        return SY_OK;
    bool is_alone = config->pair.count == 1 && strcmp(config->pair.word[0], "device") == 0;
    if (!is_alone && sy_config_has(program->config, "device"))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "--pair names the devices: leave out --device");
    if (!is_alone)
        config->device = config->pair;
    if (config->device.count != 2 || strcmp(config->device.word[0], config->device.word[1]) == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "--pair takes two devices that differ, such as --device cpu,onnxruntime --pair");
    return SY_OK;
}

static sy_status open_targets(sy_infer_job *job, sy_config *config, sy_error *err) {
    sy_program program = *job->run.program;
    program.config = config;
    sy_status status = apply_pair(job->run.program, config, err);
    sy_target_places opening = sy_program_places(&program, job->run.wake_fd);
    if (status == SY_OK)
        status = sy_targets_open(&opening, &job->run.targets, err);
    job->run.places = sy_program_places(job->run.program, job->run.wake_fd);
    if (status == SY_OK)
        job->count = sy_run_job_sort_open(&job->run.targets);
    return status;
}

sy_status sy_infer_open(sy_infer_job *job, sy_error *err) {
    char settings_hash[SY_ROW_ID_MAX];
    sy_config config = *job->run.program->config; /* borrows, and is not released */
    sy_status status = open_targets(job, &config, err);
    if (status == SY_OK)
        status = sy_run_job_settings(&job->run, err);
    if (status != SY_OK)
        return status;
    sy_settings_hash(job->run.setting, job->run.setting_count, settings_hash);
    job->side = sy_mem_calloc(job->count + 1, sizeof *job->side);
    if (job->side == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for devices");
    for (size_t i = 0; status == SY_OK && i < job->count; i++) {
        sy_infer_side *side = &job->side[i];
        side->target = &job->run.targets.target[i];
        side->found_qps = side->max_error = side->bound = side->host_share = side->repeated = NAN;
        status = open_side(job, side, err);
        if (status == SY_OK)
            make_key(job, side, settings_hash);
    }
    return status;
}

/* The first set that is done decides whether the reference is a matter of minutes. */
static sy_status run_reference(sy_infer_job *job, sy_worker *worker, sy_infer_side *side, sy_error *err) {
    json_t *request = request_of(job), *reply = NULL;
    bool is_sample = job->run.program->config->check == SY_CHECK_SAMPLE;
    uint64_t sets = is_sample ? 1 : job->settings.sets;
    json_object_set_new(request, "is_reference", json_true());
    json_object_set_new(request, "dtype", json_integer(SY_F32));
    json_object_set_new(request, "math", json_integer(SY_MATH_STRICT));
    json_object_set_new(request, "instances", json_integer(1));
    sy_status status = sy_worker_call(worker, request, SY_INFER_OPEN_LIMIT_MS, &reply, err);
    if (status == SY_OK)
        status = read_ports(side, reply, err);
    json_decref(reply);
    reply = NULL;
    if (status == SY_OK)
        status =
            sy_worker_call(worker, json_pack("{s:s,s:I}", "call", "model_check", "sets", (json_int_t)sets),
                SY_INFER_OPEN_LIMIT_MS, &reply, err);
    if (status == SY_OK)
        status = sy_infer_take_outputs(side, worker, reply, &job->reference, err);
    json_decref(reply);
    return status;
}

/* Files that backends take as they are need not be ONNX, and have no reference then. */
static bool is_all_whole(const sy_infer_job *job) {
    bool is_whole = job->count > 0;
    for (size_t i = 0; i < job->count; i++)
        is_whole = is_whole && sy_protocol_bool(job->side[i].facts, "whole", false);
    return is_whole;
}

sy_status sy_infer_reference(sy_infer_job *job, sy_error *err) {
    sy_worker *worker = NULL;
    json_t *reply = NULL;
    sy_infer_side side = {0};
    sy_error reason = SY_ERROR_INIT;
    if (job->run.program->config->check == SY_CHECK_OFF)
        return SY_OK;
    sy_status status = sy_greet_worker(&job->run.places, NULL, &worker, NULL, &reason);
    if (status == SY_OK)
        status = sy_worker_call(worker,
            json_pack(
                "{s:s,s:s,s:I,s:s}", "call", "open", "backend", "cpu", "index", (json_int_t)0, "params", ""),
            SY_TARGET_OPEN_LIMIT_MS, &reply, &reason);
    json_decref(reply);
    if (status == SY_OK)
        status = run_reference(job, worker, &side, &reason);
    bool is_interrupted = status == SY_REFUSED && !sy_worker_alive(worker);
    sy_worker_end(worker);
    sy_mem_free(side.port);
    if (is_interrupted)
        return sy_error_set(err, SY_REFUSED, "interrupted");
    if (status == SY_INVALID_ARGUMENT && is_all_whole(job))
        snprintf(job->why_no_reference, sizeof job->why_no_reference, "no reference: it is no ONNX file");
    else if (status != SY_OK)
        snprintf(job->why_no_reference, sizeof job->why_no_reference, "no reference: %.220s",
            sy_error_text(&reason, status));
    return SY_OK;
}

static void release_side(sy_infer_side *side, uint64_t rounds) {
    for (size_t i = 0; side->log != NULL && i < rounds; i++)
        sy_traffic_log_release(&side->log[i]);
    sy_mem_free(side->log);
    sy_mem_free(side->visit);
    sy_mem_free(side->round);
    sy_mem_free(side->port);
    sy_infer_outputs_release(&side->checked);
    sy_weighed_release(&side->weighed);
    json_decref(side->facts);
    json_decref(side->profile);
}

void sy_infer_job_release(sy_infer_job *job) {
    for (size_t i = 0; job->side != NULL && i < job->count; i++) {
        if (job->kit != NULL)
            sy_energy_kit_release(&job->kit[i]);
        release_side(&job->side[i], job->settings.rounds);
    }
    sy_mem_free(job->kit);
    sy_mem_free(job->side);
    sy_infer_outputs_release(&job->reference);
    sy_infer_settings_release(&job->settings);
    sy_run_job_release(&job->run);
}
