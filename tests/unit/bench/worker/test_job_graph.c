/* A job's launches recorded, on the simulated device: every timed launch is in a graph, in the ring's order,
 * and right; what cannot be recorded says why. */
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

/* The device with a table of our own: what was launched how, and what is to go wrong. */
static struct {
    uint64_t direct, recorded, replays, graphs;
    uint32_t flags, no_flags; /* of algorithms: to add, to take away */
    sy_status begin, run, end;
    bool is_recording;
} seen;

static sy_status algorithm(sy_device *device, const sy_problem *problem, uint32_t index,
    sy_algorithm *out_algorithm, sy_error *err) {
    sy_status status = sim_work.algorithm(device, problem, index, out_algorithm, err);
    out_algorithm->flags = (out_algorithm->flags | seen.flags) & ~seen.no_flags;
    return status;
}
static sy_status run(sy_binding *binding) {
    if (seen.is_recording && seen.run != SY_OK)
        return seen.run;
    ++*(seen.is_recording ? &seen.recorded : &seen.direct);
    return sim_work.run(binding);
}
static sy_status capture_begin(sy_queue *queue, sy_error *err) {
    if (seen.begin != SY_OK)
        return sy_error_set(err, seen.begin, "no beginning");
    seen.is_recording = true;
    return sim_work.capture_begin(queue, err);
}
static sy_status capture_end(sy_queue *queue, sy_graph **out_graph, sy_error *err) {
    sy_status status = sim_work.capture_end(queue, out_graph, err);
    seen.is_recording = false;
    assert_int_equal(status, SY_OK);
    if (seen.end != SY_OK) {
        sim_work.graph_destroy(*out_graph);
        *out_graph = NULL;
        return sy_error_set(err, seen.end, "no end");
    }
    seen.graphs++;
    return SY_OK;
}
static sy_status graph_run(sy_graph *graph) {
    seen.replays++;
    return sim_work.graph_run(graph);
}
static void graph_destroy(sy_graph *graph) {
    seen.graphs -= graph != NULL ? 1 : 0;
    sim_work.graph_destroy(graph);
}

typedef struct rig {
    sy_work_api work;
    sy_backend_api api;
    sy_backend *backend;
    sy_job_device on;
    sy_data_block *block;
    sy_job_request request;
    sy_job job;
} rig;

static uint64_t now_ns(void *ctx) {
    const sy_job_device *on = ctx;
    uint64_t now = 0;
    return on->api->device->clock_now(on->device, &now) == SY_OK ? now + 1 : 0;
}

static void begin(rig *r, const char *problem, int cache) {
    memset(r, 0, sizeof *r);
    memset(&seen, 0, sizeof seen);
    r->api = *sy_sim_query(SY_ABI_MAJOR, SY_ABI_MINOR, NULL);
    r->work = sim_work;
    r->work.algorithm = algorithm;
    r->work.run = run;
    r->work.capture_begin = capture_begin;
    r->work.capture_end = capture_end;
    r->work.graph_run = graph_run;
    r->work.graph_destroy = graph_destroy;
    r->api.work = &r->work;
    r->on.api = &r->api;
    r->on.clock = (sy_clock){.ctx = &r->on, .now_ns = now_ns};
    assert_int_equal(r->api.create(NULL, &r->backend, NULL), SY_OK);
    assert_int_equal(r->api.device->open(r->backend, 0, "memory=1M", &r->on.device, NULL), SY_OK);
    assert_int_equal(r->api.queue->create(r->on.device, &r->on.queue, NULL), SY_OK);
    assert_int_equal(sy_data_block_create(SY_DATA_INTEGER, 1, &r->block, NULL), SY_OK);
    r->request = (sy_job_request){.problem = problem,
        .algorithm = "auto",
        .key = 7,
        .cache = cache,
        .launch = SY_LAUNCH_GRAPH,
        .cache_bytes = 4096,
        .sampler = sy_sampler_defaults()};
}

static sy_status measure(rig *r, sy_error *err) {
    sy_status status = sy_job_prepare(&r->job, &r->on, &r->request, r->block, err);
    return status == SY_OK ? sy_job_measure(&r->job, err) : status;
}

static void end(rig *r) {
    sy_job_release(&r->job);
    assert_int_equal(seen.graphs, 0);
    sy_data_block_destroy(r->block);
    r->api.queue->destroy(r->on.queue);
    r->api.device->close(r->on.device);
    r->api.destroy(r->backend);
}

/* Every slot that the last batch wrote, by the set that is said to have been used. */
static void check_outputs(rig *r) {
    uint64_t bytes = sy_job_output_bytes(&r->job);
    void *output = malloc(bytes);
    assert_non_null(output);
    for (uint64_t i = 0; i < sy_job_written_count(&r->job); i++) {
        uint64_t slot = sy_job_written(&r->job, i), sets[SY_MAX_TENSORS];
        sy_check_result result = {0};
        for (uint32_t t = 0; t < r->job.logical.problem.n_in; t++)
            sets[t] = sy_job_set_of(&r->job, slot, t);
        assert_int_equal(sy_job_read_output(&r->job, slot, output, NULL), SY_OK);
        const sy_check_request request = {.spec = &r->job.spec,
            .block = r->block,
            .key = r->request.key,
            .seed = 1,
            .set = sets,
            .math = r->job.algorithm.math,
            .algorithm_bound_factor = 1.0,
            .output = output,
            .output_bytes = bytes};
        assert_int_equal(sy_check_run(&request, &result, NULL), SY_OK);
        if (result.status != SY_OK)
            fail_msg("slot %llu: %s", (unsigned long long)slot, result.reason);
    }
    free(output);
}

static void check_visit(rig *r) {
    sy_error err = SY_ERROR_INIT;
    sy_status status = measure(r, &err);
    if (status != SY_OK)
        fail_msg("%s", err.text);
    assert_int_equal(r->job.facts.launch, SY_LAUNCH_GRAPH);
    assert_true(r->job.visit.batches >= 10);
    assert_int_equal(r->job.visit.launches % r->job.unit, 0);
    assert_int_equal(r->job.batch_first % r->job.unit, 0);
    assert_true(seen.replays > r->job.visit.batches);
    check_outputs(r);
}

static void all_but_the_first_launch_are_replayed(void **state) {
    static const int caches[] = {SY_CACHE_HOT, SY_CACHE_WEIGHTS, SY_CACHE_COLD};
    (void)state;
    for (size_t i = 0; i < sizeof caches / sizeof caches[0]; i++) {
        rig r;
        begin(&r, "gemm:m=6,n=5,k=7", caches[i]);
        check_visit(&r);
        assert_int_equal(seen.direct, 1);
        for (uint64_t at = 0; at < r.job.cycle; at++)
            assert_int_equal(sy_job_binding(&r.job, r.job.cycle + at), sy_job_binding(&r.job, at));
        assert_true(r.job.cycle / r.job.unit <= 8);
        end(&r);
    }
}

/* Places are few, but a batch need not go through all sets. */
static void a_batch_may_be_a_part_of_the_cycle(void **state) {
    rig r;
    (void)state;
    begin(&r, "gemm:m=16,n=3,k=2", SY_CACHE_COLD);
    r.request.sampler.batch_ns = 1;
    check_visit(&r);
    assert_true(r.job.unit > 1 && r.job.unit < r.job.cycle);
    assert_int_equal(r.job.cycle % r.job.unit, 0);
    assert_true(r.job.visit.launches < r.job.cycle);
    end(&r);
}

/* beta != 0 in place: a slot once a batch, whatever the cycle is. */
static void slots_limit_what_is_recorded(void **state) {
    rig r;
    (void)state;
    begin(&r, "gemm:m=4,n=4,k=8,beta=1", SY_CACHE_WEIGHTS);
    seen.flags = SY_ALGO_IN_PLACE_C;
    check_visit(&r);
    assert_true(r.job.ring.max_launches > 0 && r.job.ring.max_launches < r.job.cycle);
    assert_true(r.job.unit <= r.job.ring.max_launches);
    assert_true(r.job.visit.launches <= r.job.ring.max_launches);
    end(&r);
}

/* The load comes before anything has run: it launches directly, and what follows does not. */
static void a_load_is_launched_directly(void **state) {
    rig r;
    (void)state;
    begin(&r, "gemm:m=6,n=5,k=7", SY_CACHE_WEIGHTS);
    r.request.load_ns = 1000000;
    check_visit(&r);
    assert_int_equal(seen.direct, r.job.facts.load_launches + 1);
    end(&r);
}

static void direct_launches_stay_as_they_are(void **state) {
    rig r;
    (void)state;
    begin(&r, "gemm:m=6,n=5,k=7", SY_CACHE_WEIGHTS);
    r.request.launch = SY_LAUNCH_DIRECT;
    assert_int_equal(measure(&r, NULL), SY_OK);
    assert_int_equal(r.job.facts.launch, SY_LAUNCH_DIRECT);
    assert_int_equal(seen.direct, r.job.visit.launches_total);
    assert_int_equal(seen.recorded + seen.replays, 0);
    check_outputs(&r);
    end(&r);
}

static void expect(rig *r, sy_status wanted, const char *says) {
    sy_error err = SY_ERROR_INIT;
    assert_int_equal(measure(r, &err), wanted);
    if (strcmp(err.text, says) != 0)
        fail_msg("%s", err.text);
    end(r);
}

static void what_cannot_be_recorded_says_why(void **state) {
    rig r;
    (void)state;
    begin(&r, "copy:bytes=4K,kind=h2d", SY_CACHE_HOT);
    expect(&r, SY_UNSUPPORTED, "launch graph: copies are launched directly only");
    begin(&r, "gemm:m=2,n=2,k=2", SY_CACHE_HOT);
    r.work.capture_begin = NULL;
    expect(&r, SY_UNSUPPORTED, "launch graph: the device's backend records no launches");
    begin(&r, "gemm:m=2,n=2,k=2", SY_CACHE_HOT);
    seen.no_flags = SY_ALGO_CAPTURABLE;
    expect(&r, SY_UNSUPPORTED, "launch graph: algorithm reference-loops cannot be recorded");
    begin(&r, "gemm:m=2,n=2,k=2", SY_CACHE_HOT);
    seen.no_flags = SY_ALGO_CAPTURABLE;
    seen.begin = SY_UNSUPPORTED;
    expect(&r, SY_UNSUPPORTED, "launch graph: no beginning");
}

/* A driver that refuses makes the row unsupported; a lost device, or no memory, is what it is. */
static void a_recording_that_fails_is_told(void **state) {
    static const struct {
        sy_status begin, run, end, status;
        const char *text;
    } rows[] = {{.end = SY_INTERNAL, .status = SY_UNSUPPORTED, .text = "no end"},
        {.begin = SY_INTERNAL, .status = SY_UNSUPPORTED, .text = "no beginning"},
        {.run = SY_INTERNAL, .status = SY_UNSUPPORTED, .text = "a launch: internal"},
        {.run = SY_INTERNAL, .end = SY_INVALID_ARGUMENT, .status = SY_UNSUPPORTED, .text = "no end"},
        {.end = SY_LOST, .status = SY_LOST, .text = "no end"},
        {.run = SY_LOST, .status = SY_LOST, .text = "a launch: device lost"},
        {.begin = SY_OUT_OF_MEMORY, .status = SY_OUT_OF_MEMORY, .text = "no beginning"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rig r;
        sy_error err = SY_ERROR_INIT;
        begin(&r, "gemm:m=2,n=2,k=2", SY_CACHE_HOT);
        seen.begin = rows[i].begin;
        seen.run = rows[i].run;
        seen.end = rows[i].end;
        assert_int_equal(measure(&r, &err), rows[i].status);
        if (strstr(err.text, "launch graph: recording ") == NULL ||
            strstr(err.text, " launches of reference-loops: ") == NULL ||
            strstr(err.text, rows[i].text) == NULL)
            fail_msg("%s", err.text);
        assert_int_equal(seen.replays, 0);
        end(&r);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_but_the_first_launch_are_replayed),
        cmocka_unit_test(a_batch_may_be_a_part_of_the_cycle),
        cmocka_unit_test(slots_limit_what_is_recorded),
        cmocka_unit_test(a_load_is_launched_directly),
        cmocka_unit_test(direct_launches_stay_as_they_are),
        cmocka_unit_test(what_cannot_be_recorded_says_why),
        cmocka_unit_test(a_recording_that_fails_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
