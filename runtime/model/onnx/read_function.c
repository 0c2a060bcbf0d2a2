/* Functions of a model: a call is replaced by the body. */
#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/model/onnx/limits.h"
#include "runtime/model/onnx/reader.h"
#include "runtime/model/ops/op.h"

const SyPb__Function *sy_reader_function(const sy_reader *reader, const SyPb__Node *message) {
    for (size_t i = 0; i < reader->model->n_functions; i++) {
        const SyPb__Function *function = reader->model->functions[i];
        if (strcmp(sy_reader_text(function->name), sy_reader_text(message->op_type)) == 0 &&
            strcmp(sy_reader_text(function->domain), sy_reader_text(message->domain)) == 0 &&
            strcmp(sy_reader_text(function->overload), sy_reader_text(message->overload)) == 0)
            return function;
    }
    return NULL;
}

/* The attributes of the call, and the function's own for those it leaves out. */
static sy_status gather_attributes(
    sy_reader *reader, sy_scope *body, const SyPb__Function *function, const sy_net_node *node) {
    const sy_net_attr *own = NULL;
    uint32_t n_own = 0;
    sy_status status = sy_reader_attributes(
        reader, body, function->attribute_proto, function->n_attribute_proto, &own, &n_own);
    if (status != SY_OK)
        return status;
    sy_net_attr *all = sy_net_arena_array(&reader->scratch, (size_t)node->n_attr + n_own, sizeof *all);
    if (all == NULL)
        return sy_reader_no_memory(reader);
    body->given = all;
    for (uint32_t i = 0; i < node->n_attr; i++) {
        if (node->attr[i].kind == SY_NET_GRAPH)
            return sy_error_set(
                reader->err, SY_UNSUPPORTED, "attribute '%s': a graph for a function", node->attr[i].name);
        all[body->n_given++] = node->attr[i];
    }
    for (uint32_t i = 0; i < n_own; i++)
        if (sy_net_attr_find(node, own[i].name) == NULL)
            all[body->n_given++] = own[i];
    return SY_OK;
}

/* Inputs of the body are values of the call; so are its outputs, which its nodes have yet to make. */
static sy_status bind_ports(
    sy_reader *reader, sy_scope *body, const SyPb__Function *function, const sy_net_node *node) {
    uint32_t other = 0;
    if (node->n_in > function->n_input || node->n_out > function->n_output)
        return sy_error_set(reader->err, SY_INVALID_ARGUMENT,
            "%u inputs and %u outputs for a function of %zu and %zu", node->n_in, node->n_out,
            function->n_input, function->n_output);
    for (size_t i = 0; i < function->n_input; i++) {
        uint32_t value = i < node->n_in ? node->in[i] : SY_NET_NONE;
        if (sy_names_find(&body->names, function->input[i], &other))
            return sy_error_set(
                reader->err, SY_INVALID_ARGUMENT, "two inputs '%s' of a function", function->input[i]);
        if (!sy_names_add(&body->names, function->input[i], value))
            return sy_reader_no_memory(reader);
    }
    for (uint32_t i = 0; i < node->n_out; i++) {
        if (node->out[i] == SY_NET_NONE || sy_names_find(&body->names, function->output[i], &other))
            continue; /* an input that is passed on: see pass_on() */
        body->graph->value[node->out[i]].producer = SY_NET_NONE;
        if (!sy_names_add(&body->names, function->output[i], node->out[i]))
            return sy_reader_no_memory(reader);
    }
    return SY_OK;
}

/* An output of the call that no node of the body makes is an input or another output under a second name. */
static sy_status pass_on(
    sy_reader *reader, sy_scope *body, const char *name, const sy_net_node *call, uint32_t output) {
    uint32_t *port = sy_net_arena_array(reader->arena, 2, sizeof *port), opset = 0;
    if (port == NULL)
        return sy_reader_no_memory(reader);
    sy_status status = sy_scope_find(reader, body, name, &port[0]);
    if (status == SY_OK)
        status = sy_scope_opset(reader, body, "", &opset);
    if (status != SY_OK)
        return status;
    port[1] = output;
    if (port[0] == output || port[0] == SY_NET_NONE)
        return sy_error_set(
            reader->err, SY_INVALID_ARGUMENT, "the function does not make its output '%s'", name);
    sy_net_node identity = {
        .name = call->name, .opset = opset, .n_in = 1, .n_out = 1, .in = port, .out = port + 1};
    identity.op = sy_net_op_find("", "Identity", opset);
    return sy_reader_add_node(reader, body, &identity);
}

static sy_status read_body(
    sy_reader *reader, sy_scope *body, const SyPb__Function *function, const sy_net_node *node) {
    sy_status status = bind_ports(reader, body, function, node);
    if (status == SY_OK)
        status = gather_attributes(reader, body, function, node);
    if (status == SY_OK)
        status = sy_reader_nodes(reader, body, function->node, function->n_node);
    for (uint32_t i = 0; i < node->n_out && status == SY_OK; i++) {
        uint32_t value = node->out[i];
        if (value == SY_NET_NONE)
            continue;
        uint32_t producer = body->graph->value[value].producer;
        bool is_made =
            producer < body->graph->n_node || (body->graph->value[value].flags & SY_NET_CONST) != 0;
        if (!is_made && reader->missing.count == 0)
            status = pass_on(reader, body, function->output[i], node, value);
    }
    return status;
}

sy_status sy_reader_call(
    sy_reader *reader, sy_scope *scope, const SyPb__Function *function, const sy_net_node *node) {
    sy_scope body = {.owner = scope->owner,
        .graph = scope->graph,
        .import = function->opset_import,
        .n_import = function->n_opset_import};
    char prefix[64];
    if (reader->calls == SY_ONNX_MAX_CALLS)
        return sy_error_set(
            reader->err, SY_OVERFLOW, "more than %u functions within each other", SY_ONNX_MAX_CALLS);
    /* Numbered, so that the bodies of two calls do not meet. */
    snprintf(prefix, sizeof prefix, "call%u/", reader->n_node);
    body.prefix = prefix;
    body.names = (sy_names){.arena = &reader->scratch, .key = reader->key};
    reader->calls++;
    sy_status status = read_body(reader, &body, function, node);
    reader->calls--;
    return status == SY_OK
               ? SY_OK
               : sy_error_prefix(reader->err, status, "function '%s'", sy_reader_text(function->name));
}
