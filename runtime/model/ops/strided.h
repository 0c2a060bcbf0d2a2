/*
 * Product, of domain "steelyard": a product of stacks of matrices, each of them transposed as it is read or
 * written. Passes make it of MatMul and the Transposes around it.
 *
 *     Y = transpose(alpha transpose(A, perm_a) transpose(B, perm_b), perm_y)
 *
 * In any floating type; with posts only where there is no perm_y.
 */
#ifndef RUNTIME_MODEL_OPS_STRIDED_H
#define RUNTIME_MODEL_OPS_STRIDED_H

#include "runtime/model/ops/op.h"

/** The product as one batch of matrices: `batch` products of m x k by k x n. Strides in elements: of the
 * batch, of rows, of columns; 0 where all products share the matrix. State of a node. */
typedef struct sy_net_strided {
    int64_t batch, m, n, k;
    int64_t a_stride[3], b_stride[3], y_stride[3];
    float alpha;
} sy_net_strided;

/** What a Product does: permutations of all dimensions (as of Transpose), NULL for none. */
typedef struct sy_net_strided_form {
    const int64_t *perm_a, *perm_b, *perm_y;
    float alpha;
} sy_net_strided_form;

/** From the attributes of a node. */
sy_net_strided_form sy_net_strided_read(const sy_net_node *node);

/**
 * The product of two tensors of known shape in that form. `out`: rank and extents are set (NULL: not wanted).
 * False: shapes that do not fit, or batches that are not one stride; or a matrix that has neither rows nor
 * columns side by side, which no device likes.
 */
bool sy_net_strided_set(const sy_net_tensor *a, const sy_net_tensor *b, const sy_net_strided_form *form,
    sy_net_tensor *out, sy_net_strided *out_strided);

#endif
