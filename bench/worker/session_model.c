/* The answers about networks: `model`, `model_check`, `traffic`, `model_profile`, `model_close`; and their
 * load for `energy`. */
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bench/worker/job_model.h"
#include "bench/worker/model_foreign.h"
#include "bench/worker/model_native.h"
#include "bench/worker/protocol.h"
#include "bench/worker/session_parts.h"
#include "runtime/base/checked.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

enum { BINDS_MAX = 256 };

void sy_session_model_close(sy_session *session) {
    if (session->model != NULL)
        sy_model_job_release(session->model);
    sy_mem_free(session->model);
    session->model = NULL;
}

static sy_status need_model(const sy_session *session, sy_error *err) {
    return session->model != NULL
               ? SY_OK
               : sy_error_set(err, SY_INVALID_ARGUMENT, "worker: model comes before it is run");
}

static sy_status read_bind(const json_t *object, sy_network_bind *out, sy_error *err) {
    const json_t *extents = json_object_get(object, "dim");
    size_t rank = json_array_size(extents);
    *out = (sy_network_bind){.name = sy_protocol_text(object, "name", "")};
    if (rank > SY_MAX_RANK)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "--bind %s: %zu extents, at most %u", out->name, rank, SY_MAX_RANK);
    for (size_t i = 0; i < rank; i++)
        out->dim[i] = (int64_t)json_integer_value(json_array_get(extents, i));
    out->rank = sy_protocol_bool(object, "is_symbol", false) ? 0 : (uint32_t)rank;
    return SY_OK;
}

static sy_status read_binds(const json_t *list, sy_network_bind *bind, uint32_t *out_count, sy_error *err) {
    size_t count = json_array_size(list);
    sy_status status = SY_OK;
    if (count > BINDS_MAX)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "more than %d bindings", BINDS_MAX);
    for (size_t i = 0; status == SY_OK && i < count; i++)
        status = read_bind(json_array_get(list, i), &bind[i], err);
    *out_count = (uint32_t)count;
    return status;
}

static sy_status open_side(
    sy_session *session, const sy_model_request *request, sy_model_side *out_side, sy_error *err) {
    sy_backend_ref ref;
    if (session->on.api->model != NULL) {
        sy_status whole = sy_model_foreign_open(&session->on, request, out_side, err);
        if (whole != SY_INCOMPATIBLE)
            return whole;
    }
    sy_status status = sy_registry_backend(session->registry, session->backend, &ref, err);
    if (status != SY_OK)
        return status;
    const sy_model_place place = {.backend = ref,
        .device = session->on.device,
        .queue = session->on.queue,
        .registry = session->registry,
        .builtins = session->builtins,
        .builtin_count = session->builtin_count,
        .option = sy_session_option,
        .ctx = session};
    return sy_model_native_open(&place, request, out_side, err);
}

/* First run: what is prepared then, and whether it runs at all. */
static sy_status open_job(
    sy_session *session, const json_t *request, const sy_model_request *model, json_t *reply, sy_error *err) {
    sy_model_side side = {0};
    const sy_model_wish wish = {.model = *model,
        .instances = (uint32_t)sy_protocol_u64(request, "instances", 1),
        .sets = sy_protocol_u64(request, "sets", 1),
        .request = request};
    if (wish.instances == 0 || wish.instances > 1024 || wish.sets == 0 || wish.sets > 1024)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "worker: 1 to 1024 instances and sets of inputs");
    sy_status status = open_side(session, model, &side, err);
    if (status != SY_OK)
        return status;
    session->model = sy_mem_calloc(1, sizeof *session->model);
    if (session->model == NULL) {
        sy_model_side_close(&side);
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a network");
    }
    status = sy_model_job_prepare(session->model, &session->on, &side, &wish, err);
    uint64_t begin_ns = session->on.clock.now_ns(session->on.clock.ctx);
    if (status == SY_OK)
        status = sy_model_job_run(session->model, 0, NULL, err);
    uint64_t end_ns = session->on.clock.now_ns(session->on.clock.ctx);
    if (status == SY_OK) {
        sy_model_job_put(session->model, reply);
        json_object_set_new(reply, "first_run_ns", json_integer((json_int_t)(end_ns - begin_ns)));
    }
    return status;
}

sy_status sy_session_model(sy_session *session, const json_t *request, json_t *reply, sy_error *err) {
    sy_network_bind *bind = sy_mem_calloc(BINDS_MAX, sizeof *bind);
    sy_model_request model = {.path = sy_protocol_text(request, "path", ""),
        .bind = bind,
        .dtype = (uint32_t)sy_protocol_u64(request, "dtype", 0),
        .math = (uint32_t)sy_protocol_u64(request, "math", SY_MATH_STRICT),
        .no_passes = sy_protocol_bool(request, "is_reference", false),
        .no_winograd = sy_protocol_bool(request, "no_winograd", false),
        .batch = sy_protocol_u64(request, "batch", 1)};
    sy_session_model_close(session);
    if (bind == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for bindings");
    sy_status status = read_binds(json_object_get(request, "binds"), bind, &model.n_bind, err);
    if (status == SY_OK)
        status = open_job(session, request, &model, reply, err);
    if (status != SY_OK)
        sy_session_model_close(session);
    sy_mem_free(bind);
    sy_session_put_libraries(session, reply);
    return status;
}

sy_status sy_session_model_end(sy_session *session, const json_t *request, json_t *reply, sy_error *err) {
    (void)request;
    (void)reply;
    (void)err;
    sy_session_model_close(session);
    return SY_OK;
}

/* Memory of what is handed over, being filled. */
typedef struct handover {
    char *mapped;
    uint64_t bytes, used;
} handover;

static sy_status open_handover(sy_session *session, uint64_t bytes, handover *out, sy_error *err) {
    *out = (handover){.bytes = bytes};
    if (bytes == 0)
        return SY_OK;
    if (bytes > INT64_MAX || ftruncate(session->memory_fd, 0) != 0 ||
        ftruncate(session->memory_fd, (off_t)bytes) != 0)
        return sy_error_io(err, "outputs: %llu bytes of shared memory", (unsigned long long)bytes);
    out->mapped = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, session->memory_fd, 0);
    if (out->mapped == MAP_FAILED)
        return sy_error_io(err, "outputs: map %llu bytes", (unsigned long long)bytes);
    return SY_OK;
}

static void close_handover(handover *memory, json_t *reply) {
    if (memory->mapped != NULL && memory->mapped != MAP_FAILED)
        munmap(memory->mapped, memory->bytes);
    json_object_set_new(reply, "outputs_bytes", json_integer((json_int_t)memory->used));
}

/* Bytes that the outputs of one run take, each at a multiple of 64. False beyond 63 bits. */
static bool output_bytes(const sy_model_job *job, uint64_t *out_bytes) {
    *out_bytes = 0;
    for (uint32_t i = 0; i < job->n_out; i++) {
        uint64_t each = 0;
        if (!sy_round_up_u64(job->bytes[job->n_in + i], 64, &each) ||
            !sy_add_u64(*out_bytes, each, out_bytes))
            return false;
    }
    return true;
}

static void put_outputs(
    const sy_model_job *job, const sy_model_slot *slot, uint64_t set, handover *to, json_t *list) {
    json_array_append_new(list, json_pack("{s:I,s:I,s:I}", "set", (json_int_t)set, "number",
                                    (json_int_t)slot->number, "offset", (json_int_t)to->used));
    for (uint32_t i = 0; i < job->n_out; i++) {
        uint64_t bytes = job->bytes[job->n_in + i];
        if (bytes > 0)
            memcpy(to->mapped + to->used, slot->out[i], bytes);
        to->used += (bytes + 63) / 64 * 64;
    }
}

/* Each set once: what everything later is held against. */
sy_status sy_session_model_check(sy_session *session, const json_t *request, json_t *reply, sy_error *err) {
    sy_model_job *job = session->model;
    handover memory;
    uint64_t each, total;
    json_t *outputs = json_array();
    json_object_set_new(reply, "outputs", outputs);
    sy_status status = need_model(session, err);
    if (status != SY_OK)
        return status;
    uint64_t sets = sy_protocol_u64(request, "sets", job->sets);
    sets = sets < job->sets ? sets : job->sets;
    if (!output_bytes(job, &each) || !sy_mul_u64(each, sets, &total))
        return sy_error_set(err, SY_OVERFLOW, "outputs exceed 63 bits of bytes");
    status = open_handover(session, total, &memory, err);
    sy_model_job_begin(job, 0, 0);
    for (uint64_t set = 0; status == SY_OK && set < sets; set++) {
        status = sy_model_job_run(job, set, NULL, err);
        if (status == SY_OK)
            put_outputs(job, &job->instance[0].slot[0], set, &memory, outputs);
    }
    close_handover(&memory, reply);
    return status;
}

static sy_traffic_settings read_settings(const json_t *request, const sy_model_job *job) {
    return (sy_traffic_settings){.scenario = (uint32_t)sy_protocol_u64(request, "scenario", 0),
        .instances = job->instances,
        .batch = (uint32_t)sy_protocol_u64(request, "batch", 1),
        .query_samples = (uint32_t)sy_protocol_u64(request, "query_samples", 1),
        .batch_delay_ns = sy_protocol_u64(request, "batch_delay_ns", 0),
        .bound_ns = sy_protocol_u64(request, "bound_ns", 0),
        .min_duration_ns = sy_protocol_u64(request, "min_duration_ns", 0),
        .min_queries = sy_protocol_u64(request, "min_queries", 0),
        .limit_ns = sy_protocol_u64(request, "limit_ns", 0),
        .give_up_over = sy_protocol_u64(request, "give_up_over", 0),
        .sets = job->sets,
        .seed = sy_protocol_hex(request, "seed", 0),
        .qps = sy_protocol_f64(request, "qps", 0.0),
        .is_repeated = sy_protocol_bool(request, "is_repeated", false)};
}

/* Queries first, then outputs of timed runs. */
static sy_status hand_over(
    sy_session *session, const sy_traffic_log *log, bool with_outputs, json_t *reply, sy_error *err) {
    sy_model_job *job = session->model;
    handover memory;
    uint64_t queries = 0, each = 0, total = 0, slots = (uint64_t)job->instances * SY_MODEL_SLOTS;
    json_t *outputs = json_array();
    json_object_set_new(reply, "outputs", outputs);
    if (!sy_mul_u64(log->count, sizeof *log->query, &queries) || !sy_round_up_u64(queries, 64, &queries) ||
        !output_bytes(job, &each) || !sy_mul_u64(each, with_outputs ? slots : 0, &total) ||
        !sy_add_u64(total, queries, &total))
        return sy_error_set(err, SY_OVERFLOW, "outputs exceed 63 bits of bytes");
    sy_status status = open_handover(session, total, &memory, err);
    if (status == SY_OK && log->count > 0)
        memcpy(memory.mapped, log->query, log->count * sizeof *log->query);
    memory.used = queries;
    for (uint32_t i = 0; status == SY_OK && with_outputs && i < job->instances; i++)
        for (size_t j = 0; j < SY_MODEL_SLOTS; j++)
            if (job->instance[i].slot[j].is_written)
                put_outputs(job, &job->instance[i].slot[j], job->instance[i].slot[j].set, &memory, outputs);
    close_handover(&memory, reply);
    return status;
}

static void put_log(const sy_traffic_log *log, json_t *reply) {
    struct rusage usage;
    json_object_update_new(
        reply, json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:b,s:b}", "queries", (json_int_t)log->count, "begin_ns",
                   (json_int_t)log->begin_ns, "last_end_ns", (json_int_t)log->last_end_ns, "runs",
                   (json_int_t)log->runs, "samples", (json_int_t)log->samples, "padding",
                   (json_int_t)log->padding, "has_given_up", log->has_given_up, "is_cut", log->is_cut));
    if (getrusage(RUSAGE_SELF, &usage) == 0)
        json_object_set_new(reply, "peak_rss_bytes", json_integer((json_int_t)usage.ru_maxrss * 1024));
}

sy_status sy_session_traffic(sy_session *session, const json_t *request, json_t *reply, sy_error *err) {
    sy_traffic_log log = {0};
    sy_status status = need_model(session, err);
    if (status != SY_OK)
        return status;
    sy_model_job *job = session->model;
    sy_traffic_settings settings = read_settings(request, job);
    sy_traffic_world world = sy_model_job_world(job);
    status = sy_traffic_check(&settings, err);
    if (status == SY_OK)
        status = sy_model_job_warm(job, sy_protocol_u64(request, "warm_ns", 0), err);
    sy_model_job_begin(job, settings.seed, settings.min_duration_ns);
    uint64_t real_ns = sy_clock_raw_ns();
    if (status == SY_OK)
        status = sy_traffic_run(&settings, &world, &log, err);
    session->last_window_end_ns = sy_clock_raw_ns();
    json_object_set_new(reply, "real_ns", json_integer((json_int_t)(session->last_window_end_ns - real_ns)));
    put_log(&log, reply);
    if (status == SY_OK)
        status = hand_over(session, &log, sy_protocol_bool(request, "with_outputs", true), reply, err);
    sy_traffic_log_release(&log);
    return status;
}

sy_status sy_session_profile(sy_session *session, const json_t *request, json_t *reply, sy_error *err) {
    sy_status status = need_model(session, err);
    return status == SY_OK
               ? sy_model_job_profile(session->model, sy_protocol_u64(request, "runs", 10), reply, err)
               : status;
}

/* A launch of a load is a sweep: so many runs of every instance. */
typedef struct sweeping {
    sy_model_job *job;
    uint64_t runs;
} sweeping;

static sy_status launch_sweep(void *ctx, uint64_t index, sy_error *err) {
    sweeping *s = ctx;
    (void)index;
    return sy_model_job_sweep(s->job, s->runs, err);
}

/* Every sweep is over when its launch returns. */
static sy_status sync_nothing(void *ctx, sy_error *err) {
    (void)ctx;
    (void)err;
    return SY_OK;
}

sy_status sy_session_model_window(sy_session *session, const json_t *request, const sy_window_config *config,
    sy_window *out_window, sy_error *err) {
    sy_status status = need_model(session, err);
    if (status != SY_OK)
        return status;
    uint64_t runs = sy_protocol_u64(request, "runs", 1);
    sweeping s = {.job = session->model, .runs = runs > 0 ? runs : 1};
    sy_work work = {.ctx = &s, .launch = launch_sweep, .sync = sync_nothing};
    sy_window_config wanted = *config;
    wanted.unit = wanted.cycle = 1;
    sy_model_job_begin(s.job, 0, 0);
    return sy_window_run(&work, &session->on.clock, &wanted, out_window, err);
}
