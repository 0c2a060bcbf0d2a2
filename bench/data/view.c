/* The choice of values for an operand: its place in the block, and its range where the problem limits it. */
#include "bench/data/view.h"

#include "runtime/base/random.h"

#include <math.h>

/* Length of the sums of products, 1 for ops that have none. */
static double sum_length(const sy_problem *problem) {
    const sy_tensor *t = problem->tensor;
    if (problem->op == SY_OP_GEMM)
        return (double)t[0].dim[2];
    if (problem->op != SY_OP_CONV)
        return 1.0;
    double length = 1.0;
    for (uint32_t i = 1; i < t[1].rank; i++)
        length *= (double)t[1].dim[i];
    return length;
}

/* Largest whole number of a type under `integer`, exact in it and small, as benchdnn has them. */
static double whole_limit(uint32_t dtype) {
    switch (dtype) {
    case SY_F64:
    case SY_F32:
    case SY_S32: return 64.0;
    case SY_U8: return 8.0;
    default: return 4.0;
    }
}

/* 2^digits of the type that sums are held in, halved for what an epilogue adds. */
static double sum_limit(uint32_t acc_dtype) {
    int digits = acc_dtype == SY_S32 ? 31 : sy_dtype_digits(acc_dtype);
    return ldexp(0.5, digits > 0 ? digits : 24);
}

/* Shrink the two operands' ranges, and where that is not enough the density, until every sum is exact. */
static void choose_whole(const sy_problem *problem, uint32_t role, data_view *view) {
    double length = sum_length(problem), limit = sum_limit(problem->acc_dtype);
    bool has_factors = problem->op == SY_OP_GEMM || problem->op == SY_OP_CONV;
    double a = has_factors ? whole_limit(problem->tensor[0].dtype) : 1.0;
    double b = has_factors ? whole_limit(problem->tensor[1].dtype) : 1.0;
    while (length * a * b > limit && (a > 1.0 || b > 1.0)) {
        double *larger = a >= b ? &a : &b;
        *larger *= 0.5;
    }
    double density = 1.0;
    while (length * density > limit)
        density *= 0.5;
    double most = role == SY_ROLE_ACTIVATION ? a : role == SY_ROLE_WEIGHT ? b : 4.0;
    view->kind = VIEW_WHOLE;
    view->density = role == SY_ROLE_ACTIVATION ? density : 1.0;
    view->lowest = view->dtype == SY_U8 ? 0.0 : -most;
    view->steepness = (most - view->lowest + 1.0) / view->density; /* density: a power of two */
}

/* Power of two that keeps sums of 8 deviations within a narrow output type. */
static double narrow_gain(const sy_data_block *block, const sy_problem *problem) {
    uint32_t out = problem->tensor[problem->n_in].dtype;
    if (sy_dtype_digits(out) == 0 || sy_dtype_digits(out) > 11)
        return 1.0;
    double deviation = sqrt(sum_length(problem)) * (block->data == SY_DATA_NORMAL ? 1.0 : 1.0 / 3.0);
    double gain = 1.0;
    while (8.0 * deviation * gain > sy_dtype_largest(out) && gain > 0x1p-6)
        gain *= 0.5;
    return gain;
}

static void choose_scale(const sy_data_block *block, data_view *view) {
    double spread = block->data == SY_DATA_NORMAL ? 1.0 / 16.0 : 0.25;
    view->kind = VIEW_SCALED;
    view->gain = spread / 127.0;
    view->shift = 1.0 / 127.0;
    if (block->data == SY_DATA_INTEGER || block->data == SY_DATA_ZEROS) {
        view->gain = 0.0; /* one power of two: a scaled sum stays exact */
        view->shift = 1.0 / 128.0;
    }
}

void data_view_make(const sy_data_block *block, const sy_problem_storage *storage, uint64_t key,
    uint32_t tensor_index, uint64_t set, data_view *out_view) {
    const sy_problem *problem = &storage->problem;
    uint32_t role = storage->role[tensor_index];
    *out_view = (data_view){.kind = VIEW_TYPED,
        .dtype = storage->tensor[tensor_index].dtype,
        .stream = role == SY_ROLE_WEIGHT ? STREAM_WEIGHT : STREAM_OTHER,
        .gain = 1.0};
    out_view->length = block->length[out_view->stream];
    uint64_t place = sy_random_mix(key ^ sy_random_mix(set ^ sy_random_mix(tensor_index)));
    out_view->offset = (place % (out_view->length - 1)) | 1;
    if (role == SY_ROLE_SCALE_ROW || role == SY_ROLE_SCALE_COL) {
        choose_scale(block, out_view);
    } else if (block->data == SY_DATA_ZEROS) {
        out_view->kind = VIEW_ZERO;
    } else if (block->data == SY_DATA_INTEGER) {
        choose_whole(problem, role, out_view);
    } else if (role == SY_ROLE_ACTIVATION && sy_dtype_is_float(out_view->dtype)) {
        out_view->gain = narrow_gain(block, problem);
        out_view->kind = out_view->gain < 1.0 ? VIEW_SCALED : VIEW_TYPED;
    }
}
