/* Rows, AVX2 with FMA: instances of the bodies of nn_map.h and nn_rows.h. */
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

const sy_nn nn_avx2 = {
    .level = SY_ISA_AVX2,
    .map = map,
    .pair = pair,
    .reduce = reduce,
    .softmax = softmax,
    .norm = norm,
    .blend = blend,
};
