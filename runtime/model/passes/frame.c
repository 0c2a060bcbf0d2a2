#include "runtime/model/passes/frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

struct sy_net_frame_name {
    const char *text;
    uint32_t value;
};

static int by_text(const void *a, const void *b) {
    const struct sy_net_frame_name *x = a, *y = b;
    return strcmp(x->text, y->text);
}

static sy_status sort_names(sy_net_frame *frame, sy_error *err) {
    const sy_net_graph *graph = frame->graph;
    if (frame->name != NULL)
        return SY_OK;
    frame->name = sy_mem_calloc((size_t)graph->n_value + 1, sizeof *frame->name);
    if (frame->name == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the names of a graph");
    for (uint32_t i = 0; i < graph->n_value; i++)
        if (graph->value[i].name != NULL && graph->value[i].name[0] != '\0')
            frame->name[frame->n_name++] = (struct sy_net_frame_name){graph->value[i].name, i};
    qsort(frame->name, frame->n_name, sizeof *frame->name, by_text);
    return SY_OK;
}

/* A capture: the value of that name in the nearest graph around that has one. */
static sy_status find_outside(
    sy_net_writer *writer, sy_net_frame *frame, const char *name, uint32_t *out_index, sy_error *err) {
    for (sy_net_frame *outer = frame->outer; outer != NULL; outer = outer->outer) {
        sy_status status = sort_names(outer, err);
        if (status != SY_OK)
            return status;
        struct sy_net_frame_name key = {name, 0};
        const struct sy_net_frame_name *found =
            bsearch(&key, outer->name, outer->n_name, sizeof key, by_text);
        if (found != NULL)
            return sy_net_frame_value(writer, outer, found->value, out_index, err);
    }
    return sy_error_set(err, SY_INVALID_ARGUMENT, "'%s' is used in a graph but is in none around it", name);
}

sy_status sy_net_frame_open(sy_net_writer *writer, const sy_net_graph *graph, sy_net_frame *outer,
    sy_net_frame *frame, sy_error *err) {
    *frame = (sy_net_frame){.graph = graph, .outer = outer, .depth = outer != NULL ? outer->depth + 1 : 0};
    if (frame->depth > SY_NET_FRAMES_MAX)
        return sy_error_set(
            err, SY_UNSUPPORTED, "graphs within graphs to a depth of more than %u", SY_NET_FRAMES_MAX);
    frame->map = sy_mem_calloc((size_t)graph->n_value + 1, sizeof *frame->map);
    if (frame->map == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the values of a graph");
    for (uint32_t i = 0; i < graph->n_value; i++)
        frame->map[i] = SY_NET_NONE;
    sy_status status = SY_OK;
    for (uint32_t i = 0; i < graph->n_capture && status == SY_OK; i++)
        status =
            find_outside(writer, frame, graph->capture[i].name, &frame->map[graph->capture[i].inner], err);
    return status;
}

void sy_net_frame_close(sy_net_frame *frame) {
    sy_mem_free(frame->map);
    sy_mem_free(frame->name);
    *frame = (sy_net_frame){0};
}

void sy_net_frame_enter(sy_net_frame *frame, const sy_net_frame *outer, const char *name, int64_t round) {
    char number[24] = "";
    if (round >= 0)
        snprintf(number, sizeof number, "%lld/", (long long)round);
    int length = snprintf(frame->prefix, sizeof frame->prefix, "%s%s/%s", outer->prefix, name, number);
    if (length >= (int)sizeof frame->prefix)
        frame->prefix[sizeof frame->prefix - 2] = '/';
}

/* Large constants of a file may lie at odd addresses (sy_onnx_source.may_be_odd); kernels want even ones. */
static sy_status align_constant(sy_net_writer *writer, sy_net_tensor *tensor, sy_error *err) {
    const size_t size = sy_net_dtype_size(tensor->dtype), bytes = sy_net_bytes(tensor);
    const void *source = tensor->data;
    if (size == 0 || (uintptr_t)source % size == 0)
        return SY_OK;
    tensor->data = sy_net_arena_alloc(writer->graph->arena, bytes);
    if (tensor->data == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a constant of %zu bytes", bytes);
    memcpy(tensor->data, source, bytes);
    sy_file_forget(source, bytes);
    return SY_OK;
}

sy_status sy_net_frame_value(
    sy_net_writer *writer, sy_net_frame *frame, uint32_t value, uint32_t *out_index, sy_error *err) {
    *out_index = value == SY_NET_NONE ? SY_NET_NONE : frame->map[value];
    if (value == SY_NET_NONE || *out_index != SY_NET_NONE)
        return SY_OK;
    const sy_net_value *source = &frame->graph->value[value];
    if ((source->flags & SY_NET_CONST) == 0)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "'%s' is used before it is made", source->name);
    const char *name = frame->outer == NULL ? source->name : "";
    sy_net_tensor tensor = source->tensor;
    sy_status status = align_constant(writer, &tensor, err);
    if (status == SY_OK)
        status = sy_net_writer_constant(writer, name, &tensor, &frame->map[value], err);
    *out_index = frame->map[value];
    return status;
}

const char *sy_net_frame_text(const sy_net_writer *writer, const sy_net_frame *frame, const char *name) {
    char text[SY_NET_PREFIX_MAX * 2];
    if (frame->prefix[0] == '\0')
        return name;
    int length = snprintf(text, sizeof text, "%s%s", frame->prefix, name);
    if (length < 0)
        return NULL;
    size_t bytes = (size_t)length < sizeof text ? (size_t)length : sizeof text - 1;
    return sy_net_arena_text(writer->graph->arena, text, bytes);
}
