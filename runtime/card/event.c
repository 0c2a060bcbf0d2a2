/* Events that order queues, and timers made of two of them. */
#include "runtime/card/event.h"

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

struct sy_event {
    sy_device *device;
    void *handle;
    bool is_recorded;
};

struct sy_timer {
    sy_queue *queue;
    void *start, *stop;
    bool is_started, is_stopped;
};

static sy_status no_memory(const sy_device *device, sy_error *err) {
    return sy_error_set(err, SY_OUT_OF_MEMORY, SY_CARD_ID_FORMAT ": no host memory", SY_CARD_ID(device));
}

sy_status sy_card_event_create(sy_device *device, sy_event **out_event, sy_error *err) {
    *out_event = NULL;
    sy_event *event = sy_mem_calloc(1, sizeof *event);
    if (event == NULL)
        return no_memory(device, err);
    event->device = device;
    int code = device->model->runtime->event_create(device->stack, false, &event->handle);
    if (code != 0) {
        sy_mem_free(event);
        return sy_card_fail(device, code, err, "making an event");
    }
    *out_event = event;
    return SY_OK;
}

sy_status sy_card_event_record(sy_event *event, sy_queue *queue, sy_error *err) {
    sy_device *device = event->device;
    if (queue->device != device)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            SY_CARD_ID_FORMAT ": an event recorded on another device's queue", SY_CARD_ID(device));
    int code = device->model->runtime->event_record(device->stack, event->handle, queue->stream);
    event->is_recorded = event->is_recorded || code == 0;
    return code == 0 ? SY_OK : sy_card_fail(device, code, err, "recording an event");
}

sy_status sy_card_event_wait(sy_queue *queue, sy_event *event, sy_error *err) {
    sy_device *device = queue->device;
    const sy_card_runtime *runtime = device->model->runtime;
    if (device != event->device || !event->is_recorded)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            SY_CARD_ID_FORMAT ": waiting for an event of another device, or never recorded",
            SY_CARD_ID(device));
    if (runtime->event_wait == NULL)
        return sy_error_set(err, SY_UNSUPPORTED,
            SY_CARD_ID_FORMAT ": this stack has no waiting of streams for events", SY_CARD_ID(device));
    int code = runtime->event_wait(device->stack, queue->stream, event->handle);
    return code == 0 ? SY_OK : sy_card_fail(device, code, err, "waiting for an event");
}

sy_status sy_card_event_query(sy_event *event, uint32_t *out_done, sy_error *err) {
    sy_device *device = event->device;
    *out_done = 0;
    if (!event->is_recorded)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, SY_CARD_ID_FORMAT ": the event was never recorded", SY_CARD_ID(device));
    int code = device->model->runtime->event_query(device->stack, event->handle);
    *out_done = code == 0;
    return code == 0 || code == SY_CARD_NOT_READY ? SY_OK
                                                  : sy_card_fail(device, code, err, "asking for an event");
}

void sy_card_event_destroy(sy_event *event) {
    if (event == NULL)
        return;
    (void)event->device->model->runtime->event_destroy(event->device->stack, event->handle);
    sy_mem_free(event);
}

sy_status sy_card_timer_create(sy_queue *queue, sy_timer **out_timer, sy_error *err) {
    sy_device *device = queue->device;
    const sy_card_runtime *runtime = device->model->runtime;
    *out_timer = NULL;
    sy_timer *timer = sy_mem_calloc(1, sizeof *timer);
    if (timer == NULL)
        return no_memory(device, err);
    timer->queue = queue;
    int code = runtime->event_create(device->stack, true, &timer->start);
    if (code == 0)
        code = runtime->event_create(device->stack, true, &timer->stop);
    if (code != 0) {
        sy_card_timer_destroy(timer);
        return sy_card_fail(device, code, err, "making the events of a timer");
    }
    *out_timer = timer;
    return SY_OK;
}

sy_status sy_card_timer_start(sy_timer *timer, sy_error *err) {
    sy_device *device = timer->queue->device;
    int code = device->model->runtime->event_record(device->stack, timer->start, timer->queue->stream);
    timer->is_started = code == 0;
    timer->is_stopped = false;
    return code == 0 ? SY_OK : sy_card_fail(device, code, err, "starting a timer");
}

sy_status sy_card_timer_stop(sy_timer *timer, sy_error *err) {
    sy_device *device = timer->queue->device;
    if (!timer->is_started)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            SY_CARD_ID_FORMAT ": a timer that was not started is stopped", SY_CARD_ID(device));
    int code = device->model->runtime->event_record(device->stack, timer->stop, timer->queue->stream);
    timer->is_stopped = code == 0;
    return code == 0 ? SY_OK : sy_card_fail(device, code, err, "stopping a timer");
}

sy_status sy_card_timer_read(sy_timer *timer, double *out_ns, double *out_resolution_ns, sy_error *err) {
    sy_device *device = timer->queue->device;
    *out_ns = 0.0;
    *out_resolution_ns = device->model->runtime->timer_resolution_ns;
    if (!timer->is_stopped)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, SY_CARD_ID_FORMAT ": the timer was not stopped", SY_CARD_ID(device));
    int code = device->model->runtime->event_elapsed(device->stack, timer->start, timer->stop, out_ns);
    if (code == SY_CARD_NOT_READY)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            SY_CARD_ID_FORMAT ": the timer is read before its queue was waited for", SY_CARD_ID(device));
    return code == 0 ? SY_OK : sy_card_fail(device, code, err, "reading a timer");
}

void sy_card_timer_destroy(sy_timer *timer) {
    if (timer == NULL)
        return;
    sy_device *device = timer->queue->device;
    if (timer->start != NULL)
        (void)device->model->runtime->event_destroy(device->stack, timer->start);
    if (timer->stop != NULL)
        (void)device->model->runtime->event_destroy(device->stack, timer->stop);
    sy_mem_free(timer);
}
