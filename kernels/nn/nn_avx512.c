/* Rows, AVX-512: instances of the bodies of nn_map.h and nn_rows.h. */
#include "kernels/nn/nn_kernel.h"
#include "kernels/nn/nn_rows.h"

static void map(uint32_t kind, float *y, int64_t count, const float p[SY_NN_PARAMS]) {
    nn_map(kind, y, count, p);
}

static void pair(
    uint32_t kind, const float *a, int64_t a_step, const float *b, int64_t b_step, int64_t count, float *y) {
    nn_pair(kind, a, a_step, b, b_step, count, y);
}

static double reduce(uint32_t kind, const float *x, int64_t count, float shift) {
    return nn_reduce(kind, x, count, shift);
}

static void softmax(const float *x, int64_t count, bool is_log, float *y) {
    nn_softmax(x, count, is_log, y);
}

static void norm(
    const float *x, int64_t count, const float moment[2], const float *scale, const float *bias, float *y) {
    nn_norm(x, count, moment, scale, bias, y);
}

static void blend(const float *x, const float *scale, const float *bias, int64_t count, float *y) {
    nn_blend(x, scale, bias, count, y);
}

static void squares(const float *x, int64_t step, int64_t rows, int64_t count, float *sum) {
    nn_squares(x, step, rows, count, sum);
}

static void respond(const float *x, const float *sum, int64_t count, const float p[3], float *y) {
    nn_respond(x, sum, count, p, y);
}

static void quantise(const float *x, int64_t count, const sy_nn_range *range, uint8_t *y) {
    nn_quantise(x, count, range, y);
}

static void dequantise(const uint8_t *x, bool is_signed, int64_t count, const float form[2], float *y) {
    nn_dequantise(x, is_signed, count, form, y);
}

const sy_nn nn_avx512 = {
    .level = SY_ISA_AVX512,
    .map = map,
    .pair = pair,
    .reduce = reduce,
    .softmax = softmax,
    .norm = norm,
    .blend = blend,
    .squares = squares,
    .respond = respond,
    .quantise = quantise,
    .dequantise = dequantise,
};
