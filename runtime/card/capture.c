/* Launches recorded as a graph of the vendor's runtime. */
#include "runtime/card/capture.h"

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

struct sy_graph {
    sy_queue *queue;
    void *handle;
};

const char *sy_card_capture_lacks(const sy_device *device) {
    const sy_card_runtime *runtime = device->model->runtime;
    return runtime->capture_lacks != NULL ? runtime->capture_lacks(device->stack)
                                          : "its runtime has no recording";
}

sy_status sy_card_capture_begin(sy_queue *queue, sy_error *err) {
    sy_device *device = queue->device;
    const char *lacks = sy_card_capture_lacks(device);
    if (lacks != NULL)
        return sy_error_set(err, SY_UNSUPPORTED, SY_CARD_ID_FORMAT ": no recording of launches: %s",
            SY_CARD_ID(device), lacks);
    if (queue->is_recording)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            SY_CARD_ID_FORMAT ": launches of this queue are recorded already", SY_CARD_ID(device));
    if (queue->failure != SY_OK)
        return sy_error_set(err, queue->failure, "before recording: %s", queue->failure_error.text);
    int code = device->model->runtime->capture_begin(device->stack, queue->stream);
    queue->is_recording = code == 0;
    return code == 0 ? SY_OK : sy_card_fail(device, code, err, "beginning to record launches");
}

static void destroy_handle(const sy_device *device, void *handle) {
    if (handle != NULL)
        (void)device->model->runtime->graph_destroy(device->stack, handle);
}

/* The vendor's recording ends here whatever comes of it. */
static sy_status end_recording(sy_queue *queue, void **out_handle, sy_error *err) {
    sy_device *device = queue->device;
    *out_handle = NULL;
    queue->is_recording = false;
    int code = device->model->runtime->capture_end(device->stack, queue->stream, out_handle);
    /* The launch that failed says more than that the recording has become invalid. */
    sy_status status = sy_card_queue_failure_take(queue, err);
    if (status != SY_OK)
        return sy_error_prefix(err, status, "while recording");
    return code == 0 ? SY_OK : sy_card_fail(device, code, err, "recording launches");
}

sy_status sy_card_capture_end(sy_queue *queue, sy_graph **out_graph, sy_error *err) {
    sy_device *device = queue->device;
    void *handle = NULL;
    *out_graph = NULL;
    if (!queue->is_recording)
        return sy_error_set(err, SY_INVALID_ARGUMENT, SY_CARD_ID_FORMAT ": no launches are being recorded",
            SY_CARD_ID(device));
    sy_status status = end_recording(queue, &handle, err);
    sy_graph *graph = status == SY_OK ? sy_mem_alloc(sizeof *graph) : NULL;
    if (status == SY_OK && graph == NULL)
        status =
            sy_error_set(err, SY_OUT_OF_MEMORY, SY_CARD_ID_FORMAT ": no host memory", SY_CARD_ID(device));
    if (status != SY_OK) {
        destroy_handle(device, handle);
        return status;
    }
    *graph = (sy_graph){.queue = queue, .handle = handle};
    *out_graph = graph;
    return SY_OK;
}

void sy_card_capture_drop(sy_queue *queue) {
    void *handle = NULL;
    if (!queue->is_recording)
        return;
    (void)end_recording(queue, &handle, NULL);
    destroy_handle(queue->device, handle);
}

sy_status sy_card_graph_run(sy_graph *graph) {
    const sy_device *device = graph->queue->device;
    int code = device->model->runtime->graph_run(device->stack, graph->handle, graph->queue->stream);
    return code == 0 ? SY_OK : sy_card_queue_fail(graph->queue, code, "replaying recorded launches");
}

void sy_card_graph_destroy(sy_graph *graph) {
    if (graph == NULL)
        return;
    destroy_handle(graph->queue->device, graph->handle);
    sy_mem_free(graph);
}
