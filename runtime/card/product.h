/* A gemm task as libraries of cards take it: matrices with one dense dimension and a leading dimension. */
#ifndef RUNTIME_CARD_PRODUCT_H
#define RUNTIME_CARD_PRODUCT_H

#include "runtime/task/task.h"

/**
 * A matrix of a batch, in elements. Row-major: rows lie `ld` apart. is_transposed: columns do (the matrix
 * lies transposed in memory). A matrix of one row or column may be either and is taken as row-major where it
 * can be.
 */
typedef struct sy_card_matrix {
    uint32_t dtype;
    bool is_transposed;
    int64_t rows, columns, ld, batch_stride;
} sy_card_matrix;

/** What follows the product, as libraries know it. */
typedef enum sy_card_activation {
    SY_CARD_NO_ACTIVATION,
    SY_CARD_RELU,
    SY_CARD_GELU_ERF,
    SY_CARD_GELU_TANH,
    SY_CARD_SILU,
} sy_card_activation;

/**
 * Posts in the order that fused epilogues have: bias, then residual, then one activation.
 * bias, residual, scale_row, scale_column: index of a tensor, SY_NO_OPERAND if there is none.
 */
typedef struct sy_card_epilogue {
    uint32_t bias, residual, scale_row, scale_column;
    sy_card_activation activation;
} sy_card_epilogue;

/** D[batch,m,n] = alpha A[batch,m,k] B[batch,k,n] + beta C, with posts. has_c: beta is not 0. */
typedef struct sy_card_product {
    int64_t m, n, k, batch;
    sy_card_matrix a, b, c, d;
    double alpha, beta;
    bool has_c;
    sy_card_epilogue epilogue;
} sy_card_product;

/**
 * Read a gemm task with resolved layouts; B may be in SY_CARD_LAYOUT_TRANSPOSED. Errors: SY_INVALID_ARGUMENT:
 * ranks or extents do not go together; SY_UNSUPPORTED: a matrix without a dense dimension, a transposed
 * output, or posts in another order.
 */
sy_status sy_card_product_read(const sy_task *task, sy_card_product *out_product, sy_error *err);

/** Read the posts of a task; errors as above. */
sy_status sy_card_epilogue_read(const sy_task *task, sy_card_epilogue *out_epilogue, sy_error *err);

/** Whether there is anything after the product. */
bool sy_card_epilogue_is_empty(const sy_card_epilogue *epilogue);

#endif
