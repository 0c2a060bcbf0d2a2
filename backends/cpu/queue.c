/* Queues and events. */
#include "backends/cpu/queue.h"

#include "backends/cpu/device.h"
#include "backends/cpu/share.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

struct sy_event {
    sy_device *device;
};

static sy_status create_queue(sy_device *device, sy_queue **out_queue, sy_error *err) {
    *out_queue = NULL;
    sy_queue *queue = sy_mem_alloc(sizeof *queue);
    if (queue == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "cpu: no host memory for a queue");
    *queue = (sy_queue){.device = device, .error = SY_ERROR_INIT};
    sy_status status = sy_cpu_threads_take(device, &queue->slot, &queue->pool, err);
    if (status != SY_OK) {
        sy_mem_free(queue);
        return status;
    }
    *out_queue = queue;
    return SY_OK;
}

static void destroy_queue(sy_queue *queue) {
    if (queue != NULL)
        sy_cpu_threads_give(queue->device, queue->slot, queue->pool);
    sy_mem_free(queue);
}

/* One call of host_for(). */
typedef struct host_job {
    void (*fn)(void *arg, int64_t begin, int64_t end);
    void *arg;
    int64_t count;
    int parts;
} host_job;

static void run_share(void *arg, int64_t step, int part) {
    const host_job *job = arg;
    (void)step;
    sy_cpu_share share = sy_cpu_share_of((uint64_t)job->count, 1, part, job->parts);
    if (share.begin < share.end)
        job->fn(job->arg, (int64_t)share.begin, (int64_t)share.end);
}

static sy_status host_for(
    sy_queue *queue, int64_t count, void (*fn)(void *arg, int64_t begin, int64_t end), void *arg) {
    int threads = sy_cpu_pool_threads(queue->pool);
    host_job job = {.fn = fn, .arg = arg, .count = count, .parts = count < threads ? (int)count : threads};
    if (count > 0)
        sy_cpu_pool_run(queue->pool, run_share, &job, 1, job.parts);
    return SY_OK;
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
    .host_for = host_for,
};
