/* Operations behind a convolution, each on the result of the one before. */
#include <string.h>

#include "tests/vendor_sim/cuda_family/graph.h"

enum { MODE_ADD = 0, MODE_RELU = 100, MODE_TANH = 101, MODE_SIGMOID = 102, MODE_GELU = 104 };
enum { GRAPH_PATTERN = 3001 };

int graph_finalize_pointwise(const graph_descriptor *one) {
    int mode, precision;
    if (!graph_get_int32(one, 0, &mode) || !graph_get_int32(one, 1, &precision) ||
        family_dtype("dnn", precision) == SY_DTYPE_NONE)
        return GRAPH_INVALID;
    bool is_known = mode == MODE_ADD || (mode >= MODE_RELU && mode <= MODE_SIGMOID) || mode == MODE_GELU;
    return is_known ? 0 : GRAPH_UNSUPPORTED;
}

/* One step, with the tensors that it has. */
typedef struct step {
    int mode;
    graph_tensor x, b, y;
} step;

static int read_step(const graph_descriptor *one, step *out) {
    const graph_descriptor *mode = graph_child(one, 750, GRAPH_POINTWISE);
    const graph_descriptor *x = graph_child(one, 751, GRAPH_TENSOR), *y = graph_child(one, 753, GRAPH_TENSOR);
    if (mode == NULL || x == NULL || y == NULL)
        return GRAPH_NOT_FINALIZED;
    if (!graph_get_int32(mode, 0, &out->mode) || !graph_tensor_of(x, &out->x) || !graph_tensor_of(y, &out->y))
        return GRAPH_INVALID;
    if (out->mode != MODE_ADD)
        return 0;
    const graph_descriptor *b = graph_child(one, 752, GRAPH_TENSOR);
    return b == NULL ? GRAPH_NOT_FINALIZED : graph_tensor_of(b, &out->b) ? 0 : GRAPH_INVALID;
}

int graph_finalize_step(const graph_descriptor *one) {
    step read;
    int code = read_step(one, &read);
    if (code == 0 && memcmp(read.x.tensor.dim, read.y.tensor.dim, sizeof read.x.tensor.dim) != 0)
        code = GRAPH_SHAPE;
    return code;
}

static bool is_bias(const dnn_tensor *tensor, int64_t channels) {
    return tensor->dim[0] == 1 && tensor->dim[1] == channels && tensor->dim[2] == 1 && tensor->dim[3] == 1;
}

static int add(const graph_tensor *other, graph_node *node) {
    sim_conv *conv = &node->conv;
    const int64_t y[4] = {conv->n, conv->k, conv->p, conv->q};
    if (other->is_virtual || conv->activation != SIM_ACTIVATION_NONE)
        return GRAPH_PATTERN;
    if (is_bias(&other->tensor, conv->k) && conv->bias.dtype == SY_DTYPE_NONE) {
        conv->bias = (sim_tensor){.dtype = other->tensor.dtype, .stride = {1}};
        node->bias_id = other->id;
        return 0;
    }
    if (memcmp(y, other->tensor.dim, sizeof y) != 0 || conv->beta != 0)
        return GRAPH_PATTERN;
    conv->beta = 1;
    conv->z = (sim_tensor){.dtype = other->tensor.dtype};
    memcpy(conv->z.stride, other->tensor.stride, sizeof other->tensor.stride);
    node->z_id = other->id;
    return 0;
}

static int append(const graph_descriptor *one, graph_node *node) {
    step read;
    int code = read_step(one, &read);
    if (code != 0)
        return code;
    if (!node->y.is_virtual || read.x.id != node->y.id)
        return GRAPH_PATTERN;
    sim_conv *conv = &node->conv;
    if (read.mode == MODE_ADD)
        code = add(&read.b, node);
    else if (conv->activation != SIM_ACTIVATION_NONE)
        code = GRAPH_PATTERN;
    else
        conv->activation = read.mode == MODE_RELU      ? SIM_ACTIVATION_RELU
                           : read.mode == MODE_TANH    ? SIM_ACTIVATION_TANH
                           : read.mode == MODE_SIGMOID ? SIM_ACTIVATION_SIGMOID
                                                       : SIM_ACTIVATION_GELU;
    node->y = read.y;
    return code;
}

int graph_join(const graph_descriptor *graph, graph_node *out) {
    int64_t count;
    const char *handles = graph_get(graph, 801, &count);
    for (int64_t i = 0; i < count; i++) {
        void *handle;
        memcpy(&handle, handles + i * 8, sizeof handle);
        const graph_descriptor *one = sim_handle_get(handle, GRAPH_KIND);
        if (one == NULL || !one->is_final)
            return GRAPH_NOT_FINALIZED;
        if (one->type != (i == 0 ? GRAPH_OPERATION : GRAPH_POINTWISE_OPERATION))
            return GRAPH_PATTERN;
        if (i == 0)
            *out = one->node;
        int code = i == 0 ? 0 : append(one, out);
        if (code != 0)
            return code;
    }
    out->conv.y.dtype = out->y.tensor.dtype;
    memcpy(out->conv.y.stride, out->y.tensor.stride, sizeof out->conv.y.stride);
    return count == 0 ? GRAPH_NOT_FINALIZED : out->y.is_virtual ? GRAPH_PATTERN : 0;
}
