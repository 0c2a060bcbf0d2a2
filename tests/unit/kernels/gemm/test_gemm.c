/* sy_gemm against plain loops in f64: every instruction set, type, tail, stride and exact epilogue, bit for
 * bit. */
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

static size_t extent(int64_t rows, int64_t cols, const int64_t stride[2]) {
    return rows > 0 && cols > 0 ? (size_t)((rows - 1) * stride[0] + (cols - 1) * stride[1] + 1) : 0;
}

/* Row-major or column-major, with or without a gap between lines, every second element now and then. */
static void draw_strides(uint64_t *state, int64_t rows, int64_t cols, int64_t out_stride[2]) {
    const int64_t gap = pick(state, 0, 2), step = pick(state, 0, 5) == 0 ? 2 : 1;
    const bool is_transposed = pick(state, 0, 2) == 0;
    out_stride[is_transposed] = ((is_transposed ? rows : cols) + gap) * step;
    out_stride[!is_transposed] = step;
}

static guarded draw_matrix(
    uint64_t *state, uint32_t dtype, int64_t rows, int64_t cols, const int64_t stride[2], bool is_real) {
    guarded one = guarded_create(extent(rows, cols, stride), dtype);
    poison(dtype, one.data, extent(rows, cols, stride));
    for (int64_t i = 0; i < rows; i++)
        for (int64_t j = 0; j < cols; j++)
            set_element(dtype, one.data, i * stride[0] + j * stride[1],
                is_real ? (double)pick(state, -1000000, 1000000) * 1e-6 : small_value(dtype, state));
    return one;
}

static void draw_operands(fixture *f, uint64_t *state, bool is_real) {
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
static void run(fixture *f, int parts) {
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

static double expected(const fixture *f, int64_t i, int64_t j) {
    const sy_gemm_desc *desc = &f->desc;
    double sum = 0;
    for (int64_t p = 0; p < desc->k; p++)
        sum += get_element(desc->dtype_a, f->a.data, i * desc->a_stride[0] + p * desc->a_stride[1]) *
               get_element(desc->dtype_b, f->b.data, p * desc->b_stride[0] + j * desc->b_stride[1]);
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

static void free_fixture(fixture *f) {
    guarded_destroy(&f->a);
    guarded_destroy(&f->b);
    guarded_destroy(&f->c);
    guarded_destroy(&f->d);
    for (uint32_t i = 0; i < f->desc.n_post; i++)
        if (post_takes_operand(f->desc.post[i].kind))
            guarded_destroy(&f->post[i]);
}

/* Every element right to the bit, and every byte between elements of D untouched. */
static void check_exact(const fixture *f) {
    const sy_gemm_desc *desc = &f->desc;
    const size_t element = sy_element_bytes(desc->dtype_d);
    unsigned char *want = malloc(f->d.bytes + 1);
    assert_non_null(want);
    memset(want, GUARD, f->d.bytes);
    for (int64_t i = 0; i < desc->m; i++)
        for (int64_t j = 0; j < desc->n; j++) {
            const int64_t at = i * desc->d_stride[0] + j * desc->d_stride[1];
            set_element(desc->dtype_d, want, at, expected(f, i, j));
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
    free(want);
}

static void draw_desc(uint64_t *state, uint32_t isa, sy_gemm_desc *desc) {
    static const int64_t few[] = {1, 2, 3, 4, 5, 6, 7, 8}, rows[] = {1, 3, 6, 7, 12, 13, 14, 15, 28, 29, 61};
    static const int64_t cols[] = {1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 97};
    static const int64_t depths[] = {0, 1, 2, 3, 15, 16, 17, 63, 64, 65, 130, 385, 520, 1100};
    desc->m = pick(state, 0, 2) ? rows[pick(state, 0, 10)] : few[pick(state, 0, 7)];
    desc->n = pick(state, 0, 3) ? cols[pick(state, 0, 14)] : few[pick(state, 0, 7)];
    desc->k = depths[pick(state, 0, 13)];
    desc->isa = isa;
    desc->flags = pick(state, 0, 2) == 0 ? SY_GEMM_B_CONST : 0;
    draw_strides(state, desc->m, desc->k, desc->a_stride);
    draw_strides(state, desc->k, desc->n, desc->b_stride);
    draw_strides(state, desc->m, desc->n, desc->c_stride);
    draw_strides(state, desc->m, desc->n, desc->d_stride);
    static const double alphas[] = {1, 1, 1, 2, -0.5}, betas[] = {0, 0, 1, -2};
    desc->alpha = alphas[pick(state, 0, 4)];
    desc->beta = betas[pick(state, 0, 3)];
    desc->n_post = draw_posts(state, desc->dtype_d, desc->post);
}

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

static void gemm_is_exact_on_integers(void **unused) {
    (void)unused;
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++)
        for (size_t t = 0; t < sizeof(all_types) / sizeof(all_types[0]); t++) {
            uint64_t state = 1000 * (uint64_t)s + t + 1;
            for (int round = 0; round < (t < 2 ? 150 : 40); round++) {
                fixture f = {.desc = {.dtype_a = all_types[t].a,
                                 .dtype_b = all_types[t].b,
                                 .dtype_c = all_types[t].d,
                                 .dtype_d = all_types[t].d}};
                draw_desc(&state, isas[s], &f.desc);
                draw_operands(&f, &state, false);
                run(&f, (int)pick(&state, 1, 4));
                check_exact(&f);
                free_fixture(&f);
            }
        }
}

/* The kernels of f32 are those of the level, whatever a CPU has besides. */
static bool is_level(uint32_t isa) {
    return (isa & ~SY_ISA_LEVEL_MASK) == 0;
}

/* Beyond every block size: several chunks of B, several blocks of columns, rows and depth. */
static void gemm_is_exact_beyond_all_blocks(void **unused) {
    (void)unused;
    static const int64_t sizes[][3] = {
        {9, 2300, 2100}, {470, 90, 1100}, {3, 4500, 70}, {1, 330, 4700}, {8, 50, 9000}, {4000, 5, 30}};
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++)
        for (size_t i = 0; is_level(isas[s]) && i < sizeof(sizes) / sizeof(sizes[0]); i++)
            for (uint32_t flags = 0; flags < 2; flags++) {
                uint64_t state = i + 7;
                const int64_t m = sizes[i][0], n = sizes[i][1], k = sizes[i][2];
                fixture f = {.desc = {.dtype_a = SY_ELEMENT_F32,
                                 .dtype_b = SY_ELEMENT_F32,
                                 .dtype_c = SY_ELEMENT_F32,
                                 .dtype_d = SY_ELEMENT_F32,
                                 .isa = isas[s],
                                 .flags = flags,
                                 .m = m,
                                 .n = n,
                                 .k = k,
                                 .a_stride = {k, 1},
                                 .b_stride = {n, 1},
                                 .c_stride = {n, 1},
                                 .d_stride = {n, 1},
                                 .alpha = 1}};
                draw_operands(&f, &state, false);
                run(&f, 3);
                check_exact(&f);
                free_fixture(&f);
            }
}

/* The same bits whatever the number of threads, on data where every rounding shows. */
static void gemm_does_not_depend_on_parts(void **unused) {
    (void)unused;
    static const int64_t sizes[][3] = {{131, 203, 700}, {5, 700, 300}, {700, 5, 300}, {40, 40, 3000},
        {1, 700, 301}, {2, 203, 1200}, {3, 2100, 41}};
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++)
        for (size_t i = 0; is_level(isas[s]) && i < 4 * sizeof(sizes) / sizeof(sizes[0]); i++) {
            uint64_t state = i + 1;
            const int64_t m = sizes[i / 4][0], n = sizes[i / 4][1], k = sizes[i / 4][2];
            fixture f = {.desc = {.dtype_a = SY_ELEMENT_F32,
                             .dtype_b = SY_ELEMENT_F32,
                             .dtype_c = SY_ELEMENT_F32,
                             .dtype_d = SY_ELEMENT_F32,
                             .isa = isas[s],
                             .flags = i % 2 ? SY_GEMM_B_CONST : 0,
                             .m = m,
                             .n = n,
                             .k = k,
                             .a_stride = {k, 1},
                             .b_stride = {n, 1},
                             .c_stride = {n, 1},
                             .d_stride = {n, 1},
                             .alpha = 1}};
            if (i % 4 >= 2) {
                f.desc.b_stride[0] = 1;
                f.desc.b_stride[1] = k;
            }
            draw_operands(&f, &state, true);
            run(&f, 1);
            float *alone = malloc(f.d.bytes);
            assert_non_null(alone);
            memcpy(alone, f.d.data, f.d.bytes);
            for (int parts = 2; parts <= 7; parts++) {
                memset(f.d.data, GUARD, f.d.bytes);
                run(&f, parts);
                assert_true(f.plan.parts > 1);
                assert_memory_equal(alone, f.d.data, f.d.bytes);
            }
            for (int64_t e = 0; e < m * n; e++) {
                const double want = expected(&f, e / n, e % n);
                assert_true(fabs((double)alone[e] - want) <= 1e-7 * 8 * sqrt((double)k) * sqrt((double)k));
            }
            free(alone);
            free_fixture(&f);
        }
}

static void gemm_propagates_nan_and_infinity(void **unused) {
    (void)unused;
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++)
        for (int64_t m = 1; m <= 20; m += 19) {
            uint64_t state = 5;
            fixture f = {.desc = {.dtype_a = SY_ELEMENT_F32,
                             .dtype_b = SY_ELEMENT_F32,
                             .dtype_c = SY_ELEMENT_F32,
                             .dtype_d = SY_ELEMENT_F32,
                             .isa = isas[s],
                             .m = m,
                             .n = 37,
                             .k = 20,
                             .a_stride = {20, 1},
                             .b_stride = {37, 1},
                             .c_stride = {37, 1},
                             .d_stride = {37, 1},
                             .alpha = 1,
                             .n_post = 2,
                             .post = {{.kind = SY_KERNEL_POST_RELU},
                                 {.kind = SY_KERNEL_POST_CLIP, .a = -9, .b = INFINITY}}}};
            draw_operands(&f, &state, false);
            for (int64_t p = 0; p < 20; p++)
                set_element(SY_ELEMENT_F32, f.a.data, (m - 1) * 20 + p, 1);
            set_element(SY_ELEMENT_F32, f.b.data, 3 * 37 + 36, (double)NAN);
            set_element(SY_ELEMENT_F32, f.b.data, 3 * 37 + 2, (double)INFINITY);
            run(&f, 1);
            assert_true(isnan(get_element(SY_ELEMENT_F32, f.d.data, (m - 1) * 37 + 36)));
            assert_true(get_element(SY_ELEMENT_F32, f.d.data, (m - 1) * 37 + 2) == (double)INFINITY);
            assert_true(isfinite(get_element(SY_ELEMENT_F32, f.d.data, (m - 1) * 37 + 1)));
            free_fixture(&f);
        }
}

/* C and the residual may be D itself, even over several blocks of k. */
static void gemm_works_in_place(void **unused) {
    (void)unused;
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++) {
        uint64_t state = 11;
        fixture f = {.desc = {.dtype_a = SY_ELEMENT_F32,
                         .dtype_b = SY_ELEMENT_F32,
                         .dtype_c = SY_ELEMENT_F32,
                         .dtype_d = SY_ELEMENT_F32,
                         .isa = isas[s],
                         .m = 33,
                         .n = 70,
                         .k = 1300,
                         .a_stride = {1300, 1},
                         .b_stride = {70, 1},
                         .c_stride = {70, 1},
                         .d_stride = {70, 1},
                         .alpha = 1,
                         .beta = 2,
                         .n_post = 1,
                         .post = {{.kind = SY_KERNEL_POST_ADD, .dtype = SY_ELEMENT_F32}}}};
        draw_operands(&f, &state, false);
        f.desc.post[0].stride[0] = 70;
        float want[33 * 70];
        memcpy(f.post[0].data, f.c.data, f.c.bytes);
        for (int64_t e = 0; e < 33 * 70; e++)
            want[e] = (float)expected(&f, e / 70, e % 70);
        memcpy(f.d.data, f.c.data, f.c.bytes);
        assert_null(sy_gemm_plan_init(&f.desc, 1, &f.plan));
        f.workspace = guarded_bytes(f.plan.workspace_bytes, 8);
        f.args = (sy_gemm_args){.a = f.a.data,
            .b = f.b.data,
            .c = f.d.data,
            .d = f.d.data,
            .post_operand = {f.d.data},
            .workspace = f.workspace.data};
        sy_gemm_run(&f.plan, &f.args);
        assert_memory_equal(want, f.d.data, sizeof(want));
        guarded_destroy(&f.workspace);
        free_fixture(&f);
    }
}

/* Wrap-around of s32 sums is defined, and needs no more than 2^31 to show. */
static void gemm_s32_sums_wrap(void **unused) {
    (void)unused;
    enum { DEPTH = 40000 };
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++) {
        static uint8_t a[DEPTH], b[DEPTH];
        int32_t d = 0;
        memset(a, 255, sizeof(a));
        memset(b, 255, sizeof(b));
        const sy_gemm_desc desc = {.dtype_a = SY_ELEMENT_U8,
            .dtype_b = SY_ELEMENT_U8,
            .dtype_d = SY_ELEMENT_S32,
            .isa = isas[s],
            .m = 1,
            .n = 1,
            .k = DEPTH,
            .a_stride = {DEPTH, 1},
            .b_stride = {1, 1},
            .d_stride = {1, 1},
            .alpha = 1};
        sy_gemm_plan plan;
        assert_null(sy_gemm_plan_init(&desc, 1, &plan));
        void *workspace = malloc(plan.workspace_bytes);
        assert_non_null(workspace);
        const sy_gemm_args args = {.a = a, .b = b, .d = &d, .workspace = workspace};
        sy_gemm_run(&plan, &args);
        assert_int_equal((uint32_t)d, (uint32_t)(UINT64_C(65025) * DEPTH));
        free(workspace);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(gemm_is_exact_on_integers),
        cmocka_unit_test(gemm_is_exact_beyond_all_blocks), cmocka_unit_test(gemm_does_not_depend_on_parts),
        cmocka_unit_test(gemm_propagates_nan_and_infinity), cmocka_unit_test(gemm_works_in_place),
        cmocka_unit_test(gemm_s32_sums_wrap)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
