/* For tests of Winograd: a convolution with its operands, run, and its outputs in f64. */
#ifndef TESTS_UNIT_KERNELS_WINOGRAD_FIXTURE_H
#define TESTS_UNIT_KERNELS_WINOGRAD_FIXTURE_H

#include "kernels/winograd/winograd.h"
#include "tests/unit/kernels/gemm/elements.h"

enum { NCHW = 0, NHWC = 1, NCHW_GAPS = 2, NHWC_GAPS = 3, CHWN = 4, LAYOUTS = 5 };

/** A convolution; ADD operands lie like Y, the others are dense vectors. */
typedef struct fixture {
    sy_conv_desc desc;
    sy_winograd_plan plan;
    guarded x, w, y, post[SY_KERNEL_MAX_POSTS];
} fixture;

/** One output in f64: the value after the posts, the sum, and the norms of its window and of its weights. */
typedef struct expectation {
    double value, sum, x_norm, w_norm, gain;
} expectation;

/** A plain f32 convolution of one group: 3 x 3, all pads `pad`. */
sy_conv_desc plain_desc(uint32_t isa, int64_t n, int64_t c, int64_t h, int64_t w, int64_t k, int64_t pad);

/** Strides and operands; x and w uniform in [-1, 1], operands of posts small integers. */
void fixture_draw(fixture *f, uint64_t *state, int x_layout, int w_layout, int y_layout);

/** Plan with tile `tile` for `parts`, pack if weights are constant, run with a workspace of NaN; the guards
 * must hold. */
void fixture_run(fixture *f, int tile, int parts);

/** What output (n, k, p, q) should be. */
expectation fixture_expect(const fixture *f, int64_t n, int64_t k, int64_t p, int64_t q);

/** Its place in Y, in elements. */
int64_t fixture_place(const fixture *f, int64_t n, int64_t k, int64_t p, int64_t q);

void fixture_free(fixture *f);

#endif
