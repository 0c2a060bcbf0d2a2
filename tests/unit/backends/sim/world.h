/* A simulated device opened for a test, with short words for what tests do to it. */
#ifndef STEELYARD_TESTS_SIM_WORLD_H
#define STEELYARD_TESTS_SIM_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "backends/sim/sim.h"
#include "steelyard/spec.h"

/** An opened device with a queue and a pinned buffer for looking at device memory. */
typedef struct world {
    const sy_backend_api *api;
    sy_backend *backend;
    sy_device *device;
    sy_queue *queue;
    sy_buffer *pinned;
} world;

static inline world open_world(const char *params) {
    world w = {.api = sy_sim_query(SY_ABI_MAJOR, SY_ABI_MINOR, NULL)};
    assert_non_null(w.api);
    assert_int_equal(w.api->create(NULL, &w.backend, NULL), SY_OK);
    assert_int_equal(w.api->device->open(w.backend, 0, params, &w.device, NULL), SY_OK);
    assert_int_equal(w.api->queue->create(w.device, &w.queue, NULL), SY_OK);
    assert_int_equal(w.api->memory->alloc(w.device, SY_MEMORY_PINNED, 4096, &w.pinned, NULL), SY_OK);
    return w;
}

static inline void close_world(world *w) {
    w->api->memory->free(w->pinned);
    w->api->queue->destroy(w->queue);
    w->api->device->close(w->device);
    w->api->destroy(w->backend);
}

static inline sy_buffer *device_memory(world *w, uint64_t bytes) {
    sy_buffer *buffer = NULL;
    assert_int_equal(w->api->memory->alloc(w->device, SY_MEMORY_DEVICE, bytes, &buffer, NULL), SY_OK);
    return buffer;
}

static inline sy_span span_of(sy_buffer *buffer, uint64_t first, uint64_t count) {
    return (sy_span){.buffer = buffer, .offset = first * sizeof(float), .bytes = count * sizeof(float)};
}

static inline void put(world *w, sy_span to, const float *values) {
    memcpy(w->api->memory->host_ptr(w->pinned), values, to.bytes);
    assert_int_equal(
        w->api->memory->copy(w->queue, to, (sy_span){.buffer = w->pinned, .bytes = to.bytes}, NULL), SY_OK);
}

static inline void get(world *w, sy_span from, float *out_values) {
    assert_int_equal(
        w->api->memory->copy(w->queue, (sy_span){.buffer = w->pinned, .bytes = from.bytes}, from, NULL),
        SY_OK);
    assert_int_equal(w->api->queue->sync(w->queue, UINT64_MAX, NULL), SY_OK);
    memcpy(out_values, w->api->memory->host_ptr(w->pinned), from.bytes);
}

/** The one element at `index` of a buffer of floats. */
static inline float get_one(world *w, sy_buffer *buffer, uint64_t index) {
    float value = 0.0f;
    get(w, span_of(buffer, index, 1), &value);
    return value;
}

/** A plan of a problem string. */
static inline sy_plan *plan_of(world *w, const char *text) {
    static sy_problem_storage storage; /* large; tests run one after another */
    sy_spec spec;
    sy_plan *plan = NULL;
    assert_int_equal(sy_spec_parse(text, NULL, &spec, NULL), SY_OK);
    assert_int_equal(sy_spec_problem(&spec, &storage, NULL), SY_OK);
    assert_int_equal(w->api->work->plan_create(w->device, &storage.problem, 1, &plan, NULL), SY_OK);
    return plan;
}

static inline sy_binding *bind(world *w, sy_plan *plan, const sy_span *operands, uint32_t count) {
    sy_binding *binding = NULL;
    assert_int_equal(
        w->api->work->binding_create(plan, w->queue, operands, count, (sy_span){0}, &binding, NULL), SY_OK);
    return binding;
}

#endif
