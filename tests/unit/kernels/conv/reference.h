/* The sums of a convolution in f64 by its definition, a line of outputs at a time, for tests of kernels. */
#ifndef TESTS_UNIT_KERNELS_CONV_REFERENCE_H
#define TESTS_UNIT_KERNELS_CONV_REFERENCE_H

#include "kernels/conv/conv.h"
#include "tests/unit/kernels/gemm/elements.h"

static inline double *reference_alloc(int64_t count) {
    double *out = calloc((size_t)count + 1, sizeof *out);
    assert_non_null(out);
    return out;
}

/** Elements of a tensor as f64 without gaps, in the order of its extents; the caller's. */
static inline double *reference_dense(
    uint32_t dtype, const void *data, const int64_t dim[4], const int64_t stride[4]) {
    double *out = reference_alloc(dim[0] * dim[1] * dim[2] * dim[3]), *to = out;
    for (int64_t a = 0; a < dim[0]; a++)
        for (int64_t b = 0; b < dim[1]; b++)
            for (int64_t c = 0; c < dim[2]; c++) {
                const int64_t first = a * stride[0] + b * stride[1] + c * stride[2];
                for (int64_t d = 0; d < dim[3]; d++)
                    *to++ = get_element(dtype, data, first + d * stride[3]);
            }
    return out;
}

/* Where a position of a window lies for each of `count` outputs: output i reads input i * stride + shift. The
 * outputs for which that is in the image are [from, to). */
typedef struct reach {
    int64_t from, to, stride, shift;
} reach;

static inline reach reach_of(
    const sy_conv_desc *desc, int axis, int64_t tap, int64_t outputs, int64_t inputs) {
    reach one = {
        .stride = desc->stride[axis], .shift = tap * desc->dilation[axis] - desc->pad[axis], .to = outputs};
    while (one.from < outputs && one.from * one.stride + one.shift < 0)
        one.from++;
    while (one.to > one.from && (one.to - 1) * one.stride + one.shift >= inputs)
        one.to--;
    return one;
}

/* One weight's products, added to p x q sums. */
static inline void reference_add(
    double weight, const double *image, int64_t width, reach p, reach q, int64_t cols, double *sums) {
    for (int64_t i = p.from; i < p.to; i++) {
        const double *line = image + (i * p.stride + p.shift) * width + q.from * q.stride + q.shift;
        double *sum = sums + i * cols + q.from;
        for (int64_t count = q.to - q.from; count > 0; count--, line += q.stride)
            *sum++ += *line * weight;
    }
}

/** Sums [n][k][p][q] over dense x [n][c][h][w] and w [k][c / groups][r][s], each in the order c, r, s; the
 * caller's. */
static inline double *reference_sums(const sy_conv_desc *desc, const double *x, const double *w) {
    const int64_t channels = desc->c / desc->groups, image = desc->h * desc->w;
    const int64_t rows = sy_conv_extent(
                      desc->h, desc->r, desc->stride[0], desc->dilation[0], desc->pad[0] + desc->pad[2]),
                  cols = sy_conv_extent(
                      desc->w, desc->s, desc->stride[1], desc->dilation[1], desc->pad[1] + desc->pad[3]);
    double *out = reference_alloc(desc->n * desc->k * rows * cols), *sums = out;
    for (int64_t n = 0; n < desc->n; n++)
        for (int64_t k = 0; k < desc->k; k++, sums += rows * cols)
            for (int64_t c = 0; c < channels; c++) {
                const int64_t channel = k / (desc->k / desc->groups) * channels + c;
                const double *from = x + (n * desc->c + channel) * image;
                const double *weight = w + (k * channels + c) * desc->r * desc->s;
                for (int64_t r = 0; r < desc->r; r++)
                    for (int64_t s = 0; s < desc->s; s++)
                        reference_add(*weight++, from, desc->w, reach_of(desc, 0, r, rows, desc->h),
                            reach_of(desc, 1, s, cols, desc->w), cols, sums);
            }
    return out;
}

#endif
