/* A product under test: drawn operands between guard zones, plain loops in f64, comparison bit for bit. */
#ifndef TESTS_UNIT_KERNELS_GEMM_FIXTURE_H
#define TESTS_UNIT_KERNELS_GEMM_FIXTURE_H

#include "kernels/gemm/gemm.h"
#include "tests/unit/kernels/gemm/elements.h"

#include <stdio.h>

/* A problem with its operands. Posts' operands lie m x n dense, or as vectors with stride 2. */
typedef struct fixture {
    sy_gemm_desc desc;
    sy_gemm_plan plan;
    sy_gemm_args args;
    guarded a, b, c, d, packed, workspace, post[SY_KERNEL_MAX_POSTS];
} fixture;

static inline size_t extent(int64_t rows, int64_t cols, const int64_t stride[2]) {
    return rows > 0 && cols > 0 ? (size_t)((rows - 1) * stride[0] + (cols - 1) * stride[1] + 1) : 0;
}

/* Row-major or column-major, with or without a gap between lines, every second element now and then. */
static inline void draw_strides(uint64_t *state, int64_t rows, int64_t cols, int64_t out_stride[2]) {
    const int64_t gap = pick(state, 0, 2), step = pick(state, 0, 5) == 0 ? 2 : 1;
    const bool is_transposed = pick(state, 0, 2) == 0;
    out_stride[is_transposed] = ((is_transposed ? rows : cols) + gap) * step;
    out_stride[!is_transposed] = step;
}

static inline guarded draw_matrix(
    uint64_t *state, uint32_t dtype, int64_t rows, int64_t cols, const int64_t stride[2], bool is_real) {
    guarded one = guarded_create(extent(rows, cols, stride), dtype);
    poison(dtype, one.data, extent(rows, cols, stride));
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < cols; j++)
            set_element(dtype, one.data, i * stride[0] + j * stride[1],
                is_real ? (double)pick(state, -1000000, 1000000) * 1e-6 : small_value(dtype, state));
    return one;
}

static inline void draw_operands(fixture *f, uint64_t *state, bool is_real) {
    sy_gemm_desc *desc = &f->desc;
    f->a = draw_matrix(state, desc->dtype_a, desc->m, desc->k, desc->a_stride, is_real);
    f->b = draw_matrix(state, desc->dtype_b, desc->k, desc->n, desc->b_stride, is_real);
    f->c = draw_matrix(state, desc->dtype_c, desc->m, desc->n, desc->c_stride, is_real);
    if (desc->beta == 0)
        poison(desc->dtype_c, f->c.data, f->c.bytes / sy_element_bytes(desc->dtype_c));
    f->d = guarded_create(extent(desc->m, desc->n, desc->d_stride), desc->dtype_d);
    for (uint32_t i = 0; i < desc->n_post; i++) {
        sy_kernel_post *post = &desc->post[i];
        if (!post_takes_operand(post->kind))
            continue;
        post->stride[0] = post->kind == SY_KERNEL_POST_ADD ? desc->n + 1 : 2;
        post->stride[1] = post->kind == SY_KERNEL_POST_ADD ? 1 : 2;
        const int64_t rows =
            post->kind == SY_KERNEL_POST_SCALE_ROW || post->kind == SY_KERNEL_POST_ADD ? desc->m : 1;
        const int64_t cols = post->kind == SY_KERNEL_POST_SCALE_ROW ? 1 : desc->n;
        f->post[i] = draw_matrix(state, post->dtype, rows, cols, post->stride, false);
    }
}

/* Plan for `parts`, pack if B is constant, and run all shares, the last first. */
static inline void run(fixture *f, int parts) {
    assert_null(sy_gemm_plan_init(&f->desc, parts, &f->plan));
    assert_true(f->plan.parts >= 1 && f->plan.parts <= parts);
    f->packed = guarded_bytes(f->plan.weights_bytes, 8);
    f->workspace = guarded_bytes(f->plan.workspace_bytes, 8);
    const bool is_const = (f->desc.flags & SY_GEMM_B_CONST) != 0;
    if (is_const)
        for (int part = 2; part >= 0; part--)
            sy_gemm_weights_pack(&f->plan, f->b.data, part, 3, f->packed.data);
    f->args = (sy_gemm_args){.a = f->a.data,
        .b = is_const ? f->packed.data : f->b.data,
        .c = f->c.data,
        .d = f->d.data,
        .workspace = f->workspace.data};
    for (uint32_t i = 0; i < f->desc.n_post; i++)
        f->args.post_operand[i] = f->post[i].data;
    for (int64_t step = 0; step < f->plan.steps; step++)
        for (int part = f->plan.parts - 1; part >= 0; part--)
            sy_gemm_step(&f->plan, &f->args, step, part);
    guarded_destroy(&f->packed);
    guarded_destroy(&f->workspace);
}

/* A matrix as f64, row by row; the caller's. */
static inline double *to_dense(
    uint32_t dtype, const void *data, int64_t rows, int64_t cols, const int64_t stride[2]) {
    double *out = malloc((size_t)(rows * cols + 1) * sizeof *out), *to = out;
    assert_non_null(out);
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < cols; j++)
            *to++ = get_element(dtype, data, i * stride[0] + j * stride[1]);
    return out;
}

/* The sums of A B in f64, [m][n], each over k in its order; the caller's. */
static inline double *fixture_sums(const fixture *f) {
    const sy_gemm_desc *desc = &f->desc;
    double *a = to_dense(desc->dtype_a, f->a.data, desc->m, desc->k, desc->a_stride);
    double *b = to_dense(desc->dtype_b, f->b.data, desc->k, desc->n, desc->b_stride);
    double *sums = calloc((size_t)(desc->m * desc->n) + 1, sizeof *sums);
    assert_non_null(sums);
    for (int64_t i = 0; i < desc->m * desc->k; i++) {
        const double factor = a[i], *from = b + i % desc->k * desc->n;
        double *sum = sums + i / desc->k * desc->n;
        for (int64_t left = desc->n; left > 0; left--)
            *sum++ += factor * *from++;
    }
    free(a);
    free(b);
    return sums;
}

/* What element (i, j) of this sum should be. */
static inline double expected(const fixture *f, double sum, int64_t i, int64_t j) {
    const sy_gemm_desc *desc = &f->desc;
    sum *= desc->alpha;
    if (desc->beta != 0)
        sum +=
            desc->beta * get_element(desc->dtype_c, f->c.data, i * desc->c_stride[0] + j * desc->c_stride[1]);
    for (uint32_t s = 0; s < desc->n_post; s++) {
        const sy_kernel_post *post = &desc->post[s];
        int64_t at = i * post->stride[0] + j * post->stride[1];
        if (post->kind == SY_KERNEL_POST_SCALE_ROW)
            at = i * post->stride[0];
        if (post->kind == SY_KERNEL_POST_BIAS || post->kind == SY_KERNEL_POST_SCALE_COL)
            at = j * post->stride[1];
        sum = apply_post(
            post, sum, post_takes_operand(post->kind) ? get_element(post->dtype, f->post[s].data, at) : 0);
    }
    return sum;
}

static inline void free_fixture(fixture *f) {
    guarded_destroy(&f->a);
    guarded_destroy(&f->b);
    guarded_destroy(&f->c);
    guarded_destroy(&f->d);
    for (uint32_t i = 0; i < f->desc.n_post; i++)
        if (post_takes_operand(f->desc.post[i].kind))
            guarded_destroy(&f->post[i]);
}

/* Every element right to the bit, and every byte between elements of D untouched. */
static inline void check_exact(const fixture *f) {
    const sy_gemm_desc *desc = &f->desc;
    const size_t element = sy_element_bytes(desc->dtype_d);
    double *sums = fixture_sums(f);
    unsigned char *want = malloc(f->d.bytes + 1);
    assert_non_null(want);
    memset(want, GUARD, f->d.bytes);
    for (int64_t i = 0; i < desc->m; i++)
        for (int64_t j = 0; j < desc->n; j++) {
            const int64_t at = i * desc->d_stride[0] + j * desc->d_stride[1];
            set_element(desc->dtype_d, want, at, expected(f, sums[i * desc->n + j], i, j));
            const double got = get_element(desc->dtype_d, f->d.data, at),
                         should = get_element(desc->dtype_d, want, at);
            if (isnan(should) && isnan(got))
                memcpy(want + (size_t)at * element, f->d.data + (size_t)at * element, element);
            if (!isnan(should) && !(got == should))
                fail_msg("isa %s a %u b %u d %u m %lld n %lld k %lld path %u parts %d posts %u (%u) at "
                         "%lld,%lld: %g, not %g",
                    sy_isa_name(desc->isa), desc->dtype_a, desc->dtype_b, desc->dtype_d, (long long)desc->m,
                    (long long)desc->n, (long long)desc->k, f->plan.path, f->plan.parts, desc->n_post,
                    desc->post[0].kind, (long long)i, (long long)j, got, should);
            if (should == 0)
                set_element(desc->dtype_d, want, at, got);
        }
    assert_memory_equal(want, f->d.data, f->d.bytes);
    free(sums);
    free(want);
}

/* Element types that go together, of every kind. */
typedef struct types {
    uint32_t a, b, d;
} types;

static const types all_types[] = {{SY_ELEMENT_F32, SY_ELEMENT_F32, SY_ELEMENT_F32},
    {SY_ELEMENT_F64, SY_ELEMENT_F64, SY_ELEMENT_F64}, {SY_ELEMENT_F32, SY_ELEMENT_F32, SY_ELEMENT_BF16},
    {SY_ELEMENT_BF16, SY_ELEMENT_BF16, SY_ELEMENT_BF16}, {SY_ELEMENT_BF16, SY_ELEMENT_BF16, SY_ELEMENT_F32},
    {SY_ELEMENT_F16, SY_ELEMENT_F16, SY_ELEMENT_F16}, {SY_ELEMENT_F16, SY_ELEMENT_F8E5M2, SY_ELEMENT_F32},
    {SY_ELEMENT_F8E4M3, SY_ELEMENT_F8E4M3, SY_ELEMENT_BF16},
    {SY_ELEMENT_F8E5M2, SY_ELEMENT_F8E4M3, SY_ELEMENT_F8E4M3},
    {SY_ELEMENT_F32, SY_ELEMENT_BF16, SY_ELEMENT_F8E5M2}, {SY_ELEMENT_S8, SY_ELEMENT_S8, SY_ELEMENT_S32},
    {SY_ELEMENT_U8, SY_ELEMENT_S8, SY_ELEMENT_S32}, {SY_ELEMENT_S8, SY_ELEMENT_S8, SY_ELEMENT_S8},
    {SY_ELEMENT_S8, SY_ELEMENT_U8, SY_ELEMENT_U8}, {SY_ELEMENT_S8, SY_ELEMENT_S8, SY_ELEMENT_F16},
    {SY_ELEMENT_U8, SY_ELEMENT_U8, SY_ELEMENT_F32}};

#endif
