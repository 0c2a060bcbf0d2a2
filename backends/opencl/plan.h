/* Plans and bindings, as in sy_work_api. */
#ifndef BACKENDS_OPENCL_PLAN_H
#define BACKENDS_OPENCL_PLAN_H

#include "backends/opencl/opencl.h"

/**
 * A plan of a cooked recipe, which is copied: its program is built and its launches are held against what the
 * device can do. Errors: those of ocl_program_get(); SY_UNSUPPORTED: a launch is too large for the device or
 * its compiled kernel.
 */
sy_status ocl_plan_create(
    sy_device *device, const sy_task *task, const ocl_recipe *recipe, sy_plan **out_plan, sy_error *err);

/** A plan goes with its last reference; NULL is fine. */
void ocl_plan_release(sy_plan *plan);

sy_status ocl_plan_workspace(sy_plan *plan, uint64_t *out_bytes, sy_error *err);
sy_status ocl_plan_compile(sy_plan *plan, uint64_t *out_ns, sy_error *err);

sy_status ocl_binding_create(sy_plan *plan, sy_queue *queue, const sy_span *operands, uint32_t count,
    sy_span workspace, sy_binding **out_binding, sy_error *err);
void ocl_binding_destroy(sy_binding *binding);
sy_status ocl_binding_run(sy_binding *binding);

/** Bytes that a resolved tensor takes. Errors: SY_INVALID_ARGUMENT: its layout is open; SY_UNSUPPORTED: a
 * private layout that is none of ours. */
sy_status ocl_layout_bytes(const sy_tensor *tensor, uint64_t *out_bytes, sy_error *err);

#endif
