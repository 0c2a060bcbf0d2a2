#include "runtime/task/whole.h"

#include "runtime/base/error.h"

sy_status sy_whole_algorithm(sy_device *device, const sy_problem *problem, uint32_t index,
    sy_algorithm *out_algorithm, sy_error *err) {
    (void)device, (void)problem, (void)out_algorithm;
    return sy_error_set(err, SY_UNAVAILABLE,
        "the backend runs whole models (steelyard infer): there is no candidate %u", index);
}

static sy_status no_work(sy_error *err) {
    return sy_error_set(err, SY_UNSUPPORTED, "the backend runs whole models alone");
}

sy_status sy_whole_layout_bytes(
    sy_device *device, const sy_tensor *tensor, uint64_t *out_bytes, sy_error *err) {
    (void)device, (void)tensor;
    *out_bytes = 0;
    return no_work(err);
}

sy_status sy_whole_plan_create(
    sy_device *device, const sy_problem *problem, uint64_t algorithm_id, sy_plan **out_plan, sy_error *err) {
    (void)device, (void)problem, (void)algorithm_id;
    *out_plan = NULL;
    return no_work(err);
}

void sy_whole_plan_destroy(sy_plan *plan) {
    (void)plan;
}

sy_status sy_whole_plan_workspace(sy_plan *plan, uint64_t *out_bytes, sy_error *err) {
    (void)plan;
    *out_bytes = 0;
    return no_work(err);
}

sy_status sy_whole_binding_create(sy_plan *plan, sy_queue *queue, const sy_span *operands, uint32_t count,
    sy_span workspace, sy_binding **out_binding, sy_error *err) {
    (void)plan, (void)queue, (void)operands, (void)count, (void)workspace;
    *out_binding = NULL;
    return no_work(err);
}
