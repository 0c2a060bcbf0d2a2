/* The functions that enqueue commands. */
#include "tests/vendor_sim/opencl/sim.h"

#include <string.h>

static bool is_within(cl_mem buffer, size_t offset, size_t bytes) {
    return bytes > 0 && offset <= buffer->bytes && bytes <= buffer->bytes - offset;
}

/* The end of every function: submit what was made, or throw it away. */
static cl_int finish(cl_event command, cl_int code, bool is_blocking, cl_event *out_event) {
    if (code == CL_SUCCESS)
        return sim_leave(sim_command_submit(command, is_blocking, out_event));
    if (command != NULL)
        sim_object_drop(command);
    return sim_leave(code);
}

/* A command of `bytes` at `offset` of one buffer, which it touches. */
static cl_int span(cl_event command, uint32_t work, cl_mem buffer, size_t offset, size_t bytes) {
    cl_int code = sim_command_touch(command, buffer);
    if (code != CL_SUCCESS)
        return code;
    command->work = work;
    command->offset = offset;
    command->bytes = bytes;
    return is_within(buffer, offset, bytes) ? CL_SUCCESS : CL_INVALID_VALUE;
}

cl_int clEnqueueReadBuffer(cl_command_queue queue, cl_mem buffer, cl_bool is_blocking, size_t offset,
    size_t bytes, void *host, cl_uint waits, const cl_event *wait, cl_event *out_event) {
    cl_int code = sim_enter(__func__);
    cl_event command = NULL;
    if (code == CL_SUCCESS)
        code = sim_command_make(queue, CL_COMMAND_READ_BUFFER, waits, wait, &command);
    if (code == CL_SUCCESS)
        code = span(command, SIM_READ, buffer, offset, bytes);
    if (code == CL_SUCCESS && host == NULL)
        code = CL_INVALID_VALUE;
    if (code == CL_SUCCESS)
        command->host = host;
    return finish(command, code, is_blocking, out_event);
}

cl_int clEnqueueWriteBuffer(cl_command_queue queue, cl_mem buffer, cl_bool is_blocking, size_t offset,
    size_t bytes, const void *host, cl_uint waits, const cl_event *wait, cl_event *out_event) {
    cl_int code = sim_enter(__func__);
    cl_event command = NULL;
    if (code == CL_SUCCESS)
        code = sim_command_make(queue, CL_COMMAND_WRITE_BUFFER, waits, wait, &command);
    if (code == CL_SUCCESS)
        code = span(command, SIM_WRITE, buffer, offset, bytes);
    if (code == CL_SUCCESS && host == NULL)
        code = CL_INVALID_VALUE;
    if (code == CL_SUCCESS)
        memcpy(&command->host, &host, sizeof host); /* only read by this kind of command */
    return finish(command, code, is_blocking, out_event);
}

cl_int clEnqueueCopyBuffer(cl_command_queue queue, cl_mem from, cl_mem to, size_t from_offset,
    size_t to_offset, size_t bytes, cl_uint waits, const cl_event *wait, cl_event *out_event) {
    cl_int code = sim_enter(__func__);
    cl_event command = NULL;
    if (code == CL_SUCCESS)
        code = sim_command_make(queue, CL_COMMAND_COPY_BUFFER, waits, wait, &command);
    if (code == CL_SUCCESS)
        code = span(command, SIM_COPY, to, to_offset, bytes);
    if (code == CL_SUCCESS)
        code = sim_command_touch(command, from);
    if (code == CL_SUCCESS && !is_within(from, from_offset, bytes))
        code = CL_INVALID_VALUE;
    if (code == CL_SUCCESS && from == to && from_offset < to_offset + bytes &&
        to_offset < from_offset + bytes)
        code = CL_MEM_COPY_OVERLAP;
    if (code == CL_SUCCESS)
        command->from = from_offset;
    return finish(command, code, false, out_event);
}

cl_int clEnqueueFillBuffer(cl_command_queue queue, cl_mem buffer, const void *pattern, size_t pattern_bytes,
    size_t offset, size_t bytes, cl_uint waits, const cl_event *wait, cl_event *out_event) {
    cl_int code = sim_enter(__func__);
    cl_event command = NULL;
    if (code == CL_SUCCESS)
        code = sim_command_make(queue, CL_COMMAND_FILL_BUFFER, waits, wait, &command);
    if (code == CL_SUCCESS)
        code = span(command, SIM_FILL, buffer, offset, bytes);
    if (code == CL_SUCCESS &&
        (pattern == NULL || pattern_bytes == 0 || pattern_bytes > sizeof command->pattern ||
            (pattern_bytes & (pattern_bytes - 1)) != 0 || offset % pattern_bytes != 0 ||
            bytes % pattern_bytes != 0))
        code = CL_INVALID_VALUE;
    if (code == CL_SUCCESS) {
        command->pattern_bytes = pattern_bytes;
        memcpy(command->pattern, pattern, pattern_bytes);
    }
    return finish(command, code, false, out_event);
}

/* Where a mapping is noted; NULL: there are too many, or none at that address. */
static uint32_t find_mapping(cl_mem buffer, const void *address) {
    uint32_t i = 0;
    while (i < SIM_MAPPINGS_MAX && buffer->mapping[i].address != address)
        i++;
    return i;
}

/* Note the mapping; it is undone if the command is not enqueued or fails. */
static cl_int note_mapping(cl_event command, void **out_address) {
    cl_mem buffer = command->buffer[0];
    uint32_t free_place = find_mapping(buffer, NULL);
    if (free_place == SIM_MAPPINGS_MAX)
        return CL_MAP_FAILURE;
    *out_address = (buffer->host != NULL ? buffer->host : buffer->memory) + command->offset;
    buffer->mapping[free_place].address = *out_address;
    buffer->mapping[free_place].bytes = command->bytes;
    buffer->mapping[free_place].flags = command->map_flags;
    sim.alive[CL_SIM_MAPPING]++;
    sim.made[CL_SIM_MAPPING]++;
    return CL_SUCCESS;
}

static void forget_mapping(cl_mem buffer, const void *address) {
    buffer->mapping[find_mapping(buffer, address)].address = NULL;
    sim.alive[CL_SIM_MAPPING]--;
}

void *clEnqueueMapBuffer(cl_command_queue queue, cl_mem buffer, cl_bool is_blocking, cl_map_flags flags,
    size_t offset, size_t bytes, cl_uint waits, const cl_event *wait, cl_event *out_event, cl_int *out_code) {
    cl_int code = sim_enter(__func__);
    cl_event command = NULL;
    void *address = NULL;
    if (code == CL_SUCCESS)
        code = sim_command_make(queue, CL_COMMAND_MAP_BUFFER, waits, wait, &command);
    if (code == CL_SUCCESS)
        code = span(command, SIM_MAP, buffer, offset, bytes);
    if (code == CL_SUCCESS) {
        command->map_flags = flags;
        code = note_mapping(command, &address);
    }
    if (code == CL_SUCCESS) {
        code = sim_command_submit(command, is_blocking, out_event);
        if (code != CL_SUCCESS)
            forget_mapping(buffer, address);
    } else if (command != NULL) {
        sim_object_drop(command);
    }
    return sim_leave_with(address, code, out_code);
}

cl_int clEnqueueUnmapMemObject(cl_command_queue queue, cl_mem buffer, void *address, cl_uint waits,
    const cl_event *wait, cl_event *out_event) {
    cl_int code = sim_enter(__func__);
    cl_event command = NULL;
    if (code == CL_SUCCESS)
        code = sim_command_make(queue, CL_COMMAND_UNMAP_MEM_OBJECT, waits, wait, &command);
    if (code == CL_SUCCESS)
        code = sim_command_touch(command, buffer);
    uint32_t place = code == CL_SUCCESS ? find_mapping(buffer, address) : 0;
    if (code == CL_SUCCESS && (address == NULL || place == SIM_MAPPINGS_MAX))
        code = CL_INVALID_VALUE;
    if (code == CL_SUCCESS) {
        char *start = buffer->host != NULL ? buffer->host : buffer->memory;
        command->work = SIM_UNMAP;
        command->map_flags = buffer->mapping[place].flags;
        command->offset = (size_t)((char *)address - start);
        command->bytes = buffer->mapping[place].bytes;
        forget_mapping(buffer, address);
    }
    return finish(command, code, false, out_event);
}

/* Nothing is moved in the end: what is told of migration is whether it can be. */
cl_int clEnqueueMigrateMemObjects(cl_command_queue queue, cl_uint count, const cl_mem *buffers,
    cl_mem_migration_flags flags, cl_uint waits, const cl_event *wait, cl_event *out_event) {
    cl_int code = sim_enter(__func__);
    cl_event command = NULL;
    if (code == CL_SUCCESS)
        code = sim_command_make(queue, CL_COMMAND_MIGRATE_MEM_OBJECTS, waits, wait, &command);
    if (code == CL_SUCCESS && (count == 0 || buffers == NULL || flags > 3))
        code = CL_INVALID_VALUE;
    for (cl_uint i = 0; code == CL_SUCCESS && i < count; i++)
        code = sim_command_touch(command, buffers[i]);
    return finish(command, code, false, out_event);
}

static cl_int enqueue_marker(cl_int code, cl_command_queue queue, cl_command_type type, cl_uint waits,
    const cl_event *wait, cl_event *out_event) {
    cl_event command = NULL;
    if (code == CL_SUCCESS)
        code = sim_command_make(queue, type, waits, wait, &command);
    return finish(command, code, false, out_event);
}

cl_int clEnqueueMarkerWithWaitList(
    cl_command_queue queue, cl_uint waits, const cl_event *wait, cl_event *out_event) {
    return enqueue_marker(sim_enter(__func__), queue, CL_COMMAND_MARKER, waits, wait, out_event);
}

cl_int clEnqueueBarrierWithWaitList(
    cl_command_queue queue, cl_uint waits, const cl_event *wait, cl_event *out_event) {
    return enqueue_marker(sim_enter(__func__), queue, CL_COMMAND_BARRIER, waits, wait, out_event);
}
