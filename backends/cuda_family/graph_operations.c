/* Descriptors of tensors and operations. The first failure stays, and nothing is done after it. */
#include "backends/cuda_family/graph_operations.h"

#include "backends/cuda_family/graph_numbers.h"

/* Of tensors that are nowhere in memory: behind all operands. */
enum { VIRTUAL_ID = 100, PROPAGATE_NAN = 1, OPERATIONS_MAX = 6 };

static void *make(cf_graph *graph, int kind, const char *what) {
    void *desc = NULL;
    if (graph->code != 0)
        return NULL;
    graph->what = what;
    graph->code = graph->api->BackendCreateDescriptor(kind, &desc);
    if (graph->code == 0)
        graph->owned[graph->owned_count++] = desc;
    return desc;
}

static void put(cf_graph *graph, void *desc, int name, int type, int64_t count, const void *values) {
    if (graph->code == 0)
        graph->code = graph->api->BackendSetAttribute(desc, name, type, count, values);
}

static void put_desc(cf_graph *graph, void *desc, int name, void *value) {
    put(graph, desc, name, CF_GRAPH_IS_DESCRIPTOR, 1, &value);
}

static void finish(cf_graph *graph, void *desc) {
    if (graph->code == 0)
        graph->code = graph->api->BackendFinalize(desc);
}

static void pack(const int64_t dim[4], bool is_nhwc, int64_t stride[4]) {
    const uint32_t last[] = {0, 2, 3, 1}, first[] = {0, 1, 2, 3};
    int64_t step = 1;
    for (uint32_t i = 4; i-- > 0;) {
        uint32_t at = is_nhwc ? last[i] : first[i];
        stride[at] = step;
        step *= dim[at];
    }
}

static void *make_tensor(
    cf_graph *graph, uint32_t dtype, const int64_t dim[4], bool is_nhwc, int64_t id, bool is_virtual) {
    int64_t stride[4], alignment = graph->alignment;
    int number = graph->row->dtype[dtype];
    pack(dim, is_nhwc, stride);
    void *desc = make(graph, CF_GRAPH_TENSOR, "describing a tensor");
    put(graph, desc, CF_GRAPH_TENSOR_DTYPE, CF_GRAPH_IS_DTYPE, 1, &number);
    put(graph, desc, CF_GRAPH_TENSOR_DIMS, CF_GRAPH_IS_S64, 4, dim);
    put(graph, desc, CF_GRAPH_TENSOR_STRIDES, CF_GRAPH_IS_S64, 4, stride);
    put(graph, desc, CF_GRAPH_TENSOR_ID, CF_GRAPH_IS_S64, 1, &id);
    put(graph, desc, CF_GRAPH_TENSOR_ALIGNMENT, CF_GRAPH_IS_S64, 1, &alignment);
    if (is_virtual)
        put(graph, desc, CF_GRAPH_TENSOR_IS_VIRTUAL, CF_GRAPH_IS_BOOL, 1, &is_virtual);
    finish(graph, desc);
    return desc;
}

static void *make_operand(
    cf_graph *graph, const sy_task *task, uint32_t index, const int64_t dim[4], bool is_nhwc) {
    graph->operand[graph->operand_count++] = index;
    return make_tensor(graph, task->tensor[index].dtype, dim, is_nhwc, (int64_t)index + 1, false);
}

static void *make_virtual(cf_graph *graph, uint32_t dtype, const int64_t dim[4], bool is_nhwc) {
    return make_tensor(graph, dtype, dim, is_nhwc, VIRTUAL_ID + graph->virtual_count++, true);
}

/* What is done to each element after the convolution, in order: up to five of them. operand: SY_NO_OPERAND if
 * the function has one argument; is_row, is_column: it has an element an image, a channel. */
typedef struct step {
    int mode;
    uint32_t operand;
    bool is_row, is_column;
} step;

static uint32_t list_steps(const sy_card_epilogue *epilogue, bool wants_one, step steps[OPERATIONS_MAX]) {
    static const int activation[] = {[SY_CARD_RELU] = CF_GRAPH_RELU,
        [SY_CARD_GELU_ERF] = CF_GRAPH_GELU,
        [SY_CARD_GELU_TANH] = CF_GRAPH_GELU_TANH,
        [SY_CARD_SILU] = CF_GRAPH_SWISH};
    uint32_t count = 0;
    if (epilogue->scale_row != SY_NO_OPERAND)
        steps[count++] = (step){CF_GRAPH_MUL, epilogue->scale_row, true, false};
    if (epilogue->scale_column != SY_NO_OPERAND)
        steps[count++] = (step){CF_GRAPH_MUL, epilogue->scale_column, false, true};
    /* The pattern of kernels that exist: what is added comes before the bias. */
    if (epilogue->residual != SY_NO_OPERAND)
        steps[count++] = (step){CF_GRAPH_ADD, epilogue->residual, false, false};
    if (epilogue->bias != SY_NO_OPERAND)
        steps[count++] = (step){CF_GRAPH_ADD, epilogue->bias, false, true};
    if (epilogue->activation != SY_CARD_NO_ACTIVATION)
        steps[count++] = (step){activation[epilogue->activation], SY_NO_OPERAND, false, false};
    if (count == 0 && wants_one)
        steps[count++] = (step){CF_GRAPH_IDENTITY, SY_NO_OPERAND, false, false};
    return count;
}

static void *make_convolution(
    cf_graph *graph, const sy_card_convolution *conv, uint32_t acc, void *x, void *w, void *y) {
    const int64_t spatial = 2;
    const double one = 1.0, zero = 0.0;
    const float one_f32 = 1.0f, zero_f32 = 0.0f;
    int mode = graph->row->cross_correlation, math = graph->row->dtype[acc];
    bool is_f64 = acc == SY_F64;
    int scalar = is_f64 ? CF_GRAPH_IS_F64 : CF_GRAPH_IS_F32;
    void *desc = make(graph, CF_GRAPH_CONVOLUTION, "describing the convolution");
    put(graph, desc, CF_GRAPH_CONVOLUTION_MATH, CF_GRAPH_IS_DTYPE, 1, &math);
    put(graph, desc, CF_GRAPH_CONVOLUTION_MODE, CF_GRAPH_IS_CONVOLUTION_MODE, 1, &mode);
    put(graph, desc, CF_GRAPH_CONVOLUTION_SPATIAL, CF_GRAPH_IS_S64, 1, &spatial);
    put(graph, desc, CF_GRAPH_CONVOLUTION_PADS_LO, CF_GRAPH_IS_S64, 2, conv->pad_lo);
    put(graph, desc, CF_GRAPH_CONVOLUTION_PADS_HI, CF_GRAPH_IS_S64, 2, conv->pad_hi);
    put(graph, desc, CF_GRAPH_CONVOLUTION_STRIDES, CF_GRAPH_IS_S64, 2, conv->stride);
    put(graph, desc, CF_GRAPH_CONVOLUTION_DILATIONS, CF_GRAPH_IS_S64, 2, conv->dilation);
    finish(graph, desc);
    void *op = make(graph, CF_GRAPH_OP_CONVOLUTION, "making the convolution");
    put_desc(graph, op, CF_GRAPH_OP_CONVOLUTION_DESC, desc);
    put_desc(graph, op, CF_GRAPH_OP_CONVOLUTION_X, x);
    put_desc(graph, op, CF_GRAPH_OP_CONVOLUTION_W, w);
    put_desc(graph, op, CF_GRAPH_OP_CONVOLUTION_Y, y);
    put(graph, op, CF_GRAPH_OP_CONVOLUTION_ALPHA, scalar, 1, is_f64 ? (const void *)&one : &one_f32);
    put(graph, op, CF_GRAPH_OP_CONVOLUTION_BETA, scalar, 1, is_f64 ? (const void *)&zero : &zero_f32);
    finish(graph, op);
    return op;
}

/* b: NULL for functions of one argument. */
static void *make_pointwise(cf_graph *graph, int mode, uint32_t dtype, void *x, void *b, void *y) {
    int math = graph->row->dtype[dtype], nan = PROPAGATE_NAN;
    void *desc = make(graph, CF_GRAPH_POINTWISE, "describing what follows the convolution");
    put(graph, desc, CF_GRAPH_POINTWISE_MODE, CF_GRAPH_IS_POINTWISE_MODE, 1, &mode);
    put(graph, desc, CF_GRAPH_POINTWISE_MATH, CF_GRAPH_IS_DTYPE, 1, &math);
    /* On its way out of the interface; versions without it propagate. */
    if (graph->code == 0 && mode == CF_GRAPH_RELU)
        (void)graph->api->BackendSetAttribute(desc, CF_GRAPH_POINTWISE_NAN, CF_GRAPH_IS_NAN_MODE, 1, &nan);
    finish(graph, desc);
    void *op = make(graph, CF_GRAPH_OP_POINTWISE, "making what follows the convolution");
    put_desc(graph, op, CF_GRAPH_OP_POINTWISE_DESC, desc);
    put_desc(graph, op, CF_GRAPH_OP_POINTWISE_X, x);
    if (b != NULL)
        put_desc(graph, op, CF_GRAPH_OP_POINTWISE_B, b);
    put_desc(graph, op, CF_GRAPH_OP_POINTWISE_Y, y);
    finish(graph, op);
    return op;
}

static void make_operations(cf_graph *graph, void **ops, int64_t count) {
    void *desc = make(graph, CF_GRAPH_OPERATIONS, "making the graph");
    put(graph, desc, CF_GRAPH_OPERATIONS_HANDLE, CF_GRAPH_IS_HANDLE, 1, &graph->handle);
    put(graph, desc, CF_GRAPH_OPERATIONS_LIST, CF_GRAPH_IS_DESCRIPTOR, count, ops);
    finish(graph, desc);
    graph->operations = desc;
}

/* Kernels for narrow types on tensor cores write what an element function gives, not bare sums; and bare
 * convolutions write their inputs' type. */
static bool wants_function(const sy_card_convolution *conv) {
    return conv->y_dtype != conv->x_dtype;
}

int cf_graph_make(cf_graph *graph, const sy_card_convolution *conv, const sy_task *task) {
    const int64_t x_dim[] = {conv->n, conv->c, conv->h, conv->w},
                  y_dim[] = {conv->n, conv->k, conv->p, conv->q};
    const int64_t w_dim[] = {conv->k, conv->c / conv->groups, conv->r, conv->s};
    const int64_t row_dim[] = {conv->n, 1, 1, 1}, column_dim[] = {1, conv->k, 1, 1};
    const uint32_t acc = task->acc_dtype;
    step steps[OPERATIONS_MAX];
    void *ops[OPERATIONS_MAX + 1], *at;
    uint32_t count = list_steps(&conv->epilogue, wants_function(conv), steps);
    void *x = make_operand(graph, task, 0, x_dim, conv->is_nhwc);
    void *w = make_operand(graph, task, 1, w_dim, conv->is_nhwc);
    void *y = make_operand(graph, task, task->n_in, y_dim, conv->is_nhwc);
    at = count == 0 ? y : make_virtual(graph, acc, y_dim, conv->is_nhwc);
    ops[0] = make_convolution(graph, conv, acc, x, w, at);
    for (uint32_t i = 0; i < count; i++) {
        const step *now = &steps[i];
        const int64_t *dim = now->is_row ? row_dim : now->is_column ? column_dim : y_dim;
        /* Whole numbers that pass as they are stay whole. */
        uint32_t dtype = acc == SY_S32 && now->mode != CF_GRAPH_IDENTITY ? SY_F32 : acc;
        bool is_last = i + 1 == count;
        void *b = now->operand != SY_NO_OPERAND ? make_operand(graph, task, now->operand, dim, conv->is_nhwc)
                                                : NULL;
        void *next = is_last ? y : make_virtual(graph, dtype, y_dim, conv->is_nhwc);
        ops[i + 1] = make_pointwise(graph, now->mode, dtype, at, b, next);
        at = next;
    }
    make_operations(graph, ops, (int64_t)count + 1);
    return graph->code;
}

void cf_graph_free(cf_graph *graph) {
    while (graph->owned_count > 0)
        (void)graph->api->BackendDestroyDescriptor(graph->owned[--graph->owned_count]);
    graph->operations = NULL;
}
