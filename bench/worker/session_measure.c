/* The answers that run work: `candidates` and `measure`. */
#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench/worker/protocol.h"
#include "bench/worker/session_parts.h"
#include "runtime/base/checked.h"
#include "runtime/base/error.h"
#include "runtime/base/random.h"
#include "runtime/base/seam.h"

static json_t *candidate_object(const sy_candidate *candidate) {
    const sy_algorithm *algorithm = &candidate->algorithm;
    return json_pack("{s:o,s:i,s:o,s:b,s:b,s:s,s:I,s:o}", "name",
        sy_protocol_string(algorithm->name, sizeof algorithm->name), "status", (int)candidate->status,
        "reason", sy_protocol_string(candidate->reason, sizeof candidate->reason), "on_request",
        candidate->on_request != 0, "tunable", candidate->is_tunable != 0, "math",
        sy_math_name(algorithm->math), "flags", (json_int_t)algorithm->flags, "flop_ratio",
        sy_protocol_number(algorithm->flop_ratio));
}

sy_status sy_session_candidates(sy_session *session, const json_t *request, json_t *reply, sy_error *err) {
    sy_spec spec;
    sy_problem_storage storage;
    json_t *list = json_array();
    json_object_set_new(reply, "candidates", list);
    sy_status status = sy_spec_parse(sy_protocol_text(request, "problem", ""), NULL, &spec, err);
    if (status == SY_OK)
        status = sy_spec_problem(&spec, &storage, err);
    sy_candidates *candidates = sy_mem_calloc(1, sizeof *candidates);
    if (status == SY_OK && candidates == NULL)
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for candidates");
    if (status == SY_OK)
        status =
            sy_dispatch_candidates(session->on.api, session->on.device, &storage.problem, candidates, err);
    for (uint32_t i = 0; status == SY_OK && i < candidates->count; i++)
        json_array_append_new(list, candidate_object(&candidates->candidate[i]));
    sy_mem_free(candidates);
    return status;
}

sy_status sy_session_ensure_block(sy_session *session, const json_t *request, sy_error *err) {
    uint32_t data = (uint32_t)sy_protocol_u64(request, "data", 0);
    uint64_t seed = sy_protocol_hex(request, "seed", 0);
    if (session->block != NULL && session->block_data == data && session->block_seed == seed)
        return SY_OK;
    sy_data_block_destroy(session->block);
    session->block_data = data;
    session->block_seed = seed;
    return sy_data_block_create(data, seed, &session->block, err);
}

void sy_session_read_job(const json_t *request, sy_job_request *out) {
    *out = (sy_job_request){.problem = sy_protocol_text(request, "problem", ""),
        .algorithm = sy_protocol_text(request, "algorithm", "auto"),
        .tuned = sy_protocol_text(request, "tuned", NULL),
        .key = sy_protocol_hex(request, "key", 0),
        .pick_seed = sy_protocol_hex(request, "pick_seed", 0),
        .cache = (int)sy_protocol_u64(request, "cache", 0),
        .launch = (int)sy_protocol_u64(request, "launch", SY_LAUNCH_DIRECT),
        .cache_bytes = sy_protocol_u64(request, "cache_bytes", 0),
        .load_ns = sy_protocol_u64(request, "load_ns", 0),
        .output_slots = sy_protocol_u64(request, "output_slots", 0),
        .sampler = sy_sampler_defaults()};
    sy_sampler_config *sampler = &out->sampler;
    sampler->precision = sy_protocol_f64(request, "precision", sampler->precision);
    sampler->batch_ns = sy_protocol_u64(request, "batch_ns", sampler->batch_ns);
    sampler->min_timed_ns = sy_protocol_u64(request, "min_timed_ns", sampler->min_timed_ns);
    sampler->limit_ns = sy_protocol_u64(request, "limit_ns", sampler->limit_ns);
    sampler->is_alone = sy_protocol_bool(request, "is_alone", false);
    sampler->warm_up_limit_ns = sy_protocol_u64(request, "warm_up_limit_ns", sampler->warm_up_limit_ns);
}

static json_t *number_list(const double *values, size_t count) {
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, sy_protocol_number(values[i]));
    return list;
}

static const char *layout_text(const sy_job *job) {
    if (job->facts.private_layout && job->facts.image_layout == SY_IMAGE_ANY)
        return "private";
    if (job->spec.op == SY_SPEC_CONV2D)
        return sy_spec_layout_name(job->facts.image_layout);
    return "row-major";
}

void sy_session_put_job(const sy_job *job, json_t *reply) {
    const sy_algorithm *algorithm = &job->algorithm;
    json_object_set_new(reply, "algorithm", sy_protocol_string(algorithm->name, sizeof algorithm->name));
    json_object_set_new(reply, "implementation",
        sy_protocol_string(algorithm->implementation, sizeof algorithm->implementation));
    json_object_set_new(reply, "tuned", json_boolean(job->is_tuned));
    json_object_set_new(reply, "math", json_string(sy_math_name(algorithm->math)));
    json_object_set_new(reply, "math_id", json_integer(algorithm->math));
    json_object_set_new(reply, "flags", json_integer(algorithm->flags));
    json_object_set_new(
        reply, "flop_ratio", json_real(algorithm->flop_ratio > 0.0 ? algorithm->flop_ratio : 1.0));
    json_object_set_new(
        reply, "bound_factor", json_real(algorithm->bound_factor > 1.0 ? algorithm->bound_factor : 1.0));
    json_object_set_new(reply, "workspace_bytes", json_integer((json_int_t)algorithm->workspace_bytes));
    json_object_set_new(reply, "layout_used", json_string(layout_text(job)));
}

static void put_facts(const sy_job *job, json_t *reply) {
    const sy_job_facts *facts = &job->facts;
    const sy_ring *ring = &job->ring;
    json_object_update_new(
        reply, json_pack("{s:I,s:I,s:I,s:I,s:b,s:I}", "plan_ns", (json_int_t)facts->plan_ns, "prepare_ns",
                   (json_int_t)facts->prepare_ns, "prepare_bytes", (json_int_t)facts->prepare_bytes,
                   "cache_bytes", (json_int_t)facts->cache_bytes, "cache_bytes_assumed",
                   facts->cache_bytes_assumed, "load_ns", (json_int_t)facts->load_ns));
    json_object_update_new(reply,
        json_pack("{s:I,s:I,s:I,s:I,s:I,s:b}", "ring_weights", (json_int_t)ring->weights, "ring_activations",
            (json_int_t)(ring->activations > 1 ? ring->activations : job->flavours), "ring_outputs",
            (json_int_t)ring->outputs, "ring_bytes", (json_int_t)ring->total_bytes, "rotating_bytes",
            (json_int_t)ring->rotating_bytes, "cache_partial", ring->is_partial));
    json_object_set_new(reply, "launch", json_string(sy_launch_name(facts->launch)));
    if (facts->compile_ns > 0)
        json_object_set_new(reply, "compile_ns", json_integer((json_int_t)facts->compile_ns));
    json_object_set_new(reply, "clock_mhz_before", sy_protocol_number(facts->clock_mhz_before));
    json_object_set_new(reply, "clock_mhz_after", sy_protocol_number(facts->clock_mhz_after));
    json_object_set_new(reply, "temperature_c", sy_protocol_number(facts->temperature_c));
}

static void put_visit(const sy_job *job, json_t *reply) {
    const sy_visit *visit = &job->visit;
    json_object_update_new(
        reply, json_pack("{s:I,s:I,s:I,s:b,s:b,s:s,s:I}", "first_run_ns", (json_int_t)visit->first_run_ns,
                   "launches", (json_int_t)visit->launches, "warm_up_ns", (json_int_t)visit->warm_up_ns,
                   "warm_up_flat", visit->warm_up_flat, "batch_short", visit->is_short, "stop",
                   sy_stop_name(visit->stop), "timed_ns", (json_int_t)visit->timed_ns));
    json_object_set_new(reply, "samples_ns", number_list(job->buffer.host_ns, visit->batches));
    if (job->buffer.device_ns == NULL || visit->batches == 0)
        return;
    json_object_set_new(reply, "device_samples_ns", number_list(job->buffer.device_ns, visit->batches));
    json_object_set_new(reply, "device_resolution_ns", sy_protocol_number(job->facts.timer_resolution_ns));
}

/* One output into the memory file at `offset`, with what the parent needs to make its inputs again. */
static sy_status put_output(
    sy_job *job, uint64_t slot, uint64_t offset, char *mapped, json_t *outputs, sy_error *err) {
    sy_status status = sy_job_read_output(job, slot, mapped + offset, err);
    if (status != SY_OK)
        return status;
    json_t *sets = json_array();
    for (uint32_t i = 0; job->plan != NULL && i < job->logical.problem.n_in; i++)
        json_array_append_new(sets, json_integer((json_int_t)sy_job_set_of(job, slot, i)));
    json_array_append_new(
        outputs, json_pack("{s:I,s:I,s:I,s:o}", "slot", (json_int_t)slot, "offset", (json_int_t)offset,
                     "bytes", (json_int_t)sy_job_output_bytes(job), "sets", sets));
    return SY_OK;
}

/* Slots drawn at random among those last written; a partial Fisher-Yates over their list. */
sy_status sy_session_put_outputs(sy_session *session, sy_job *job, json_t *reply, sy_error *err) {
    uint64_t written = sy_job_written_count(job);
    uint64_t wanted = job->request->output_slots < written ? job->request->output_slots : written;
    uint64_t each = sy_job_output_bytes(job), total = 0, stride = 0;
    json_t *outputs = json_array();
    json_object_set_new(reply, "outputs", outputs);
    if (wanted == 0 || each == 0)
        return SY_OK;
    if (!sy_round_up_u64(each, 64, &stride) || !sy_mul_u64(stride, wanted, &total) || total > INT64_MAX)
        return sy_error_set(err, SY_OVERFLOW, "outputs exceed 63 bits of bytes");
    if (ftruncate(session->memory_fd, 0) != 0 || ftruncate(session->memory_fd, (off_t)total) != 0)
        return sy_error_io(err, "outputs: %llu bytes of shared memory", (unsigned long long)total);
    char *mapped = mmap(NULL, total, PROT_READ | PROT_WRITE, MAP_SHARED, session->memory_fd, 0);
    if (mapped == MAP_FAILED)
        return sy_error_io(err, "outputs: map %llu bytes", (unsigned long long)total);
    sy_random random;
    sy_random_seed(&random, job->request->pick_seed, job->request->key);
    uint64_t first = sy_random_below(&random, written);
    sy_status status = SY_OK;
    for (uint64_t i = 0; status == SY_OK && i < wanted; i++)
        status =
            put_output(job, sy_job_written(job, (first + i) % written), i * stride, mapped, outputs, err);
    munmap(mapped, total);
    json_object_set_new(reply, "outputs_bytes", json_integer((json_int_t)total));
    return status;
}

sy_status sy_session_measure(sy_session *session, const json_t *request, json_t *reply, sy_error *err) {
    sy_job_request wanted;
    sy_session_read_job(request, &wanted);
    sy_status status = sy_session_ensure_block(session, request, err);
    if (status != SY_OK)
        return status;
    sy_job *job = sy_mem_calloc(1, sizeof *job);
    if (job == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a job");
    status = sy_job_prepare(job, &session->on, &wanted, session->block, err);
    sy_session_put_job(job, reply);
    uint64_t begin_ns = sy_clock_raw_ns();
    if (status == SY_OK && session->last_window_end_ns != 0)
        json_object_set_new(
            reply, "gap_ms", json_real((double)(begin_ns - session->last_window_end_ns) / 1e6));
    if (status == SY_OK)
        status = sy_job_measure(job, err);
    session->last_window_end_ns = sy_clock_raw_ns();
    put_facts(job, reply);
    if (job->buffer.host_ns != NULL)
        put_visit(job, reply);
    if (status == SY_OK && job->visit.batches > 0)
        status = sy_session_put_outputs(session, job, reply, err);
    sy_job_release(job);
    sy_mem_free(job);
    sy_session_put_libraries(session, reply);
    return status;
}
