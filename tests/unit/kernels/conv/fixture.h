/* A convolution under test: drawn operands between guard zones, plain loops in f64, comparison bit for bit.
 */
#ifndef TESTS_UNIT_KERNELS_CONV_FIXTURE_H
#define TESTS_UNIT_KERNELS_CONV_FIXTURE_H

#include "tests/unit/kernels/conv/reference.h"

/* A convolution with its operands; ADD operands lie like Y, the others are dense vectors. */
typedef struct fixture {
    sy_conv_desc desc;
    sy_conv_plan plan;
    guarded x, w, y, packed, workspace, post[SY_KERNEL_MAX_POSTS];
} fixture;

enum { NCHW = 0, NHWC = 1, NCHW_GAPS = 2, NHWC_GAPS = 3, CHWN = 4, LAYOUTS = 5 };

static inline void set_strides(int layout, const int64_t dim[4], int64_t out_stride[4]) {
    static const int orders[LAYOUTS][4] = {
        {0, 1, 2, 3}, {0, 2, 3, 1}, {0, 1, 2, 3}, {0, 2, 3, 1}, {1, 2, 3, 0}};
    const int64_t gap = layout == NCHW_GAPS || layout == NHWC_GAPS ? 2 : 0;
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

static inline void y_dims(const sy_conv_desc *desc, int64_t out_dim[4]) {
    out_dim[0] = desc->n;
    out_dim[1] = desc->k;
    out_dim[2] =
        sy_conv_extent(desc->h, desc->r, desc->stride[0], desc->dilation[0], desc->pad[0] + desc->pad[2]);
    out_dim[3] =
        sy_conv_extent(desc->w, desc->s, desc->stride[1], desc->dilation[1], desc->pad[1] + desc->pad[3]);
}

static inline void draw_operands(
    fixture *f, uint64_t *state, int x_layout, int w_layout, int y_layout, bool is_real) {
    sy_conv_desc *desc = &f->desc;
    const int64_t x_dim[4] = {desc->n, desc->c, desc->h, desc->w};
    const int64_t w_dim[4] = {desc->k, desc->c / desc->groups, desc->r, desc->s};
    int64_t y_dim[4];
    y_dims(desc, y_dim);
    set_strides(x_layout, x_dim, desc->x_stride);
    set_strides(w_layout, w_dim, desc->w_stride);
    set_strides(y_layout, y_dim, desc->y_stride);
    f->x = draw_tensor(state, desc->dtype_x, x_dim, desc->x_stride, is_real);
    f->w = draw_tensor(state, desc->dtype_w, w_dim, desc->w_stride, is_real);
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

static inline void run(fixture *f, int parts) {
    assert_null(sy_conv_plan_init(&f->desc, parts, &f->plan));
    assert_true(f->plan.parts >= 1 && f->plan.parts <= parts);
    f->packed = guarded_bytes(f->plan.weights_bytes, 8);
    f->workspace = guarded_bytes(f->plan.workspace_bytes, 8);
    const bool is_const = (f->desc.flags & SY_CONV_W_CONST) != 0;
    if (is_const)
        for (int part = 1; part >= 0; part--)
            sy_conv_weights_pack(&f->plan, f->w.data, part, 2, f->packed.data);
    sy_conv_args args = {.x = f->x.data,
        .w = is_const ? f->packed.data : f->w.data,
        .y = f->y.data,
        .workspace = f->workspace.data};
    for (uint32_t i = 0; i < f->desc.n_post; i++)
        args.post_operand[i] = f->post[i].data;
    for (int64_t step = 0; step < f->plan.steps; step++)
        for (int part = f->plan.parts - 1; part >= 0; part--)
            sy_conv_step(&f->plan, &args, step, part);
    guarded_destroy(&f->packed);
    guarded_destroy(&f->workspace);
}

/* What output (n, k, p, q) of this sum should be. */
static inline double expected(const fixture *f, double sum, int64_t n, int64_t k, int64_t p, int64_t q) {
    for (uint32_t i = 0; i < f->desc.n_post; i++) {
        const sy_kernel_post *post = &f->desc.post[i];
        int64_t index = k;
        if (post->kind == SY_KERNEL_POST_ADD)
            index = at(f->desc.y_stride, n, k, p, q);
        if (post->kind == SY_KERNEL_POST_SCALE_ROW)
            index = n;
        const bool has_operand = post_takes_operand(post->kind);
        sum = apply_post(post, sum, has_operand ? get_element(post->dtype, f->post[i].data, index) : 0);
    }
    return sum;
}

static inline void free_fixture(fixture *f) {
    guarded_destroy(&f->x);
    guarded_destroy(&f->w);
    guarded_destroy(&f->y);
    for (uint32_t i = 0; i < f->desc.n_post; i++)
        if (post_takes_operand(f->desc.post[i].kind))
            guarded_destroy(&f->post[i]);
}

static inline void check_element(
    const fixture *f, double sum, unsigned char *want, int64_t n, int64_t k, int64_t p, int64_t q) {
    const sy_conv_desc *d = &f->desc;
    const size_t element = sy_element_bytes(d->dtype_y);
    const int64_t i = at(d->y_stride, n, k, p, q);
    set_element(d->dtype_y, want, i, expected(f, sum, n, k, p, q));
    const double got = get_element(d->dtype_y, f->y.data, i), should = get_element(d->dtype_y, want, i);
    if (isnan(should) && isnan(got))
        memcpy(want + (size_t)i * element, f->y.data + (size_t)i * element, element);
    else if (!(got == should))
        fail_msg(
            "isa %s types %u %u %u path %u parts %d n %lld c %lld h %lld w %lld k %lld r %lld s %lld g %lld "
            "posts %u (%u) at %lld,%lld,%lld,%lld: %g, not %g",
            sy_isa_name(d->isa), d->dtype_x, d->dtype_w, d->dtype_y, f->plan.path, f->plan.parts,
            (long long)d->n, (long long)d->c, (long long)d->h, (long long)d->w, (long long)d->k,
            (long long)d->r, (long long)d->s, (long long)d->groups, d->n_post, d->post[0].kind, (long long)n,
            (long long)k, (long long)p, (long long)q, got, should);
    else if (should == 0)
        set_element(d->dtype_y, want, i, got);
}

/* The sums of all outputs, [n][k][p][q]; the caller's. */
static inline double *fixture_sums(const fixture *f) {
    const sy_conv_desc *d = &f->desc;
    const int64_t x_dim[4] = {d->n, d->c, d->h, d->w}, w_dim[4] = {d->k, d->c / d->groups, d->r, d->s};
    double *x = reference_dense(d->dtype_x, f->x.data, x_dim, d->x_stride);
    double *w = reference_dense(d->dtype_w, f->w.data, w_dim, d->w_stride);
    double *sums = reference_sums(d, x, w);
    free(x);
    free(w);
    return sums;
}

static inline void check_exact(const fixture *f) {
    double *sums = fixture_sums(f), *sum = sums;
    unsigned char *want = malloc(f->y.bytes + 1);
    int64_t dim[4];
    assert_non_null(want);
    memset(want, GUARD, f->y.bytes);
    y_dims(&f->desc, dim);
    assert_int_equal(f->plan.p, dim[2]);
    assert_int_equal(f->plan.q, dim[3]);
    for (int64_t n = 0; n < dim[0]; n++)
        for (int64_t k = 0; k < dim[1]; k++)
            for (int64_t p = 0; p < dim[2]; p++)
                for (int64_t q = 0; q < dim[3]; q++)
                    check_element(f, *sum++, want, n, k, p, q);
    assert_memory_equal(want, f->y.data, f->y.bytes);
    free(sums);
    free(want);
}

/* Element types that go together. */
typedef struct types {
    uint32_t x, w, y;
} types;

static const types all_types[] = {{SY_ELEMENT_F32, SY_ELEMENT_F32, SY_ELEMENT_F32},
    {SY_ELEMENT_F64, SY_ELEMENT_F64, SY_ELEMENT_F64}, {SY_ELEMENT_BF16, SY_ELEMENT_BF16, SY_ELEMENT_BF16},
    {SY_ELEMENT_F16, SY_ELEMENT_F16, SY_ELEMENT_F32}, {SY_ELEMENT_F8E4M3, SY_ELEMENT_F8E5M2, SY_ELEMENT_F16},
    {SY_ELEMENT_S8, SY_ELEMENT_S8, SY_ELEMENT_S32}, {SY_ELEMENT_U8, SY_ELEMENT_S8, SY_ELEMENT_U8},
    {SY_ELEMENT_S8, SY_ELEMENT_S8, SY_ELEMENT_BF16}};
enum { ALL_TYPES = sizeof(all_types) / sizeof(all_types[0]) };

#endif
