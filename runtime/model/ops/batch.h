/* Stacks of matrices: the shapes of MatMul and its integer kin, by the rules of numpy.matmul. */
#ifndef RUNTIME_MODEL_OPS_BATCH_H
#define RUNTIME_MODEL_OPS_BATCH_H

#include "runtime/model/ops/op.h"

/**
 * `count` products of m x k by k x n, all three stacks packed. Stacks that have fewer matrices repeat them:
 * matrix `index` of the result is made of sy_net_batch_a() of the one and sy_net_batch_b() of the other.
 * rank, dim: of the stack of results; a_step, b_step: matrices from one to the next along each, 0 repeats.
 */
typedef struct sy_net_batch {
    int64_t count, m, n, k;
    uint32_t rank;
    int64_t dim[SY_NET_MAX_RANK], a_step[SY_NET_MAX_RANK], b_step[SY_NET_MAX_RANK];
} sy_net_batch;

/**
 * From inputs `a` and `b` of known shape; sets rank and extents of out[0].
 * Where B is one matrix, all rows of A become one product.
 * Errors  SY_INVALID_ARGUMENT: a scalar, depths that differ, stacks that do not broadcast.
 */
sy_status sy_net_batch_infer(
    sy_net_call *call, uint32_t a, uint32_t b, sy_net_batch *out_batch, sy_error *err);

/** Which matrix of A, of B, result `index` is made of. */
int64_t sy_net_batch_a(const sy_net_batch *batch, int64_t index);
int64_t sy_net_batch_b(const sy_net_batch *batch, int64_t index);

#endif
