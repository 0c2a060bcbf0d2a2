/* Products of matrices in the simulated libcnnl.so: what is asked for, checked, and done. */
#ifndef TESTS_VENDOR_SIM_CAMBRICON_CNNL_PRODUCT_H
#define TESTS_VENDOR_SIM_CAMBRICON_CNNL_PRODUCT_H

#include "tests/vendor_sim/cambricon/cnnl.h"

/** Attributes of a descriptor by their number; `has`: it was set. */
typedef struct cnnl_matmul {
    int32_t value[CNNL_MATMUL_ATTRIBUTES];
    bool has[CNNL_MATMUL_ATTRIBUTES];
} cnnl_matmul;

/** What an algorithm was found for; compared as bytes, so all of one width. */
typedef struct cnnl_problem {
    int64_t m, n, k, trans_a, trans_b, type_a, type_b, type_d;
    int64_t batches, batch[CNNL_DIM_MAX];
} cnnl_problem;

/** The content of an algorithm, and of a result of the heuristic; is_there: it was filled in. */
typedef struct cnnl_algo {
    bool is_there;
    cnnl_problem problem;
    size_t workspace;
} cnnl_algo;

/** Operands; c is what beta multiplies, d the result, of the same dims. */
typedef struct cnnl_operands {
    const cnnl_tensor *a, *b, *c, *d;
} cnnl_operands;

typedef struct cnnl_pointers {
    const void *alpha, *beta, *a, *b, *c;
    void *d;
} cnnl_pointers;

/** Check dims, layouts and types. The product is of the last two dimensions. */
cnnlStatus_t cnnl_problem_of(const cnnl_handle *handle, const cnnl_matmul *desc,
    const cnnl_operands *operands, bool is_batched, cnnl_problem *out_problem);

/** Check the rest of a problem that cnnl_problem_of() found right, and enqueue it. */
cnnlStatus_t cnnl_multiply(const cnnl_handle *handle, const cnnl_matmul *desc, const cnnl_problem *problem,
    const cnnl_operands *operands, const cnnl_pointers *pointers);

#endif
