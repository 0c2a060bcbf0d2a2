/* Queues: one run under way at a time, so that they are in order though the library's tasks are not. */
#include <stddef.h>

#include "backends/horizon/horizon.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

static sy_status create_queue(sy_device *device, sy_queue **out_queue, sy_error *err) {
    *out_queue = sy_mem_calloc(1, sizeof **out_queue);
    if (*out_queue == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "horizon: no host memory for a queue");
    **out_queue = (sy_queue){.device = device, .failure = SY_ERROR_INIT};
    return SY_OK;
}

static void destroy_queue(sy_queue *queue) {
    if (queue != NULL)
        (void)horizon_queue_finish(queue, UINT64_MAX, NULL);
    sy_mem_free(queue);
}

sy_status horizon_queue_fail(sy_queue *queue, int32_t code, const char *what) {
    sy_error failure = SY_ERROR_INIT;
    sy_status status = horizon_fail(&queue->device->backend->library, code, what, &failure);
    if (queue->status == SY_OK) {
        queue->status = status;
        queue->failure = failure;
    }
    return status;
}

sy_status horizon_queue_finish(sy_queue *queue, uint64_t timeout_ns, sy_error *err) {
    const horizon_library *library = &queue->device->backend->library;
    bool is_done = true;
    if (queue->under_way == NULL)
        return SY_OK;
    int32_t code = horizon_task_wait(library, queue->task, timeout_ns, &is_done);
    if (!is_done)
        return sy_error_set(
            err, SY_TIMEOUT, "horizon:0: a run is not done after %.3f s", (double)timeout_ns * 1e-9);
    horizon_task_end(library, queue->task);
    if (code != 0)
        horizon_queue_fail(queue, code, "run of a model");
    else if ((code = horizon_binding_take(queue->under_way)) != 0)
        horizon_queue_fail(queue, code, "flush of outputs");
    queue->under_way = NULL;
    queue->task = NULL;
    return SY_OK;
}

static sy_status sync_queue(sy_queue *queue, uint64_t timeout_ns, sy_error *err) {
    sy_status status = horizon_queue_finish(queue, timeout_ns, err);
    if (status != SY_OK)
        return status;
    status = queue->status;
    queue->status = SY_OK;
    if (status == SY_OK)
        return SY_OK;
    if (err != NULL && err->size >= offsetof(sy_error, text))
        err->vendor_code = queue->failure.vendor_code;
    return sy_error_set(err, status, "%s", queue->failure.text);
}

const sy_queue_api horizon_queue_api = {
    .size = sizeof(sy_queue_api), .create = create_queue, .destroy = destroy_queue, .sync = sync_queue};
