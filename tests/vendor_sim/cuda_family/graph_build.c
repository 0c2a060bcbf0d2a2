/* What descriptors must hold, and what follows from it. */
#include <string.h>

#include "tests/vendor_sim/cuda_family/graph.h"

bool graph_get_int32(const graph_descriptor *one, int name, int *out) {
    int64_t count;
    const void *bytes = graph_get(one, name, &count);
    if (bytes != NULL)
        memcpy(out, bytes, sizeof *out);
    return bytes != NULL;
}

bool graph_get_int64(const graph_descriptor *one, int name, int64_t wanted, int64_t *out) {
    int64_t count;
    const void *bytes = graph_get(one, name, &count);
    if (bytes != NULL && count == wanted)
        memcpy(out, bytes, (size_t)count * sizeof *out);
    return bytes != NULL && count == wanted;
}

bool graph_tensor_of(const graph_descriptor *one, graph_tensor *out) {
    int type;
    int64_t alignment, count;
    dnn_tensor *tensor = &out->tensor;
    if (!graph_get_int32(one, 901, &type) || !graph_get_int64(one, 902, 4, tensor->dim) ||
        !graph_get_int64(one, 903, 4, tensor->stride) || !graph_get_int64(one, 906, 1, &out->id) ||
        !graph_get_int64(one, 900, 1, &alignment))
        return false;
    const bool *is_virtual = graph_get(one, 907, &count);
    out->is_virtual = is_virtual != NULL && *is_virtual;
    tensor->dtype = family_dtype("dnn", type);
    bool is_right = tensor->dtype != SY_DTYPE_NONE && alignment > 0 && (alignment & (alignment - 1)) == 0;
    for (int i = 0; i < 4; i++)
        is_right = is_right && tensor->dim[i] > 0 && tensor->stride[i] > 0;
    return is_right;
}

/* post: padding behind, which need not be that before. */
static bool get_convolution(const graph_descriptor *one, dnn_conv *out, int64_t post[2]) {
    int compute, mode;
    int64_t rank;
    if (!graph_get_int32(one, 100, &compute) || !graph_get_int32(one, 101, &mode) ||
        !graph_get_int64(one, 106, 1, &rank) || rank != 2 || !graph_get_int64(one, 105, 2, out->pad) ||
        !graph_get_int64(one, 104, 2, post) || !graph_get_int64(one, 103, 2, out->stride) ||
        !graph_get_int64(one, 102, 2, out->dilation))
        return false;
    out->compute = family_dtype("dnn", compute);
    out->flips = mode == family_number("dnn.convolution");
    bool is_right = out->compute != SY_DTYPE_NONE && (out->flips || mode == family_number("dnn.cross"));
    for (int i = 0; i < 2; i++)
        is_right = is_right && out->pad[i] >= 0 && post[i] >= 0 && out->stride[i] > 0 && out->dilation[i] > 0;
    return is_right;
}

static bool extents_fit(const dnn_tensor *x, const dnn_tensor *w, const dnn_tensor *y, const dnn_conv *conv,
    const int64_t post[2]) {
    if (x->dim[1] % w->dim[1] != 0 || w->dim[0] % (x->dim[1] / w->dim[1]) != 0 || y->dim[0] != x->dim[0] ||
        y->dim[1] != w->dim[0])
        return false;
    for (int i = 0; i < 2; i++) {
        int64_t room = x->dim[2 + i] + conv->pad[i] + post[i] - (w->dim[2 + i] - 1) * conv->dilation[i] - 1;
        if (room < 0 || y->dim[2 + i] != room / conv->stride[i] + 1)
            return false;
    }
    return true;
}

static void lay(
    const dnn_tensor *x, const dnn_tensor *w, const dnn_tensor *y, const dnn_conv *conv, sim_conv *out) {
    *out = (sim_conv){.n = x->dim[0],
        .c = x->dim[1],
        .h = x->dim[2],
        .w = x->dim[3],
        .k = w->dim[0],
        .r = w->dim[2],
        .s = w->dim[3],
        .p = y->dim[2],
        .q = y->dim[3],
        .stride = {conv->stride[0], conv->stride[1]},
        .dilation = {conv->dilation[0], conv->dilation[1]},
        .pad = {conv->pad[0], conv->pad[1]},
        .groups = x->dim[1] / w->dim[1],
        .x = {.dtype = x->dtype},
        .filter = {.dtype = w->dtype},
        .y = {.dtype = y->dtype},
        .flips = conv->flips};
    memcpy(out->x.stride, x->stride, sizeof x->stride);
    memcpy(out->filter.stride, w->stride, sizeof w->stride);
    memcpy(out->y.stride, y->stride, sizeof y->stride);
}

static int finalize_operation(graph_descriptor *one) {
    const graph_descriptor *part[4] = {graph_child(one, 704, GRAPH_TENSOR),
        graph_child(one, 703, GRAPH_TENSOR), graph_child(one, 705, GRAPH_TENSOR),
        graph_child(one, 702, GRAPH_CONVOLUTION)};
    graph_tensor x, w;
    dnn_conv conv;
    int64_t post[2], count;
    const void *alpha = graph_get(one, 700, &count), *beta = graph_get(one, 701, &count);
    if (part[0] == NULL || part[1] == NULL || part[2] == NULL || part[3] == NULL)
        return GRAPH_NOT_FINALIZED;
    graph_node *node = &one->node;
    if (!graph_tensor_of(part[0], &x) || !graph_tensor_of(part[1], &w) ||
        !graph_tensor_of(part[2], &node->y) || !get_convolution(part[3], &conv, post) || x.is_virtual ||
        w.is_virtual)
        return GRAPH_INVALID;
    node->x_id = x.id;
    node->w_id = w.id;
    if (x.id == w.id || x.id == node->y.id || w.id == node->y.id)
        return GRAPH_INVALID;
    if (!extents_fit(&x.tensor, &w.tensor, &node->y.tensor, &conv, post))
        return GRAPH_SHAPE;
    lay(&x.tensor, &w.tensor, &node->y.tensor, &conv, &node->conv);
    node->conv.alpha = alpha != NULL ? sim_element_get(SY_F32, alpha) : 1;
    node->conv.beta = beta != NULL ? sim_element_get(SY_F32, beta) : 0;
    node->compute = conv.compute;
    return node->conv.beta == 0 ? 0 : GRAPH_UNSUPPORTED;
}

static bool is_f8(uint32_t dtype) {
    return dtype == SY_F8E4M3 || dtype == SY_F8E5M2;
}

/* Channels side by side: everything has engines so; channels first: floats of one type alone. */
static bool is_supported(const graph_node *node) {
    const sim_conv *conv = &node->conv;
    uint32_t x = conv->x.dtype, y = conv->y.dtype, compute = node->compute;
    bool is_last = (conv->c == 1 || conv->x.stride[1] == 1) && (conv->k == 1 || conv->y.stride[1] == 1);
    if (is_refused("graph_refuse_type", x))
        return false;
    if (x == SY_S8)
        return is_last && conv->filter.dtype == SY_S8 && compute == SY_S32 && conv->c % 4 == 0 &&
               conv->k % 4 == 0 && (y == SY_S8 || y == SY_S32 || y == SY_F32);
    if (is_f8(x))
        return is_last && is_f8(conv->filter.dtype) && compute == SY_F32 && conv->c % 16 == 0 &&
               conv->k % 16 == 0;
    if (x != conv->filter.dtype || compute != SY_F32 || (x != SY_F32 && x != SY_F16 && x != SY_BF16))
        return false;
    return is_last ? y == x || y == SY_F32 : y == x;
}

static int finalize_graph(graph_descriptor *one) {
    int code = graph_join(one, &one->node);
    one->engine = code == 0 && is_supported(&one->node) ? 0 : -1;
    return code;
}

static int finalize_heuristic(graph_descriptor *one) {
    int mode;
    const graph_descriptor *graph = graph_child(one, 201, GRAPH_GRAPH);
    if (graph == NULL)
        return GRAPH_NOT_FINALIZED;
    if (!graph_get_int32(one, 200, &mode) || mode < 0 || mode > 3)
        return GRAPH_INVALID;
    one->node = graph->node;
    one->engine = graph->engine;
    return graph->engine < 0 ? GRAPH_UNSUPPORTED : 0;
}

static int finalize_plan(graph_descriptor *one) {
    const graph_descriptor *config = graph_child(one, 401, GRAPH_CONFIG);
    if (config == NULL)
        return GRAPH_NOT_FINALIZED;
    if (config->engine == sim_number(SIM_NO_DEVICE, "graph_refuse", -1))
        return GRAPH_UNSUPPORTED;
    one->node = config->node;
    one->engine = config->engine;
    one->workspace = config->workspace;
    bool is_tf32 = one->node.conv.x.dtype == SY_F32 && one->engine == 0;
    one->node.conv.rounding = is_tf32 ? SIM_ROUND_TF32 : SIM_ROUND_NONE;
    return 0;
}

static int finalize_pack(const graph_descriptor *one) {
    int64_t ids, pointers;
    const void *id = graph_get(one, 1000, &ids), *pointer = graph_get(one, 1001, &pointers);
    return id != NULL && pointer != NULL && ids == pointers ? 0 : GRAPH_INVALID;
}

int graph_finalize(graph_descriptor *one) {
    graph_tensor tensor;
    dnn_conv conv;
    int64_t post[2];
    switch (one->type) {
    case GRAPH_TENSOR: return graph_tensor_of(one, &tensor) ? 0 : GRAPH_INVALID;
    case GRAPH_CONVOLUTION: return get_convolution(one, &conv, post) ? 0 : GRAPH_INVALID;
    case GRAPH_OPERATION: return finalize_operation(one);
    case GRAPH_POINTWISE: return graph_finalize_pointwise(one);
    case GRAPH_POINTWISE_OPERATION: return graph_finalize_step(one);
    case GRAPH_GRAPH: return finalize_graph(one);
    case GRAPH_HEURISTIC: return finalize_heuristic(one);
    case GRAPH_PLAN: return finalize_plan(one);
    case GRAPH_PACK: return finalize_pack(one);
    default: return GRAPH_UNSUPPORTED;
    }
}
