/* Graphs: what was captured from a stream, to be enqueued again. */
#include <stdlib.h>

#include "tests/vendor_sim/cuda_family/rt.h"

#define GRAPH "graph"
#define GRAPH_EXEC "graph_exec"

enum { MOST_LOG = 65536 };

/* Graphs and what is made of them share the steps: they live until both are gone. */
typedef struct steps {
    int users;
    family_graph graph;
} steps;

static void free_steps(family_step *first) {
    for (family_step *step = first, *next; step != NULL; step = next) {
        next = step->next;
        free((void *)(uintptr_t)step->work.args);
        free(step);
    }
}

static void drop(steps *one) {
    if (--one->users > 0)
        return;
    free_steps(one->graph.first);
    free(one);
}

void rt_capture_forget(family_stream *stream) {
    free_steps(stream->capture.first);
    *sim_slot("capturing") -= stream->is_capturing ? 1 : 0;
}

static steps *take_steps(family_stream *stream) {
    steps *one = calloc(1, sizeof *one);
    if (one == NULL)
        sim_die("the host has no memory for a graph");
    *one = (steps){1, stream->capture};
    stream->capture = (family_graph){NULL, NULL};
    stream->capture.last = &stream->capture.first;
    return one;
}

SIM_API int RT(StreamBeginCapture)(void *handle, int mode) {
    int code = rt_enter(__func__);
    family_stream *stream = code == RT_OK && handle != NULL ? sim_handle_get(handle, FAMILY_STREAM) : NULL;
    if (code == RT_OK && handle == NULL)
        code = RT_CAPTURE_UNSUPPORTED;
    else if (code == RT_OK && stream == NULL)
        code = RT_INVALID_HANDLE;
    else if (code == RT_OK && (mode < 0 || mode > 2 || stream->is_capturing))
        code = RT_INVALID_VALUE;
    if (code == RT_OK) {
        stream->is_capturing = true;
        ++*sim_slot("capturing");
        *sim_slot("capture_spoilt") = 0;
    }
    return rt_leave(code);
}

SIM_API int RT(StreamEndCapture)(void *handle, void **out_graph) {
    int code = rt_enter_apart(__func__);
    family_stream *stream = code == RT_OK ? sim_handle_get(handle, FAMILY_STREAM) : NULL;
    if (code == RT_OK && stream == NULL)
        code = RT_INVALID_HANDLE;
    else if (code == RT_OK && (out_graph == NULL || !stream->is_capturing))
        code = RT_INVALID_VALUE;
    if (code != RT_OK)
        return rt_leave(code);
    stream->is_capturing = false;
    --*sim_slot("capturing");
    steps *one = take_steps(stream);
    if (*sim_slot("capture_spoilt") != 0) {
        drop(one);
        *out_graph = NULL;
        return rt_leave(RT_CAPTURE_INVALIDATED);
    }
    void *object;
    *out_graph = sim_handle_make(GRAPH, sizeof(steps *), &object);
    *(steps **)object = one;
    return rt_leave(RT_OK);
}

static int instantiate(int code, void **out_exec, void *graph) {
    steps **one = code == RT_OK ? sim_handle_get(graph, GRAPH) : NULL;
    if (code == RT_OK && (one == NULL || out_exec == NULL))
        code = RT_INVALID_VALUE;
    if (code == RT_OK) {
        void *object;
        steps *shared = *one;
        *out_exec = sim_handle_make(GRAPH_EXEC, sizeof(steps *), &object);
        *(steps **)object = shared;
        shared->users++;
    }
    return rt_leave(code);
}

#ifdef SIM_GRAPH_3
SIM_API int RT(GraphInstantiate)(void **out_exec, void *graph, unsigned long long flags) {
    int code = rt_enter(__func__);
    return instantiate(code == RT_OK && flags != 0 ? RT_INVALID_VALUE : code, out_exec, graph);
}
#else
SIM_API int RT(GraphInstantiate)(
    void **out_exec, void *graph, void **out_node, char *out_log, size_t capacity) {
    int code = rt_enter(__func__);
    /* Three arguments instead of five leave something else in these places. */
    if (code == RT_OK && ((out_log != NULL) != (capacity > 0) || capacity > MOST_LOG))
        code = RT_INVALID_VALUE;
    if (code == RT_OK && out_node != NULL)
        *out_node = NULL;
    if (code == RT_OK && out_log != NULL && capacity > 0)
        out_log[0] = '\0';
    return instantiate(code, out_exec, graph);
}
#endif

SIM_API int RT(GraphLaunch)(void *exec, void *stream) {
    int code = rt_enter(__func__);
    steps **one = code == RT_OK ? sim_handle_get(exec, GRAPH_EXEC) : NULL;
    family_queue queue;
    if (code == RT_OK && one == NULL)
        code = RT_INVALID_VALUE;
    if (code == RT_OK && !family_queue_of(stream, &queue))
        code = RT_INVALID_HANDLE;
    for (const family_step *step = code == RT_OK ? (*one)->graph.first : NULL; step != NULL;
         step = step->next)
        family_enqueue(&queue, &step->work);
    return rt_leave(code);
}

static int destroy(int code, void *handle, const char *kind) {
    steps **one = code == RT_OK ? sim_handle_get(handle, kind) : NULL;
    if (code == RT_OK && one == NULL)
        code = RT_INVALID_VALUE;
    if (code == RT_OK) {
        drop(*one);
        sim_handle_destroy(handle);
    }
    return rt_leave(code);
}

SIM_API int RT(GraphExecDestroy)(void *exec) {
    return destroy(rt_enter_apart(__func__), exec, GRAPH_EXEC);
}

SIM_API int RT(GraphDestroy)(void *graph) {
    return destroy(rt_enter_apart(__func__), graph, GRAPH);
}
