/* Queues: in order, each with a thread that runs what was flushed. */
#include "tests/vendor_sim/opencl/sim.h"

#include <time.h>

static bool wait_list_is_done(const struct _cl_event *command) {
    for (uint32_t i = 0; i < command->waits; i++)
        if (command->wait[i]->status > CL_COMPLETE)
            return false;
    return true;
}

static bool can_run(cl_command_queue queue) {
    const struct _cl_event *first = queue->first;
    if (first == NULL)
        return false;
    return sim.is_lost || (!sim.is_held && first->number < queue->submitted && wait_list_is_done(first));
}

static void sleep_unlocked(int64_t us) {
    struct timespec time = {.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
    pthread_mutex_unlock(&sim.lock);
    nanosleep(&time, NULL);
    pthread_mutex_lock(&sim.lock);
}

static cl_int run(cl_event command) {
    if (sim.is_lost)
        return (cl_int)sim.config.lost_code;
    if (sim.config.chain && command->queue->is_failing)
        return CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST;
    command->status = CL_RUNNING;
    command->stamp[2] = sim_now();
    pthread_cond_broadcast(&sim.changed);
    if (sim.config.delay_us > 0)
        sleep_unlocked(sim.config.delay_us);
    return sim_command_run(command);
}

static void *work(void *argument) {
    cl_command_queue queue = argument;
    pthread_mutex_lock(&sim.lock);
    for (;;) {
        while (!can_run(queue) && !(queue->is_stopping && queue->first == NULL))
            pthread_cond_wait(&sim.changed, &sim.lock);
        cl_event command = queue->first;
        if (command == NULL)
            break;
        cl_int status = run(command);
        queue->first = command->next;
        if (queue->first == NULL)
            queue->last = &queue->first;
        queue->is_broken = queue->is_broken || status < 0;
        queue->is_failing = queue->first != NULL && (queue->is_failing || status < 0);
        sim_command_end(command, status);
    }
    pthread_mutex_unlock(&sim.lock);
    return NULL;
}

void sim_queue_append(cl_command_queue queue, cl_event command) {
    command->number = queue->next_number++;
    *queue->last = command;
    queue->last = &command->next;
    if (sim.config.eager)
        sim_queue_flush(queue);
}

void sim_queue_flush(cl_command_queue queue) {
    for (cl_event command = queue->first; command != NULL; command = command->next)
        if (command->status == CL_QUEUED) {
            command->status = CL_SUBMITTED;
            command->stamp[1] = sim_now();
        }
    queue->submitted = queue->next_number;
    pthread_cond_broadcast(&sim.changed);
}

void sim_queue_wait(cl_event command) {
    if (command->queue != NULL)
        sim_queue_flush(command->queue);
    while (command->status > CL_COMPLETE)
        pthread_cond_wait(&sim.changed, &sim.lock);
}

static cl_int check(cl_context context, cl_device_id device, cl_command_queue_properties properties) {
    if (!sim_is_device(device) || device != context->device)
        return CL_INVALID_DEVICE;
    return (properties & ~(cl_command_queue_properties)CL_QUEUE_PROFILING_ENABLE) != 0
               ? CL_INVALID_QUEUE_PROPERTIES
               : CL_SUCCESS;
}

static cl_command_queue make(
    cl_context context, cl_device_id device, cl_command_queue_properties properties, cl_int *code) {
    cl_command_queue queue = NULL;
    if (*code == CL_SUCCESS)
        *code = check(context, device, properties);
    if (*code == CL_SUCCESS && (queue = sim_object_make(CL_SIM_QUEUE, sizeof *queue, true)) == NULL)
        *code = CL_OUT_OF_HOST_MEMORY;
    if (*code != CL_SUCCESS)
        return NULL;
    sim_object_hold(context);
    queue->context = context;
    queue->properties = properties;
    queue->last = &queue->first;
    if (pthread_create(&queue->thread, NULL, work, queue) != 0)
        sim_die("no thread for a queue");
    return queue;
}

cl_command_queue clCreateCommandQueue(
    cl_context context, cl_device_id device, cl_command_queue_properties properties, cl_int *out_code) {
    cl_int code = sim_enter_on(__func__, context, CL_SIM_CONTEXT);
    cl_command_queue queue = make(context, device, properties, &code);
    return sim_leave_with(queue, code, out_code);
}

#ifndef CL_SIM_ONLY_1_2
/* Of OpenCL 2.0: properties as a list that ends with 0. */
cl_command_queue clCreateCommandQueueWithProperties(
    cl_context context, cl_device_id device, const cl_queue_properties *properties, cl_int *out_code) {
    cl_int code = sim_enter_on(__func__, context, CL_SIM_CONTEXT);
    cl_command_queue_properties bits = 0;
    for (; code == CL_SUCCESS && properties != NULL && properties[0] != 0; properties += 2) {
        if (properties[0] == CL_QUEUE_PROPERTIES)
            bits = properties[1];
        else
            code = CL_INVALID_VALUE;
    }
    if (code == CL_SUCCESS && sim_is_device(device) && device->knobs->version < 200)
        code = CL_INVALID_OPERATION;
    cl_command_queue queue = make(context, device, bits, &code);
    return sim_leave_with(queue, code, out_code);
}
#endif

cl_int clRetainCommandQueue(cl_command_queue queue) {
    cl_int code = sim_enter_on(__func__, queue, CL_SIM_QUEUE);
    return sim_leave(code == CL_SUCCESS ? sim_object_retain(queue) : code);
}

/* The last release flushes and waits, so that the thread can be joined. */
cl_int clReleaseCommandQueue(cl_command_queue queue) {
    cl_int code = sim_enter_on(__func__, queue, CL_SIM_QUEUE);
    if (code == CL_SUCCESS && queue->object.refs == 1) {
        queue->is_stopping = true;
        sim_queue_flush(queue);
        pthread_mutex_unlock(&sim.lock);
        pthread_join(queue->thread, NULL);
        pthread_mutex_lock(&sim.lock);
    }
    if (code == CL_SUCCESS)
        sim_object_release(queue);
    return sim_leave(code);
}

cl_int clFlush(cl_command_queue queue) {
    cl_int code = sim_enter_on(__func__, queue, CL_SIM_QUEUE);
    if (code == CL_SUCCESS)
        sim_queue_flush(queue);
    return sim_leave(code);
}

cl_int clFinish(cl_command_queue queue) {
    cl_int code = sim_enter_on(__func__, queue, CL_SIM_QUEUE);
    if (code != CL_SUCCESS)
        return sim_leave(code);
    sim_queue_flush(queue);
    while (queue->first != NULL)
        pthread_cond_wait(&sim.changed, &sim.lock);
    if (queue->is_broken)
        code = (cl_int)(sim.is_lost ? sim.config.lost_code : sim.config.finish);
    queue->is_broken = false;
    return sim_leave(code);
}

cl_int clGetCommandQueueInfo(
    cl_command_queue queue, cl_command_queue_info name, size_t capacity, void *value, size_t *out_size) {
    cl_int code = sim_enter_on(__func__, queue, CL_SIM_QUEUE);
    if (code == CL_SUCCESS && name == CL_QUEUE_CONTEXT)
        code = sim_answer(&queue->context, sizeof queue->context, capacity, value, out_size);
    else if (code == CL_SUCCESS && name == CL_QUEUE_DEVICE)
        code = sim_answer(&queue->context->device, sizeof queue->context->device, capacity, value, out_size);
    else if (code == CL_SUCCESS && name == CL_QUEUE_PROPERTIES)
        code = sim_answer(&queue->properties, sizeof queue->properties, capacity, value, out_size);
    else if (code == CL_SUCCESS)
        code = CL_INVALID_VALUE;
    return sim_leave(code);
}
