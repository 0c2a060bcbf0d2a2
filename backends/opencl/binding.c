/* From a plan to launches: kernel objects with the operands as arguments. */
#include <string.h>

#include "backends/opencl/panels.h"
#include "backends/opencl/peer.h"
#include "backends/opencl/plan.h"
#include "backends/opencl/program.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

sy_status ocl_layout_bytes(const sy_tensor *tensor, uint64_t *out_bytes, sy_error *err) {
    *out_bytes = 0;
    if (tensor->layout == SY_LAYOUT_STRIDED || sy_task_tensor_is_absent(tensor)) {
        *out_bytes = sy_task_tensor_bytes(tensor);
        return SY_OK;
    }
    if (!sy_layout_is_private(tensor->layout))
        return sy_error_set(err, SY_INVALID_ARGUMENT, "opencl: the tensor's layout is still open");
    return ocl_panels_bytes(tensor, out_bytes, err);
}

static sy_status check_operand(const sy_plan *plan, uint32_t index, sy_span span, sy_error *err) {
    const sy_tensor *tensor = &plan->task.tensor[index];
    uint64_t wanted = 0;
    sy_status status = ocl_layout_bytes(tensor, &wanted, err);
    if (status != SY_OK || wanted == 0)
        return status;
    if (!ocl_span_is_inside(span) || span.bytes < wanted)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "opencl: operand %u must have %llu bytes in its buffer",
            index, (unsigned long long)wanted);
    if (span.buffer->device != plan->device || span.buffer->kind != SY_MEMORY_DEVICE)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "opencl: operand %u is not in memory of the plan's device", index);
    if (span.offset % sy_dtype_size(tensor->dtype) != 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "opencl: operand %u is at byte %llu, no multiple of its %zu-byte elements", index,
            (unsigned long long)span.offset, sy_dtype_size(tensor->dtype));
    return SY_OK;
}

/* Whether input `index` may be the output itself: C of a gemm, and what a post adds. */
static bool may_be_output(const sy_task *task, uint32_t index) {
    bool may = task->op == SY_OP_GEMM && index == 2;
    for (uint32_t i = 0; i < task->n_post; i++)
        may = may || (task->post[i].kind == SY_POST_ADD && task->post[i].operand == index);
    const sy_tensor *in = &task->tensor[index], *out = sy_task_output(task, 0);
    return may && in->dtype == out->dtype && in->rank == out->rank &&
           memcmp(in->stride, out->stride, in->rank * sizeof in->stride[0]) == 0;
}

static sy_status check_overlap(const sy_plan *plan, const sy_span *operands, sy_error *err) {
    const sy_task *task = &plan->task;
    sy_span out = operands[task->n_in];
    uint64_t in_bytes = 0, out_bytes = 0;
    (void)ocl_layout_bytes(sy_task_output(task, 0), &out_bytes, NULL);
    for (uint32_t i = 0; i < task->n_in; i++) {
        sy_span in = operands[i];
        (void)ocl_layout_bytes(&task->tensor[i], &in_bytes, NULL);
        if (in_bytes == 0 || in.buffer != out.buffer || in.offset >= out.offset + out_bytes ||
            out.offset >= in.offset + in_bytes)
            continue;
        if (in.offset != out.offset || !may_be_output(task, i))
            return sy_error_set(err, SY_INVALID_ARGUMENT, "opencl: operand %u overlaps the output", i);
    }
    return SY_OK;
}

static sy_status check_workspace(const sy_plan *plan, sy_span workspace, sy_error *err) {
    uint64_t wanted = plan->recipe->workspace_bytes;
    if (wanted == 0)
        return SY_OK;
    if (!ocl_span_is_inside(workspace) || workspace.bytes < wanted)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "opencl: the workspace must have %llu bytes in its buffer", (unsigned long long)wanted);
    if (workspace.buffer->device != plan->device || workspace.buffer->kind != SY_MEMORY_DEVICE)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "opencl: the workspace is not in memory of the plan's device");
    return SY_OK;
}

static sy_status check_operands(
    const sy_plan *plan, const sy_queue *queue, const sy_binding *binding, uint32_t count, sy_error *err) {
    uint32_t wanted = plan->task.n_in + plan->task.n_out;
    if (queue->device != plan->device || count != wanted)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "opencl: %u operands, must be %u, on a queue of the plan's device", count, wanted);
    sy_status status = check_workspace(plan, binding->workspace, err);
    for (uint32_t i = 0; status == SY_OK && i < count; i++)
        status = check_operand(plan, i, binding->operand[i], err);
    return status == SY_OK ? check_overlap(plan, binding->operand, err) : status;
}

/* A buffer and where in it, in elements. An operand that is absent or empty is no buffer. */
static cl_int set_span(
    const ocl_api *api, cl_kernel kernel, cl_uint *at, sy_span span, uint64_t bytes, uint64_t from) {
    cl_mem memory = span.buffer != NULL ? span.buffer->memory : NULL;
    cl_ulong offset = span.buffer != NULL && bytes > 0 ? (span.offset + from) / bytes : 0;
    cl_int code = api->clSetKernelArg(kernel, (*at)++, sizeof memory, &memory);
    return code == CL_SUCCESS ? api->clSetKernelArg(kernel, (*at)++, sizeof offset, &offset) : code;
}

static cl_int set_argument(const sy_binding *binding, cl_kernel kernel, cl_uint *at, const ocl_arg *arg) {
    const ocl_api *api = binding->plan->device->api;
    cl_int narrow = (cl_int)arg->integer;
    cl_long wide = arg->integer;
    cl_float single = (cl_float)arg->real;
    cl_double real = arg->real;
    switch (arg->kind) {
    case OCL_ARG_OPERAND: return set_span(api, kernel, at, binding->operand[arg->index], arg->bytes, 0);
    case OCL_ARG_SCRATCH: return set_span(api, kernel, at, binding->workspace, arg->bytes, arg->index64);
    case OCL_ARG_INT: return api->clSetKernelArg(kernel, (*at)++, sizeof narrow, &narrow);
    case OCL_ARG_LONG: return api->clSetKernelArg(kernel, (*at)++, sizeof wide, &wide);
    case OCL_ARG_FLOAT: return api->clSetKernelArg(kernel, (*at)++, sizeof single, &single);
    case OCL_ARG_DOUBLE: return api->clSetKernelArg(kernel, (*at)++, sizeof real, &real);
    default: return api->clSetKernelArg(kernel, (*at)++, arg->bytes, NULL);
    }
}

static sy_status bind_step(sy_binding *binding, uint32_t index, sy_error *err) {
    sy_device *device = binding->plan->device;
    const ocl_step *step = &binding->plan->recipe->step[index];
    cl_int code = CL_SUCCESS;
    cl_uint at = 0;
    binding->kernel[index] = device->api->clCreateKernel(binding->plan->program->handle, step->kernel, &code);
    for (uint32_t i = 0; code == CL_SUCCESS && i < step->args; i++)
        code = set_argument(binding, binding->kernel[index], &at, &step->arg[i]);
    for (uint32_t d = 0; d < 3; d++) {
        binding->global[index][d] = (size_t)step->global[d];
        binding->local[index][d] = (size_t)step->local[d];
    }
    return code == CL_SUCCESS ? SY_OK : ocl_fail(device, code, step->kernel, err);
}

sy_status ocl_binding_create(sy_plan *plan, sy_queue *queue, const sy_span *operands, uint32_t count,
    sy_span workspace, sy_binding **out_binding, sy_error *err) {
    *out_binding = NULL;
    sy_binding *binding = sy_mem_calloc(1, sizeof *binding);
    if (binding == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "opencl: no host memory");
    binding->plan = plan;
    binding->queue = queue;
    binding->workspace = workspace;
    memcpy(binding->operand, operands,
        (count < SY_MAX_TENSORS ? count : SY_MAX_TENSORS) * sizeof binding->operand[0]);
    plan->references++;
    sy_status status = check_operands(plan, queue, binding, count, err);
    if (status == SY_OK && plan->recipe->peer != NULL)
        status = plan->recipe->peer->bind(binding, err);
    for (uint32_t i = 0; status == SY_OK && i < plan->recipe->steps; i++)
        if (ocl_step_has_work(&plan->recipe->step[i]))
            status = bind_step(binding, i, err);
    if (status != SY_OK) {
        ocl_binding_destroy(binding);
        return status;
    }
    *out_binding = binding;
    return SY_OK;
}

void ocl_binding_destroy(sy_binding *binding) {
    if (binding == NULL)
        return;
    for (uint32_t i = 0; i < OCL_STEPS_MAX; i++)
        if (binding->kernel[i] != NULL)
            binding->plan->device->api->clReleaseKernel(binding->kernel[i]);
    ocl_plan_release(binding->plan);
    sy_mem_free(binding);
}

sy_status ocl_binding_run(sy_binding *binding) {
    sy_queue *queue = binding->queue;
    if (binding->plan->recipe->peer != NULL)
        return binding->plan->recipe->peer->run(binding);
    for (uint32_t i = 0; i < binding->plan->recipe->steps; i++) {
        cl_event event = NULL;
        if (binding->kernel[i] == NULL)
            continue;
        cl_int code = queue->device->api->clEnqueueNDRangeKernel(queue->handle, binding->kernel[i], 3, NULL,
            binding->global[i], binding->local[i][0] > 0 ? binding->local[i] : NULL, 0, NULL, &event);
        ocl_queue_done(queue, event);
        if (code != CL_SUCCESS)
            return ocl_queue_fail(queue, code, binding->plan->recipe->step[i].kernel);
    }
    return SY_OK;
}
