/* Nodes: ports by their names, operators by the table, constants at once. */
#include <stdio.h>
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/model/onnx/limits.h"
#include "runtime/model/onnx/reader.h"
#include "runtime/model/ops/op.h"

/* "" stands for the default domain everywhere. */
static const char *domain_of(const SyPb__Node *message) {
    const char *domain = sy_reader_text(message->domain);
    return strcmp(domain, "ai.onnx") == 0 ? "" : domain;
}

/* Outputs before anything is read of the nodes: they may come in any order. */
static sy_status promise(sy_reader *reader, sy_scope *scope, const SyPb__Node *message) {
    if (message->n_output > SY_NET_MAX_PORTS || message->n_input > SY_NET_MAX_PORTS)
        return sy_error_set(reader->err, SY_OVERFLOW, "%zu inputs and %zu outputs, at most %u each",
            message->n_input, message->n_output, SY_NET_MAX_PORTS);
    for (size_t i = 0; i < message->n_output; i++) {
        const char *name = message->output[i];
        uint32_t value = SY_NET_NONE;
        if (name[0] == '\0')
            continue;
        bool is_known = sy_names_find(&scope->names, name, &value);
        /* In the body of a function an output of the call is known, and nobody makes it yet. */
        bool is_open = is_known && scope->owner != scope && value != SY_NET_NONE &&
                       scope->graph->value[value].producer == SY_NET_NONE &&
                       scope->graph->value[value].flags == 0;
        sy_status status = is_open ? SY_OK : sy_scope_declare(reader, scope, name, &value);
        if (status != SY_OK)
            return status;
        scope->graph->value[value].producer = SY_SCOPE_PROMISED;
    }
    return SY_OK;
}

static sy_status read_ports(
    sy_reader *reader, sy_scope *scope, char **name, size_t count, uint32_t **out_port, uint32_t *out_count) {
    uint32_t *port = sy_net_arena_array(reader->arena, count, sizeof *port);
    if (port == NULL)
        return sy_reader_no_memory(reader);
    *out_port = port;
    *out_count = (uint32_t)count;
    sy_status status = sy_reader_spend(reader, count * sizeof *port);
    for (size_t i = 0; i < count && status == SY_OK; i++)
        status = sy_scope_find(reader, scope, name[i], &port[i]);
    return status;
}

/* Left out at the end is the same as not mentioned. */
static void trim_inputs(sy_net_node *node) {
    while (node->n_in > 0 && node->in[node->n_in - 1] == SY_NET_NONE)
        node->n_in--;
}

static sy_status name_node(
    sy_reader *reader, const sy_scope *scope, const SyPb__Node *message, sy_net_node *node) {
    char made[128];
    const char *name = sy_reader_text(message->name);
    if (name[0] == '\0') {
        snprintf(made, sizeof made, "%s%.64s %u", scope->prefix, sy_reader_text(message->op_type),
            scope->graph->n_node);
        name = made;
    }
    return sy_reader_keep(reader, name, &node->name);
}

/* The value of a Constant as a tensor. */
static sy_status constant_of(const sy_reader *reader, const sy_net_node *node, sy_net_tensor *out) {
    const sy_net_attr *attr = node->n_attr == 1 ? &node->attr[0] : NULL;
    bool is_list = attr != NULL && (attr->kind == SY_NET_FLOATS || attr->kind == SY_NET_INTS);
    *out = (sy_net_tensor){.rank = is_list ? 1 : 0};
    if (attr == NULL)
        return sy_error_set(reader->err, SY_INVALID_ARGUMENT, "needs exactly one attribute");
    out->dim[0] = (int64_t)attr->count;
    if (attr->kind == SY_NET_TENSOR && strcmp(attr->name, "value") == 0) {
        *out = *attr->tensor;
    } else if (attr->kind == SY_NET_FLOAT || attr->kind == SY_NET_FLOATS) {
        out->dtype = SY_F32;
        out->data = (void *)(uintptr_t)attr->f;
    } else if (attr->kind == SY_NET_INT || attr->kind == SY_NET_INTS) {
        out->dtype = SY_S64;
        out->data = (void *)(uintptr_t)attr->i;
    } else {
        return sy_error_set(reader->err, SY_UNSUPPORTED, "a constant by attribute '%s'", attr->name);
    }
    return SY_OK;
}

static sy_status take_constant(sy_reader *reader, sy_scope *scope, const sy_net_node *node) {
    if (node->n_out != 1 || node->n_in != 0)
        return sy_error_set(reader->err, SY_INVALID_ARGUMENT, "%u inputs and %u outputs, must be 0 and 1",
            node->n_in, node->n_out);
    if (node->out[0] == SY_NET_NONE)
        return SY_OK;
    sy_net_value *value = &scope->graph->value[node->out[0]];
    value->producer = SY_NET_NONE;
    value->flags |= SY_NET_CONST;
    return constant_of(reader, node, &value->tensor);
}

static void trim_outputs(sy_net_node *node) {
    while (node->n_out > node->op->min_out && node->out[node->n_out - 1] == SY_NET_NONE)
        node->n_out--;
}

/* Inputs that an operator reads without asking are there. */
static sy_status check_inputs(const sy_reader *reader, const sy_net_node *node) {
    const sy_net_op *op = node->op;
    uint32_t needed = op->max_in == SY_NET_MAX_PORTS ? node->n_in : op->min_in;
    if (node->n_in < op->min_in || node->n_in > op->max_in)
        return sy_error_set(reader->err, SY_INVALID_ARGUMENT, "%u inputs, must be %u to %u", node->n_in,
            op->min_in, op->max_in);
    for (uint32_t i = 0; i < needed && (op->flags & SY_NET_OP_SPARSE) == 0; i++)
        if (node->in[i] == SY_NET_NONE)
            return sy_error_set(reader->err, SY_INVALID_ARGUMENT, "input %u is left out", i);
    return SY_OK;
}

/* Others that are left out get a value that nobody reads: operators may write all they have. */
static sy_status complete_outputs(sy_reader *reader, sy_scope *scope, sy_net_node *node) {
    sy_status status = SY_OK;
    for (uint32_t i = 0; i < node->n_out && status == SY_OK; i++)
        if (node->out[i] == SY_NET_NONE)
            status = sy_scope_declare(reader, scope, "", &node->out[i]);
    return status;
}

sy_status sy_reader_add_node(sy_reader *reader, sy_scope *scope, sy_net_node *node) {
    sy_net_node *added = NULL;
    const sy_net_op *op = node->op;
    trim_outputs(node);
    sy_status status = check_inputs(reader, node);
    if (status != SY_OK)
        return status;
    if (node->n_out < op->min_out || node->n_out > op->max_out)
        return sy_error_set(reader->err, SY_INVALID_ARGUMENT, "%u outputs, must be %u to %u", node->n_out,
            op->min_out, op->max_out);
    status = complete_outputs(reader, scope, node);
    if (status == SY_OK)
        status = sy_net_node_add(scope->graph, &added, reader->err);
    if (status != SY_OK)
        return status;
    *added = *node;
    for (uint32_t i = 0; i < node->n_out; i++)
        scope->graph->value[node->out[i]].producer = scope->graph->n_node - 1;
    return SY_OK;
}

/*
 * The operator of a node, NULL for a Constant. *out_is_known false: it is noted as missing, before what else
 * the node has can be an error of its own.
 */
static sy_status find_op(sy_reader *reader, const sy_scope *scope, const SyPb__Node *message,
    sy_net_node *node, bool *out_is_known) {
    const char *domain = domain_of(message), *type = sy_reader_text(message->op_type);
    *out_is_known = true;
    if (domain[0] == '\0' && strcmp(type, "Constant") == 0)
        return SY_OK;
    sy_status status = sy_scope_opset(reader, scope, domain, &node->opset);
    if (status != SY_OK)
        return status;
    /* Operators of our own are made by passes, which know what they may rely on; files have none of them. */
    bool is_own = strcmp(domain, SY_NET_OWN_DOMAIN) == 0;
    node->op = is_own ? NULL : sy_net_op_find(domain, type, node->opset);
    *out_is_known = node->op != NULL;
    if (node->op == NULL)
        sy_missing_note(&reader->missing, domain, type, node->opset);
    return SY_OK;
}

static sy_status read_parts(
    sy_reader *reader, sy_scope *scope, const SyPb__Node *message, sy_net_node *node) {
    sy_status status = name_node(reader, scope, message, node);
    if (status == SY_OK)
        status = read_ports(reader, scope, message->input, message->n_input, &node->in, &node->n_in);
    if (status == SY_OK)
        status = read_ports(reader, scope, message->output, message->n_output, &node->out, &node->n_out);
    if (status == SY_OK)
        status = sy_reader_attributes(
            reader, scope, message->attribute, message->n_attribute, &node->attr, &node->n_attr);
    trim_inputs(node);
    return status;
}

static sy_status read_node(sy_reader *reader, sy_scope *scope, const SyPb__Node *message) {
    sy_net_node node = {0};
    bool is_known = true;
    if (reader->n_node++ == SY_ONNX_MAX_NODES)
        return sy_error_set(reader->err, SY_OVERFLOW, "more than %u nodes", SY_ONNX_MAX_NODES);
    const SyPb__Function *function = sy_reader_function(reader, message);
    sy_status status = function == NULL ? find_op(reader, scope, message, &node, &is_known) : SY_OK;
    if (status == SY_OK && is_known)
        status = read_parts(reader, scope, message, &node);
    if (status != SY_OK || !is_known)
        return status;
    if (function != NULL)
        return sy_reader_call(reader, scope, function, &node);
    return node.op == NULL ? take_constant(reader, scope, &node) : sy_reader_add_node(reader, scope, &node);
}

sy_status sy_reader_nodes(sy_reader *reader, sy_scope *scope, SyPb__Node **message, size_t count) {
    sy_status status = SY_OK;
    size_t at = 0;
    for (size_t i = 0; i < count && status == SY_OK; i++)
        status = promise(reader, scope, message[at = i]);
    for (size_t i = 0; i < count && status == SY_OK; i++)
        status = read_node(reader, scope, message[at = i]);
    if (status == SY_OK || !sy_reader_has_room(reader))
        return status;
    return sy_error_prefix(reader->err, status, "node '%s' (%s)", sy_reader_text(message[at]->name),
        sy_reader_text(message[at]->op_type));
}
