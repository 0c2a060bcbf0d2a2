/* What a reduction does with elements, in f64 for floating types and in 64-bit integers for the others. */
#ifndef RUNTIME_MODEL_OPS_REDUCE_KIND_H
#define RUNTIME_MODEL_OPS_REDUCE_KIND_H

#include "runtime/model/ops/chunk.h"

enum {
    SY_OPS_REDUCE_SUM,
    SY_OPS_REDUCE_MEAN,
    SY_OPS_REDUCE_MAX,
    SY_OPS_REDUCE_MIN,
    SY_OPS_REDUCE_PROD,
    SY_OPS_REDUCE_L1,
    SY_OPS_REDUCE_L2,
    SY_OPS_REDUCE_LOG_SUM,
    SY_OPS_REDUCE_LOG_SUM_EXP,
    SY_OPS_REDUCE_SUM_SQUARE
};

/** Running results, one a lane. top: LOG_SUM_EXP's largest element; value is then the sum of e^(x - top). */
typedef struct sy_ops_reduce_sums {
    double value[SY_OPS_CHUNK], top[SY_OPS_CHUNK];
} sy_ops_reduce_sums;

/** The result of no elements. */
void sy_ops_reduce_start(uint32_t kind, int64_t lanes, sy_ops_reduce_sums *sums);

/** x[i] into lane i * step (0: all into lane 0). */
void sy_ops_reduce_take(
    uint32_t kind, const double *x, int64_t count, int64_t step, sy_ops_reduce_sums *sums);

/** The results, from sums over `count` elements each, in place of sums->value. */
void sy_ops_reduce_end(uint32_t kind, int64_t lanes, int64_t count, sy_ops_reduce_sums *sums);

/** The same for integers of `dtype`, modulo 2^64: only SUM, MEAN, MAX, MIN, PROD, L1, SUM_SQUARE. */
void sy_ops_reduce_start_integer(uint32_t kind, uint32_t dtype, int64_t lanes, int64_t *sum);
void sy_ops_reduce_take_integer(
    uint32_t kind, uint32_t dtype, const int64_t *x, int64_t count, int64_t step, int64_t *sum);

#endif
