/*
 * A device in software, honest or broken in a known way: results as real arithmetic gives them, for proving
 * the check. Internal to this folder and its tests.
 */
#ifndef STEELYARD_CHECK_HONEST_H
#define STEELYARD_CHECK_HONEST_H

#include "bench/check/product.h"

/* Orders in which honest units sum products. */
enum {
    CHECK_ORDER_SEQUENTIAL = 0, /* one sum in order of k */
    CHECK_ORDER_BLOCKED = 1,    /* sums of 64 products, then their sum */
    CHECK_ORDER_LANES = 2,      /* 16 interleaved sums, then a tree */
    CHECK_ORDER_TRUNCATED = 3,  /* groups of 4 products added exactly, the sum cut to f32: a matrix unit */
    CHECK_ORDER_COUNT = 4
};

/**
 * How to work; the faults are 0 for an honest device.
 *
 * skip_last  products at the end of k that are left out;  excess: every value is 1 + excess times too large
 */
typedef struct check_honest {
    uint32_t order;
    int64_t skip_last;
    double excess;
} check_honest;

/** Whether an order is one that the declared types and math allow. */
bool check_honest_allows(const check_product *product, uint32_t order);

/**
 * The whole output as a device would write it: inputs lowered as `math` of the request says, sums in the
 * accumulator's type, the epilogue in f32 (f64 for f64), one rounding to the output type.
 * out_output has request->output_bytes. SY_OUT_OF_MEMORY (two matrices of a block in f64).
 */
sy_status check_honest_run(
    const check_product *product, const check_honest *how, void *out_output, sy_error *err);

#endif
