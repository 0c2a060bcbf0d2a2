/* For backends that run whole models alone: the interface's group `work` without a single problem. Bindings
 * of models still run through it, so that its binding_destroy and run are the backend's own. No state; any
 * thread. */
#ifndef RUNTIME_TASK_WHOLE_H
#define RUNTIME_TASK_WHOLE_H

#include "steelyard/backend.h"

/** SY_UNAVAILABLE: there are no candidates for any problem. */
sy_status sy_whole_algorithm(
    sy_device *device, const sy_problem *problem, uint32_t index, sy_algorithm *out_algorithm, sy_error *err);

/** SY_UNSUPPORTED, with nothing made. */
sy_status sy_whole_layout_bytes(
    sy_device *device, const sy_tensor *tensor, uint64_t *out_bytes, sy_error *err);
sy_status sy_whole_plan_create(
    sy_device *device, const sy_problem *problem, uint64_t algorithm_id, sy_plan **out_plan, sy_error *err);
sy_status sy_whole_plan_workspace(sy_plan *plan, uint64_t *out_bytes, sy_error *err);
sy_status sy_whole_binding_create(sy_plan *plan, sy_queue *queue, const sy_span *operands, uint32_t count,
    sy_span workspace, sy_binding **out_binding, sy_error *err);

/** There are none. */
void sy_whole_plan_destroy(sy_plan *plan);

#endif
