/* What the operators of matrices share. */
#ifndef TESTS_VENDOR_SIM_ASCEND_PRODUCT_H
#define TESTS_VENDOR_SIM_ASCEND_PRODUCT_H

#include "tests/vendor_sim/ascend/op.h"

/**
 * d = alpha a b + beta c, of matrices that are the last two dimensions, for each index of those before; c is
 * of two dimensions and repeated where it has 1. A vector is a row of a, or a column of b.
 */
typedef struct as_product {
    as_tensor a, b, c, d;
    char *a_data, *b_data, *c_data, *d_data;
    double alpha, beta;
    uint32_t rounding;
    int64_t m, n, k, batch[AS_RANK_MAX];
    uint32_t batch_rank;
} as_product;

/** Find m, n, k and batch of a and b, and check d; NULL, or what is wrong. */
const char *as_product_shape(as_product *product);
/** 0, or -1: the host has no memory. */
int as_product_run(as_product *product);
double as_product_flop(const as_product *product);

/** The other way round: the last two dimensions swapped. */
void as_transpose(as_tensor *tensor);

/** What the device's cube makes of inputs of a type: plan->rounding, or a refusal. is_conv: of convolutions.
 */
int as_cube(as_plan *plan, int type, int8_t cube_math, bool is_conv);

/** Refuse views that the settings `padded` and `padded_out` (0) do not let be. A matrix with its last two
 * dimensions swapped is packed. */
int as_check_views(const as_plan *plan, bool is_product);

/* FRACTAL_NZ: blocks of 16 rows and 32 bytes of columns, column of blocks after column of blocks. */
/** Elements that a matrix of that type takes so. */
int64_t as_nz_elements(int type, int64_t rows, int64_t columns);
/** Place of an element of a matrix with that many rows. */
int64_t as_nz_at(int type, int64_t rows, int64_t row, int64_t column);
/** A tensor in that format as packed rows; it is made so, too. NULL: the host has no memory. To be freed. */
char *as_nz_unpack(as_tensor *tensor, const char *data);

#endif
