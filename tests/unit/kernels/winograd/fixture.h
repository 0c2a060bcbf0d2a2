/* For tests of Winograd: a convolution with its operands, run, and its outputs in f64. */
#ifndef TESTS_UNIT_KERNELS_WINOGRAD_FIXTURE_H
#define TESTS_UNIT_KERNELS_WINOGRAD_FIXTURE_H

#include "kernels/winograd/winograd.h"
#include "tests/unit/kernels/conv/reference.h"

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

static inline void set_strides(int layout, const int64_t dim[4], int64_t out_stride[4]) {
    static const int orders[LAYOUTS][4] = {
        {0, 1, 2, 3}, {0, 2, 3, 1}, {0, 1, 2, 3}, {0, 2, 3, 1}, {1, 2, 3, 0}};
    const int64_t gap = layout == NCHW_GAPS || layout == NHWC_GAPS ? 3 : 0;
    int64_t stride = 1;
    for (int i = 3; i >= 0; i--) {
        out_stride[orders[layout][i]] = stride;
        stride *= dim[orders[layout][i]] + (i == 3 || i == 2 ? gap : 0);
    }
}

static inline size_t extent(const int64_t dim[4], const int64_t stride[4]) {
    size_t last = 0;
    for (int i = 0; i < 4; i++) {
        if (dim[i] <= 0)
            return 0;
        last += (size_t)((dim[i] - 1) * stride[i]);
    }
    return last + 1;
}

static inline int64_t at(const int64_t stride[4], int64_t a, int64_t b, int64_t c, int64_t d) {
    return a * stride[0] + b * stride[1] + c * stride[2] + d * stride[3];
}

static inline guarded draw_tensor(
    uint64_t *state, uint32_t dtype, const int64_t dim[4], const int64_t stride[4], bool is_real) {
    guarded one = guarded_create(extent(dim, stride), dtype);
    poison(dtype, one.data, extent(dim, stride));
    for (int64_t a = 0; a < dim[0]; a++)
        for (int64_t b = 0; b < dim[1]; b++)
            for (int64_t c = 0; c < dim[2]; c++)
                for (int64_t d = 0; d < dim[3]; d++)
                    set_element(dtype, one.data, at(stride, a, b, c, d),
                        is_real ? (double)pick(state, -1000000, 1000000) * 1e-6 : small_value(dtype, state));
    return one;
}

/** A plain f32 convolution of one group: 3 x 3, all pads `pad`. */
static inline sy_conv_desc plain_desc(
    uint32_t isa, int64_t n, int64_t c, int64_t h, int64_t w, int64_t k, int64_t pad) {
    return (sy_conv_desc){.dtype_x = SY_ELEMENT_F32,
        .dtype_w = SY_ELEMENT_F32,
        .dtype_y = SY_ELEMENT_F32,
        .isa = isa,
        .n = n,
        .c = c,
        .h = h,
        .w = w,
        .k = k,
        .r = 3,
        .s = 3,
        .groups = 1,
        .stride = {1, 1},
        .dilation = {1, 1},
        .pad = {pad, pad, pad, pad}};
}

/** Strides and operands; x and w uniform in [-1, 1], operands of posts small integers. */
static inline void fixture_draw(fixture *f, uint64_t *state, int x_layout, int w_layout, int y_layout) {
    sy_conv_desc *desc = &f->desc;
    const int64_t x_dim[4] = {desc->n, desc->c, desc->h, desc->w};
    const int64_t w_dim[4] = {desc->k, desc->c / desc->groups, desc->r, desc->s};
    const int64_t y_dim[4] = {desc->n, desc->k, sy_conv_extent(desc->h, 3, 1, 1, desc->pad[0] + desc->pad[2]),
        sy_conv_extent(desc->w, 3, 1, 1, desc->pad[1] + desc->pad[3])};
    set_strides(x_layout, x_dim, desc->x_stride);
    set_strides(w_layout, w_dim, desc->w_stride);
    set_strides(y_layout, y_dim, desc->y_stride);
    f->x = draw_tensor(state, desc->dtype_x, x_dim, desc->x_stride, true);
    f->w = draw_tensor(state, desc->dtype_w, w_dim, desc->w_stride, true);
    f->y = guarded_create(extent(y_dim, desc->y_stride), desc->dtype_y);
    for (uint32_t i = 0; i < desc->n_post; i++) {
        const sy_kernel_post *post = &desc->post[i];
        const int64_t vector[4] = {1, 1, 1, post->kind == SY_KERNEL_POST_SCALE_ROW ? desc->n : desc->k};
        const int64_t dense[4] = {0, 0, 0, 1};
        const bool is_like_y = post->kind == SY_KERNEL_POST_ADD;
        if (post_takes_operand(post->kind))
            f->post[i] = draw_tensor(
                state, post->dtype, is_like_y ? y_dim : vector, is_like_y ? desc->y_stride : dense, false);
    }
}

/** Plan with tile `tile` for `parts`, pack if weights are constant, run with a workspace of NaN; the guards
 * must hold. */
static inline void fixture_run(fixture *f, int tile, int parts) {
    assert_null(sy_winograd_plan_init(&f->desc, tile, parts, &f->plan));
    const sy_conv_plan *conv = &f->plan.conv;
    assert_true(conv->parts >= 1 && conv->parts <= parts);
    guarded packed = guarded_bytes(conv->weights_bytes, 8),
            workspace = guarded_bytes(conv->workspace_bytes, 8);
    memset(packed.data, 0xff, packed.bytes);
    memset(workspace.data, 0xff, workspace.bytes);
    const bool is_const = (f->desc.flags & SY_CONV_W_CONST) != 0;
    if (is_const)
        for (int part = 2; part >= 0; part--)
            sy_winograd_weights_pack(&f->plan, f->w.data, part, 3, packed.data);
    sy_conv_args args = {
        .x = f->x.data, .w = is_const ? packed.data : f->w.data, .y = f->y.data, .workspace = workspace.data};
    for (uint32_t i = 0; i < f->desc.n_post; i++)
        args.post_operand[i] = f->post[i].data;
    for (int64_t step = 0; step < conv->steps; step++)
        for (int part = conv->parts - 1; part >= 0; part--)
            sy_winograd_step(&f->plan, &args, step, part);
    guarded_destroy(&packed);
    guarded_destroy(&workspace);
}

/** Its place in Y, in elements. */
static inline int64_t fixture_place(const fixture *f, int64_t n, int64_t k, int64_t p, int64_t q) {
    return at(f->desc.y_stride, n, k, p, q);
}

/** What all outputs of a fixture are made of, each in the order of the outputs: sums [n][k][p][q]; squares of
 * windows' norms [n][group][p][q] and of weights' [k]. */
typedef struct reference {
    double *sum, *x_square, *w_square;
} reference;

static inline double *squares(const double *of, int64_t count) {
    double *out = reference_alloc(count);
    for (int64_t i = 0; i < count; i++)
        out[i] = of[i] * of[i];
    return out;
}

/** Call reference_free(). */
static inline reference fixture_reference(const fixture *f) {
    sy_conv_desc desc = f->desc;
    const int64_t channels = desc.c / desc.groups;
    const int64_t x_dim[4] = {desc.n, desc.c, desc.h, desc.w}, w_dim[4] = {desc.k, channels, 3, 3};
    double *x = reference_dense(desc.dtype_x, f->x.data, x_dim, desc.x_stride),
           *w = reference_dense(desc.dtype_w, f->w.data, w_dim, desc.w_stride),
           *ones = reference_alloc(desc.c * 9), *x2 = squares(x, desc.n * desc.c * desc.h * desc.w);
    reference got = {.sum = reference_sums(&desc, x, w), .w_square = reference_alloc(desc.k)};
    for (int64_t i = 0; i < desc.c * 9; i++)
        ones[i] = 1;
    for (int64_t i = 0; i < desc.k * channels * 9; i++)
        got.w_square[i / (channels * 9)] += w[i] * w[i];
    desc.k = desc.groups;
    got.x_square = reference_sums(&desc, x2, ones);
    free(x);
    free(w);
    free(ones);
    free(x2);
    return got;
}

static inline void reference_free(reference *one) {
    free(one->sum);
    free(one->x_square);
    free(one->w_square);
}

/** What output (n, k, p, q) should be. */
static inline expectation fixture_expect(
    const fixture *f, const reference *from, int64_t n, int64_t k, int64_t p, int64_t q) {
    const sy_conv_desc *desc = &f->desc;
    const int64_t group = k / (desc->k / desc->groups), pixel = p * f->plan.conv.q + q,
                  plane = f->plan.conv.p * f->plan.conv.q;
    expectation got = {.gain = 1,
        .sum = from->sum[(n * desc->k + k) * plane + pixel],
        .x_norm = sqrt(from->x_square[(n * desc->groups + group) * plane + pixel]),
        .w_norm = sqrt(from->w_square[k])};
    got.value = got.sum;
    for (uint32_t i = 0; i < f->desc.n_post; i++) {
        const sy_kernel_post *post = &f->desc.post[i];
        int64_t index = k;
        if (post->kind == SY_KERNEL_POST_ADD)
            index = fixture_place(f, n, k, p, q);
        if (post->kind == SY_KERNEL_POST_SCALE_ROW)
            index = n;
        const double operand =
            post_takes_operand(post->kind) ? get_element(post->dtype, f->post[i].data, index) : 0;
        if (post->kind == SY_KERNEL_POST_SCALE_ROW || post->kind == SY_KERNEL_POST_SCALE_COL)
            got.gain *= fabs(operand);
        got.value = apply_post(post, got.value, operand);
    }
    return got;
}

static inline void fixture_free(fixture *f) {
    guarded_destroy(&f->x);
    guarded_destroy(&f->w);
    guarded_destroy(&f->y);
    for (uint32_t i = 0; i < f->desc.n_post; i++)
        if (post_takes_operand(f->desc.post[i].kind))
            guarded_destroy(&f->post[i]);
}

#endif
