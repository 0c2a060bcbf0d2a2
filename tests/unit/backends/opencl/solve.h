/* A problem solved on a device by one named algorithm, from candidate to result. */
#ifndef STEELYARD_TESTS_OPENCL_SOLVE_H
#define STEELYARD_TESTS_OPENCL_SOLVE_H

#include "tests/unit/backends/opencl/world.h"

/** The candidate of that name, which must be there and usable. */
static inline sy_algorithm solve_find(world *w, const sy_problem *problem, const char *name) {
    sy_algorithm algorithm = {.size = sizeof algorithm};
    sy_error error = SY_ERROR_INIT;
    sy_status status = SY_OK;
    for (uint32_t i = 0; status != SY_UNAVAILABLE; i++) {
        status = w->api->work->algorithm(w->device, problem, i, &algorithm, &error);
        if (status != SY_UNAVAILABLE && strcmp(algorithm.name, name) == 0)
            break;
    }
    if (status != SY_OK)
        fail_msg("%s: %s", name, error.text);
    return algorithm;
}

/** Plan, bind and run once; the problem's layouts are resolved. */
static inline void solve(world *w, const sy_problem *problem, const char *name, const sy_span *operands) {
    sy_algorithm algorithm = solve_find(w, problem, name);
    sy_error error = SY_ERROR_INIT;
    sy_plan *plan = NULL;
    sy_binding *binding = NULL;
    uint64_t bytes = 0;
    if (w->api->work->plan_create(w->device, problem, algorithm.id, &plan, &error) != SY_OK)
        fail_msg("%s: %s", name, error.text);
    assert_int_equal(w->api->work->plan_workspace(plan, &bytes, NULL), SY_OK);
    sy_buffer *workspace = bytes > 0 ? world_alloc(w, SY_MEMORY_DEVICE, bytes) : NULL;
    if (w->api->work->binding_create(plan, w->queue, operands, problem->n_in + problem->n_out,
            world_span(workspace, 0, bytes), &binding, &error) != SY_OK)
        fail_msg("%s: %s", name, error.text);
    assert_int_equal(w->api->work->run(binding), SY_OK);
    world_sync(w);
    w->api->work->binding_destroy(binding);
    w->api->work->plan_destroy(plan);
    w->api->memory->free(workspace);
}

#endif
