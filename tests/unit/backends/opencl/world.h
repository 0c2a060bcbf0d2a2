/* An OpenCL device opened for a test, with short words for what tests do to it: device 0 of the library that
 * STEELYARD_OPENCL names, else of the system's. Where there is none a test program skips itself:
 * `if (!world_exists()) return 77;`. */
#ifndef STEELYARD_TESTS_OPENCL_WORLD_H
#define STEELYARD_TESTS_OPENCL_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "backends/opencl/plan.h"

/** What the host would give; NULL: the setting is unset. lines: how many were logged, the last one in line.
 */
typedef struct world_host {
    const char *cache_folder, *library;
    unsigned lines;
    char line[512];
} world_host;

typedef struct world {
    world_host host;
    const sy_backend_api *api;
    sy_backend *backend;
    sy_device *device;
    sy_queue *queue;
} world;

static inline void world_log(void *ctx, uint32_t level, const char *text) {
    world_host *host = ctx;
    (void)level;
    host->lines++;
    snprintf(host->line, sizeof host->line, "%s", text);
}

static inline const char *world_option(void *ctx, const char *key) {
    const world_host *host = ctx;
    if (strcmp(key, "cache_dir") == 0)
        return host->cache_folder;
    if (strcmp(key, "lib.opencl") != 0)
        return NULL;
    return host->library != NULL ? host->library : getenv("STEELYARD_OPENCL");
}

static inline sy_backend *world_backend(world *w) {
    sy_host host = {.size = sizeof host, .ctx = &w->host, .log = world_log, .option = world_option};
    w->api = ocl_query(SY_ABI_MAJOR, SY_ABI_MINOR, NULL);
    assert_non_null(w->api);
    assert_int_equal(w->api->create(&host, &w->backend, NULL), SY_OK);
    return w->backend;
}

/** Open device 0. Host settings are taken from w->host, the rest is written. `w` must not move. */
static inline void world_open(world *w, const char *params) {
    sy_error error = SY_ERROR_INIT;
    world_backend(w);
    if (w->api->device->open(w->backend, 0, params, &w->device, &error) != SY_OK)
        fail_msg("%s", error.text);
    assert_int_equal(w->api->queue->create(w->device, &w->queue, NULL), SY_OK);
}

static inline void world_close(world *w) {
    w->api->queue->destroy(w->queue);
    w->api->device->close(w->device);
    w->api->destroy(w->backend);
}

/** Whether there is a device; prints why not. */
static inline bool world_exists(void) {
    world w = {0};
    sy_error error = SY_ERROR_INIT;
    uint32_t count = 0;
    world_backend(&w);
    (void)w.api->device->count(w.backend, &count, &error);
    w.api->destroy(w.backend);
    if (count == 0)
        printf("skipped: %s\n", error.text);
    return count > 0;
}

static inline sy_buffer *world_alloc(world *w, uint32_t kind, uint64_t bytes) {
    sy_buffer *buffer = NULL;
    sy_error error = SY_ERROR_INIT;
    if (w->api->memory->alloc(w->device, kind, bytes, &buffer, &error) != SY_OK)
        fail_msg("%s", error.text);
    return buffer;
}

static inline sy_span world_span(sy_buffer *buffer, uint64_t offset, uint64_t bytes) {
    return (sy_span){.buffer = buffer, .offset = offset, .bytes = bytes};
}

static inline sy_buffer *world_import(world *w, void *memory, uint64_t bytes) {
    sy_buffer *buffer = NULL;
    assert_int_equal(w->api->memory->import(w->device, memory, bytes, &buffer, NULL), SY_OK);
    return buffer;
}

static inline void world_sync(world *w) {
    sy_error error = SY_ERROR_INIT;
    if (w->api->queue->sync(w->queue, UINT64_MAX, &error) != SY_OK)
        fail_msg("%s", error.text);
}

/** Bytes from or to device memory, through memory of the caller's. */
static inline void world_put(world *w, sy_span to, void *from) {
    sy_buffer *host = world_import(w, from, to.bytes);
    assert_int_equal(w->api->memory->copy(w->queue, to, world_span(host, 0, to.bytes), NULL), SY_OK);
    world_sync(w);
    w->api->memory->free(host);
}

static inline void world_get(world *w, sy_span from, void *to) {
    sy_buffer *host = world_import(w, to, from.bytes);
    assert_int_equal(w->api->memory->copy(w->queue, world_span(host, 0, from.bytes), from, NULL), SY_OK);
    world_sync(w);
    w->api->memory->free(host);
}

/** Assert that a call failed with this status and words in its text. */
#define world_refused(call, status, words)                                                                   \
    do {                                                                                                     \
        sy_error refused_error = SY_ERROR_INIT;                                                              \
        sy_error *err = &refused_error;                                                                      \
        assert_int_equal((call), (status));                                                                  \
        if (strstr(refused_error.text, (words)) == NULL)                                                     \
            fail_msg("\"%s\" does not say \"%s\"", refused_error.text, (words));                             \
    } while (0)

/**
 * A task with `count` one-dimensional f32 tensors of `elements` elements, the last one its output, and a
 * recipe of one kernel "k" with this text, launched over `global` work-items in groups of `local` (0: as the
 * driver likes).
 */
static inline void world_task(sy_task *task, uint32_t count, int64_t elements) {
    *task = (sy_task){.op = SY_OP_STREAM, .n_in = count - 1, .n_out = 1};
    for (uint32_t i = 0; i < count; i++)
        task->tensor[i] = (sy_tensor){
            .size = sizeof(sy_tensor), .dtype = SY_F32, .rank = 1, .dim = {elements}, .stride = {1}};
}

static inline ocl_step *world_recipe(ocl_recipe *recipe, const char *text, uint64_t global, uint64_t local) {
    *recipe = (ocl_recipe){.name = "test"};
    ocl_define(recipe, "%s", text);
    ocl_step *step = ocl_step_add(recipe, "k");
    step->global[0] = global;
    step->local[0] = local;
    return step;
}

/** Adds 1 to each element: operands 0 (in) and 1 (out). */
#define WORLD_ADD_ONE                                                                                        \
    "__kernel void k(__global const float *x, ulong x0, __global float *y, ulong y0) {"                      \
    " size_t i = get_global_id(0); y[y0 + i] = x[x0 + i] + 1.0f; }\n"

static inline sy_plan *world_add_one(world *w, int64_t elements) {
    sy_task task;
    static ocl_recipe recipe; /* large; tests run one after another */
    sy_plan *plan = NULL;
    sy_error error = SY_ERROR_INIT;
    world_task(&task, 2, elements);
    ocl_step *step = world_recipe(&recipe, WORLD_ADD_ONE, (uint64_t)elements, 0);
    ocl_arg_operand(step, 0, SY_F32);
    ocl_arg_operand(step, 1, SY_F32);
    if (ocl_plan_create(w->device, &task, &recipe, &plan, &error) != SY_OK)
        fail_msg("%s", error.text);
    return plan;
}

#endif
