/* Kernels: arguments are checked and their buffers kept; nothing is computed. */
#include "tests/vendor_sim/opencl/sim.h"

#include <string.h>

void sim_kernel_destroy(cl_kernel kernel) {
    kernel->program->kernels--;
    sim_object_drop(kernel->program);
}

static const sim_signature *find(const struct _cl_program *program, const char *name) {
    for (uint32_t i = 0; i < program->signatures; i++)
        if (strcmp(program->signature[i].name, name) == 0)
            return &program->signature[i];
    return NULL;
}

cl_kernel clCreateKernel(cl_program program, const char *name, cl_int *out_code) {
    cl_int code = sim_enter_on(__func__, program, CL_SIM_PROGRAM);
    cl_kernel kernel = NULL;
    if (code == CL_SUCCESS && program->status != CL_BUILD_SUCCESS)
        code = CL_INVALID_PROGRAM_EXECUTABLE;
    const sim_signature *signature = code == CL_SUCCESS && name != NULL ? find(program, name) : NULL;
    if (code == CL_SUCCESS && signature == NULL)
        code = name == NULL ? CL_INVALID_VALUE : CL_INVALID_KERNEL_NAME;
    if (code == CL_SUCCESS && (kernel = sim_object_make(CL_SIM_KERNEL, sizeof *kernel, true)) == NULL)
        code = CL_OUT_OF_HOST_MEMORY;
    if (code == CL_SUCCESS) {
        sim_object_hold(program);
        program->kernels++;
        kernel->program = program;
        kernel->signature = *signature;
    }
    return sim_leave_with(kernel, code, out_code);
}

cl_int clRetainKernel(cl_kernel kernel) {
    cl_int code = sim_enter_on(__func__, kernel, CL_SIM_KERNEL);
    return sim_leave(code == CL_SUCCESS ? sim_object_retain(kernel) : code);
}

cl_int clReleaseKernel(cl_kernel kernel) {
    cl_int code = sim_enter_on(__func__, kernel, CL_SIM_KERNEL);
    return sim_leave(code == CL_SUCCESS ? sim_object_release(kernel) : code);
}

cl_int clSetKernelArg(cl_kernel kernel, cl_uint index, size_t bytes, const void *value) {
    cl_int code = sim_enter_on(__func__, kernel, CL_SIM_KERNEL);
    if (code == CL_SUCCESS && (index >= kernel->signature.args || index >= SIM_ARGS_MAX))
        code = CL_INVALID_ARG_INDEX;
    if (code == CL_SUCCESS && bytes == 0)
        code = CL_INVALID_ARG_SIZE;
    if (code == CL_SUCCESS) {
        kernel->arg[index].is_set = true;
        kernel->arg[index].buffer =
            value != NULL && bytes == sizeof(cl_mem) ? sim_object_buffer_of(value) : NULL;
        kernel->arg[index].local_bytes = value == NULL ? bytes : 0;
    }
    return sim_leave(code);
}

/* What a device would find in the arguments when the kernel is enqueued. */
static cl_int check_arguments(const struct _cl_kernel *kernel) {
    uint64_t local_bytes = 0;
    for (uint32_t i = 0; i < SIM_ARGS_MAX; i++) {
        if (!kernel->arg[i].is_set && kernel->signature.args != UINT32_MAX && i < kernel->signature.args)
            return CL_INVALID_KERNEL_ARGS;
        local_bytes += kernel->arg[i].local_bytes;
    }
    return local_bytes > (uint64_t)kernel->program->context->device->knobs->local ? CL_OUT_OF_RESOURCES
                                                                                  : CL_SUCCESS;
}

static uint64_t group_limit(const sim_knobs *knobs) {
    return (uint64_t)(knobs->kernel_group > 0 && knobs->kernel_group < knobs->group ? knobs->kernel_group
                                                                                    : knobs->group);
}

static cl_int check_sizes(const sim_knobs *knobs, cl_uint dims, const size_t *global, const size_t *local) {
    uint64_t items = 1;
    if (dims < 1 || dims > 3)
        return CL_INVALID_WORK_DIMENSION;
    for (cl_uint i = 0; i < dims; i++) {
        if (global == NULL || global[i] == 0)
            return CL_INVALID_GLOBAL_WORK_SIZE;
        if (local != NULL && (local[i] == 0 || global[i] % local[i] != 0))
            return CL_INVALID_WORK_GROUP_SIZE;
        items *= local != NULL ? local[i] : 1;
    }
    return items > group_limit(knobs) ? CL_INVALID_WORK_GROUP_SIZE : CL_SUCCESS;
}

/* The buffers of its arguments, as they are now. */
static cl_int touch_arguments(cl_event command, cl_kernel kernel) {
    cl_int code = CL_SUCCESS;
    command->kernel = kernel;
    sim_object_hold(kernel);
    for (uint32_t i = 0; code == CL_SUCCESS && i < SIM_ARGS_MAX; i++)
        if (kernel->arg[i].buffer != NULL)
            code = sim_command_touch(command, kernel->arg[i].buffer);
    return code;
}

cl_int clEnqueueNDRangeKernel(cl_command_queue queue, cl_kernel kernel, cl_uint dims, const size_t *offset,
    const size_t *global, const size_t *local, cl_uint waits, const cl_event *wait, cl_event *out_event) {
    cl_int code = sim_enter(__func__);
    cl_event command = NULL;
    (void)offset;
    if (code == CL_SUCCESS)
        code = sim_object_check(kernel, CL_SIM_KERNEL);
    if (code == CL_SUCCESS)
        code = sim_command_make(queue, CL_COMMAND_NDRANGE_KERNEL, waits, wait, &command);
    if (code == CL_SUCCESS && kernel->program->context != queue->context)
        code = CL_INVALID_CONTEXT;
    if (code == CL_SUCCESS)
        code = check_sizes(queue->context->device->knobs, dims, global, local);
    if (code == CL_SUCCESS)
        code = check_arguments(kernel);
    if (code == CL_SUCCESS)
        code = touch_arguments(command, kernel);
    if (code == CL_SUCCESS)
        return sim_leave(sim_command_submit(command, false, out_event));
    if (command != NULL)
        sim_object_drop(command);
    return sim_leave(code);
}

cl_int clGetKernelWorkGroupInfo(cl_kernel kernel, cl_device_id device, cl_kernel_work_group_info name,
    size_t capacity, void *value, size_t *out_size) {
    cl_int code = sim_enter_on(__func__, kernel, CL_SIM_KERNEL);
    if (code == CL_SUCCESS && device != NULL && device != kernel->program->context->device)
        code = CL_INVALID_DEVICE;
    if (code != CL_SUCCESS)
        return sim_leave(code);
    const sim_knobs *knobs = kernel->program->context->device->knobs;
    cl_ulong number = 0;
    switch (name) {
    case CL_KERNEL_WORK_GROUP_SIZE: number = group_limit(knobs); break;
    case CL_KERNEL_PREFERRED_WORK_GROUP_SIZE_MULTIPLE: number = (cl_ulong)knobs->simd; break;
    case CL_KERNEL_LOCAL_MEM_SIZE:
    case CL_KERNEL_PRIVATE_MEM_SIZE: break;
    default: return sim_leave(CL_INVALID_VALUE);
    }
    return sim_leave(sim_answer(&number, sizeof number, capacity, value, out_size));
}
