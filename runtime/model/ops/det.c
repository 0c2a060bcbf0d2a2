/* Det: determinants of square matrices. */
#include <math.h>

#include "runtime/model/ops/families.h"
#include "runtime/model/ops/list.h"

static sy_status infer(sy_net_call *call, sy_error *err) {
    const sy_net_tensor *in = &call->in[0];
    sy_status status = sy_net_call_rank(call, 0, 2, SY_NET_MAX_RANK, err);
    if (status != SY_OK)
        return status;
    if (in->dim[in->rank - 1] != in->dim[in->rank - 2] || in->dtype >= SY_DTYPE_COUNT ||
        !sy_dtype_is_float(in->dtype))
        return sy_net_call_fail(
            call, SY_INVALID_ARGUMENT, err, "input 0 must be square matrices of a floating-point type");
    sy_net_shape_like(&call->out[0], in);
    call->out[0].rank = in->rank - 2;
    return SY_OK;
}

static size_t scratch_bytes(const sy_net_call *call) {
    size_t n = (size_t)call->in[0].dim[call->in[0].rank - 1];
    return n * n * sizeof(double);
}

static void swap_rows(double *matrix, int64_t n, int64_t a, int64_t b) {
    for (int64_t i = 0; i < n; i++) {
        double kept = matrix[a * n + i];
        matrix[a * n + i] = matrix[b * n + i];
        matrix[b * n + i] = kept;
    }
}

/* Gauss' elimination with the largest pivot of a column; the matrix is used up. */
static double determinant(double *matrix, int64_t n) {
    double product = 1;
    for (int64_t k = 0; k < n; k++) {
        int64_t pivot = k;
        for (int64_t i = k + 1; i < n; i++)
            if (fabs(matrix[i * n + k]) > fabs(matrix[pivot * n + k]))
                pivot = i;
        if (matrix[pivot * n + k] == 0)
            return 0;
        if (pivot != k) {
            swap_rows(matrix, n, pivot, k);
            product = -product;
        }
        product *= matrix[k * n + k];
        for (int64_t i = k + 1; i < n; i++) {
            double factor = matrix[i * n + k] / matrix[k * n + k];
            for (int64_t j = k + 1; j < n; j++)
                matrix[i * n + j] -= factor * matrix[k * n + j];
        }
    }
    return product;
}

static sy_status run(const sy_net_call *call, sy_error *err) {
    const sy_net_tensor *in = &call->in[0];
    int64_t n = in->dim[in->rank - 1], count = sy_net_elements(&call->out[0]);
    (void)err;
    for (int64_t k = 0; k < count; k++) {
        double *matrix = call->scratch;
        for (int64_t i = 0; i < n * n; i++)
            matrix[i] = sy_net_get(in, k * n * n + i);
        sy_net_set(&call->out[0], k, determinant(matrix, n));
    }
    return SY_OK;
}

static const sy_net_op row[] = {
    {"Det", "", 11, 0, 0, 1, 1, 1, 1, infer, scratch_bytes, run},
};
const sy_net_family sy_net_family_det = {row, sizeof row / sizeof row[0]};
