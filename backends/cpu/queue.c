/* Queues and events. */
#include "backends/cpu/queue.h"

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

struct sy_event {
    sy_device *device;
};

static sy_status create_queue(sy_device *device, sy_queue **out_queue, sy_error *err) {
    *out_queue = sy_mem_alloc(sizeof **out_queue);
    if (*out_queue == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "cpu: no host memory for a queue");
    **out_queue = (sy_queue){.device = device, .error = SY_ERROR_INIT};
    return SY_OK;
}

static void destroy_queue(sy_queue *queue) {
    sy_mem_free(queue);
}

static sy_status sync_queue(sy_queue *queue, uint64_t timeout_ns, sy_error *err) {
    (void)timeout_ns;
    sy_status failure = queue->failure;
    if (failure == SY_OK)
        return SY_OK;
    queue->failure = SY_OK;
    return sy_error_set(err, failure, "%s", sy_error_text(&queue->error, failure));
}

static sy_status create_event(sy_device *device, sy_event **out_event, sy_error *err) {
    *out_event = sy_mem_alloc(sizeof **out_event);
    if (*out_event == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "cpu: no host memory for an event");
    (*out_event)->device = device;
    return SY_OK;
}

static sy_status record_event(sy_event *event, sy_queue *queue, sy_error *err) {
    if (event->device != queue->device)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "cpu: event and queue are of different devices");
    return SY_OK;
}

/* Whatever was enqueued before the event is over already. */
static sy_status wait_event(sy_queue *queue, sy_event *event, sy_error *err) {
    return record_event(event, queue, err);
}

static sy_status query_event(sy_event *event, uint32_t *out_done, sy_error *err) {
    (void)event, (void)err;
    *out_done = 1;
    return SY_OK;
}

static void destroy_event(sy_event *event) {
    sy_mem_free(event);
}

const sy_queue_api sy_cpu_queue_api = {
    .size = sizeof(sy_queue_api),
    .create = create_queue,
    .destroy = destroy_queue,
    .sync = sync_queue,
    .event_create = create_event,
    .event_record = record_event,
    .event_wait = wait_event,
    .event_query = query_event,
    .event_destroy = destroy_event,
};
