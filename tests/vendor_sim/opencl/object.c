/* Objects: counted, and seen when they are used after their release. */
#include "tests/vendor_sim/opencl/sim.h"

#include <stdlib.h>
#include <string.h>

#define MAGIC 0x51d0bec7u

/* Heads of objects whose contents are gone; the oldest makes room. Guarded by the library's lock. */
#define GRAVES 65536u
static void *graves[GRAVES];
static uint32_t next_grave;

/* Buffers, to know the handle of one among the bytes of a kernel's argument. */
static cl_mem *buffers;
static uint32_t buffer_count, buffer_room;

static const char *const kind_names[CL_SIM_KINDS] = {
    "context", "queue", "buffer", "program", "kernel", "event", "mapping"};

static bool note_buffer(cl_mem buffer) {
    if (buffer_count == buffer_room) {
        uint32_t room = buffer_room > 0 ? 2 * buffer_room : 64;
        cl_mem *grown = realloc(buffers, room * sizeof *grown);
        if (grown == NULL)
            return false;
        buffers = grown;
        buffer_room = room;
    }
    buffers[buffer_count++] = buffer;
    return true;
}

static void forget_buffer(cl_mem buffer) {
    for (uint32_t i = 0; i < buffer_count; i++)
        if (buffers[i] == buffer)
            buffers[i--] = buffers[--buffer_count];
}

static void give(sim_object *object) {
    object->refs = 1;
    object->is_known = true;
    sim.alive[object->kind]++;
    sim.made[object->kind]++;
}

void *sim_object_make(uint32_t kind, size_t bytes, bool is_given) {
    sim_object *object = calloc(1, bytes);
    if (object == NULL || (kind == CL_SIM_BUFFER && !note_buffer((cl_mem)(void *)object))) {
        free(object);
        return NULL;
    }
    *object = (sim_object){.magic = MAGIC, .kind = kind};
    if (is_given)
        give(object);
    return object;
}

cl_int sim_object_check(const void *handle, uint32_t kind) {
    static const cl_int invalid[] = {CL_INVALID_CONTEXT, CL_INVALID_COMMAND_QUEUE, CL_INVALID_MEM_OBJECT,
        CL_INVALID_PROGRAM, CL_INVALID_KERNEL, CL_INVALID_EVENT};
    const sim_object *object = handle;
    if (object == NULL || object->magic != MAGIC || object->kind != kind)
        return invalid[kind];
    if (object->refs == 0)
        sim_die("a %s that was released", kind_names[kind]);
    return CL_SUCCESS;
}

cl_int sim_object_retain(void *handle) {
    ((sim_object *)handle)->refs++;
    return CL_SUCCESS;
}

/* Contents go, the head stays: a use of the handle can be told. */
static void bury(void *handle) {
    sim_object *object = handle;
    switch (object->kind) {
    case CL_SIM_BUFFER:
        forget_buffer(handle);
        sim_memory_destroy(handle);
        break;
    case CL_SIM_PROGRAM: sim_program_destroy(handle); break;
    case CL_SIM_KERNEL: sim_kernel_destroy(handle); break;
    case CL_SIM_EVENT: sim_command_destroy(handle); break;
    case CL_SIM_QUEUE: sim_object_drop(((cl_command_queue)handle)->context); break;
    default: break;
    }
    if (!object->is_known) {
        free(object);
        return;
    }
    free(graves[next_grave]);
    graves[next_grave] = handle;
    next_grave = (next_grave + 1) % GRAVES;
}

static void bury_if_unneeded(sim_object *object) {
    if (object->refs == 0 && object->holds == 0)
        bury(object);
}

cl_int sim_object_release(void *handle) {
    sim_object *object = handle;
    object->refs--;
    if (object->refs == 0)
        sim.alive[object->kind]--;
    bury_if_unneeded(object);
    return CL_SUCCESS;
}

void sim_object_hold(void *handle) {
    ((sim_object *)handle)->holds++;
}

void sim_object_drop(void *handle) {
    ((sim_object *)handle)->holds--;
    bury_if_unneeded(handle);
}

void sim_object_give(void *handle) {
    give(handle);
}

cl_mem sim_object_buffer_of(const void *value) {
    cl_mem buffer = NULL;
    memcpy(&buffer, value, sizeof buffer);
    for (uint32_t i = 0; i < buffer_count; i++)
        if (buffers[i] == buffer)
            return buffer;
    for (uint32_t i = 0; i < GRAVES && graves[i] != NULL; i++)
        if (graves[i] == buffer && ((sim_object *)graves[i])->kind == CL_SIM_BUFFER)
            sim_die("an argument is a buffer that was released");
    return NULL;
}
