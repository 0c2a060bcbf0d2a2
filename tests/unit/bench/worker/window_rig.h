/* Jobs under a load without a pause on the simulated device, with tables of our own: what was launched,
 * filled and marked, and what is to go wrong. */
#ifndef STEELYARD_TESTS_WORKER_WINDOW_RIG_H
#define STEELYARD_TESTS_WORKER_WINDOW_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "backends/sim/sim.h"
#include "bench/check/check.h"
#include "bench/worker/job.h"
#include "runtime/base/error.h"

enum { JOBS_MAX = 3, ORDER_MAX = 4096, MARKS_MAX = 256 };

/**
 * What happened. order: index of the job of each launch, as far as there is room. poisoned: fills with poison
 * before the first launch; late: after it. events: alive. calls: of the queue, the clock and run(); number
 * fail_at fails. is_lazy: every second launch does nothing. replayed: graphs were enqueued since the
 * last sync; destroyed_under_way: one of them went.
 */
static struct window_seen {
    uint64_t runs, recorded, replays, poisoned, late, copies, events, made, calls, fail_at, syncs, advanced;
    uint32_t flags;
    unsigned char order[ORDER_MAX];
    const sy_job *job;
    size_t jobs;
    bool is_recording, replayed, destroyed_under_way, is_lazy;
} seen;

static inline bool must_fail(void) {
    return ++seen.calls == seen.fail_at;
}

static inline sy_status seen_algorithm(sy_device *device, const sy_problem *problem, uint32_t index,
    sy_algorithm *out_algorithm, sy_error *err) {
    sy_status status = sim_work.algorithm(device, problem, index, out_algorithm, err);
    out_algorithm->flags |= seen.flags;
    return status;
}

static inline size_t job_of(const sy_binding *binding) {
    for (size_t i = 0; i < seen.jobs; i++)
        for (uint64_t j = 0; j < seen.job[i].bindings; j++)
            if (seen.job[i].binding[j] == binding)
                return i;
    return JOBS_MAX;
}

static inline sy_status seen_run(sy_binding *binding) {
    if (must_fail())
        return SY_LOST;
    if (seen.is_recording) {
        seen.recorded++;
        return sim_work.run(binding);
    }
    if (seen.runs < ORDER_MAX)
        seen.order[seen.runs] = (unsigned char)job_of(binding);
    seen.runs++;
    return seen.is_lazy && seen.runs % 2 == 0 ? SY_OK : sim_work.run(binding);
}

static inline sy_status seen_capture_begin(sy_queue *queue, sy_error *err) {
    seen.is_recording = true;
    return sim_work.capture_begin(queue, err);
}

static inline sy_status seen_capture_end(sy_queue *queue, sy_graph **out_graph, sy_error *err) {
    seen.is_recording = false;
    return sim_work.capture_end(queue, out_graph, err);
}

static inline sy_status seen_graph_run(sy_graph *graph) {
    seen.replays++;
    seen.replayed = true;
    return sim_work.graph_run(graph);
}

static inline void seen_graph_destroy(sy_graph *graph) {
    seen.destroyed_under_way |= graph != NULL && seen.replayed;
    sim_work.graph_destroy(graph);
}

static inline sy_status seen_fill(sy_queue *queue, sy_span span, uint8_t value, sy_error *err) {
    if (value == 0xff)
        ++*(seen.runs + seen.replays == 0 ? &seen.poisoned : &seen.late);
    return sim_memory.fill(queue, span, value, err);
}

static inline sy_status seen_copy(sy_queue *queue, sy_span target, sy_span source, sy_error *err) {
    seen.copies++;
    return sim_memory.copy(queue, target, source, err);
}

static inline sy_status seen_sync(sy_queue *queue, uint64_t timeout_ns, sy_error *err) {
    if (err != NULL && must_fail()) /* releasing does not ask why not */
        return sy_error_set(err, SY_LOST, "sync failed");
    seen.syncs++;
    seen.replayed = false;
    return sim_queue.sync(queue, timeout_ns, err);
}

static inline sy_status seen_event_create(sy_device *device, sy_event **out_event, sy_error *err) {
    if (must_fail())
        return sy_error_set(err, SY_LOST, "no event");
    seen.events++;
    seen.made++;
    return sim_queue.event_create(device, out_event, err);
}

static inline sy_status seen_event_record(sy_event *event, sy_queue *queue, sy_error *err) {
    return must_fail() ? sy_error_set(err, SY_LOST, "no mark") : sim_queue.event_record(event, queue, err);
}

static inline sy_status seen_event_query(sy_event *event, uint32_t *out_done, sy_error *err) {
    return must_fail() ? sy_error_set(err, SY_LOST, "no answer")
                       : sim_queue.event_query(event, out_done, err);
}

static inline void seen_event_destroy(sy_event *event) {
    seen.events--;
    sim_queue.event_destroy(event);
}

static inline void seen_advance(sy_device *device, uint64_t ns) {
    seen.advanced++;
    sim_device.clock_advance(device, ns);
}

typedef struct rig {
    sy_work_api work;
    sy_queue_api queue;
    sy_memory_api memory;
    sy_device_api device;
    sy_backend_api api;
    sy_backend *backend;
    sy_job_device on;
    sy_data_block *block;
    sy_job_request request[JOBS_MAX];
    sy_job job[JOBS_MAX];
    sy_job_share share[JOBS_MAX];
    sy_window_config config;
    sy_window_mark marks[MARKS_MAX];
    sy_window window;
} rig;

static inline uint64_t rig_now(void *ctx) {
    const sy_job_device *on = ctx;
    uint64_t now = 0;
    return on->api->device->clock_now(on->device, &now) == SY_OK ? now + 1 : 0;
}

static inline void rig_tables(rig *r) {
    r->api = *sy_sim_query(SY_ABI_MAJOR, SY_ABI_MINOR, NULL);
    r->work = sim_work;
    r->work.algorithm = seen_algorithm;
    r->work.run = seen_run;
    r->work.capture_begin = seen_capture_begin;
    r->work.capture_end = seen_capture_end;
    r->work.graph_run = seen_graph_run;
    r->work.graph_destroy = seen_graph_destroy;
    r->queue = sim_queue;
    r->queue.sync = seen_sync;
    r->queue.event_create = seen_event_create;
    r->queue.event_record = seen_event_record;
    r->queue.event_query = seen_event_query;
    r->queue.event_destroy = seen_event_destroy;
    r->memory = sim_memory;
    r->memory.fill = seen_fill;
    r->memory.copy = seen_copy;
    r->device = sim_device;
    r->device.clock_advance = seen_advance;
    r->api.work = &r->work;
    r->api.queue = &r->queue;
    r->api.memory = &r->memory;
    r->api.device = &r->device;
}

/** A world without jobs. A window of 2 ms after 1 and before 1, chunks of 200 us. */
static inline void rig_begin(rig *r) {
    memset(r, 0, sizeof *r);
    memset(&seen, 0, sizeof seen);
    seen.job = r->job;
    rig_tables(r);
    r->on.api = &r->api;
    r->on.clock = (sy_clock){.ctx = &r->on, .now_ns = rig_now};
    r->on.is_simulated_clock = true;
    assert_int_equal(r->api.create(NULL, &r->backend, NULL), SY_OK);
    assert_int_equal(r->api.device->open(r->backend, 0, "memory=4M", &r->on.device, NULL), SY_OK);
    assert_int_equal(r->api.queue->create(r->on.device, &r->on.queue, NULL), SY_OK);
    assert_int_equal(sy_data_block_create(SY_DATA_INTEGER, 1, &r->block, NULL), SY_OK);
    r->config =
        (sy_window_config){.load_ns = 1000000, .window_ns = 2000000, .tail_ns = 1000000, .chunk_ns = 200000};
    r->window = (sy_window){.mark = r->marks, .mark_capacity = MARKS_MAX};
}

/** A job more, with so many launches in a row. Flags of its algorithm: seen.flags. */
static inline void rig_add(rig *r, const char *problem, uint64_t launches) {
    sy_error err = SY_ERROR_INIT;
    size_t i = seen.jobs++;
    if (r->request[i].cache_bytes == 0)
        r->request[i].cache_bytes = 4096;
    r->request[i].problem = problem;
    r->request[i].algorithm = "auto";
    r->request[i].key = 7 + i;
    r->request[i].sampler = sy_sampler_defaults();
    r->share[i] = (sy_job_share){.job = &r->job[i], .launches = launches};
    if (sy_job_prepare(&r->job[i], &r->on, &r->request[i], r->block, &err) != SY_OK)
        fail_msg("%s", err.text);
    seen.runs = seen.poisoned = seen.late = seen.copies = seen.calls = seen.syncs = 0;
}

static inline sy_status rig_run(rig *r, sy_error *err) {
    return sy_job_window(r->share, seen.jobs, &r->config, &r->window, err);
}

static inline void rig_run_well(rig *r) {
    sy_error err = SY_ERROR_INIT;
    if (rig_run(r, &err) != SY_OK)
        fail_msg("%s", err.text);
    assert_int_equal(seen.events, 0);
    assert_true(r->window.launches > 0);
}

static inline void rig_end(rig *r) {
    for (size_t i = 0; i < seen.jobs; i++)
        sy_job_release(&r->job[i]);
    assert_int_equal(seen.events, 0);
    sy_data_block_destroy(r->block);
    r->api.queue->destroy(r->on.queue);
    r->api.device->close(r->on.device);
    r->api.destroy(r->backend);
}

/** Every slot that the last launches wrote, by the set that is said to have been used: SY_OK, or what the
 * first that is not right is. */
static inline sy_status rig_check(rig *r, size_t index) {
    sy_job *job = &r->job[index];
    sy_status verdict = SY_OK;
    uint64_t bytes = sy_job_output_bytes(job);
    void *output = malloc(bytes);
    assert_non_null(output);
    assert_true(sy_job_written_count(job) > 0);
    for (uint64_t i = 0; verdict == SY_OK && i < sy_job_written_count(job); i++) {
        uint64_t slot = sy_job_written(job, i), sets[SY_MAX_TENSORS];
        sy_check_result result = {0};
        for (uint32_t t = 0; t < job->logical.problem.n_in; t++)
            sets[t] = sy_job_set_of(job, slot, t);
        assert_int_equal(sy_job_read_output(job, slot, output, NULL), SY_OK);
        const sy_check_request request = {.spec = &job->spec,
            .block = r->block,
            .key = r->request[index].key,
            .seed = 1,
            .set = sets,
            .math = job->algorithm.math,
            .algorithm_bound_factor = 1.0,
            .output = output,
            .output_bytes = bytes};
        assert_int_equal(sy_check_run(&request, &result, NULL), SY_OK);
        verdict = result.status;
    }
    free(output);
    return verdict;
}

#endif
