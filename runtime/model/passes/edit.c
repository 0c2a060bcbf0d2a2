#include "runtime/model/passes/edit.h"

#include <string.h>

#include "runtime/base/error.h"
#include "runtime/model/passes/order.h"

sy_status sy_net_edit_no_memory(sy_error *err) {
    return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for rewriting a graph");
}

/* Arrays by value keep up with the values of the graph. */
static sy_status make_room(sy_net_edit *edit, sy_error *err) {
    uint32_t count = edit->graph->n_value;
    if (count <= edit->room)
        return SY_OK;
    uint32_t room = count + count / 2 + 64;
    uint32_t *n_use = sy_net_arena_array(&edit->scratch, room, sizeof *n_use);
    uint32_t *alias = sy_net_arena_array(&edit->scratch, room, sizeof *alias);
    if (n_use == NULL || alias == NULL)
        return sy_net_edit_no_memory(err);
    for (uint32_t i = 0; i < room; i++) {
        n_use[i] = i < edit->room ? edit->n_use[i] : 0;
        alias[i] = i < edit->room ? edit->alias[i] : i;
    }
    edit->n_use = n_use;
    edit->alias = alias;
    edit->room = room;
    return SY_OK;
}

/* Count what a node reads: `step` is 1 or -1 in unsigned arithmetic. */
static void count_uses(sy_net_edit *edit, const sy_net_node *node, uint32_t step) {
    for (uint32_t i = 0; i < node->n_in; i++)
        if (node->in[i] != SY_NET_NONE)
            edit->n_use[node->in[i]] += step;
}

sy_status sy_net_edit_begin(
    sy_net_edit *edit, sy_net_graph *graph, const sy_net_pass_options *options, sy_error *err) {
    *edit = (sy_net_edit){.graph = graph, .options = options};
    sy_status status = make_room(edit, err);
    if (status != SY_OK) {
        sy_net_arena_release(&edit->scratch);
        return status;
    }
    for (uint32_t i = 0; i < graph->n_node; i++)
        count_uses(edit, &graph->node[i], 1);
    for (uint32_t i = 0; i < graph->n_output; i++)
        edit->n_use[graph->output[i]]++;
    return SY_OK;
}

static uint32_t resolve(const sy_net_edit *edit, uint32_t value) {
    while (value != SY_NET_NONE && edit->alias[value] != value)
        value = edit->alias[value];
    return value;
}

sy_net_node *sy_net_edit_node(sy_net_edit *edit, uint32_t index) {
    sy_net_node *node = &edit->graph->node[index];
    if (node->op == NULL)
        return NULL;
    for (uint32_t i = 0; i < node->n_in; i++)
        node->in[i] = resolve(edit, node->in[i]);
    for (uint32_t i = 0; i < node->n_post; i++)
        node->post[i].value = resolve(edit, node->post[i].value);
    return node;
}

sy_status sy_net_edit_end(sy_net_edit *edit, sy_status status, uint32_t *out_changes, sy_error *err) {
    sy_net_graph *graph = edit->graph;
    for (uint32_t i = 0; i < graph->n_node; i++)
        sy_net_edit_node(edit, i); /* aliases end here */
    sy_status order = sy_net_order(graph, &edit->scratch, status == SY_OK ? err : NULL);
    sy_net_arena_release(&edit->scratch);
    *out_changes = edit->changes;
    return status != SY_OK ? status : order;
}

sy_net_node *sy_net_edit_maker(sy_net_edit *edit, uint32_t value, uint32_t *out_index) {
    uint32_t index = value == SY_NET_NONE ? SY_NET_NONE : edit->graph->value[value].producer;
    sy_net_node *node = index == SY_NET_NONE ? NULL : sy_net_edit_node(edit, index);
    if (out_index != NULL)
        *out_index = node == NULL ? SY_NET_NONE : index;
    return node;
}

sy_net_node *sy_net_edit_made_by(sy_net_edit *edit, uint32_t value, const char *name, uint32_t *out_index) {
    sy_net_node *node = sy_net_edit_maker(edit, value, out_index);
    return node != NULL && node->out[0] == value && sy_net_node_is(node, name) ? node : NULL;
}

bool sy_net_edit_is_private(const sy_net_edit *edit, uint32_t value) {
    return edit->n_use[value] == 1 && !(edit->graph->value[value].flags & SY_NET_OUTPUT);
}

bool sy_net_edit_is_single(const sy_net_edit *edit, const sy_net_node *node) {
    for (uint32_t i = 1; i < node->n_out; i++)
        if (node->out[i] != SY_NET_NONE && edit->n_use[node->out[i]] > 0)
            return false;
    return true;
}

void sy_net_edit_remove(sy_net_edit *edit, uint32_t index) {
    sy_net_node *node = sy_net_edit_node(edit, index);
    count_uses(edit, node, UINT32_MAX);
    for (uint32_t i = 0; i < node->n_out; i++)
        if (node->out[i] != SY_NET_NONE && edit->graph->value[node->out[i]].producer == index)
            edit->graph->value[node->out[i]].producer = SY_NET_NONE;
    node->op = NULL;
}

/* What was value `from` is called `to` everywhere, where it is made and where it is read. */
static void rename_value(sy_net_edit *edit, uint32_t from, uint32_t to) {
    sy_net_graph *graph = edit->graph;
    uint32_t maker = graph->value[from].producer;
    for (uint32_t i = 0; i < graph->node[maker].n_out; i++)
        if (graph->node[maker].out[i] == from)
            graph->node[maker].out[i] = to;
    graph->value[to].producer = maker;
    graph->value[from].producer = SY_NET_NONE;
    edit->n_use[to] += edit->n_use[from];
    edit->n_use[from] = 0;
    edit->alias[from] = to;
}

bool sy_net_edit_bypass(sy_net_edit *edit, uint32_t index, uint32_t value) {
    sy_net_graph *graph = edit->graph;
    uint32_t result = graph->node[index].out[0];
    if (!(graph->value[result].flags & SY_NET_OUTPUT)) {
        sy_net_edit_remove(edit, index);
        edit->alias[result] = value;
        edit->n_use[value] += edit->n_use[result];
        edit->n_use[result] = 0;
        return true;
    }
    bool is_bound = graph->value[value].flags != 0;
    if (is_bound || graph->value[value].producer == SY_NET_NONE)
        return false;
    sy_net_edit_remove(edit, index);
    rename_value(edit, value, result);
    return true;
}

void sy_net_edit_absorb(sy_net_edit *edit, uint32_t first, uint32_t last) {
    sy_net_graph *graph = edit->graph;
    sy_net_node *from = sy_net_edit_node(edit, first), *to = sy_net_edit_node(edit, last);
    sy_net_node moved = *from;
    count_uses(edit, to, UINT32_MAX);
    count_uses(edit, from, 1); /* it goes, and takes them away again */
    moved.out = to->out;
    moved.n_out = 1;
    sy_net_edit_remove(edit, first);
    graph->node[last] = moved;
}

/* How many inputs a node has with the operands of its posts, which come after those of its operator. */
static uint32_t ports_with_operands(const sy_net_op *op, uint32_t n_in, const sy_net_node *node) {
    uint32_t operands = 0;
    for (uint32_t i = 0; i < node->n_post; i++)
        operands += node->post[i].value != SY_NET_NONE;
    return operands > 0 ? op->max_in + operands : n_in;
}

static uint32_t *copy_inputs(sy_net_edit *edit, const sy_net_op *op, const uint32_t *own, uint32_t n_own,
    const sy_net_node *node, uint32_t *out_count) {
    uint32_t count = ports_with_operands(op, n_own, node);
    uint32_t *in = sy_net_arena_array(edit->graph->arena, count, sizeof *in);
    for (uint32_t i = 0; in != NULL && i < count; i++)
        in[i] = i < n_own ? own[i] : SY_NET_NONE;
    for (uint32_t i = 0, port = op->max_in; in != NULL && i < node->n_post; i++)
        if (node->post[i].value != SY_NET_NONE)
            in[port++] = node->post[i].value;
    *out_count = count;
    return in;
}

sy_status sy_net_edit_post(sy_net_edit *edit, uint32_t index, const sy_net_post *post, sy_error *err) {
    sy_net_node *node = sy_net_edit_node(edit, index), after = *node;
    uint32_t own = node->n_in < node->op->max_in ? node->n_in : node->op->max_in;
    after.post[after.n_post++] = *post;
    after.in = copy_inputs(edit, node->op, node->in, own, &after, &after.n_in);
    if (after.in == NULL)
        return sy_net_edit_no_memory(err);
    count_uses(edit, &after, 1);
    count_uses(edit, node, UINT32_MAX);
    *node = after;
    return SY_OK;
}

/* Inputs and attributes as the node's own. */
static sy_status copy_form(
    sy_net_edit *edit, const sy_net_edit_form *form, sy_net_node *node, sy_error *err) {
    uint32_t count = 0, *in = copy_inputs(edit, form->op, form->in, form->n_in, node, &count);
    sy_net_attr *attr = sy_net_arena_array(edit->graph->arena, form->n_attr, sizeof *attr);
    if (in == NULL || attr == NULL)
        return sy_net_edit_no_memory(err);
    if (form->n_attr > 0)
        memcpy(attr, form->attr, form->n_attr * sizeof *attr);
    node->op = form->op;
    node->opset = form->opset;
    node->n_in = count;
    node->in = in;
    node->n_attr = form->n_attr;
    node->attr = attr;
    node->n_out = form->n_out > 0 ? form->n_out : 1;
    node->state = NULL;
    return SY_OK;
}

sy_status sy_net_edit_turn(sy_net_edit *edit, uint32_t index, const sy_net_edit_form *form, sy_error *err) {
    sy_net_node before = *sy_net_edit_node(edit, index);
    sy_net_node *node = &edit->graph->node[index];
    sy_status status = copy_form(edit, form, node, err);
    if (status == SY_OK)
        status = sy_net_edit_infer(edit, index, err);
    if (status != SY_OK) {
        *node = before;
        return status;
    }
    count_uses(edit, node, 1);
    count_uses(edit, &before, UINT32_MAX);
    return SY_OK;
}

sy_status sy_net_edit_add(sy_net_edit *edit, const char *name, const sy_net_edit_form *form, uint32_t output,
    uint32_t *out_index, sy_error *err) {
    sy_net_graph *graph = edit->graph;
    sy_net_node *node = NULL, made = {.name = name, .n_out = 1};
    sy_status status = copy_form(edit, form, &made, err);
    made.out = sy_net_arena_array(graph->arena, 1, sizeof *made.out);
    if (status != SY_OK || made.out == NULL)
        return status != SY_OK ? status : sy_net_edit_no_memory(err);
    made.out[0] = output;
    status = sy_net_node_add(graph, &node, err);
    if (status != SY_OK)
        return status;
    *node = made;
    *out_index = graph->n_node - 1;
    status = sy_net_edit_infer(edit, *out_index, err);
    if (status != SY_OK) {
        graph->n_node--;
        return status;
    }
    count_uses(edit, &graph->node[*out_index], 1);
    graph->value[output].producer = *out_index;
    return SY_OK;
}

void sy_net_edit_set_input(sy_net_edit *edit, uint32_t index, uint32_t port, uint32_t value) {
    sy_net_node *node = sy_net_edit_node(edit, index);
    if (node->in[port] != SY_NET_NONE)
        edit->n_use[node->in[port]]--;
    if (value != SY_NET_NONE)
        edit->n_use[value]++;
    uint32_t before = node->in[port];
    for (uint32_t i = 0; port >= node->op->max_in && i < node->n_post; i++)
        if (node->post[i].value == before)
            node->post[i].value = value;
    node->in[port] = value;
}

/* The result of infer() becomes the extents of a value; layout, if it has one, is kept where the shape is. */
static void take_shape(sy_net_value *value, const sy_net_tensor *found) {
    bool is_same = value->tensor.dtype == found->dtype && sy_net_same_shape(&value->tensor, found);
    if (!is_same)
        sy_net_shape_like(&value->tensor, found);
}

sy_status sy_net_edit_infer(sy_net_edit *edit, uint32_t index, sy_error *err) {
    sy_net_graph *graph = edit->graph;
    sy_net_node *node = sy_net_edit_node(edit, index);
    sy_net_tensor *in = sy_net_arena_array(&edit->scratch, node->n_in, sizeof *in);
    sy_net_tensor *out = sy_net_arena_array(&edit->scratch, node->n_out, sizeof *out);
    if (in == NULL || out == NULL)
        return sy_net_edit_no_memory(err);
    for (uint32_t i = 0; i < node->n_in; i++)
        if (node->in[i] != SY_NET_NONE)
            in[i] = graph->value[node->in[i]].tensor;
    sy_net_call call = {.node = node,
        .in = in,
        .out = out,
        .n_in = node->n_in,
        .n_out = node->n_out,
        .arena = graph->arena,
        .team = edit->options->team};
    sy_status status = node->op->infer(&call, err);
    for (uint32_t i = 0; status == SY_OK && i < node->n_out; i++)
        status = sy_net_tensor_check(&out[i], err);
    if (status != SY_OK)
        return status;
    node->state = call.state;
    for (uint32_t i = 0; i < node->n_out; i++)
        if (node->out[i] != SY_NET_NONE)
            take_shape(&graph->value[node->out[i]], &out[i]);
    return SY_OK;
}

sy_status sy_net_edit_value(
    sy_net_edit *edit, const sy_net_tensor *like, uint32_t *out_value, sy_error *err) {
    sy_net_tensor tensor = *like; /* may lie in the array that grows */
    tensor.data = NULL;
    sy_status status = sy_net_value_add(edit->graph, "", out_value, err);
    if (status == SY_OK)
        status = make_room(edit, err);
    if (status == SY_OK)
        edit->graph->value[*out_value].tensor = tensor;
    return status;
}

sy_status sy_net_edit_constant(sy_net_edit *edit, uint32_t dtype, uint32_t rank, const int64_t *dim,
    uint32_t *out_value, sy_error *err) {
    sy_net_tensor tensor = {.dtype = dtype, .rank = rank};
    for (uint32_t i = 0; i < rank; i++)
        tensor.dim[i] = dim[i];
    sy_status status = sy_net_tensor_check(&tensor, err);
    if (status == SY_OK)
        status = sy_net_edit_value(edit, &tensor, out_value, err);
    void *data = status == SY_OK ? sy_net_arena_alloc(edit->graph->arena, sy_net_bytes(&tensor)) : NULL;
    if (status == SY_OK && data == NULL)
        return sy_net_edit_no_memory(err);
    if (status == SY_OK) {
        edit->graph->value[*out_value].tensor.data = data;
        edit->graph->value[*out_value].flags = SY_NET_CONST;
    }
    return status;
}

void sy_net_edit_let_go(sy_net_edit *edit, uint32_t value) {
    sy_net_graph *graph = edit->graph;
    sy_net_value *own = &graph->value[value];
    const void *data = own->tensor.data;
    if (edit->n_use[value] > 0 || (own->flags & SY_NET_CONST) == 0 || (own->flags & SY_NET_OUTPUT) != 0)
        return;
    for (uint32_t i = 0; i < graph->n_value; i++)
        if (i != value && edit->n_use[i] > 0 && graph->value[i].tensor.data == data)
            return;
    if (!sy_net_arena_drop(graph->arena, data))
        return;
    own->tensor.data = NULL;
    own->flags &= ~(uint32_t)SY_NET_CONST;
}

sy_status sy_net_edit_ints(
    sy_net_edit *edit, const int64_t *number, uint32_t count, uint32_t *out_value, sy_error *err) {
    int64_t extent = count;
    sy_status status = sy_net_edit_constant(edit, SY_S64, 1, &extent, out_value, err);
    if (status == SY_OK && count > 0)
        memcpy(edit->graph->value[*out_value].tensor.data, number, count * sizeof *number);
    return status;
}
