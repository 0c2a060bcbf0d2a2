/* Queues: in order, with profiling; what failed in them is told by the next sync. */
#include <string.h>
#include <time.h>

#include "backends/opencl/event.h"
#include "backends/opencl/opencl.h"
#include "backends/opencl/timer.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* Pauses between looks at a command: as long again each time, within these bounds. */
static const uint64_t PAUSE_LEAST_NS = 1000, PAUSE_MOST_NS = 1000000;

/* A loader of OpenCL 2.0 has the newer function for devices of any version; those of 1.x must not see it. */
sy_status ocl_command_queue(sy_device *device, cl_command_queue *out_queue, sy_error *err) {
    const ocl_api *api = device->api;
    cl_int code = CL_SUCCESS;
    if (api->clCreateCommandQueueWithProperties != NULL && device->traits.version >= 200) {
        const cl_queue_properties properties[] = {CL_QUEUE_PROPERTIES, CL_QUEUE_PROFILING_ENABLE, 0};
        *out_queue =
            api->clCreateCommandQueueWithProperties(device->context, device->place.device, properties, &code);
    } else {
        *out_queue = api->clCreateCommandQueue(
            device->context, device->place.device, CL_QUEUE_PROFILING_ENABLE, &code);
    }
    return *out_queue != NULL ? SY_OK : ocl_fail(device, code, "a command queue with profiling", err);
}

static sy_status create_queue(sy_device *device, sy_queue **out_queue, sy_error *err) {
    sy_queue *queue = sy_mem_calloc(1, sizeof *queue);
    *out_queue = NULL;
    if (queue == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "opencl: no host memory");
    queue->device = device;
    sy_status status = ocl_command_queue(device, &queue->handle, err);
    if (status != SY_OK) {
        sy_mem_free(queue);
        return status;
    }
    *out_queue = queue;
    return SY_OK;
}

static void forget_pending(sy_queue *queue) {
    for (uint32_t i = 0; i < queue->pendings; i++)
        queue->device->api->clReleaseEvent(queue->pending[i]);
    queue->pendings = 0;
}

static void destroy_queue(sy_queue *queue) {
    if (queue == NULL)
        return;
    const ocl_api *api = queue->device->api;
    if (!queue->device->is_lost)
        api->clFinish(queue->handle);
    forget_pending(queue);
    api->clReleaseCommandQueue(queue->handle);
    sy_mem_free(queue);
}

sy_status ocl_queue_note(sy_queue *queue, sy_status status, const sy_error *error) {
    if (queue->failure == SY_OK) {
        queue->failure = status;
        queue->failure_error = *error;
    }
    return status;
}

sy_status ocl_queue_fail(sy_queue *queue, cl_int code, const char *what) {
    sy_error error = SY_ERROR_INIT;
    sy_status status = ocl_fail(queue->device, code, what, &error);
    return ocl_queue_note(queue, status, &error);
}

/* One marker in place of many events: it fails if one of them does. */
static void gather_pending(sy_queue *queue) {
    cl_event marker = NULL;
    cl_int code = queue->device->api->clEnqueueMarkerWithWaitList(
        queue->handle, queue->pendings, queue->pending, &marker);
    if (code != CL_SUCCESS)
        ocl_queue_fail(queue, code, "a marker behind commands");
    forget_pending(queue);
    if (marker != NULL)
        queue->pending[queue->pendings++] = marker;
}

void ocl_queue_keep(sy_queue *queue, cl_event event) {
    if (queue->pendings == OCL_PENDING_MAX)
        gather_pending(queue);
    queue->pending[queue->pendings++] = event;
    /* The device begins with the first command while the host enqueues the others; what this fails with,
     * waiting tells. */
    if (queue->pendings <= 2)
        (void)queue->device->api->clFlush(queue->handle);
}

void ocl_queue_done(sy_queue *queue, cl_event event) {
    if (event == NULL)
        return;
    ocl_timers_note(queue, event);
    ocl_queue_keep(queue, event);
}

/* Look at the last command until it has ended or time is up. */
static sy_status wait_for_last(sy_queue *queue, uint64_t timeout_ns, sy_error *err) {
    uint64_t begin = sy_clock_raw_ns(), pause = PAUSE_LEAST_NS;
    cl_int state = CL_COMPLETE;
    sy_status status = SY_OK;
    for (;;) {
        status = ocl_event_state(queue->device, queue->pending[queue->pendings - 1], &state, err);
        if (status != SY_OK || state <= CL_COMPLETE)
            return status;
        if (sy_clock_raw_ns() - begin >= timeout_ns)
            return sy_error_set(err, SY_TIMEOUT, "opencl:%u: commands are not done after %.3f s",
                queue->device->index, (double)timeout_ns * 1e-9);
        nanosleep(&(struct timespec){.tv_nsec = (long)pause}, NULL);
        pause = pause * 2 < PAUSE_MOST_NS ? pause * 2 : PAUSE_MOST_NS;
    }
}

/* How the commands ended. With some drivers a failure makes those behind it fail as well, with others they go
 * on as if nothing had been. */
static void take_late_failures(sy_queue *queue) {
    for (uint32_t i = 0; i < queue->pendings; i++) {
        cl_int state = CL_COMPLETE;
        cl_int code = queue->device->api->clGetEventInfo(
            queue->pending[i], CL_EVENT_COMMAND_EXECUTION_STATUS, sizeof state, &state, NULL);
        if (code == CL_SUCCESS && state < 0)
            code = state;
        if (code != CL_SUCCESS)
            ocl_queue_fail(queue, code, "a command on the device");
    }
    forget_pending(queue);
}

/* The first failure since the last sync, forgotten with this. */
static sy_status give_failure(sy_queue *queue, sy_error *err) {
    sy_status failure = queue->failure;
    queue->failure = SY_OK;
    if (failure == SY_OK)
        return SY_OK;
    if (err != NULL && err->size >= offsetof(sy_error, text))
        err->vendor_code = queue->failure_error.vendor_code;
    return sy_error_set(err, failure, "%s", queue->failure_error.text);
}

static sy_status sync_queue(sy_queue *queue, uint64_t timeout_ns, sy_error *err) {
    const ocl_api *api = queue->device->api;
    cl_int code = CL_SUCCESS;
    sy_status status = SY_OK;
    if (timeout_ns == UINT64_MAX) {
        code = api->clFinish(queue->handle);
    } else if (queue->pendings > 0) {
        code = api->clFlush(queue->handle);
        if (code == CL_SUCCESS)
            status = wait_for_last(queue, timeout_ns, err);
        if (status != SY_OK)
            return status;
    }
    take_late_failures(queue);
    if (code != CL_SUCCESS)
        ocl_queue_fail(queue, code, "waiting for commands");
    return give_failure(queue, err);
}

const sy_queue_api ocl_queue = {.size = sizeof ocl_queue,
    .create = create_queue,
    .destroy = destroy_queue,
    .sync = sync_queue,
    .event_create = ocl_event_create,
    .event_record = ocl_event_record,
    .event_wait = ocl_event_wait,
    .event_query = ocl_event_query,
    .event_destroy = ocl_event_destroy,
    .timer_create = ocl_timer_create,
    .timer_start = ocl_timer_start,
    .timer_stop = ocl_timer_stop,
    .timer_read = ocl_timer_read,
    .timer_destroy = ocl_timer_destroy};
