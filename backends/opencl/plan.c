/* From a recipe to a plan: its program, and whether the device can launch it. */
#include "backends/opencl/plan.h"

#include <string.h>

#include "backends/opencl/peer.h"
#include "backends/opencl/program.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Unused dimensions count 1, so that all steps have three. */
static void even_out(ocl_recipe *recipe) {
    for (uint32_t i = 0; i < recipe->steps; i++)
        for (uint32_t d = recipe->step[i].dims; d < 3; d++) {
            recipe->step[i].global[d] = 1;
            recipe->step[i].local[d] = recipe->step[i].local[0] > 0 ? 1 : 0;
        }
}

static sy_status check_launch(
    const sy_device *device, const ocl_step *step, uint64_t kernel_limit, sy_error *err) {
    const ocl_traits *traits = &device->traits;
    uint64_t items = step->local[0] * step->local[1] * step->local[2];
    for (uint32_t d = 0; d < 3; d++)
        if (step->local[d] > traits->max_items[d])
            return sy_error_set(err, SY_UNSUPPORTED,
                "opencl:%u: %s wants %llu work-items in dimension %u, the device allows %llu", device->index,
                step->kernel, (unsigned long long)step->local[d], d,
                (unsigned long long)traits->max_items[d]);
    if (items > traits->max_work_group || (kernel_limit > 0 && items > kernel_limit))
        return sy_error_set(err, SY_UNSUPPORTED,
            "opencl:%u: %s wants work-groups of %llu, the device allows %llu, %llu for this kernel",
            device->index, step->kernel, (unsigned long long)items,
            (unsigned long long)traits->max_work_group, (unsigned long long)kernel_limit);
    for (uint32_t d = 0; d < 3; d++)
        if (step->local[d] > 0 && step->global[d] % step->local[d] != 0)
            return sy_error_set(err, SY_INTERNAL, "opencl: %s: %llu work-items in groups of %llu",
                step->kernel, (unsigned long long)step->global[d], (unsigned long long)step->local[d]);
    return SY_OK;
}

/* A kernel that took too many registers or too much local memory has a smaller limit, or none. */
static sy_status check_kernel(const sy_plan *plan, const ocl_step *step, sy_error *err) {
    sy_device *device = plan->device;
    cl_int code = CL_SUCCESS;
    size_t limit = 0;
    if (step->args > OCL_ARGS_MAX)
        return sy_error_set(
            err, SY_INTERNAL, "opencl: %s: more than %u arguments", step->kernel, OCL_ARGS_MAX);
    cl_kernel kernel = device->api->clCreateKernel(plan->program->handle, step->kernel, &code);
    if (kernel == NULL)
        return ocl_fail(device, code, step->kernel, err);
    if (device->api->clGetKernelWorkGroupInfo(kernel, device->place.device, CL_KERNEL_WORK_GROUP_SIZE,
            sizeof limit, &limit, NULL) != CL_SUCCESS)
        limit = 0;
    device->api->clReleaseKernel(kernel);
    return check_launch(device, step, limit, err);
}

static sy_status fill_plan(sy_plan *plan, const ocl_recipe *recipe, sy_error *err) {
    plan->recipe = sy_mem_alloc(sizeof *plan->recipe);
    if (plan->recipe == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "opencl: no host memory");
    *plan->recipe = *recipe;
    even_out(plan->recipe);
    if (recipe->peer != NULL)
        return recipe->peer->prepare(plan, err);
    sy_status status = ocl_program_get(plan->device, recipe, &plan->program, &plan->compile_ns, err);
    for (uint32_t i = 0; status == SY_OK && i < recipe->steps; i++)
        if (ocl_step_has_work(&plan->recipe->step[i]))
            status = check_kernel(plan, &plan->recipe->step[i], err);
    return status;
}

sy_status ocl_plan_create(
    sy_device *device, const sy_task *task, const ocl_recipe *recipe, sy_plan **out_plan, sy_error *err) {
    *out_plan = NULL;
    sy_plan *plan = sy_mem_calloc(1, sizeof *plan);
    if (plan == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "opencl: no host memory");
    plan->device = device;
    plan->task = *task;
    plan->references = 1;
    sy_status status = fill_plan(plan, recipe, err);
    if (status != SY_OK) {
        ocl_plan_release(plan);
        return status;
    }
    *out_plan = plan;
    return SY_OK;
}

void ocl_plan_release(sy_plan *plan) {
    if (plan == NULL || --plan->references > 0)
        return;
    ocl_program_release(plan->device, plan->program);
    sy_mem_free(plan->recipe);
    sy_mem_free(plan);
}

sy_status ocl_plan_workspace(sy_plan *plan, uint64_t *out_bytes, sy_error *err) {
    (void)err;
    *out_bytes = plan->recipe->workspace_bytes;
    return SY_OK;
}

sy_status ocl_plan_compile(sy_plan *plan, uint64_t *out_ns, sy_error *err) {
    (void)err;
    *out_ns = plan->compile_ns;
    return SY_OK;
}
