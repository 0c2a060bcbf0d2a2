/* Graphs: constants, inputs, nodes, outputs. */
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/model/onnx/reader.h"

static sy_status read_constants(sy_reader *reader, sy_scope *scope, const SyPb__Graph *message) {
    sy_onnx_source source = reader->source;
    source.may_be_odd = scope->around == NULL; /* bodies are written out once a round */
    if (message->n_sparse_initializer > 0)
        return sy_error_set(reader->err, SY_UNSUPPORTED, "%zu sparse constants; only dense ones are done",
            message->n_sparse_initializer);
    for (size_t i = 0; i < message->n_initializer; i++) {
        const char *name = sy_reader_text(message->initializer[i]->name);
        uint32_t index = 0;
        if (name[0] == '\0')
            return sy_error_set(reader->err, SY_INVALID_ARGUMENT, "constant %zu has no name", i);
        sy_status status = sy_scope_declare(reader, scope, name, &index);
        sy_net_value *value = &scope->graph->value[index];
        if (status == SY_OK)
            status = sy_onnx_read_tensor(&source, message->initializer[i], &value->tensor, reader->err);
        if (status == SY_OK)
            status = sy_reader_spend(reader, sy_net_bytes(&value->tensor));
        if (status != SY_OK)
            return sy_error_prefix(reader->err, status, "constant '%s'", name);
        value->flags = SY_NET_CONST;
    }
    return SY_OK;
}

static sy_status read_inputs(sy_reader *reader, sy_scope *scope, const SyPb__Graph *message) {
    sy_net_graph *graph = scope->graph;
    graph->input = sy_net_arena_array(reader->arena, message->n_input, sizeof *graph->input);
    if (graph->input == NULL)
        return sy_reader_no_memory(reader);
    for (size_t i = 0; i < message->n_input; i++) {
        const char *name = sy_reader_text(message->input[i]->name);
        uint32_t index = 0;
        if (name[0] == '\0')
            return sy_error_set(reader->err, SY_INVALID_ARGUMENT, "input %zu has no name", i);
        if (sy_names_find(&scope->names, name, &index) && (graph->value[index].flags & SY_NET_CONST) != 0)
            continue; /* a constant that files of old also list as an input */
        sy_status status = sy_scope_declare(reader, scope, name, &index);
        if (status == SY_OK)
            status = sy_reader_type(reader, message->input[i], &graph->value[index]);
        if (status == SY_OK && scope->around == NULL && graph->value[index].tensor.dtype == 0)
            status = sy_error_set(reader->err, SY_INVALID_ARGUMENT, "'%s' has no type of elements", name);
        if (status != SY_OK)
            return sy_error_prefix(reader->err, status, "input %zu", i);
        graph->value[index].flags = SY_NET_INPUT;
        graph->input[graph->n_input++] = index;
    }
    return SY_OK;
}

/* What the file says of an output is kept where nothing else is known. */
static sy_status declare_output(sy_reader *reader, const SyPb__ValueInfo *message, sy_net_value *value) {
    sy_net_value said = {.tensor = {.rank = SY_NET_UNKNOWN_RANK}};
    sy_status status = sy_reader_type(reader, message, &said);
    if (status == SY_OK && (value->flags & (SY_NET_INPUT | SY_NET_CONST)) == 0) {
        value->tensor = said.tensor;
        value->dim_name = said.dim_name;
    }
    value->flags |= SY_NET_OUTPUT;
    return status;
}

static sy_status read_outputs(sy_reader *reader, sy_scope *scope, const SyPb__Graph *message) {
    sy_net_graph *graph = scope->graph;
    graph->output = sy_net_arena_array(reader->arena, message->n_output, sizeof *graph->output);
    if (graph->output == NULL)
        return sy_reader_no_memory(reader);
    for (size_t i = 0; i < message->n_output; i++) {
        const char *name = sy_reader_text(message->output[i]->name);
        uint32_t index = SY_NET_NONE;
        sy_status status = sy_scope_find(reader, scope, name, &index);
        if (status == SY_OK && index == SY_NET_NONE)
            status = sy_error_set(reader->err, SY_INVALID_ARGUMENT, "has no name");
        if (status == SY_OK)
            status = declare_output(reader, message->output[i], &graph->value[index]);
        if (status != SY_OK)
            return sy_error_prefix(reader->err, status, "output %zu", i);
        graph->output[graph->n_output++] = index;
    }
    return SY_OK;
}

/* Captures lie in the scratch arena while they grow. */
static sy_status finish(sy_reader *reader, sy_scope *scope, uint32_t node) {
    sy_net_graph *graph = scope->graph;
    sy_net_capture *kept = sy_net_arena_array(reader->arena, graph->n_capture, sizeof *kept);
    if (kept == NULL)
        return sy_reader_no_memory(reader);
    if (graph->n_capture > 0)
        memcpy(kept, graph->capture, graph->n_capture * sizeof *kept);
    graph->capture = kept;
    sy_status status = SY_OK;
    for (uint32_t i = 0; i < graph->n_capture && status == SY_OK; i++)
        status = sy_scope_note_edge(reader, scope->around, node, scope->outer[i]);
    if (status != SY_OK || reader->missing.count > 0)
        return status; /* nodes are left out: the order means nothing */
    return sy_onnx_order(graph, scope->edge, scope->n_edge, &reader->scratch, reader->err);
}

sy_status sy_reader_graph(sy_reader *reader, const SyPb__Graph *message, sy_scope *around, uint32_t node,
    sy_net_graph **out_graph) {
    sy_net_graph *graph = sy_net_arena_alloc(reader->arena, sizeof *graph);
    if (graph == NULL)
        return sy_reader_no_memory(reader);
    sy_scope scope = {.around = around, .owner = &scope, .graph = graph, .prefix = ""};
    scope.names = (sy_names){.arena = &reader->scratch, .key = reader->key};
    scope.import = around == NULL ? reader->model->opset_import : around->import;
    scope.n_import = around == NULL ? reader->model->n_opset_import : around->n_import;
    scope.given = around == NULL ? NULL : around->given;
    scope.n_given = around == NULL ? 0 : around->n_given;
    graph->arena = reader->arena;
    sy_status status = sy_reader_keep(reader, message->name, &graph->name);
    if (status == SY_OK)
        status = read_constants(reader, &scope, message);
    if (status == SY_OK)
        status = read_inputs(reader, &scope, message);
    if (status == SY_OK)
        status = sy_reader_nodes(reader, &scope, message->node, message->n_node);
    if (status == SY_OK && reader->missing.count == 0)
        status = read_outputs(reader, &scope, message);
    if (status == SY_OK)
        status = finish(reader, &scope, node);
    *out_graph = status == SY_OK ? graph : NULL;
    return status;
}
