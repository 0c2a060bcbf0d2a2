#include "runtime/model/passes/specialise.h"

#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"
#include "runtime/model/passes/bind.h"
#include "runtime/model/passes/unread.h"
#include "runtime/model/passes/unroll.h"

static sy_status no_memory(sy_error *err) {
    return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a network with its extents bound");
}

/* A bound value becomes a constant of the arena: the caller's goes away. */
static sy_status add_bound(
    sy_net_writer *writer, const char *name, sy_net_tensor tensor, uint32_t *out_index, sy_error *err) {
    size_t bytes = sy_net_bytes(&tensor);
    void *copy = sy_net_arena_alloc(writer->graph->arena, bytes);
    if (copy == NULL)
        return no_memory(err);
    memcpy(copy, tensor.data, bytes);
    tensor.data = copy;
    return sy_net_writer_constant(writer, name, &tensor, out_index, err);
}

static sy_status add_input(sy_net_writer *writer, const sy_net_value *source, const sy_net_tensor *tensor,
    uint32_t *out_index, sy_error *err) {
    sy_net_graph *graph = writer->graph;
    sy_status status = sy_net_value_add(graph, source->name, out_index, err);
    if (status != SY_OK)
        return status;
    sy_net_value *value = &graph->value[*out_index];
    value->flags = SY_NET_INPUT;
    value->tensor = *tensor;
    value->dim_name = source->dim_name;
    graph->input[graph->n_input++] = *out_index;
    return SY_OK;
}

static sy_status add_inputs(
    sy_net_writer *writer, sy_net_frame *frame, const sy_net_tensor *bound, sy_error *err) {
    const sy_net_graph *source = frame->graph;
    sy_status status = SY_OK;
    for (uint32_t i = 0; i < source->n_input && status == SY_OK; i++) {
        const sy_net_value *value = &source->value[source->input[i]];
        uint32_t *index = &frame->map[source->input[i]];
        status = bound[i].data != NULL ? add_bound(writer, value->name, bound[i], index, err)
                                       : add_input(writer, value, &bound[i], index, err);
    }
    return status;
}

/* An output that is an input, is called otherwise, or is an output already gets a value of its own. */
static sy_status copy_output(sy_net_writer *writer, const char *name, uint32_t *index, sy_error *err) {
    uint32_t in = *index, made = 0;
    sy_net_node node = {.op = sy_net_op_find("", "Identity", 13),
        .opset = 13,
        .n_in = 1,
        .n_out = 1,
        .in = &in,
        .out = &made};
    if (node.op == NULL)
        return sy_error_set(err, SY_INTERNAL, "operator Identity is missing in the table");
    return sy_net_writer_node(writer, &node, name, &in, &name, index, err);
}

static sy_status add_output(
    sy_net_writer *writer, const sy_net_value *source, uint32_t index, sy_error *err) {
    sy_net_graph *graph = writer->graph;
    sy_net_value *value = &graph->value[index];
    sy_status status = SY_OK;
    bool is_taken = (value->flags & (SY_NET_INPUT | SY_NET_OUTPUT)) != 0;
    if (!is_taken && value->name[0] == '\0')
        value->name = source->name;
    else if (is_taken || strcmp(value->name, source->name) != 0)
        status = copy_output(writer, source->name, &index, err);
    if (status != SY_OK)
        return status;
    value = &graph->value[index];
    value->flags |= SY_NET_OUTPUT;
    value->dim_name = source->dim_name;
    graph->output[graph->n_output++] = index;
    return SY_OK;
}

static sy_status add_outputs(sy_net_writer *writer, sy_net_frame *frame, sy_error *err) {
    const sy_net_graph *source = frame->graph;
    sy_status status = SY_OK;
    for (uint32_t i = 0; i < source->n_output && status == SY_OK; i++) {
        uint32_t index = 0;
        status = sy_net_frame_value(writer, frame, source->output[i], &index, err);
        if (status == SY_OK)
            status = add_output(writer, &source->value[source->output[i]], index, err);
    }
    return status;
}

static sy_status write_all(sy_net_writer *writer, const sy_net_graph *source, const sy_network_bind *bind,
    uint32_t n_bind, sy_error *err) {
    sy_net_frame frame;
    sy_net_tensor *bound = sy_mem_calloc((size_t)source->n_input + 1, sizeof *bound);
    if (bound == NULL)
        return no_memory(err);
    sy_status status = sy_net_frame_open(writer, source, NULL, &frame, err);
    if (status == SY_OK)
        status = sy_net_bind(source, bind, n_bind, bound, err);
    if (status == SY_OK)
        status = add_inputs(writer, &frame, bound, err);
    if (status == SY_OK)
        status = sy_net_write_graph(writer, &frame, err);
    if (status == SY_OK)
        status = add_outputs(writer, &frame, err);
    sy_net_frame_close(&frame);
    sy_mem_free(bound);
    return status;
}

sy_status sy_net_specialise(const sy_net_graph *source, const sy_network_bind *bind, uint32_t n_bind,
    const sy_team *team, sy_net_arena *arena, sy_net_graph **out_graph, sy_error *err) {
    sy_net_writer writer;
    *out_graph = NULL;
    sy_net_graph *graph = sy_net_arena_alloc(arena, sizeof *graph);
    if (graph == NULL)
        return no_memory(err);
    graph->arena = arena;
    graph->name = source->name;
    graph->input = sy_net_arena_array(arena, source->n_input, sizeof *graph->input);
    graph->output = sy_net_arena_array(arena, source->n_output, sizeof *graph->output);
    if (graph->input == NULL || graph->output == NULL)
        return no_memory(err);
    sy_status status = sy_net_writer_open(&writer, graph, team, err);
    if (status == SY_OK)
        status = write_all(&writer, source, bind, n_bind, err);
    sy_net_writer_close(&writer);
    if (status == SY_OK)
        status = sy_net_drop_unread(graph, err);
    if (status == SY_OK)
        *out_graph = graph;
    return status;
}
