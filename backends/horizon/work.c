/* Single problems: none. Whole models alone run here, whose bindings are run through this table. */
#include "backends/horizon/horizon.h"
#include "runtime/base/error.h"

static sy_status algorithm(sy_device *device, const sy_problem *problem, uint32_t index,
    sy_algorithm *out_algorithm, sy_error *err) {
    (void)device, (void)problem, (void)out_algorithm;
    return sy_error_set(
        err, SY_UNAVAILABLE, "horizon runs whole models (steelyard infer): there is no candidate %u", index);
}

static sy_status no_work(sy_error *err) {
    return sy_error_set(err, SY_UNSUPPORTED, "horizon runs whole models alone");
}

static sy_status layout_bytes(
    sy_device *device, const sy_tensor *tensor, uint64_t *out_bytes, sy_error *err) {
    (void)device, (void)tensor;
    *out_bytes = 0;
    return no_work(err);
}

static sy_status plan_create(
    sy_device *device, const sy_problem *problem, uint64_t algorithm_id, sy_plan **out_plan, sy_error *err) {
    (void)device, (void)problem, (void)algorithm_id;
    *out_plan = NULL;
    return no_work(err);
}

static void plan_destroy(sy_plan *plan) {
    (void)plan;
}

static sy_status plan_workspace(sy_plan *plan, uint64_t *out_bytes, sy_error *err) {
    (void)plan;
    *out_bytes = 0;
    return no_work(err);
}

static sy_status binding_create(sy_plan *plan, sy_queue *queue, const sy_span *operands, uint32_t count,
    sy_span workspace, sy_binding **out_binding, sy_error *err) {
    (void)plan, (void)queue, (void)operands, (void)count, (void)workspace;
    *out_binding = NULL;
    return no_work(err);
}

const sy_work_api horizon_work_api = {.size = sizeof(sy_work_api),
    .algorithm = algorithm,
    .layout_bytes = layout_bytes,
    .plan_create = plan_create,
    .plan_destroy = plan_destroy,
    .plan_workspace = plan_workspace,
    .binding_create = binding_create,
    .binding_destroy = horizon_binding_destroy,
    .run = horizon_binding_run};
