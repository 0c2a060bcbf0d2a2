/*
 * Any bytes as a model, as far as a run: read, extents bound, run once on zeros. What is read keeps the
 * promises of graph.h; what is refused is refused in one line.
 */
#include <stdlib.h>
#include <string.h>

#include "runtime/model/exec/reference.h"
#include "runtime/model/onnx/onnx.h"
#include "runtime/model/passes/pass.h"
#include "runtime/model/passes/specialise.h"

/* Larger networks take too long to run here. */
#define MAX_BYTES ((size_t)1 << 16)
#define MAX_NODES 256u
#define MAX_PORTS 16u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static void require(bool truth) {
    if (!truth)
        abort();
}

static void check_outcome(sy_status status, const void *made, const sy_error *err) {
    require((status == SY_OK) == (made != NULL));
    require((status == SY_OK) == (err->text[0] == '\0'));
    require(strpbrk(err->text, "\n\r\x1b") == NULL);
}

static void check_value(const sy_net_graph *graph, const sy_net_value *value) {
    const sy_net_tensor *tensor = &value->tensor;
    require(value->name != NULL);
    require(value->producer == SY_NET_NONE || value->producer < graph->n_node);
    require(tensor->rank == SY_NET_UNKNOWN_RANK || sy_net_tensor_check(tensor, NULL) == SY_OK);
    if ((value->flags & SY_NET_CONST) == 0)
        return;
    require(value->producer == SY_NET_NONE && sy_net_is_known(tensor) && tensor->data != NULL);
    require((uintptr_t)tensor->data % sy_net_dtype_size(tensor->dtype) == 0);
    if (sy_net_elements(tensor) > 0) { /* its ends can be read */
        sy_net_get(tensor, 0);
        sy_net_get(tensor, sy_net_elements(tensor) - 1);
    }
}

static void check_graph(const sy_net_graph *graph);

static void check_node(const sy_net_graph *graph, uint32_t index) {
    const sy_net_node *node = &graph->node[index];
    require(node->op != NULL && node->name[0] != '\0');
    require(node->n_in >= node->op->min_in && node->n_in <= node->op->max_in);
    require(node->n_out >= node->op->min_out && node->n_out <= node->op->max_out);
    for (uint32_t i = 0; i < node->n_in; i++) {
        require(node->in[i] == SY_NET_NONE || node->in[i] < graph->n_value);
        uint32_t producer = node->in[i] == SY_NET_NONE ? SY_NET_NONE : graph->value[node->in[i]].producer;
        require(producer == SY_NET_NONE || producer < index);
    }
    for (uint32_t i = 0; i < node->n_out; i++)
        require(node->out[i] == SY_NET_NONE || graph->value[node->out[i]].producer == index);
    for (uint32_t i = 0; i < node->n_attr; i++)
        if (node->attr[i].kind == SY_NET_GRAPH)
            check_graph(node->attr[i].graph);
}

static void check_graph(const sy_net_graph *graph) {
    for (uint32_t i = 0; i < graph->n_value; i++)
        check_value(graph, &graph->value[i]);
    for (uint32_t i = 0; i < graph->n_node; i++)
        check_node(graph, i);
    for (uint32_t i = 0; i < graph->n_input; i++)
        require((graph->value[graph->input[i]].flags & SY_NET_INPUT) != 0);
    for (uint32_t i = 0; i < graph->n_output; i++)
        require((graph->value[graph->output[i]].flags & SY_NET_OUTPUT) != 0);
}

/* Whether all extents are known, and few. */
static bool is_small(const sy_net_graph *graph) {
    size_t total = 0;
    for (uint32_t i = 0; i < graph->n_value; i++) {
        require(sy_net_is_known(&graph->value[i].tensor));
        total += sy_net_bytes(&graph->value[i].tensor) + 1;
        if (total > MAX_BYTES)
            return false;
    }
    return graph->n_node <= MAX_NODES && graph->n_input <= MAX_PORTS && graph->n_output <= MAX_PORTS;
}

static sy_status run(const sy_net_graph *graph, sy_net_tensor out[MAX_PORTS], sy_net_arena *arena) {
    sy_net_tensor in[MAX_PORTS];
    sy_error err = SY_ERROR_INIT;
    for (uint32_t i = 0; i < graph->n_input; i++) {
        in[i] = graph->value[graph->input[i]].tensor;
        in[i].data = sy_net_arena_alloc(arena, sy_net_bytes(&in[i]));
        require(in[i].data != NULL);
    }
    sy_status status = sy_net_evaluate(graph, in, graph->n_input, out, graph->n_output, arena, NULL, &err);
    require((status == SY_OK) == (err.text[0] == '\0'));
    return status;
}

/* A run on either side of the passes. */
static void run_twice(sy_net_graph *graph, sy_net_arena *arena) {
    static const sy_net_pass_options options = {.team = NULL};
    sy_net_tensor before[MAX_PORTS], after[MAX_PORTS];
    sy_status status = run(graph, before, arena);
    if (sy_net_passes_run(graph, &options, NULL) != SY_OK || status != SY_OK)
        return;
    require(run(graph, after, arena) == SY_OK);
    for (uint32_t i = 0; i < graph->n_output; i++)
        require(before[i].dtype == after[i].dtype && sy_net_same_shape(&before[i], &after[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes) {
    sy_onnx_model *model = NULL;
    sy_net_graph *graph = NULL;
    sy_net_arena arena = {0};
    sy_error err = SY_ERROR_INIT;
    sy_status status = sy_onnx_read(data, bytes, &model, &err);
    check_outcome(status, model, &err);
    if (status != SY_OK)
        return 0;
    check_graph(sy_onnx_graph(model));
    status = sy_net_specialise(sy_onnx_graph(model), NULL, 0, NULL, &arena, &graph, &err);
    check_outcome(status, graph, &err);
    if (graph != NULL && is_small(graph))
        run_twice(graph, &arena);
    sy_net_arena_release(&arena);
    sy_onnx_destroy(model);
    return 0;
}
