/* Gemm and MatMul as problems of one batch dimension. */
#include <string.h>

#include "runtime/base/error.h"
#include "runtime/model/exec/lower.h"
#include "runtime/model/ops/strided.h"

/* Operands of a product: batch, rows, columns. */
typedef struct matrix {
    int64_t dim[3], stride[3];
} matrix;

static matrix plain(int64_t batch, int64_t rows, int64_t columns) {
    return (matrix){.dim = {batch, rows, columns}, .stride = {rows * columns, columns, 1}};
}

static matrix turned(matrix m) {
    return (matrix){.dim = {m.dim[0], m.dim[2], m.dim[1]}, .stride = {m.stride[0], m.stride[2], m.stride[1]}};
}

static sy_status finish(
    sy_lowering *lower, const matrix *d, double alpha, double beta, uint32_t math, sy_error *err) {
    const sy_net_node *node = lower->node;
    sy_status status = sy_lower_posts(lower, 3, d->dim, d->stride, d->dim[2], err);
    if (status == SY_OK && sy_lower_output(lower, node->out[0], 3, d->dim, d->stride) == NULL)
        status = sy_error_set(err, SY_UNSUPPORTED, "more operands than a problem has");
    lower->work->storage.attr.gemm =
        (sy_gemm_attr){.size = sizeof(sy_gemm_attr), .alpha = alpha, .beta = beta};
    sy_lower_finish(lower, SY_OP_GEMM, sy_lower_sums(lower->work->storage.tensor[0].dtype), math);
    return status;
}

static bool is_packed(const sy_net_tensor *tensor) {
    return !tensor->is_last;
}

/* C of Gemm, broadcast to m x n by strides of 0. */
static bool broadcast_c(const sy_net_tensor *c, int64_t m, int64_t n, matrix *out) {
    int64_t rows = c->rank > 1 ? c->dim[c->rank - 2] : 1, columns = c->rank > 0 ? c->dim[c->rank - 1] : 1;
    *out = (matrix){.dim = {1, m, n}, .stride = {0, rows == 1 ? 0 : columns, columns == 1 ? 0 : 1}};
    return c->rank <= 2 && (rows == 1 || rows == m) && (columns == 1 || columns == n);
}

sy_status sy_lower_gemm(sy_lowering *lower, uint32_t math, sy_error *err) {
    const sy_net_node *node = lower->node;
    const sy_net_value *value = lower->graph->value;
    const sy_net_tensor *a = &value[node->in[0]].tensor, *b = &value[node->in[1]].tensor;
    double alpha = (double)sy_net_attr_float(node, "alpha", 1),
           beta = (double)sy_net_attr_float(node, "beta", 1);
    if (a->rank != 2 || b->rank != 2 || sy_lower_sums(a->dtype) == 0 ||
        sy_net_elements(&value[node->out[0]].tensor) <= 0)
        return sy_error_set(err, SY_UNSUPPORTED, "Gemm in %s", sy_net_dtype_name(a->dtype));
    matrix left = plain(1, a->dim[0], a->dim[1]), right = plain(1, b->dim[0], b->dim[1]);
    if (sy_net_attr_int(node, "transA", 0) != 0)
        left = turned(left);
    if (sy_net_attr_int(node, "transB", 0) != 0)
        right = turned(right);
    matrix d = plain(1, left.dim[1], right.dim[2]), c = d;
    sy_lower_tensor(lower, node->in[0], 3, left.dim, left.stride, false);
    sy_lower_tensor(lower, node->in[1], 3, right.dim, right.stride, true);
    uint32_t third = node->n_in > 2 && beta != 0 ? node->in[2] : SY_NET_NONE;
    bool is_bias = third != SY_NET_NONE && beta == 1 && sy_net_elements(&value[third].tensor) == d.dim[2] &&
                   (value[third].tensor.rank == 1 || value[third].tensor.dim[0] == 1);
    if (third != SY_NET_NONE && !is_bias && !broadcast_c(&value[third].tensor, d.dim[1], d.dim[2], &c))
        return sy_error_set(err, SY_UNSUPPORTED, "a C of another shape");
    sy_lower_tensor(lower, is_bias ? SY_NET_NONE : third, 3, c.dim, c.stride, false);
    sy_status status = is_bias ? sy_lower_bias(lower, third, d.dim[2], err) : SY_OK;
    return status == SY_OK ? finish(lower, &d, alpha, third == SY_NET_NONE || is_bias ? 0 : beta, math, err)
                           : status;
}

/* Batch extents of both operands of a MatMul as one: all of A's with one B, or the same of both, or one A. */
static bool join_batches(const sy_net_tensor *a, const sy_net_tensor *b, matrix *left, matrix *right) {
    int64_t many_a = 1, many_b = 1;
    bool is_same = a->rank == b->rank;
    for (uint32_t i = 0; i + 2 < a->rank; i++) {
        many_a *= a->dim[i];
        is_same = is_same && a->dim[i] == b->dim[i];
    }
    for (uint32_t i = 0; i + 2 < b->rank; i++)
        many_b *= b->dim[i];
    int64_t m = a->dim[a->rank - 2], k = a->dim[a->rank - 1], n = b->dim[b->rank - 1];
    if (many_b == 1) {
        *left = plain(1, many_a * m, k);
        *right = plain(1, k, n);
        return true;
    }
    *left = plain(is_same ? many_a : many_b, m, k);
    *right = plain(many_b, k, n);
    if (!is_same)
        left->stride[0] = 0;
    return is_same || many_a == 1;
}

sy_status sy_lower_matmul(sy_lowering *lower, uint32_t math, sy_error *err) {
    const sy_net_node *node = lower->node;
    const sy_net_value *value = lower->graph->value;
    const sy_net_tensor *a = &value[node->in[0]].tensor, *b = &value[node->in[1]].tensor;
    matrix left, right;
    bool is_usual = a->rank >= 2 && b->rank >= 2 && is_packed(a) && is_packed(b) &&
                    sy_lower_sums(a->dtype) != 0 && sy_net_elements(&value[node->out[0]].tensor) > 0;
    if (!is_usual || !join_batches(a, b, &left, &right))
        return sy_error_set(
            err, SY_UNSUPPORTED, "MatMul of these batches in %s", sy_net_dtype_name(a->dtype));
    matrix d = plain(left.dim[0], left.dim[1], right.dim[2]);
    sy_lower_tensor(lower, node->in[0], 3, left.dim, left.stride, false);
    sy_lower_tensor(lower, node->in[1], 3, right.dim, right.stride, true);
    sy_lower_tensor(lower, SY_NET_NONE, 3, d.dim, d.stride, false);
    return finish(lower, &d, 1, 0, math, err);
}

static matrix strided(int64_t batch, int64_t rows, int64_t columns, const int64_t stride[3]) {
    return (matrix){.dim = {batch, rows, columns}, .stride = {stride[0], stride[1], stride[2]}};
}

sy_status sy_lower_product(sy_lowering *lower, uint32_t math, sy_error *err) {
    const sy_net_node *node = lower->node;
    const sy_net_strided *product = node->state;
    const matrix left = strided(product->batch, product->m, product->k, product->a_stride);
    const matrix right = strided(product->batch, product->k, product->n, product->b_stride);
    const matrix d = strided(product->batch, product->m, product->n, product->y_stride);
    if (product->batch == 0 || product->m == 0 || product->n == 0)
        return sy_error_set(err, SY_UNSUPPORTED, "a product without elements");
    sy_lower_tensor(lower, node->in[0], 3, left.dim, left.stride, false);
    sy_lower_tensor(lower, node->in[1], 3, right.dim, right.stride, true);
    sy_lower_tensor(lower, SY_NET_NONE, 3, d.dim, d.stride, false);
    return finish(lower, &d, (double)product->alpha, 0, math, err);
}
