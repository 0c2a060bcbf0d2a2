#include "runtime/model/ops/cost.h"

#include <string.h>

#include "runtime/model/ops/strided.h"

/* The tensor of a port; NULL: absent, or extents are not known. */
static const sy_net_tensor *port(
    const sy_net_graph *graph, const uint32_t *list, uint32_t count, uint32_t index) {
    if (index >= count || list[index] >= graph->n_value)
        return NULL;
    const sy_net_tensor *tensor = &graph->value[list[index]].tensor;
    return sy_net_elements(tensor) >= 0 ? tensor : NULL;
}

/* Inputs that decide: X (or A) and W (or B, R). */
typedef struct cost_view {
    const sy_net_tensor *x, *w, *y;
    const sy_net_node *node;
} cost_view;

/* Each output element is a sum over channels of a group and taps: as many terms as a filter has weights. */
static double flop_conv(const cost_view *view) {
    const sy_net_tensor *w = view->w, *y = view->y;
    if (w == NULL || y == NULL || w->rank < 3 || w->dim[0] == 0)
        return 0;
    return 2.0 * (double)sy_net_elements(y) * (double)(sy_net_elements(w) / w->dim[0]);
}

/* Each input element goes into as many products as a channel has weights. */
static double flop_turned(const cost_view *view) {
    const sy_net_tensor *x = view->x, *w = view->w;
    if (x == NULL || w == NULL || w->rank < 3 || w->dim[0] == 0)
        return 0;
    return 2.0 * (double)sy_net_elements(x) * (double)(sy_net_elements(w) / w->dim[0]);
}

static double flop_gemm(const cost_view *view) {
    const sy_net_tensor *x = view->x, *y = view->y;
    if (x == NULL || y == NULL || x->rank != 2)
        return 0;
    bool turns = sy_net_attr_int(view->node, "transA", 0) != 0;
    return 2.0 * (double)sy_net_elements(y) * (double)x->dim[!turns];
}

static double flop_matmul(const cost_view *view) {
    const sy_net_tensor *x = view->x, *y = view->y;
    if (x == NULL || y == NULL || x->rank < 1)
        return 0;
    return 2.0 * (double)sy_net_elements(y) * (double)x->dim[x->rank - 1];
}

static double flop_strided(const cost_view *view) {
    const sy_net_strided *strided = view->node->state;
    return strided == NULL || view->y == NULL ? 0
                                              : 2.0 * (double)sy_net_elements(view->y) * (double)strided->k;
}

/* X W^T and H R^T of all steps; w is R. */
static double flop_rnn(const cost_view *view) {
    const sy_net_tensor *x = view->x, *r = view->w;
    if (x == NULL || r == NULL || x->rank != 3 || r->rank != 3)
        return 0;
    double vectors = (double)x->dim[0] * (double)x->dim[1];
    double rows = (double)r->dim[0] * (double)r->dim[1];
    return 2.0 * vectors * rows * ((double)x->dim[2] + (double)r->dim[2]);
}

typedef struct cost_row {
    const char *name;
    uint32_t x, w; /* inputs */
    double (*flop)(const cost_view *view);
} cost_row;

static const cost_row rows[] = {
    {"Conv", 0, 1, flop_conv},
    {"ConvInteger", 0, 1, flop_conv},
    {"QLinearConv", 0, 3, flop_conv},
    {"ConvTranspose", 0, 1, flop_turned},
    {"Gemm", 0, 1, flop_gemm},
    {"QGemm", 0, 3, flop_gemm},
    {"MatMul", 0, 1, flop_matmul},
    {"Product", 0, 1, flop_strided},
    {"MatMulInteger", 0, 1, flop_matmul},
    {"QLinearMatMul", 0, 3, flop_matmul},
    {"LSTM", 0, 2, flop_rnn},
    {"GRU", 0, 2, flop_rnn},
    {"RNN", 0, 2, flop_rnn},
};

static const cost_row *row_of(const sy_net_node *node) {
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(node->op->name, rows[i].name) == 0)
            return &rows[i];
    return NULL;
}

double sy_net_node_flop(const sy_net_graph *graph, const sy_net_node *node) {
    const cost_row *row = row_of(node);
    if (row == NULL)
        return 0;
    cost_view view = {.node = node};
    view.x = port(graph, node->in, node->n_in, row->x);
    view.w = port(graph, node->in, node->n_in, row->w);
    view.y = port(graph, node->out, node->n_out, 0);
    return row->flop(&view);
}

/* The tensor of a call's port; NULL as above. */
static const sy_net_tensor *call_port(const sy_net_tensor *list, uint32_t count, uint32_t index) {
    return index < count && sy_net_is_known(&list[index]) ? &list[index] : NULL;
}

double sy_net_call_flop(const sy_net_call *call) {
    const cost_row *row = row_of(call->node);
    if (row == NULL)
        return 0;
    cost_view view = {.node = call->node};
    view.x = call_port(call->in, call->n_in, row->x);
    view.w = call_port(call->in, call->n_in, row->w);
    view.y = call_port(call->out, call->n_out, 0);
    return row->flop(&view);
}

/* Whether entry `index` is the first of its value. */
static bool is_first(const uint32_t *list, uint32_t index) {
    for (uint32_t i = 0; i < index; i++)
        if (list[i] == list[index])
            return false;
    return true;
}

uint64_t sy_net_node_bytes(const sy_net_graph *graph, const sy_net_node *node) {
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < node->n_in; i++) {
        const sy_net_tensor *tensor = port(graph, node->in, node->n_in, i);
        if (tensor != NULL && is_first(node->in, i))
            bytes += sy_net_bytes(tensor);
    }
    for (uint32_t i = 0; i < node->n_out; i++) {
        const sy_net_tensor *tensor = port(graph, node->out, node->n_out, i);
        bytes += tensor != NULL ? sy_net_bytes(tensor) : 0;
    }
    return bytes;
}
