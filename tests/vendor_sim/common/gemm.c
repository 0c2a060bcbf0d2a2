#include "kernels/reference/gemm.h"

#include <math.h>
#include <stdlib.h>

#include "tests/vendor_sim/common/tensor.h"

/* One matrix of a batch as {1, 1, rows, columns}. */
static sim_tensor slice(const sim_tensor *tensor, int64_t batch) {
    sim_tensor one = *tensor;
    int64_t at = batch * tensor->stride[0];
    one.data = (char *)tensor->data + at * (int64_t)sy_dtype_size(tensor->dtype);
    one.stride[0] = one.stride[1] = 0;
    one.stride[2] = tensor->stride[1];
    one.stride[3] = tensor->stride[2];
    return one;
}

/* Modulo 2^32, as integer units without saturation do. */
static double wrapped(double value) {
    double word = fmod(value, 4294967296.0);
    word += word < -2147483648.0 ? 4294967296.0 : 0;
    return word >= 2147483648.0 ? word - 4294967296.0 : word;
}

static void finish(const sim_gemm *gemm, const double *bias, double *values) {
    double scale = sim_tensor_scale(&gemm->d);
    bool is_nan = sim_wants_nan();
    bool wraps = gemm->wraps && gemm->d.dtype == SY_S32;
    for (int64_t i = 0; i < gemm->m * gemm->n; i++) {
        double value = values[i] + (bias != NULL ? bias[i] : 0);
        value = sim_activate(gemm->activation, value) * scale;
        value = wraps ? wrapped(value) : value;
        values[i] = !is_nan ? value : sy_dtype_is_float(gemm->d.dtype) ? (double)NAN : 1e300;
    }
}

static int run_one(const sim_gemm *gemm, int64_t batch) {
    const int64_t a_dim[4] = {1, 1, gemm->m, gemm->k}, b_dim[4] = {1, 1, gemm->k, gemm->n};
    const int64_t d_dim[4] = {1, 1, gemm->m, gemm->n};
    sim_tensor a = slice(&gemm->a, batch), b = slice(&gemm->b, batch), d = slice(&gemm->d, batch);
    bool has_c = gemm->beta != 0, has_bias = gemm->bias.data != NULL;
    sim_tensor c = has_c ? slice(&gemm->c, batch) : d, bias = has_bias ? slice(&gemm->bias, batch) : d;
    double *a_values = sim_tensor_unpack(&a, a_dim, gemm->rounding);
    double *b_values = sim_tensor_unpack(&b, b_dim, gemm->rounding);
    double *c_values = has_c ? sim_tensor_unpack(&c, d_dim, SIM_ROUND_NONE) : NULL;
    double *bias_values = has_bias ? sim_tensor_unpack(&bias, d_dim, SIM_ROUND_NONE) : NULL;
    double *values = malloc((size_t)(gemm->m * gemm->n + 1) * sizeof *values);
    bool is_ok = a_values != NULL && b_values != NULL && values != NULL && (!has_c || c_values != NULL) &&
                 (!has_bias || bias_values != NULL);
    if (is_ok) {
        sy_reference_gemm_run(&(sy_reference_gemm){gemm->m, gemm->n, gemm->k, a_values, b_values, c_values,
            values, {gemm->k, 1}, {gemm->n, 1}, {gemm->n, 1}, {gemm->n, 1}, gemm->alpha, gemm->beta});
        finish(gemm, bias_values, values);
        sim_tensor_pack(&d, d_dim, values);
    }
    free(a_values);
    free(b_values);
    free(c_values);
    free(bias_values);
    free(values);
    return is_ok ? 0 : -1;
}

int sim_gemm_run(void *args) {
    const sim_gemm *gemm = args;
    int code = 0;
    bool skips = sim_skips();
    for (int64_t i = 0; i < gemm->batch && code == 0 && !skips; i++)
        code = run_one(gemm, i);
    return code;
}

double sim_gemm_flop(const sim_gemm *gemm) {
    return 2.0 * (double)gemm->batch * (double)gemm->m * (double)gemm->n * (double)gemm->k;
}

double sim_gemm_moved(const sim_gemm *gemm) {
    double m = (double)gemm->m, n = (double)gemm->n, k = (double)gemm->k;
    double bytes = m * k * (double)sy_dtype_size(gemm->a.dtype) +
                   k * n * (double)sy_dtype_size(gemm->b.dtype) +
                   m * n * (double)sy_dtype_size(gemm->d.dtype) * (gemm->beta != 0 ? 2 : 1);
    return bytes * (double)gemm->batch;
}
