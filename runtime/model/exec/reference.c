#include "runtime/model/exec/reference.h"

#include <string.h>

#include "runtime/base/error.h"
#include "runtime/base/seam.h"

#define ALIGNMENT 64u

/* Values while the graph runs: data of constants and inputs is borrowed, the rest is freed after its last
 * use. */
typedef struct evaluation {
    const sy_net_graph *graph;
    sy_net_tensor *value;
    uint32_t *uses; /* reads to come */
    const sy_team *team;
    sy_error *err;
} evaluation;

static bool is_owned(const evaluation *run, uint32_t value) {
    return run->graph->value[value].producer != SY_NET_NONE;
}

static void drop(evaluation *run, uint32_t value) {
    if (is_owned(run, value)) {
        sy_mem_free(run->value[value].data);
        run->value[value].data = NULL;
    }
}

static sy_status make_room(const evaluation *run, sy_net_tensor *tensor) {
    size_t bytes = sy_net_bytes(tensor);
    tensor->data = sy_mem_align(ALIGNMENT, bytes > 0 ? bytes : 1);
    return tensor->data != NULL
               ? SY_OK
               : sy_error_set(run->err, SY_OUT_OF_MEMORY, "no memory for a value of %zu bytes", bytes);
}

static sy_status call_op(evaluation *run, const sy_net_node *node, sy_net_tensor *in, sy_net_tensor *out) {
    sy_net_call call = {.node = node, .in = in, .out = out, .n_in = node->n_in, .n_out = node->n_out};
    call.state = node->state;
    call.team = run->team;
    size_t scratch = node->op->scratch_bytes != NULL ? node->op->scratch_bytes(&call) : 0;
    if (scratch > 0) {
        call.scratch = sy_mem_align(ALIGNMENT, scratch);
        if (call.scratch == NULL)
            return sy_error_set(run->err, SY_OUT_OF_MEMORY, "no memory for %zu bytes of scratch", scratch);
    }
    sy_status status = node->op->run(&call, run->err);
    sy_mem_free(call.scratch);
    return status;
}

/* One node: outputs made, inputs that nobody reads any more freed. */
static sy_status run_node(evaluation *run, const sy_net_node *node, sy_net_tensor *port) {
    sy_net_tensor *in = port, *out = port + node->n_in;
    sy_status status = SY_OK;
    for (uint32_t i = 0; i < node->n_in; i++)
        in[i] = node->in[i] == SY_NET_NONE ? (sy_net_tensor){0} : run->value[node->in[i]];
    for (uint32_t i = 0; i < node->n_out && status == SY_OK; i++) {
        out[i] = (sy_net_tensor){0};
        if (node->out[i] == SY_NET_NONE)
            continue;
        status = make_room(run, &run->value[node->out[i]]);
        out[i] = run->value[node->out[i]];
    }
    if (status == SY_OK)
        status = call_op(run, node, in, out);
    for (uint32_t i = 0; i < node->n_in; i++)
        if (node->in[i] != SY_NET_NONE && --run->uses[node->in[i]] == 0)
            drop(run, node->in[i]);
    for (uint32_t i = 0; i < node->n_out; i++)
        if (node->out[i] != SY_NET_NONE && run->uses[node->out[i]] == 0)
            drop(run, node->out[i]);
    return status;
}

static void count_uses(evaluation *run) {
    const sy_net_graph *graph = run->graph;
    for (uint32_t i = 0; i < graph->n_node; i++)
        for (uint32_t k = 0; k < graph->node[i].n_in; k++)
            if (graph->node[i].in[k] != SY_NET_NONE)
                run->uses[graph->node[i].in[k]]++;
    for (uint32_t i = 0; i < graph->n_output; i++)
        run->uses[graph->output[i]]++;
}

static sy_status bind_inputs(evaluation *run, const sy_net_tensor *in, uint32_t n_in) {
    const sy_net_graph *graph = run->graph;
    if (n_in != graph->n_input)
        return sy_error_set(run->err, SY_INVALID_ARGUMENT, "%u inputs, must be %u", n_in, graph->n_input);
    for (uint32_t i = 0; i < n_in; i++) {
        sy_net_tensor *value = &run->value[graph->input[i]];
        char is[SY_NET_TENSOR_TEXT_MAX], wanted[SY_NET_TENSOR_TEXT_MAX];
        if (in[i].dtype != value->dtype || !sy_net_same_shape(&in[i], value))
            return sy_error_set(run->err, SY_INVALID_ARGUMENT, "input '%s' is %s, must be %s",
                graph->value[graph->input[i]].name, sy_net_tensor_print(&in[i], is),
                sy_net_tensor_print(value, wanted));
        value->data = in[i].data;
    }
    return SY_OK;
}

static sy_status take_outputs(const evaluation *run, sy_net_tensor *out, sy_net_arena *arena) {
    for (uint32_t i = 0; i < run->graph->n_output; i++) {
        const sy_net_tensor *value = &run->value[run->graph->output[i]];
        size_t bytes = sy_net_bytes(value);
        out[i] = *value;
        out[i].data = sy_net_arena_alloc(arena, bytes);
        if (out[i].data == NULL)
            return sy_error_set(run->err, SY_OUT_OF_MEMORY, "no memory for an output of %zu bytes", bytes);
        if (bytes > 0 && value->data != NULL)
            memcpy(out[i].data, value->data, bytes);
    }
    return SY_OK;
}

static sy_status run_all(evaluation *run, const sy_net_tensor *in, uint32_t n_in) {
    const sy_net_graph *graph = run->graph;
    sy_status status = bind_inputs(run, in, n_in);
    count_uses(run);
    for (uint32_t i = 0; i < graph->n_node && status == SY_OK; i++) {
        const sy_net_node *node = &graph->node[i];
        sy_net_tensor *port = sy_mem_calloc((size_t)node->n_in + node->n_out, sizeof *port);
        status = port == NULL ? sy_error_set(run->err, SY_OUT_OF_MEMORY, "no memory for the ports of a node")
                              : run_node(run, node, port);
        sy_mem_free(port);
    }
    return status;
}

sy_status sy_net_evaluate(const sy_net_graph *graph, const sy_net_tensor *in, uint32_t n_in,
    sy_net_tensor *out, uint32_t n_out, sy_net_arena *arena, const sy_team *team, sy_error *err) {
    evaluation run = {.graph = graph, .team = team, .err = err};
    if (n_out != graph->n_output)
        return sy_error_set(err, SY_INVALID_ARGUMENT, "%u outputs, must be %u", n_out, graph->n_output);
    run.value = sy_mem_calloc((size_t)graph->n_value + 1, sizeof *run.value);
    run.uses = sy_mem_calloc((size_t)graph->n_value + 1, sizeof *run.uses);
    sy_status status = SY_OK;
    if (run.value == NULL || run.uses == NULL) {
        status = sy_error_set(err, SY_OUT_OF_MEMORY, "no memory for %u values", graph->n_value);
    } else {
        for (uint32_t i = 0; i < graph->n_value; i++)
            run.value[i] = graph->value[i].tensor;
        status = run_all(&run, in, n_in);
    }
    if (status == SY_OK)
        status = take_outputs(&run, out, arena);
    for (uint32_t i = 0; run.value != NULL && i < graph->n_value; i++)
        drop(&run, i);
    sy_mem_free(run.value);
    sy_mem_free(run.uses);
    return status;
}
