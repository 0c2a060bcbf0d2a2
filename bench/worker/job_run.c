/* A job's timed part: plan, bindings, and the functions that the sampler calls. */
#include <math.h>
#include <string.h>

#include "bench/worker/job.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Poison of output slots: NaN in every floating-point type, -1 or 255 in the integers. */
enum { POISON = 0xff };

static sy_status make_plan(sy_job *job, sy_error *err) {
    const sy_work_api *work = job->on->api->work;
    uint64_t begin = 0, end = 0, workspace_bytes = 0;
    sy_clock_read(&job->on->clock, &begin, NULL);
    sy_status status =
        work->plan_create(job->on->device, &job->resolved.problem, job->algorithm.id, &job->plan, err);
    sy_clock_read(&job->on->clock, &end, NULL);
    job->facts.plan_ns = end - begin;
    if (status == SY_OK && work->plan_compile != NULL)
        status = work->plan_compile(job->plan, &job->facts.compile_ns, err);
    if (status == SY_OK)
        status = work->plan_workspace(job->plan, &workspace_bytes, err);
    if (status == SY_OK && workspace_bytes > 0)
        status = job->on->api->memory->alloc(
            job->on->device, SY_MEMORY_DEVICE, workspace_bytes, &job->workspace, err);
    job->algorithm.workspace_bytes = workspace_bytes;
    return status;
}

/* The set that binding `binding` uses of tensor `tensor`; see sy_ring for the rule. */
static uint64_t set_of_binding(const sy_job *job, uint64_t binding, uint32_t tensor) {
    uint64_t turn = binding % job->ring.period;
    if (tensor >= job->resolved.problem.n_in)
        return turn % job->ring.outputs;
    if (job->resolved.role[tensor] == SY_ROLE_WEIGHT)
        return turn % job->ring.weights;
    return job->ring.activations > 1 ? turn % job->ring.activations : binding / job->ring.period;
}

/*
 * Where the ring has one set of activations, two alternate from launch to launch: results that were kept from
 * the launch before would be wrong, and a batch averages over what their places in memory do to its time.
 */
uint64_t sy_job_binding(const sy_job *job, uint64_t index) {
    return index % job->flavours * job->ring.period + index % job->ring.period;
}

/* In place: C is the output slot itself, filled again before each batch. */
static bool is_in_place_c(const sy_job *job, uint32_t tensor) {
    return (job->algorithm.flags & SY_ALGO_IN_PLACE_C) != 0 &&
           job->resolved.role[tensor] == SY_ROLE_ACCUMULATE;
}

static sy_status make_binding(sy_job *job, uint64_t binding, sy_error *err) {
    sy_span operands[SY_MAX_TENSORS] = {0};
    uint32_t count = job->resolved.problem.n_in + job->resolved.problem.n_out;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t source = is_in_place_c(job, i) ? sy_job_output_tensor(job) : i;
        operands[i] = sy_job_span(job, source, set_of_binding(job, binding, source));
    }
    sy_span workspace = {
        .buffer = job->workspace, .bytes = job->workspace != NULL ? job->algorithm.workspace_bytes : 0};
    return job->on->api->work->binding_create(
        job->plan, job->on->queue, operands, count, workspace, &job->binding[binding], err);
}

sy_status sy_job_bind(sy_job *job, sy_error *err) {
    sy_status status = make_plan(job, err);
    if (status != SY_OK)
        return status;
    job->bindings = job->ring.period * job->flavours;
    job->binding = sy_mem_calloc(job->bindings, sizeof *job->binding);
    if (job->binding == NULL)
        return sy_error_set(
            err, SY_OUT_OF_MEMORY, "no memory for %llu bindings", (unsigned long long)job->bindings);
    for (uint64_t i = 0; status == SY_OK && i < job->bindings; i++)
        status = make_binding(job, i, err);
    return status;
}

/* C's values into every slot that the batch writes: only in-place algorithms need it. */
static sy_status refill_slot(sy_job *job, uint64_t slot, sy_error *err) {
    for (uint32_t i = 0; i < job->resolved.problem.n_in; i++) {
        if (!is_in_place_c(job, i))
            continue;
        sy_span target = sy_job_span(job, sy_job_output_tensor(job), slot);
        sy_span source = sy_job_span(job, i, sy_job_set_of(job, slot, i));
        return job->on->api->memory->copy(job->on->queue, target, source, err);
    }
    return SY_OK;
}

static sy_status poison_copy_target(sy_job *job, sy_error *err) {
    return job->on->api->memory->fill(job->on->queue, job->copy_to, POISON, err);
}

sy_status sy_job_prepare_batch(void *ctx, uint64_t first_index, uint64_t launches, sy_error *err) {
    sy_job *job = ctx;
    job->batch_first = first_index;
    job->batch_launches = launches;
    job->timer_runs = job->timer_has_time = false;
    if (job->plan == NULL)
        return poison_copy_target(job, err);
    bool in_place = (job->algorithm.flags & SY_ALGO_IN_PLACE_C) != 0;
    sy_status status = SY_OK;
    for (uint64_t i = 0; status == SY_OK && i < sy_job_written_count(job); i++) {
        uint64_t slot = sy_job_written(job, i);
        sy_span span = sy_job_span(job, sy_job_output_tensor(job), slot);
        status = in_place ? refill_slot(job, slot, err)
                          : job->on->api->memory->fill(job->on->queue, span, POISON, err);
    }
    if (status == SY_OK)
        status = sy_job_graph_take(job, first_index, launches, err);
    job->facts.launch = job->replay != NULL ? SY_LAUNCH_GRAPH : SY_LAUNCH_DIRECT;
    return status;
}

/* With the first launch of a batch. */
static sy_status start_timer(sy_job *job, sy_error *err) {
    if (job->timer == NULL || job->timer_runs)
        return SY_OK;
    job->timer_runs = true;
    return job->on->api->queue->timer_start(job->timer, err);
}

sy_status sy_job_launch(void *ctx, uint64_t index, sy_error *err) {
    sy_job *job = ctx;
    sy_status status = start_timer(job, err);
    if (status != SY_OK)
        return status;
    if (job->plan == NULL)
        return sy_job_copy_launch(job, err);
    if (job->replay == NULL)
        status = job->on->api->work->run(job->binding[sy_job_binding(job, index)]);
    else if (index == job->batch_first)
        status = job->on->api->work->graph_run(job->replay);
    job->has_run = true;
    return status == SY_OK ? SY_OK : sy_error_set(err, status, "launch: %s", sy_status_name(status));
}

static sy_status synchronise(void *ctx, sy_error *err) {
    sy_job *job = ctx;
    sy_status status = SY_OK;
    if (job->timer_runs)
        status = job->on->api->queue->timer_stop(job->timer, err);
    job->timer_has_time = job->timer_runs;
    job->timer_runs = false;
    return status == SY_OK ? job->on->api->queue->sync(job->on->queue, UINT64_MAX, err) : status;
}

/* A driver that has no time to tell costs the row its device time, not the row. */
static sy_status read_timer(void *ctx, double *out_ns, sy_error *err) {
    sy_job *job = ctx;
    sy_status status = SY_UNAVAILABLE;
    (void)err;
    if (job->timer_has_time)
        status = job->on->api->queue->timer_read(job->timer, out_ns, &job->facts.timer_resolution_ns, NULL);
    if (status != SY_OK)
        *out_ns = NAN;
    return SY_OK;
}

/* First sensor of a kind, NaN if there is none. */
static double read_sensor(const sy_job *job, uint32_t kind) {
    const sy_sensor_api *sensors = job->on->api->sensor;
    sy_sensor sensor = {.size = sizeof sensor};
    for (uint32_t i = 0; sensors != NULL && sensors->describe(job->on->device, i, &sensor, NULL) == SY_OK;
         i++) {
        double value = NAN;
        if (sensor.kind == kind && sensors->read(job->on->device, i, &value, NULL) == SY_OK)
            return value;
        sensor.size = sizeof sensor;
    }
    return NAN;
}

static sy_status allocate_samples(sy_job *job, size_t capacity, sy_error *err) {
    job->samples = sy_mem_calloc(2 * capacity + sy_visit_scratch(capacity), sizeof *job->samples);
    if (job->samples == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %zu samples", capacity);
    job->buffer = (sy_sample_buffer){.capacity = capacity,
        .host_ns = job->samples,
        .device_ns = job->timer != NULL ? job->samples + capacity : NULL,
        .scratch = job->samples + 2 * capacity};
    return SY_OK;
}

sy_status sy_job_measure(sy_job *job, sy_error *err) {
    const sy_queue_api *queue = job->on->api->queue;
    sy_work work = {
        .ctx = job, .prepare = sy_job_prepare_batch, .launch = sy_job_launch, .sync = synchronise};
    sy_load_result load = {0};
    sy_sampler_config config = job->request->sampler;
    config.clock_overhead_ns = job->on->clock_overhead_ns;
    config.max_launches = job->ring.max_launches;
    config.unit = job->unit;
    sy_status status = SY_OK;
    if (queue->timer_create != NULL)
        status = queue->timer_create(job->on->queue, &job->timer, err);
    if (job->timer != NULL)
        work.device_ns = read_timer;
    if (status == SY_OK)
        status = allocate_samples(job, config.max_batches, err);
    if (status == SY_OK && job->request->load_ns > 0)
        status = sy_measure_load(&work, &job->on->clock, 0, job->request->load_ns, &load, err);
    job->facts.load_ns = load.elapsed_ns;
    job->facts.load_launches = load.launches;
    job->facts.clock_mhz_before = read_sensor(job, SY_SENSOR_CLOCK) / 1e6;
    if (status == SY_OK)
        status = sy_sampler_run(&work, &job->on->clock, &config, &job->buffer, &job->visit, err);
    job->facts.clock_mhz_after = read_sensor(job, SY_SENSOR_CLOCK) / 1e6;
    job->facts.temperature_c = read_sensor(job, SY_SENSOR_TEMPERATURE);
    return status;
}

uint64_t sy_job_written_count(const sy_job *job) {
    return job->batch_launches < job->ring.outputs ? job->batch_launches : job->ring.outputs;
}

uint64_t sy_job_written(const sy_job *job, uint64_t i) {
    uint64_t index = job->batch_first + job->batch_launches - 1 - i;
    return index % job->ring.period % job->ring.outputs;
}

/* The last launch of the batch that wrote `slot`: slots repeat with the ring's turns, so a short look back
 * finds it. */
static uint64_t last_index_of(const sy_job *job, uint64_t slot) {
    uint64_t last = job->batch_first + job->batch_launches - 1;
    for (uint64_t back = 0; back < job->batch_launches; back++)
        if ((last - back) % job->ring.period % job->ring.outputs == slot)
            return last - back;
    return last;
}

uint64_t sy_job_set_of(const sy_job *job, uint64_t slot, uint32_t index) {
    return set_of_binding(job, sy_job_binding(job, last_index_of(job, slot)), index);
}
