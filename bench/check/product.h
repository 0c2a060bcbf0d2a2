/*
 * A gemm or a convolution seen as independent blocks of one matrix product, out[row, col] = sum over k, with
 * its operands made again from the seed. Internal to this folder.
 */
#ifndef STEELYARD_CHECK_PRODUCT_H
#define STEELYARD_CHECK_PRODUCT_H

#include "bench/check/check.h"

/**
 * gemm  block: one of the batch; rows m, cols n, depth k.
 * conv  block: (image, group), the group running fastest; rows: output positions p q; cols: output channels
 *       of the group; depth: channels of the group x r x s, in that order.
 *
 * Tensor indices that are not there are SY_NO_OPERAND. `storage` points into itself: never copy.
 */
typedef struct check_product {
    const sy_check_request *request;
    sy_problem_storage storage;
    bool is_conv, is_linear;
    int64_t blocks, rows, cols, depth;
    int64_t groups, p, q; /* groups: 1 for gemm */
    uint32_t out_index, accumulate, bias, residual, scale_row, scale_col;
    double alpha, beta;
} check_product;

/** Rows or columns that are looked at: `item` ascending; NULL: first to first + count - 1. */
typedef struct check_index {
    const int64_t *item;
    int64_t count, first;
} check_index;

static inline int64_t check_index_at(const check_index *index, int64_t i) {
    return index->item == NULL ? index->first + i : index->item[i];
}

/** Errors: SY_UNSUPPORTED for an op without a product; those of sy_spec_problem(). */
sy_status check_product_init(const sy_check_request *request, check_product *out_product, sy_error *err);

/** FLOP of all blocks, direct count, as a double. */
double check_product_flop(const check_product *product);

/** `count` values of row `row` of the left operand of a gemm, from k on. */
void check_product_a_row(
    const check_product *product, int64_t block, int64_t row, int64_t k, int64_t count, double *out_values);

/** Line y of a convolution's input image: `w` values; `channel` counts within all of c. */
void check_product_image_line(
    const check_product *product, int64_t image, int64_t channel, int64_t y, double *out_values);

/** `count` values of row k of the right operand of a gemm, from column `col` on. */
void check_product_b_row(
    const check_product *product, int64_t block, int64_t k, int64_t col, int64_t count, double *out_values);

/** Column `col` of the right operand, `count` values from k on. */
void check_product_b_column(
    const check_product *product, int64_t block, int64_t col, int64_t k, int64_t count, double *out_values);

/** Values `tensor_index` (shaped as the output) at (block, row, columns). */
void check_product_like_output(const check_product *product, uint32_t tensor_index, int64_t block,
    int64_t row, const check_index *columns, double *out_values);

/** Values of the output under test at (block, row, columns). */
void check_product_output(
    const check_product *product, int64_t block, int64_t row, const check_index *columns, double *out_values);

/** One value of a bias or scale tensor. */
double check_product_vector(const check_product *product, uint32_t tensor_index, int64_t element);

/** Element number of (block, row, 0) in the packed output, and how far apart columns are. */
int64_t check_product_place(const check_product *product, int64_t block, int64_t row, int64_t *out_stride);

/** "c[3, 17]" or "y[0, 5, 10, 11]", for texts. */
void check_product_name(
    const check_product *product, int64_t block, int64_t row, int64_t col, char *out_text, size_t capacity);

#endif
