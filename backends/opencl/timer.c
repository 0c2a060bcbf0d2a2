/* Timers: the first and the last command between start and stop, and what the driver has noted of them. */
#include "backends/opencl/timer.h"

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static void forget(sy_timer *timer) {
    const ocl_api *api = timer->queue->device->api;
    if (timer->first != NULL)
        api->clReleaseEvent(timer->first);
    if (timer->last != NULL)
        api->clReleaseEvent(timer->last);
    timer->first = timer->last = NULL;
}

static void unlink_timer(sy_timer *timer) {
    sy_timer **link = &timer->queue->timers;
    while (*link != NULL && *link != timer)
        link = &(*link)->next;
    if (*link != NULL)
        *link = timer->next;
    timer->next = NULL;
    timer->is_running = false;
}

static void keep(const ocl_api *api, cl_event event, cl_event *place) {
    if (*place != NULL)
        api->clReleaseEvent(*place);
    api->clRetainEvent(event);
    *place = event;
}

void ocl_timers_note(sy_queue *queue, cl_event event) {
    for (sy_timer *timer = queue->timers; timer != NULL; timer = timer->next) {
        if (timer->first == NULL)
            keep(queue->device->api, event, &timer->first);
        keep(queue->device->api, event, &timer->last);
    }
}

sy_status ocl_timer_create(sy_queue *queue, sy_timer **out_timer, sy_error *err) {
    sy_timer *timer = sy_mem_calloc(1, sizeof *timer);
    *out_timer = timer;
    if (timer == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "opencl: no host memory");
    timer->queue = queue;
    return SY_OK;
}

sy_status ocl_timer_start(sy_timer *timer, sy_error *err) {
    (void)err;
    if (timer->is_running)
        unlink_timer(timer);
    forget(timer);
    timer->is_stopped = false;
    timer->is_running = true;
    timer->next = timer->queue->timers;
    timer->queue->timers = timer;
    return SY_OK;
}

sy_status ocl_timer_stop(sy_timer *timer, sy_error *err) {
    if (!timer->is_running)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "opencl: a timer that was not started is stopped");
    unlink_timer(timer);
    timer->is_stopped = true;
    return SY_OK;
}

static sy_status read_profile(
    sy_timer *timer, cl_event event, cl_profiling_info what, cl_ulong *out_ns, sy_error *err) {
    sy_device *device = timer->queue->device;
    cl_int code = device->api->clGetEventProfilingInfo(event, what, sizeof *out_ns, out_ns, NULL);
    return code == CL_SUCCESS
               ? SY_OK
               : ocl_fail(device, code, "the driver has no times of a command that is done", err);
}

sy_status ocl_timer_read(sy_timer *timer, double *out_ns, double *out_resolution_ns, sy_error *err) {
    cl_ulong begin = 0, end = 0;
    *out_ns = 0.0;
    *out_resolution_ns = timer->queue->device->timer_resolution_ns;
    if (!timer->is_stopped)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "opencl: the timer was not stopped");
    if (timer->first == NULL)
        return SY_OK;
    sy_status status = read_profile(timer, timer->first, CL_PROFILING_COMMAND_START, &begin, err);
    if (status == SY_OK)
        status = read_profile(timer, timer->last, CL_PROFILING_COMMAND_END, &end, err);
    if (status != SY_OK)
        return status;
    if (end < begin)
        return sy_error_set(err, SY_INTERNAL,
            "opencl:%u: by the driver's times the last command ended %llu ns before the first began",
            timer->queue->device->index, (unsigned long long)(begin - end));
    *out_ns = (double)(end - begin);
    return SY_OK;
}

void ocl_timer_destroy(sy_timer *timer) {
    if (timer == NULL)
        return;
    if (timer->is_running)
        unlink_timer(timer);
    forget(timer);
    sy_mem_free(timer);
}
