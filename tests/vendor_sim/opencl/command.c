/* Commands: made, enqueued, run and ended. A command is its event. */
#include "tests/vendor_sim/opencl/sim.h"

#include <stdlib.h>
#include <string.h>

static cl_int check_wait_list(cl_command_queue queue, cl_uint waits, const cl_event *wait) {
    if ((waits == 0) != (wait == NULL))
        return CL_INVALID_EVENT_WAIT_LIST;
    for (cl_uint i = 0; i < waits; i++) {
        if (sim_object_check(wait[i], CL_SIM_EVENT) != CL_SUCCESS)
            return CL_INVALID_EVENT_WAIT_LIST;
        if (wait[i]->context != queue->context)
            return CL_INVALID_CONTEXT;
    }
    return CL_SUCCESS;
}

cl_int sim_command_make(cl_command_queue queue, cl_command_type type, cl_uint waits, const cl_event *wait,
    cl_event *out_command) {
    cl_int code = sim_object_check(queue, CL_SIM_QUEUE);
    if (code == CL_SUCCESS)
        code = check_wait_list(queue, waits, wait);
    if (code != CL_SUCCESS)
        return code;
    cl_event command = sim_object_make(CL_SIM_EVENT, sizeof *command, false);
    if (command == NULL)
        return CL_OUT_OF_HOST_MEMORY;
    sim_object_hold(command);
    sim_object_hold(queue->context);
    command->context = queue->context;
    command->queue = queue;
    command->is_profiled = (queue->properties & CL_QUEUE_PROFILING_ENABLE) != 0;
    command->type = type;
    command->status = CL_QUEUED;
    command->wait = waits > 0 ? calloc(waits, sizeof(cl_event)) : NULL;
    for (cl_uint i = 0; command->wait != NULL && i < waits; i++) {
        command->wait[command->waits++] = wait[i];
        sim_object_hold(wait[i]);
    }
    *out_command = command;
    return CL_SUCCESS;
}

cl_int sim_command_touch(cl_event command, cl_mem buffer) {
    cl_int code = sim_object_check(buffer, CL_SIM_BUFFER);
    if (code == CL_SUCCESS && buffer->context != command->context)
        code = CL_INVALID_CONTEXT;
    if (code == CL_SUCCESS)
        code = sim_memory_commit(buffer);
    if (code != CL_SUCCESS)
        return code;
    cl_mem *grown = realloc(command->buffer, (command->buffers + 1) * sizeof(cl_mem));
    if (grown == NULL)
        return CL_OUT_OF_HOST_MEMORY;
    command->buffer = grown;
    command->buffer[command->buffers++] = buffer;
    sim_object_hold(buffer);
    return CL_SUCCESS;
}

/* What it needed goes; what it tells stays. */
static void forget_needs(cl_event command) {
    for (uint32_t i = 0; i < command->waits; i++)
        sim_object_drop(command->wait[i]);
    for (uint32_t i = 0; i < command->buffers; i++)
        sim_object_drop(command->buffer[i]);
    if (command->kernel != NULL)
        sim_object_drop(command->kernel);
    free(command->wait);
    free(command->buffer);
    command->wait = NULL;
    command->buffer = NULL;
    command->kernel = NULL;
    command->waits = command->buffers = 0;
}

void sim_command_destroy(cl_event command) {
    forget_needs(command);
    sim_object_drop(command->context);
}

cl_int sim_command_submit(cl_event command, bool is_blocking, cl_event *out_event) {
    command->fate = sim_fault_of_command(sim.function);
    command->stamp[0] = sim_now();
    if (out_event != NULL) {
        *out_event = command;
        sim_object_give(command);
    }
    sim_object_hold(command);
    sim_queue_append(command->queue, command);
    if (is_blocking)
        sim_queue_wait(command);
    cl_int code = is_blocking && command->status < 0 ? command->status : CL_SUCCESS;
    sim_object_drop(command);
    return code;
}

static void check_mappings(const struct _cl_event *command) {
    for (uint32_t i = 0; i < command->buffers; i++)
        if (command->buffer[i]->writers > 0 && command->work != SIM_MAP && command->work != SIM_UNMAP)
            sim_die("a command uses a buffer while it is mapped for writing");
}

static void fill(char *to, const struct _cl_event *command) {
    for (size_t at = 0; at < command->bytes; at += command->pattern_bytes)
        memcpy(to + at, command->pattern, command->pattern_bytes);
}

/* Mapped memory is open; a buffer over the host's memory brings that up to date. */
static void map(cl_event command) {
    cl_mem buffer = command->buffer[0];
    const char *memory = sim_memory_open(buffer);
    if (buffer->host != NULL)
        memcpy(buffer->host + command->offset, memory + command->offset, command->bytes);
    buffer->writers += (command->map_flags & CL_MAP_READ) != command->map_flags;
}

static void unmap(cl_event command) {
    cl_mem buffer = command->buffer[0];
    bool is_written = (command->map_flags & CL_MAP_READ) != command->map_flags;
    if (buffer->open == 0)
        return; /* the command that was to map it failed */
    if (buffer->host != NULL && is_written)
        memcpy(buffer->memory + command->offset, buffer->host + command->offset, command->bytes);
    buffer->writers -= is_written && buffer->writers > 0;
    sim_memory_close(buffer);
}

static void move(cl_event command) {
    cl_mem to = command->buffer[0], from = command->buffer[command->buffers - 1];
    char *target = sim_memory_open(to) + command->offset;
    const char *source = sim_memory_open(from) + command->from;
    switch (command->work) {
    case SIM_READ: memcpy(command->host, target, command->bytes); break;
    case SIM_WRITE: memcpy(target, command->host, command->bytes); break;
    case SIM_COPY: memcpy(target, source, command->bytes); break;
    default: fill(target, command);
    }
    sim_memory_close(from);
    sim_memory_close(to);
}

cl_int sim_command_run(cl_event command) {
    for (uint32_t i = 0; i < command->waits; i++)
        if (command->wait[i]->status < 0)
            return CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST;
    check_mappings(command);
    if (command->work == SIM_UNMAP)
        unmap(command);
    if (command->fate != CL_SUCCESS)
        return command->fate;
    if (command->work == SIM_MAP)
        map(command);
    else if (command->work != SIM_NOTHING && command->work != SIM_UNMAP)
        move(command);
    return CL_COMPLETE;
}

void sim_command_end(cl_event command, cl_int status) {
    command->stamp[3] = sim_now();
    command->status = status;
    command->queue = NULL;
    forget_needs(command);
    sim_object_drop(command);
    pthread_cond_broadcast(&sim.changed);
}
