/* Launches recorded on a queue and replayed as one. */
#include "backends/sim/sim.h"
#include "runtime/base/error.h"
#include "runtime/base/seam.h"

struct sy_graph {
    sy_binding **binding;
    size_t count, capacity;
    bool is_short; /* of memory: a launch is missing */
};

sy_status sim_capture_begin(sy_queue *queue, sy_error *err) {
    if (queue->recording != NULL)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "sim: launches of this queue are recorded already");
    queue->recording = sy_mem_calloc(1, sizeof *queue->recording);
    return queue->recording != NULL ? SY_OK : sy_error_set(err, SY_OUT_OF_MEMORY, "sim: no host memory");
}

sy_status sim_graph_add(sy_graph *recording, sy_binding *binding) {
    if (recording->count == recording->capacity) {
        size_t capacity = recording->capacity > 0 ? recording->capacity * 2 : 16;
        sy_binding **grown = sy_mem_realloc(recording->binding, capacity * sizeof *grown);
        recording->is_short = recording->is_short || grown == NULL;
        if (grown == NULL)
            return SY_OUT_OF_MEMORY;
        recording->binding = grown;
        recording->capacity = capacity;
    }
    recording->binding[recording->count++] = binding;
    return SY_OK;
}

sy_status sim_capture_end(sy_queue *queue, sy_graph **out_graph, sy_error *err) {
    sy_graph *graph = queue->recording;
    *out_graph = NULL;
    if (graph == NULL)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "sim: no launches are being recorded");
    queue->recording = NULL;
    if (graph->is_short) {
        sim_graph_destroy(graph);
        return sy_error_set(err, SY_OUT_OF_MEMORY, "sim: no host memory for what was recorded");
    }
    *out_graph = graph;
    return SY_OK;
}

sy_status sim_graph_run(sy_graph *graph) {
    sy_status status = SY_OK;
    for (size_t i = 0; status == SY_OK && i < graph->count; i++)
        status = sim_launch(graph->binding[i], i > 0);
    return status;
}

void sim_graph_destroy(sy_graph *graph) {
    if (graph == NULL)
        return;
    sy_mem_free(graph->binding);
    sy_mem_free(graph);
}
