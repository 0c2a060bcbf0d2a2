/* Device memory: pages without access rights, opened only while a command works on them or they are mapped.
 */
#include "tests/vendor_sim/opencl/sim.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

char *sim_memory_open(cl_mem memory) {
    if (memory->open++ == 0)
        mprotect(memory->memory, memory->paged_bytes, PROT_READ | PROT_WRITE);
    return memory->memory;
}

void sim_memory_close(cl_mem memory) {
    if (--memory->open == 0)
        mprotect(memory->memory, memory->paged_bytes, PROT_NONE);
}

cl_int sim_memory_commit(cl_mem memory) {
    cl_device_id device = memory->context->device;
    bool is_of_host = (memory->flags & (CL_MEM_ALLOC_HOST_PTR | CL_MEM_USE_HOST_PTR)) != 0;
    if (memory->is_committed || (is_of_host && !device->knobs->unified))
        return CL_SUCCESS;
    if (device->used_bytes + memory->bytes > (uint64_t)device->knobs->memory)
        return CL_MEM_OBJECT_ALLOCATION_FAILURE;
    device->used_bytes += memory->bytes;
    memory->is_committed = true;
    return CL_SUCCESS;
}

void sim_memory_destroy(cl_mem memory) {
    if (memory->is_committed)
        memory->context->device->used_bytes -= memory->bytes;
    if (memory->memory != NULL)
        munmap(memory->memory, memory->paged_bytes);
    sim_object_drop(memory->context);
}

static cl_int check(cl_context context, cl_mem_flags flags, size_t bytes, const void *host) {
    bool wants_host = (flags & (CL_MEM_USE_HOST_PTR | CL_MEM_COPY_HOST_PTR)) != 0;
    if ((flags & CL_MEM_USE_HOST_PTR) != 0 && (flags & (CL_MEM_ALLOC_HOST_PTR | CL_MEM_COPY_HOST_PTR)) != 0)
        return CL_INVALID_VALUE;
    if (wants_host != (host != NULL))
        return CL_INVALID_HOST_PTR;
    return bytes == 0 || bytes > (uint64_t)context->device->knobs->alloc ? CL_INVALID_BUFFER_SIZE
                                                                         : CL_SUCCESS;
}

static bool map_pages(cl_mem memory) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    memory->paged_bytes = (memory->bytes + page - 1) / page * page;
    void *pages =
        mmap(NULL, memory->paged_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    memory->memory = pages == MAP_FAILED ? NULL : pages;
    return memory->memory != NULL;
}

static cl_int fill_in(cl_mem memory, void *host) {
    if (!map_pages(memory))
        return CL_OUT_OF_HOST_MEMORY;
    cl_int code = sim.config.commit == 0 ? sim_memory_commit(memory) : CL_SUCCESS;
    if (code != CL_SUCCESS || host == NULL)
        return code;
    memcpy(sim_memory_open(memory), host, memory->bytes);
    sim_memory_close(memory);
    if ((memory->flags & CL_MEM_USE_HOST_PTR) != 0)
        memory->host = host;
    return CL_SUCCESS;
}

cl_mem clCreateBuffer(cl_context context, cl_mem_flags flags, size_t bytes, void *host, cl_int *out_code) {
    cl_int code = sim_enter_on(__func__, context, CL_SIM_CONTEXT);
    cl_mem memory = NULL;
    if (code == CL_SUCCESS)
        code = check(context, flags, bytes, host);
    if (code == CL_SUCCESS && (memory = sim_object_make(CL_SIM_BUFFER, sizeof *memory, false)) == NULL)
        code = CL_OUT_OF_HOST_MEMORY;
    if (code == CL_SUCCESS) {
        memory->context = context;
        memory->flags = flags;
        memory->bytes = bytes;
        sim_object_hold(context);
        sim_object_hold(memory);
        code = fill_in(memory, host);
        if (code == CL_SUCCESS)
            sim_object_give(memory);
        sim_object_drop(memory);
    }
    return sim_leave_with(memory, code, out_code);
}

cl_int clRetainMemObject(cl_mem memory) {
    cl_int code = sim_enter_on(__func__, memory, CL_SIM_BUFFER);
    return sim_leave(code == CL_SUCCESS ? sim_object_retain(memory) : code);
}

cl_int clReleaseMemObject(cl_mem memory) {
    cl_int code = sim_enter_on(__func__, memory, CL_SIM_BUFFER);
    return sim_leave(code == CL_SUCCESS ? sim_object_release(memory) : code);
}

cl_int clGetMemObjectInfo(cl_mem memory, cl_mem_info name, size_t capacity, void *value, size_t *out_size) {
    cl_int code = sim_enter_on(__func__, memory, CL_SIM_BUFFER);
    if (code != CL_SUCCESS)
        return sim_leave(code);
    switch (name) {
    case CL_MEM_FLAGS:
        code = sim_answer(&memory->flags, sizeof memory->flags, capacity, value, out_size);
        break;
    case CL_MEM_SIZE:
        code = sim_answer(&memory->bytes, sizeof memory->bytes, capacity, value, out_size);
        break;
    case CL_MEM_HOST_PTR:
        code = sim_answer(&memory->host, sizeof memory->host, capacity, value, out_size);
        break;
    case CL_MEM_CONTEXT:
        code = sim_answer(&memory->context, sizeof memory->context, capacity, value, out_size);
        break;
    case CL_MEM_REFERENCE_COUNT:
        code = sim_answer(&memory->object.refs, sizeof memory->object.refs, capacity, value, out_size);
        break;
    default: code = CL_INVALID_VALUE;
    }
    return sim_leave(code);
}
