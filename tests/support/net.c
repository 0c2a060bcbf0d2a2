#include "tests/support/net.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/base/random.h"

#define MOST_ATTRS 8u
#define MOST_IN 64u

static void *take(test_net *net, size_t bytes) {
    void *memory = sy_net_arena_alloc(&net->arena, bytes);
    assert_non_null(memory);
    return memory;
}

void net_open(test_net *net) {
    *net = (test_net){.opset = 13};
    net->graph.arena = &net->arena;
    net->graph.name = "";
    net->graph.input = take(net, MOST_IN * sizeof(uint32_t));
    net->graph.output = take(net, MOST_IN * sizeof(uint32_t));
}

void net_close(test_net *net) {
    sy_net_arena_release(&net->arena);
}

static uint32_t add_value(test_net *net, uint32_t dtype, net_list dim, uint32_t flags) {
    uint32_t index = 0;
    assert_int_equal(sy_net_value_add(&net->graph, "", &index, NULL), SY_OK);
    sy_net_value *value = &net->graph.value[index];
    value->flags = flags;
    value->tensor.dtype = dtype;
    value->tensor.rank = dim.count;
    for (uint32_t i = 0; i < dim.count; i++)
        value->tensor.dim[i] = dim.number[i];
    if (flags & SY_NET_CONST)
        value->tensor.data = take(net, sy_net_bytes(&value->tensor));
    return index;
}

uint32_t net_input(test_net *net, net_list dim) {
    uint32_t index = add_value(net, SY_F32, dim, SY_NET_INPUT);
    net->graph.input[net->graph.n_input++] = index;
    return index;
}

static void fill(sy_net_tensor *tensor, uint64_t stream, double low, double high) {
    sy_random random;
    sy_random_seed(&random, 11, stream);
    for (int64_t i = 0; i < sy_net_elements(tensor); i++)
        sy_net_set(tensor, i, low + (high - low) * sy_random_unit(&random));
}

uint32_t net_random(test_net *net, net_list dim, double low, double high) {
    uint32_t index = add_value(net, SY_F32, dim, SY_NET_CONST);
    fill(&net->graph.value[index].tensor, index, low, high);
    return index;
}

uint32_t net_number(test_net *net, double number) {
    uint32_t index = add_value(net, SY_F32, NO_LIST, SY_NET_CONST);
    sy_net_set(&net->graph.value[index].tensor, 0, number);
    return index;
}

uint32_t net_ints(test_net *net, net_list list) {
    uint32_t index = add_value(net, SY_S64, LIST(list.count), SY_NET_CONST);
    memcpy(net->graph.value[index].tensor.data, list.number, list.count * sizeof *list.number);
    return index;
}

sy_net_attr net_attr_ints(test_net *net, const char *name, net_list list) {
    int64_t *copy = take(net, list.count * sizeof *copy);
    memcpy(copy, list.number, list.count * sizeof *copy);
    return (sy_net_attr){.name = name, .kind = SY_NET_INTS, .count = list.count, .i = copy};
}

sy_net_attr net_attr_int(test_net *net, const char *name, int64_t number) {
    sy_net_attr attr = net_attr_ints(net, name, LIST(number));
    attr.kind = SY_NET_INT;
    return attr;
}

sy_net_attr net_attr_float(test_net *net, const char *name, float number) {
    float *copy = take(net, sizeof *copy);
    *copy = number;
    return (sy_net_attr){.name = name, .kind = SY_NET_FLOAT, .count = 1, .f = copy};
}

sy_net_attr net_attr_text(test_net *net, const char *name, const char *text) {
    const char **copy = take(net, sizeof *copy);
    *copy = text;
    return (sy_net_attr){.name = name, .kind = SY_NET_TEXT, .count = 1, .text = copy};
}

static void infer(test_net *net, uint32_t index) {
    sy_net_graph *graph = &net->graph;
    sy_net_node *node = &graph->node[index];
    sy_net_tensor in[MOST_IN] = {0}, out[MOST_IN] = {0};
    sy_error err = SY_ERROR_INIT;
    for (uint32_t i = 0; i < node->n_in; i++)
        if (node->in[i] != SY_NET_NONE)
            in[i] = graph->value[node->in[i]].tensor;
    sy_net_call call = {
        .node = node, .in = in, .out = out, .n_in = node->n_in, .n_out = node->n_out, .arena = graph->arena};
    if (node->op->infer(&call, &err) != SY_OK)
        fail_msg("%s", err.text);
    node->state = call.state;
    for (uint32_t i = 0; i < node->n_out; i++) {
        assert_true(sy_net_is_known(&out[i]));
        graph->value[node->out[i]].tensor = out[i];
        graph->value[node->out[i]].producer = index;
    }
}

void net_node_of(test_net *net, const sy_net_op *op, net_list in, const sy_net_attr *attr, uint32_t n_attr,
    uint32_t n_out, uint32_t *out_first) {
    sy_net_node *node = NULL;
    uint32_t *inputs = take(net, (in.count + 1) * sizeof *inputs),
             *outputs = take(net, n_out * sizeof *outputs);
    sy_net_attr *copy = take(net, (n_attr + 1) * sizeof *copy);
    assert_true(in.count <= MOST_IN && n_attr <= MOST_ATTRS);
    for (uint32_t i = 0; i < in.count; i++)
        inputs[i] = in.number[i] < 0 ? SY_NET_NONE : (uint32_t)in.number[i];
    for (uint32_t i = 0; i < n_out; i++)
        outputs[i] = add_value(net, SY_F32, NO_LIST, 0);
    if (n_attr > 0)
        memcpy(copy, attr, n_attr * sizeof *attr);
    *out_first = outputs[0];
    assert_int_equal(sy_net_node_add(&net->graph, &node, NULL), SY_OK);
    *node = (sy_net_node){.op = op,
        .name = op->name,
        .opset = net->opset,
        .n_in = in.count,
        .n_out = n_out,
        .n_attr = n_attr,
        .in = inputs,
        .out = outputs,
        .attr = copy};
    infer(net, net->graph.n_node - 1);
}

uint32_t net_node_with(test_net *net, const char *op, net_list in, const sy_net_attr *attr, uint32_t n_attr) {
    const sy_net_op *row = sy_net_op_find("", op, net->opset);
    uint32_t out = 0;
    if (row == NULL)
        fail_msg("there is no operator %s", op);
    net_node_of(net, row, in, attr, n_attr, 1, &out);
    return out;
}

uint32_t net_node(test_net *net, const char *op, net_list in) {
    return net_node_with(net, op, in, NULL, 0);
}

void net_output(test_net *net, uint32_t value) {
    net->graph.value[value].flags |= SY_NET_OUTPUT;
    net->graph.output[net->graph.n_output++] = value;
}

uint32_t net_count(const test_net *net, const char *op) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < net->graph.n_node; i++)
        count += op == NULL || strcmp(net->graph.node[i].op->name, op) == 0;
    return count;
}

const sy_net_node *net_find(const test_net *net, const char *op) {
    for (uint32_t i = 0; i < net->graph.n_node; i++)
        if (strcmp(net->graph.node[i].op->name, op) == 0)
            return &net->graph.node[i];
    fail_msg("no node is a %s", op);
    return NULL;
}

void net_assert_ordered(const test_net *net) {
    const sy_net_graph *graph = &net->graph;
    for (uint32_t i = 0; i < graph->n_node; i++) {
        for (uint32_t k = 0; k < graph->node[i].n_in; k++) {
            uint32_t value = graph->node[i].in[k];
            if (value == SY_NET_NONE || graph->value[value].flags & (SY_NET_INPUT | SY_NET_CONST))
                continue;
            assert_true(graph->value[value].producer < i);
        }
        for (uint32_t k = 0; k < graph->node[i].n_out; k++)
            if (graph->node[i].out[k] != SY_NET_NONE)
                assert_int_equal(graph->value[graph->node[i].out[k]].producer, i);
    }
}
