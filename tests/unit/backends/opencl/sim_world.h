/* The backend on the simulated OpenCL library (tests/vendor_sim), with short words for what tests do to it.
 */
#ifndef TESTS_UNIT_BACKENDS_OPENCL_SIM_WORLD_H
#define TESTS_UNIT_BACKENDS_OPENCL_SIM_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "backends/opencl/opencl.h"
#include "steelyard/spec.h"
#include "tests/vendor_sim/opencl/cl_sim.h"

/** What the backend is told, and what it says: settings, and the log's lines one behind the other. */
typedef struct sim_host {
    const char *library, *cache, *clblast;
    char log[2048];
} sim_host;

typedef struct sim_world {
    sim_host host;
    const sy_backend_api *api;
    sy_backend *backend;
    sy_device *device;
    sy_queue *queue;
    sy_error error; /* of the last call that takes it */
} sim_world;

static inline const char *sim_host_option(void *ctx, const char *key) {
    const sim_host *host = ctx;
    if (strcmp(key, "lib.opencl") == 0)
        return host->library;
    if (strcmp(key, "lib.clblast") == 0)
        return host->clblast;
    return strcmp(key, "cache_dir") == 0 ? host->cache : NULL;
}

static inline void sim_host_log(void *ctx, uint32_t level, const char *text) {
    sim_host *host = ctx;
    size_t length = strlen(host->log);
    (void)level;
    snprintf(host->log + length, sizeof host->log - length, "%s\n", text);
}

/** A new world of the library, and the backend created in it. */
static inline void sim_begin(sim_world *w, const char *settings) {
    if (settings != NULL)
        cl_sim_configure(settings);
    w->error = SY_ERROR_INIT;
    w->api = ocl_query(SY_ABI_MAJOR, SY_ABI_MINOR, NULL);
    assert_non_null(w->api);
    if (w->host.library == NULL)
        w->host.library = SIM_PATH;
    sy_host host = {.size = sizeof host, .ctx = &w->host, .log = sim_host_log, .option = sim_host_option};
    assert_int_equal(w->api->create(&host, &w->backend, &w->error), SY_OK);
}

/** With the first device open, and a queue. Kernels for processors, which are few. */
static inline void sim_open(sim_world *w, const char *settings) {
    char text[512];
    snprintf(text, sizeof text, "type=cpu;%s", settings);
    sim_begin(w, text);
    assert_int_equal(w->api->device->open(w->backend, 0, "", &w->device, &w->error), SY_OK);
    assert_int_equal(w->api->queue->create(w->device, &w->queue, &w->error), SY_OK);
}

/** Everything goes; nothing of the library may be left. */
static inline void sim_end(sim_world *w) {
    w->api->queue->destroy(w->queue);
    w->api->device->close(w->device);
    w->api->destroy(w->backend);
    assert_int_equal(cl_sim_alive_total(), 0);
    assert_int_equal(cl_sim_alive(CL_SIM_MAPPING), 0);
    cl_sim_disarm();
}

/** One clear line: not empty, no control characters, and it has `words`. */
static inline void sim_expect_words(const char *text, const char *words) {
    assert_true(strlen(text) > 10);
    for (const char *at = text; *at != '\0'; at++)
        assert_true((unsigned char)*at >= ' ');
    if (strstr(text, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", text, words);
}

/** Memory of the device, or NULL with the status. */
static inline sy_status sim_alloc(sim_world *w, uint32_t kind, uint64_t bytes, sy_buffer **out_buffer) {
    w->error = SY_ERROR_INIT;
    return w->api->memory->alloc(w->device, kind, bytes, out_buffer, &w->error);
}

/** The problem of a text; tests run one after another. */
static inline const sy_problem *sim_problem(const char *text) {
    static sy_problem_storage storage; /* large */
    sy_spec spec;
    assert_int_equal(sy_spec_parse(text, NULL, &spec, NULL), SY_OK);
    assert_int_equal(sy_spec_problem(&spec, &storage, NULL), SY_OK);
    return &storage.problem;
}

/** The first candidate that takes the problem; its id, 0 if none does. The error is that of the last one that
 * refused. */
static inline uint64_t sim_candidate(sim_world *w, const char *text, char out_name[64]) {
    for (uint32_t i = 0;; i++) {
        sy_algorithm algorithm = {.size = sizeof algorithm};
        sy_error error = SY_ERROR_INIT;
        sy_status status = w->api->work->algorithm(w->device, sim_problem(text), i, &algorithm, &error);
        if (status == SY_OK && out_name != NULL)
            snprintf(out_name, 64, "%s", algorithm.name);
        if (status == SY_OK)
            return algorithm.id;
        if (status == SY_UNAVAILABLE)
            return 0;
        w->error = error;
    }
}

/** A plan of the problem by the first candidate that takes it. */
static inline sy_status sim_plan(sim_world *w, const char *text, sy_plan **out_plan) {
    w->error = SY_ERROR_INIT;
    uint64_t id = sim_candidate(w, text, NULL);
    assert_true(id != 0);
    w->error = SY_ERROR_INIT;
    return w->api->work->plan_create(w->device, sim_problem(text), id, out_plan, &w->error);
}

/** Four operands of a small GEMM in one buffer, without C. */
static inline sy_status sim_bind(sim_world *w, sy_plan *plan, sy_buffer *buffer, sy_binding **out_binding) {
    const sy_span operands[4] = {{buffer, 0, 1024}, {buffer, 1024, 1024}, {0}, {buffer, 2048, 1024}};
    w->error = SY_ERROR_INIT;
    return w->api->work->binding_create(plan, w->queue, operands, 4, (sy_span){0}, out_binding, &w->error);
}

static inline sy_status sim_sync(sim_world *w) {
    w->error = SY_ERROR_INIT;
    return w->api->queue->sync(w->queue, UINT64_MAX, &w->error);
}

#define SIM_GEMM "gemm:m=8,n=8,k=8"

/** A small GEMM ready to run. */
typedef struct sim_work {
    sy_buffer *buffer;
    sy_plan *plan;
    sy_binding *binding;
} sim_work;

static inline sim_work sim_work_make(sim_world *w) {
    sim_work work = {0};
    assert_int_equal(sim_alloc(w, SY_MEMORY_DEVICE, 4096, &work.buffer), SY_OK);
    assert_int_equal(sim_plan(w, SIM_GEMM, &work.plan), SY_OK);
    assert_int_equal(sim_bind(w, work.plan, work.buffer, &work.binding), SY_OK);
    return work;
}

static inline void sim_work_free(sim_world *w, sim_work *work) {
    w->api->work->binding_destroy(work->binding);
    w->api->work->plan_destroy(work->plan);
    w->api->memory->free(work->buffer);
}

#endif
