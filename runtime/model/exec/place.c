/* Which node runs where, and the copies between. */
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/model/exec/exec.h"

static sy_status copy_infer(sy_net_call *call, sy_error *err) {
    (void)err;
    sy_net_shape_like(&call->out[0], &call->in[0]);
    return SY_OK;
}

/* Between the sides: done by the device's queue, never by run(). */
static const sy_net_op copy_op = {.name = "Copy",
    .domain = "steelyard",
    .since = 1,
    .min_in = 1,
    .max_in = 1,
    .min_out = 1,
    .max_out = 1,
    .infer = copy_infer};

bool sy_exec_is_copy(const sy_net_node *node) {
    return node->op == &copy_op;
}

/* Lower a node and prepare it; *out_work is NULL where it is no work of the device. */
static sy_status try_device(sy_compiled *compiled, const sy_net_node *node, const sy_compile_options *options,
    sy_exec_work **out_work, sy_error *err) {
    *out_work = NULL;
    sy_exec_work *work = sy_net_arena_alloc(&compiled->arena, sizeof *work);
    if (work == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a step");
    bool may_winograd = options->no_winograd == 0;
    sy_error why = SY_ERROR_INIT; /* what the device does not do is no error */
    sy_status status = sy_exec_lower(compiled->graph, node, options->math, work, &why);
    if (status == SY_OK)
        status = sy_exec_work_prepare(compiled, work, options->math, may_winograd, &why);
    if (status == SY_OK) {
        *out_work = work;
        return SY_OK;
    }
    sy_exec_work_release(compiled, work);
    return status == SY_UNSUPPORTED ? SY_OK : sy_error_set(err, status, "%s: %s", node->name, why.text);
}

sy_status sy_exec_place(sy_compiled *compiled, const sy_compile_options *options, uint32_t **out_side,
    sy_exec_work ***out_work, sy_error *err) {
    const sy_net_graph *graph = compiled->graph;
    *out_side = sy_net_arena_array(&compiled->arena, graph->n_node, sizeof **out_side);
    *out_work = sy_net_arena_array(&compiled->arena, graph->n_node, sizeof **out_work);
    if (*out_side == NULL || *out_work == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %u steps", graph->n_node);
    sy_status status = SY_OK;
    for (uint32_t i = 0; status == SY_OK && i < graph->n_node; i++) {
        if (options->no_passes == 0)
            status = try_device(compiled, &graph->node[i], options, &(*out_work)[i], err);
        (*out_side)[i] = (*out_work)[i] != NULL || compiled->is_unified ? SY_SPACE_DEVICE : SY_SPACE_HOST;
    }
    return status;
}

/* The graph with copies, as it is built. */
typedef struct copying {
    sy_compiled *compiled;
    sy_net_node *old_node;
    uint32_t n_old, *old_side, *side, room;
    sy_exec_work **old_work, **work;
    uint32_t *twin; /* of each value on its other side, SY_NET_NONE: not copied */
} copying;

static sy_status add_copy(copying *c, uint32_t value, uint32_t space, sy_error *err) {
    sy_compiled *compiled = c->compiled;
    sy_net_graph *graph = compiled->graph;
    sy_net_node *node = NULL;
    uint32_t twin = 0;
    sy_status status = sy_net_value_add(graph, "", &twin, err);
    uint32_t *ports = sy_net_arena_array(graph->arena, 2, sizeof *ports);
    if (status == SY_OK && ports == NULL)
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for a copy");
    if (status == SY_OK)
        status = sy_net_node_add(graph, &node, err);
    if (status != SY_OK)
        return status;
    ports[0] = value;
    ports[1] = twin;
    graph->value[twin].tensor = graph->value[value].tensor;
    graph->value[twin].producer = graph->n_node - 1;
    *node = (sy_net_node){
        .op = &copy_op, .name = "Copy", .opset = 1, .n_in = 1, .n_out = 1, .in = ports, .out = ports + 1};
    c->side[graph->n_node - 1] = SY_SPACE_DEVICE;
    compiled->space[twin] = space;
    c->twin[value] = twin;
    return SY_OK;
}

/* `value` as it is on side `space`; a copy is made when it is first asked for. */
static sy_status on_side(copying *c, uint32_t *value, uint32_t space, sy_error *err) {
    if (*value == SY_NET_NONE || (c->compiled->graph->value[*value].flags & SY_NET_CONST) != 0 ||
        c->compiled->space[*value] == space)
        return SY_OK;
    sy_status status = c->twin[*value] == SY_NET_NONE ? add_copy(c, *value, space, err) : SY_OK;
    if (status == SY_OK)
        *value = c->twin[*value];
    return status;
}

static sy_status move_node(copying *c, uint32_t index, sy_error *err) {
    sy_net_graph *graph = c->compiled->graph;
    sy_net_node moved = c->old_node[index], *node = NULL;
    uint32_t space = c->old_side[index];
    sy_status status = SY_OK;
    for (uint32_t i = 0; status == SY_OK && i < moved.n_in; i++)
        status = on_side(c, &moved.in[i], space, err);
    for (uint32_t i = 0; status == SY_OK && i < moved.n_post; i++)
        status = on_side(c, &moved.post[i].value, space, err);
    for (uint32_t i = 0; status == SY_OK && c->old_work[index] != NULL && i < SY_MAX_TENSORS; i++)
        if (i < c->old_work[index]->storage.problem.n_in)
            status = on_side(c, &c->old_work[index]->value[i], space, err);
    if (status == SY_OK)
        status = sy_net_node_add(graph, &node, err);
    if (status != SY_OK)
        return status;
    *node = moved;
    c->side[graph->n_node - 1] = space;
    c->work[graph->n_node - 1] = c->old_work[index];
    for (uint32_t i = 0; i < moved.n_out; i++)
        if (moved.out[i] != SY_NET_NONE) {
            graph->value[moved.out[i]].producer = graph->n_node - 1;
            c->compiled->space[moved.out[i]] = space;
        }
    return SY_OK;
}

static sy_status begin(copying *c, uint32_t *side, sy_exec_work **work, sy_error *err) {
    sy_net_graph *graph = c->compiled->graph;
    uint32_t room = graph->n_node + graph->n_value + 1, values = 2 * graph->n_value + 1;
    c->old_node = graph->node;
    c->n_old = graph->n_node;
    c->old_side = side;
    c->old_work = work;
    c->side = sy_net_arena_array(&c->compiled->arena, room, sizeof *c->side);
    c->work = sy_net_arena_array(&c->compiled->arena, room, sizeof *c->work);
    c->twin = sy_net_arena_array(&c->compiled->arena, values, sizeof *c->twin);
    c->compiled->space = sy_net_arena_array(&c->compiled->arena, values, sizeof *c->compiled->space);
    if (c->side == NULL || c->work == NULL || c->twin == NULL || c->compiled->space == NULL)
        return sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for copies between host and device");
    memset(c->twin, 0xff, values * sizeof *c->twin);
    graph->node = NULL;
    graph->n_node = graph->node_room = 0;
    return SY_OK;
}

sy_status sy_exec_copies(sy_compiled *compiled, uint32_t **side, sy_exec_work ***work, sy_error *err) {
    sy_net_graph *graph = compiled->graph;
    copying c = {.compiled = compiled};
    sy_status status = begin(&c, *side, *work, err);
    uint32_t given = compiled->is_unified ? SY_SPACE_DEVICE : SY_SPACE_HOST;
    for (uint32_t i = 0; status == SY_OK && i < graph->n_input; i++)
        compiled->space[graph->input[i]] = given;
    for (uint32_t i = 0; status == SY_OK && i < c.n_old; i++)
        status = move_node(&c, i, err);
    for (uint32_t i = 0; status == SY_OK && i < graph->n_output; i++) {
        status = on_side(&c, &graph->output[i], given, err);
        graph->value[graph->output[i]].flags |= SY_NET_OUTPUT;
    }
    *side = c.side;
    *work = c.work;
    return status;
}
