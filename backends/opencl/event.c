/* Events: markers on the queue that records, barriers on the queue that waits. */
#include "backends/opencl/event.h"

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

sy_status ocl_event_state(sy_device *device, cl_event event, cl_int *out_state, sy_error *err) {
    cl_int code = device->api->clGetEventInfo(
        event, CL_EVENT_COMMAND_EXECUTION_STATUS, sizeof *out_state, out_state, NULL);
    return code == CL_SUCCESS ? SY_OK : ocl_fail(device, code, "asking for a command's state", err);
}

sy_status ocl_event_create(sy_device *device, sy_event **out_event, sy_error *err) {
    sy_event *event = sy_mem_calloc(1, sizeof *event);
    *out_event = event;
    if (event == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "opencl: no host memory");
    event->device = device;
    return SY_OK;
}

/* Flushed, because another queue that waits for it does not make this one start. */
sy_status ocl_event_record(sy_event *event, sy_queue *queue, sy_error *err) {
    const ocl_api *api = event->device->api;
    cl_event marker = NULL;
    if (queue->device != event->device)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "opencl: an event recorded on another device's queue");
    cl_int code = api->clEnqueueMarkerWithWaitList(queue->handle, 0, NULL, &marker);
    if (code != CL_SUCCESS)
        return ocl_fail(queue->device, code, "recording an event", err);
    if (event->handle != NULL)
        api->clReleaseEvent(event->handle);
    event->handle = marker;
    code = api->clFlush(queue->handle);
    return code == CL_SUCCESS ? SY_OK
                              : ocl_fail(queue->device, code, "starting what an event waits for", err);
}

sy_status ocl_event_wait(sy_queue *queue, sy_event *event, sy_error *err) {
    cl_event barrier = NULL;
    if (event->handle == NULL)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "opencl: waiting for an event that was never recorded");
    if (queue->device != event->device)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "opencl: waiting for another device's event");
    cl_int code =
        queue->device->api->clEnqueueBarrierWithWaitList(queue->handle, 1, &event->handle, &barrier);
    if (code != CL_SUCCESS)
        return ocl_fail(queue->device, code, "waiting for an event", err);
    ocl_queue_keep(queue, barrier);
    return SY_OK;
}

sy_status ocl_event_query(sy_event *event, uint32_t *out_done, sy_error *err) {
    cl_int state = CL_COMPLETE;
    *out_done = 0;
    if (event->handle == NULL)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "opencl: the event was never recorded");
    sy_status status = ocl_event_state(event->device, event->handle, &state, err);
    if (status == SY_OK)
        *out_done = state <= CL_COMPLETE;
    return status;
}

void ocl_event_destroy(sy_event *event) {
    if (event != NULL && event->handle != NULL)
        event->device->api->clReleaseEvent(event->handle);
    sy_mem_free(event);
}
