#include "runtime/model/passes/unroll.h"

#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

sy_status sy_net_inner_graph(const sy_net_node *node, const char *name, uint32_t n_input, uint32_t n_output,
    const sy_net_graph **out_graph, sy_error *err) {
    const sy_net_attr *attr = sy_net_attr_find(node, name);
    const sy_net_graph *graph = attr != NULL && attr->kind == SY_NET_GRAPH ? attr->graph : NULL;
    if (graph == NULL)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "%s '%s': it has no graph '%s'", node->op->name, node->name, name);
    if (graph->n_input != n_input || graph->n_output < n_output)
        return sy_error_set(err, SY_INVALID_ARGUMENT,
            "%s '%s': '%s' has %u inputs and %u outputs, must have %u and at least %u", node->op->name,
            node->name, name, graph->n_input, graph->n_output, n_input, n_output);
    *out_graph = graph;
    return SY_OK;
}

sy_status sy_net_decided(const sy_net_writer *writer, const sy_net_node *node, uint32_t value,
    const char *what, int64_t *out_number, sy_error *err) {
    const sy_net_tensor *tensor = value != SY_NET_NONE ? &writer->graph->value[value].tensor : NULL;
    if (tensor == NULL || sy_net_elements(tensor) != 1 || sy_net_dtype_size(tensor->dtype) == 0)
        return sy_error_set(
            err, SY_INVALID_ARGUMENT, "%s '%s': the %s must be one number", node->op->name, node->name, what);
    if (tensor->data == NULL)
        return sy_error_set(err, SY_UNSUPPORTED,
            "%s '%s': the %s has to be known when the network is compiled", node->op->name, node->name, what);
    *out_number = sy_net_get_int(tensor, 0);
    return SY_OK;
}

/* The names of what a node makes: those of the network's own graph are kept. */
static sy_status name_outputs(
    const sy_net_frame *frame, const sy_net_node *node, const char ***out_name, sy_error *err) {
    *out_name = NULL;
    if (frame->outer != NULL || node->n_out == 0)
        return SY_OK;
    const char **name = sy_mem_calloc(node->n_out, sizeof *name);
    if (name == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the outputs of '%s'", node->name);
    for (uint32_t i = 0; i < node->n_out; i++)
        name[i] = node->out[i] != SY_NET_NONE ? frame->graph->value[node->out[i]].name : "";
    *out_name = name;
    return SY_OK;
}

static sy_status write_ports(sy_net_writer *writer, sy_net_frame *frame, const sy_net_node *node,
    const char *const *name, uint32_t *port, sy_error *err) {
    sy_status status = SY_OK;
    for (uint32_t i = 0; i < node->n_in && status == SY_OK; i++) {
        status = sy_net_frame_value(writer, frame, node->in[i], &port[i], err);
        if (status != SY_OK)
            return sy_error_prefix(err, status, "%s '%s'", node->op->name, node->name);
    }
    const char *text = sy_net_frame_text(writer, frame, node->name);
    if (text == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the name of '%s'", node->name);
    uint32_t *out = port + node->n_in;
    status = sy_net_writer_node(writer, node, text, port, name, out, err);
    for (uint32_t i = 0; i < node->n_out && status == SY_OK; i++)
        if (node->out[i] != SY_NET_NONE)
            frame->map[node->out[i]] = out[i];
    return status;
}

static sy_status write_plain(
    sy_net_writer *writer, sy_net_frame *frame, const sy_net_node *node, sy_error *err) {
    const char **name = NULL;
    uint32_t *port = sy_mem_calloc((size_t)node->n_in + node->n_out + 1, sizeof *port);
    if (port == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for the inputs of '%s'", node->name);
    sy_status status = name_outputs(frame, node, &name, err);
    if (status == SY_OK)
        status = write_ports(writer, frame, node, name, port, err);
    sy_mem_free(port);
    sy_mem_free(name);
    return status;
}

static sy_status write_branch(sy_net_writer *writer, sy_net_frame *frame, const sy_net_node *node,
    const sy_net_graph *branch, sy_error *err) {
    sy_net_frame inner;
    sy_status status = sy_net_frame_open(writer, branch, frame, &inner, err);
    sy_net_frame_enter(&inner, frame, node->name, -1);
    if (status == SY_OK)
        status = sy_net_write_graph(writer, &inner, err);
    for (uint32_t i = 0; i < node->n_out && status == SY_OK; i++) {
        uint32_t made = SY_NET_NONE;
        status = sy_net_frame_value(writer, &inner, branch->output[i], &made, err);
        if (node->out[i] != SY_NET_NONE)
            frame->map[node->out[i]] = made;
    }
    sy_net_frame_close(&inner);
    return status;
}

static sy_status write_if(
    sy_net_writer *writer, sy_net_frame *frame, const sy_net_node *node, sy_error *err) {
    uint32_t condition = SY_NET_NONE;
    int64_t is_true = 0;
    const sy_net_graph *branch = NULL;
    sy_status status =
        node->n_in > 0 ? sy_net_frame_value(writer, frame, node->in[0], &condition, err) : SY_OK;
    if (status == SY_OK)
        status = sy_net_decided(writer, node, condition, "condition", &is_true, err);
    if (status == SY_OK)
        status = sy_net_inner_graph(
            node, is_true != 0 ? "then_branch" : "else_branch", 0, node->n_out, &branch, err);
    return status == SY_OK ? write_branch(writer, frame, node, branch, err) : status;
}

static sy_status write_node(
    sy_net_writer *writer, sy_net_frame *frame, const sy_net_node *node, sy_error *err) {
    sy_status status = sy_net_writer_step(writer, node->name, err);
    if (status != SY_OK)
        return status;
    bool is_ours = node->op->domain[0] == '\0';
    if (is_ours && strcmp(node->op->name, "If") == 0)
        return write_if(writer, frame, node, err);
    if (is_ours && strcmp(node->op->name, "Loop") == 0)
        return sy_net_write_loop(writer, frame, node, err);
    if (is_ours && strcmp(node->op->name, "Scan") == 0)
        return sy_net_write_scan(writer, frame, node, err);
    return write_plain(writer, frame, node, err);
}

sy_status sy_net_write_graph(sy_net_writer *writer, sy_net_frame *frame, sy_error *err) {
    sy_status status = SY_OK;
    for (uint32_t i = 0; i < frame->graph->n_node && status == SY_OK; i++)
        status = write_node(writer, frame, &frame->graph->node[i], err);
    return status;
}
