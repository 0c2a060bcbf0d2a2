/* From a node to a problem: which operators there are, and what they share. */
#include "runtime/model/exec/lower.h"

#include <string.h>

#include "runtime/base/error.h"

static const struct {
    const char *name, *domain;
    sy_status (*lower)(sy_lowering *lower, uint32_t math, sy_error *err);
} rows[] = {
    {"Conv", "", sy_lower_conv},
    {"Gemm", "", sy_lower_gemm},
    {"MatMul", "", sy_lower_matmul},
    {"Product", "steelyard", sy_lower_product},
    {"QLinearConv", "", sy_lower_qlinear_conv},
    {"ConvInteger", "", sy_lower_conv_integer},
    {"QLinearMatMul", "", sy_lower_qlinear_matmul},
    {"MatMulInteger", "", sy_lower_matmul_integer},
};

static sy_tensor *add_tensor(
    sy_lowering *lower, uint32_t value, uint32_t rank, const int64_t *dim, const int64_t *stride) {
    sy_problem *problem = &lower->work->storage.problem;
    uint32_t index = problem->n_in + problem->n_out;
    if (index >= SY_MAX_TENSORS)
        return NULL;
    sy_tensor *tensor = &lower->work->storage.tensor[index];
    *tensor = (sy_tensor){.size = sizeof *tensor, .flags = SY_TENSOR_ABSENT};
    lower->work->value[index] = value;
    if (value == SY_NET_NONE)
        return tensor;
    tensor->flags = 0;
    tensor->dtype = lower->graph->value[value].tensor.dtype;
    tensor->rank = rank;
    memcpy(tensor->dim, dim, rank * sizeof *dim);
    memcpy(tensor->stride, stride, rank * sizeof *stride);
    return tensor;
}

sy_tensor *sy_lower_tensor(sy_lowering *lower, uint32_t value, uint32_t rank, const int64_t *dim,
    const int64_t *stride, bool may_pack) {
    sy_tensor *tensor = add_tensor(lower, value, rank, dim, stride);
    if (tensor == NULL)
        return NULL;
    lower->work->storage.problem.n_in++;
    if (may_pack && value != SY_NET_NONE && (lower->graph->value[value].flags & SY_NET_CONST) != 0)
        tensor->flags |= SY_TENSOR_CONST;
    return tensor;
}

sy_tensor *sy_lower_output(
    sy_lowering *lower, uint32_t value, uint32_t rank, const int64_t *dim, const int64_t *stride) {
    sy_tensor *tensor = add_tensor(lower, value, rank, dim, stride);
    if (tensor != NULL)
        lower->work->storage.problem.n_out++;
    return tensor;
}

/* An operand of a post: the next input. */
static sy_status add_operand(sy_lowering *lower, sy_post *post, uint32_t value, uint32_t rank,
    const int64_t *dim, const int64_t *stride, sy_error *err) {
    post->operand = lower->work->storage.problem.n_in;
    if (sy_lower_tensor(lower, value, rank, dim, stride, false) == NULL)
        return sy_error_set(err, SY_UNSUPPORTED, "more operands than a problem has");
    return SY_OK;
}

sy_tensor *sy_lower_made(
    sy_lowering *lower, const sy_net_tensor *made, uint32_t rank, const int64_t *dim, const int64_t *stride) {
    uint32_t index = lower->work->storage.problem.n_in;
    sy_tensor *tensor = sy_lower_tensor(lower, SY_NET_NONE, rank, dim, stride, false);
    if (tensor == NULL)
        return NULL;
    lower->work->made[index] = *made;
    tensor->flags = SY_TENSOR_CONST;
    tensor->dtype = made->dtype;
    tensor->rank = rank;
    memcpy(tensor->dim, dim, rank * sizeof *dim);
    memcpy(tensor->stride, stride, rank * sizeof *stride);
    return tensor;
}

sy_status sy_lower_made_post(sy_lowering *lower, uint32_t kind, const sy_net_tensor *made, uint32_t rank,
    const int64_t *dim, const int64_t *stride, sy_error *err) {
    sy_post *post = NULL;
    sy_status status = sy_lower_post(lower, &post, err);
    if (status != SY_OK)
        return status;
    *post = (sy_post){.kind = kind, .operand = lower->work->storage.problem.n_in};
    sy_tensor *tensor = sy_lower_made(lower, made, rank, dim, stride);
    if (tensor == NULL)
        return sy_error_set(err, SY_UNSUPPORTED, "more operands than a problem has");
    tensor->flags = 0; /* as other operands of posts: never packed */
    return SY_OK;
}

sy_status sy_lower_post(sy_lowering *lower, sy_post **out_post, sy_error *err) {
    sy_problem *problem = &lower->work->storage.problem;
    if (problem->n_post >= SY_MAX_POSTS)
        return sy_error_set(err, SY_UNSUPPORTED, "more posts than a problem has");
    *out_post = &lower->work->storage.post[problem->n_post++];
    return SY_OK;
}

sy_status sy_lower_bias(sy_lowering *lower, uint32_t value, int64_t columns, sy_error *err) {
    const sy_net_tensor *bias = &lower->graph->value[value].tensor;
    sy_post *post = NULL;
    if (sy_net_elements(bias) != columns || bias->is_last)
        return sy_error_set(err, SY_UNSUPPORTED, "a bias that is not one number a column");
    sy_status status = sy_lower_post(lower, &post, err);
    if (status != SY_OK)
        return status;
    *post = (sy_post){.kind = SY_POST_BIAS};
    return add_operand(lower, post, value, 1, &columns, &(int64_t){1}, err);
}

static bool is_of_columns(uint32_t kind) {
    return kind == SY_POST_BIAS || kind == SY_POST_SCALE_COL;
}

sy_status sy_lower_posts(sy_lowering *lower, uint32_t rank, const int64_t *dim, const int64_t *stride,
    int64_t columns, sy_error *err) {
    int64_t elements = 1;
    sy_status status = SY_OK;
    for (uint32_t i = 0; i < rank; i++)
        elements *= dim[i];
    for (uint32_t i = 0; status == SY_OK && i < lower->node->n_post; i++) {
        const sy_net_post *given = &lower->node->post[i];
        sy_post *post = NULL;
        status = sy_lower_post(lower, &post, err);
        if (status != SY_OK)
            return status;
        *post = (sy_post){.kind = given->kind, .operand = SY_NO_OPERAND, .a = given->a, .b = given->b};
        if (given->value == SY_NET_NONE)
            continue;
        const sy_net_tensor *operand = &lower->graph->value[given->value].tensor;
        const sy_net_tensor *out = &lower->graph->value[lower->node->out[0]].tensor;
        bool is_column = is_of_columns(given->kind);
        bool is_like = is_column ? sy_net_elements(operand) == columns
                                 : given->kind == SY_POST_ADD && sy_net_elements(operand) == elements &&
                                       operand->is_last == out->is_last;
        if (!is_like)
            return sy_error_set(err, SY_UNSUPPORTED, "a post whose operand is of another shape");
        if (is_column)
            status = add_operand(lower, post, given->value, 1, &columns, &(int64_t){1}, err);
        else {
            int64_t own[SY_NET_MAX_RANK];
            /* Of a range of channels with a pitch of its own. */
            memcpy(own, stride, rank * sizeof *own);
            if (operand->is_last && operand->pitch != out->pitch)
                sy_exec_strides(operand, own);
            status = add_operand(lower, post, given->value, rank, dim, own, err);
        }
    }
    return status;
}

uint32_t sy_lower_sums(uint32_t dtype) {
    if (dtype == SY_F64)
        return SY_F64;
    if (dtype == SY_S8 || dtype == SY_U8)
        return SY_S32;
    return dtype == SY_F32 || dtype == SY_F16 || dtype == SY_BF16 ? SY_F32 : 0;
}

void sy_lower_finish(sy_lowering *lower, uint32_t op, uint32_t acc_dtype, uint32_t math) {
    sy_problem_storage *storage = &lower->work->storage;
    storage->problem.size = sizeof storage->problem;
    storage->problem.op = op;
    storage->problem.acc_dtype = acc_dtype;
    storage->problem.math = math;
    storage->problem.tensor = storage->tensor;
    storage->problem.post = storage->post;
    storage->problem.attr = &storage->attr;
}

sy_status sy_exec_lower(const sy_net_graph *graph, const sy_net_node *node, uint32_t math,
    sy_exec_work *out_work, sy_error *err) {
    sy_lowering lower = {.graph = graph, .node = node, .work = out_work};
    for (uint32_t i = 0; i < SY_MAX_TENSORS; i++)
        out_work->value[i] = SY_NET_NONE;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(node->op->name, rows[i].name) == 0 && strcmp(node->op->domain, rows[i].domain) == 0)
            return rows[i].lower(&lower, math, err);
    return sy_error_set(err, SY_UNSUPPORTED, "%s is no work of a device", node->op->name);
}

bool sy_exec_is_work(void *ctx, const sy_net_graph *graph, const sy_net_node *node) {
    sy_exec_work work = {0};
    (void)ctx;
    return sy_exec_lower(graph, node, SY_MATH_STRICT, &work, NULL) == SY_OK;
}
