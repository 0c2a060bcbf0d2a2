/* Queues as streams, and the failures that come late. */
#include <stddef.h>
#include <time.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/card/capture.h"
#include "runtime/card/card.h"
#include "runtime/card/event.h"

/* Pauses between looks at a stream that is waited for with a limit. */
enum { PAUSE_LEAST_NS = 1000, PAUSE_MOST_NS = 1000000 };

sy_status sy_card_queue_fail(sy_queue *queue, int code, const char *what) {
    sy_error error = SY_ERROR_INIT;
    sy_status status = sy_card_fail(queue->device, code, &error, what);
    if (queue->failure == SY_OK) {
        queue->failure = status;
        queue->failure_error = error;
    }
    return status;
}

static sy_status create_queue(sy_device *device, sy_queue **out_queue, sy_error *err) {
    *out_queue = NULL;
    sy_queue *queue = sy_mem_calloc(1, sizeof *queue);
    if (queue == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, SY_CARD_ID_FORMAT ": no host memory", SY_CARD_ID(device));
    queue->device = device;
    queue->failure_error = SY_ERROR_INIT;
    int code = device->model->runtime->stream_create(device->stack, &queue->stream);
    if (code != 0) {
        sy_mem_free(queue);
        return sy_card_fail(device, code, err, "making a stream");
    }
    *out_queue = queue;
    return SY_OK;
}

static void destroy_queue(sy_queue *queue) {
    if (queue == NULL)
        return;
    const sy_card_runtime *runtime = queue->device->model->runtime;
    sy_card_capture_drop(queue);
    if (!queue->device->is_lost)
        (void)runtime->stream_sync(queue->device->stack, queue->stream);
    (void)runtime->stream_destroy(queue->device->stack, queue->stream);
    sy_mem_free(queue);
}

/* Look at the stream until it is done or time is up. */
static int wait_for(const sy_queue *queue, uint64_t timeout_ns) {
    const sy_card_runtime *runtime = queue->device->model->runtime;
    uint64_t begin = sy_clock_raw_ns(), pause = PAUSE_LEAST_NS;
    int code = runtime->stream_query(queue->device->stack, queue->stream);
    while (code == SY_CARD_NOT_READY && sy_clock_raw_ns() - begin < timeout_ns) {
        nanosleep(&(struct timespec){.tv_nsec = (long)pause}, NULL);
        pause = pause * 2 < PAUSE_MOST_NS ? pause * 2 : PAUSE_MOST_NS;
        code = runtime->stream_query(queue->device->stack, queue->stream);
    }
    return code;
}

sy_status sy_card_queue_failure_take(sy_queue *queue, sy_error *err) {
    sy_status failure = queue->failure;
    queue->failure = SY_OK;
    if (failure == SY_OK)
        return SY_OK;
    if (err != NULL && err->size >= offsetof(sy_error, text))
        err->vendor_code = queue->failure_error.vendor_code;
    return sy_error_set(err, failure, "%s", queue->failure_error.text);
}

static sy_status sync_queue(sy_queue *queue, uint64_t timeout_ns, sy_error *err) {
    const sy_card_runtime *runtime = queue->device->model->runtime;
    int code = timeout_ns == UINT64_MAX || runtime->stream_query == NULL
                   ? runtime->stream_sync(queue->device->stack, queue->stream)
                   : wait_for(queue, timeout_ns);
    if (code == SY_CARD_NOT_READY)
        return sy_error_set(err, SY_TIMEOUT, SY_CARD_ID_FORMAT ": commands are not done after %.3f s",
            SY_CARD_ID(queue->device), (double)timeout_ns * 1e-9);
    if (code != 0)
        sy_card_queue_fail(queue, code, "waiting for commands");
    return sy_card_queue_failure_take(queue, err);
}

const sy_queue_api sy_card_queue_api = {.size = sizeof sy_card_queue_api,
    .create = create_queue,
    .destroy = destroy_queue,
    .sync = sync_queue,
    .event_create = sy_card_event_create,
    .event_record = sy_card_event_record,
    .event_wait = sy_card_event_wait,
    .event_query = sy_card_event_query,
    .event_destroy = sy_card_event_destroy,
    .timer_create = sy_card_timer_create,
    .timer_start = sy_card_timer_start,
    .timer_stop = sy_card_timer_stop,
    .timer_read = sy_card_timer_read,
    .timer_destroy = sy_card_timer_destroy};
