/* Products of matrices with CNNL 2.x, for tests. */
#ifndef TESTS_UNIT_VENDOR_SIM_CAMBRICON_PRODUCT_H
#define TESTS_UNIT_VENDOR_SIM_CAMBRICON_PRODUCT_H

#include "tests/unit/vendor_sim/cambricon/rig.h"

/* A product through the heuristic: its operands, and what the calls returned. */
typedef struct product {
    int32_t dtype, out_dtype, trans_a, trans_b, tf32, use_beta, compute; /* tf32, compute -1: not set */
    float alpha, beta;
    int m, n, k, batch, a_batch, b_batch; /* batch 0: no batched product */
    cnnlStatus_t found, done;
    int count;
} product;

/** f32, 3 x 5 by 5 x 4, no TF32. */
extern const product product_plain;

/** What a product needs. */
typedef struct product_objects {
    cnnlMatMulDescriptor_t desc;
    cnnlMatMulAlgo_t algo;
    cnnlMatMulHeuristicResult_t result;
    cnnlTensorDescriptor_t a, b, c;
    size_t workspace_bytes;
} product_objects;

/** Make them, ask the heuristic, and note in `one` what it said; and end them. */
product_objects product_make(product *one);
void product_unmake(const product_objects *all);
/** Set an attribute. */
void product_set(cnnlMatMulDescriptor_t desc, int32_t attribute, int32_t value);

/** All of it, from values that are converted to the types and back; c is read and written. */
void product_run(product *one, const float *a, const float *b, float *c);

#endif
