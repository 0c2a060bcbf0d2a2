/* Queues, events and timers of the simulated device: all on its one timeline. */
#include <stdio.h>
#include <string.h>

#include "backends/sim/sim.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

/* The host waits for everything. */
static void wait_for(sy_device *device) {
    sim_lock(device);
    sim_wait(&device->state);
    sim_unlock(device);
}

static sy_status create_queue(sy_device *device, sy_queue **out_queue, sy_error *err) {
    sy_queue *queue = sy_mem_calloc(1, sizeof *queue);
    *out_queue = queue;
    if (queue == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "sim: no host memory");
    queue->device = device;
    return SY_OK;
}

static void destroy_queue(sy_queue *queue) {
    if (queue != NULL) {
        wait_for(queue->device);
        sim_graph_destroy(queue->recording);
    }
    sy_mem_free(queue);
}

static sy_status sync_queue(sy_queue *queue, uint64_t timeout_ns, sy_error *err) {
    (void)timeout_ns;
    wait_for(queue->device);
    sy_status failure = queue->failure;
    queue->failure = SY_OK;
    return failure == SY_OK ? SY_OK : sy_error_set(err, failure, "%s", queue->failure_text);
}

static sy_status create_event(sy_device *device, sy_event **out_event, sy_error *err) {
    sy_event *event = sy_mem_calloc(1, sizeof *event);
    *out_event = event;
    if (event == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "sim: no host memory");
    event->device = device;
    event->done_ns = UINT64_MAX;
    return SY_OK;
}

static sy_status record_event(sy_event *event, sy_queue *queue, sy_error *err) {
    (void)err;
    sim_lock(queue->device);
    event->done_ns = (uint64_t)queue->device->state.busy_until_ns;
    sim_unlock(queue->device);
    return SY_OK;
}

static sy_status wait_event(sy_queue *queue, sy_event *event, sy_error *err) {
    (void)queue;
    if (event->done_ns == UINT64_MAX)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "sim: waiting for an event that was never recorded");
    return SY_OK; /* one timeline: what was recorded lies before what comes */
}

static sy_status query_event(sy_event *event, uint32_t *out_done, sy_error *err) {
    *out_done = 0;
    if (event->done_ns == UINT64_MAX)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "sim: the event was never recorded");
    sim_lock(event->device);
    *out_done = (double)event->done_ns <= event->device->state.now_ns;
    sim_unlock(event->device);
    return SY_OK;
}

static void destroy_event(sy_event *event) {
    sy_mem_free(event);
}

static sy_status create_timer(sy_queue *queue, sy_timer **out_timer, sy_error *err) {
    sy_timer *timer = sy_mem_calloc(1, sizeof *timer);
    *out_timer = timer;
    if (timer == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "sim: no host memory");
    timer->queue = queue;
    return SY_OK;
}

/* Device time starts when the device would begin the next launch. */
static sy_status start_timer(sy_timer *timer, sy_error *err) {
    (void)err;
    const sim_state *state = &timer->queue->device->state;
    timer->is_running = true;
    timer->is_stopped = false;
    sim_lock(timer->queue->device);
    timer->start_ns = state->busy_until_ns > state->now_ns ? state->busy_until_ns : state->now_ns;
    sim_unlock(timer->queue->device);
    return SY_OK;
}

static sy_status stop_timer(sy_timer *timer, sy_error *err) {
    if (!timer->is_running)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "sim: the timer was not started");
    timer->is_running = false;
    timer->is_stopped = true;
    sim_lock(timer->queue->device);
    timer->stop_ns = timer->queue->device->state.busy_until_ns;
    sim_unlock(timer->queue->device);
    return SY_OK;
}

static sy_status read_timer(sy_timer *timer, double *out_ns, double *out_resolution_ns, sy_error *err) {
    *out_ns = (timer->stop_ns - timer->start_ns) * timer->queue->device->model.timer;
    *out_resolution_ns = 1.0;
    return timer->is_stopped ? SY_OK
                             : sy_error_set(err, SY_INVALID_ARGUMENT, "sim: the timer was not stopped");
}

static void destroy_timer(sy_timer *timer) {
    sy_mem_free(timer);
}

const sy_queue_api sim_queue = {.size = sizeof sim_queue,
    .create = create_queue,
    .destroy = destroy_queue,
    .sync = sync_queue,
    .event_create = create_event,
    .event_record = record_event,
    .event_wait = wait_event,
    .event_query = query_event,
    .event_destroy = destroy_event,
    .timer_create = create_timer,
    .timer_start = start_timer,
    .timer_stop = stop_timer,
    .timer_read = read_timer,
    .timer_destroy = destroy_timer};
