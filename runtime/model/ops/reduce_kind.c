#include "runtime/model/ops/reduce_kind.h"

#include <math.h>

void sy_ops_reduce_start(uint32_t kind, int64_t lanes, sy_ops_reduce_sums *sums) {
    double none = kind == SY_OPS_REDUCE_MAX    ? -INFINITY
                  : kind == SY_OPS_REDUCE_MIN  ? INFINITY
                  : kind == SY_OPS_REDUCE_PROD ? 1
                                               : 0;
    for (int64_t i = 0; i < lanes; i++) {
        sums->value[i] = none;
        sums->top[i] = -INFINITY;
    }
}

/* log of a sum of powers without overflow: all powers relative to the largest. */
static void take_power(double x, double *sum, double *top) {
    if (x == *top) {
        *sum += isinf(x) && x < 0 ? 0 : 1;
    } else if (x > *top) {
        *sum = *sum * exp(*top - x) + 1;
        *top = x;
    } else {
        *sum += exp(x - *top);
    }
}

void sy_ops_reduce_take(
    uint32_t kind, const double *x, int64_t count, int64_t step, sy_ops_reduce_sums *sums) {
    double *sum = sums->value;
    for (int64_t i = 0, j = 0; i < count; i++, j += step)
        switch (kind) {
        case SY_OPS_REDUCE_MAX: sum[j] = x[i] > sum[j] || isnan(x[i]) ? x[i] : sum[j]; break;
        case SY_OPS_REDUCE_MIN: sum[j] = x[i] < sum[j] || isnan(x[i]) ? x[i] : sum[j]; break;
        case SY_OPS_REDUCE_PROD: sum[j] *= x[i]; break;
        case SY_OPS_REDUCE_L1: sum[j] += fabs(x[i]); break;
        case SY_OPS_REDUCE_L2:
        case SY_OPS_REDUCE_SUM_SQUARE: sum[j] += x[i] * x[i]; break;
        case SY_OPS_REDUCE_LOG_SUM_EXP: take_power(x[i], &sum[j], &sums->top[j]); break;
        default: sum[j] += x[i]; break;
        }
}

void sy_ops_reduce_end(uint32_t kind, int64_t lanes, int64_t count, sy_ops_reduce_sums *sums) {
    double *sum = sums->value;
    for (int64_t i = 0; i < lanes; i++)
        switch (kind) {
        case SY_OPS_REDUCE_MEAN: sum[i] /= (double)count; break;
        case SY_OPS_REDUCE_L2: sum[i] = sqrt(sum[i]); break;
        case SY_OPS_REDUCE_LOG_SUM: sum[i] = log(sum[i]); break;
        case SY_OPS_REDUCE_LOG_SUM_EXP: sum[i] = sums->top[i] + log(sum[i]); break;
        default: break;
        }
}

void sy_ops_reduce_start_integer(uint32_t kind, uint32_t dtype, int64_t lanes, int64_t *sum) {
    int64_t low;
    uint64_t high;
    sy_ops_range(dtype, &low, &high);
    int64_t none = kind == SY_OPS_REDUCE_MAX    ? low
                   : kind == SY_OPS_REDUCE_MIN  ? (int64_t)high
                   : kind == SY_OPS_REDUCE_PROD ? 1
                                                : 0;
    for (int64_t i = 0; i < lanes; i++)
        sum[i] = none;
}

static bool is_less(uint32_t dtype, int64_t a, int64_t b) {
    return sy_ops_form(dtype) == SY_OPS_U64 ? (uint64_t)a < (uint64_t)b : a < b;
}

/* In unsigned arithmetic, which wraps. */
static uint64_t take_integer(uint32_t kind, uint64_t sum, uint64_t x, bool is_negative) {
    switch (kind) {
    case SY_OPS_REDUCE_PROD: return sum * x;
    case SY_OPS_REDUCE_L1: return is_negative ? sum - x : sum + x;
    case SY_OPS_REDUCE_SUM_SQUARE: return sum + x * x;
    default: return sum + x;
    }
}

void sy_ops_reduce_take_integer(
    uint32_t kind, uint32_t dtype, const int64_t *x, int64_t count, int64_t step, int64_t *sum) {
    for (int64_t i = 0, j = 0; i < count; i++, j += step)
        switch (kind) {
        case SY_OPS_REDUCE_MAX: sum[j] = is_less(dtype, sum[j], x[i]) ? x[i] : sum[j]; break;
        case SY_OPS_REDUCE_MIN: sum[j] = is_less(dtype, x[i], sum[j]) ? x[i] : sum[j]; break;
        default:
            sum[j] = (int64_t)take_integer(kind, (uint64_t)sum[j], (uint64_t)x[i], is_less(dtype, x[i], 0));
        }
}
