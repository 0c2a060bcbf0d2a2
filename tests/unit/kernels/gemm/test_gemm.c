/* sy_gemm against plain loops in f64: every instruction set, type, tail, stride and exact epilogue, bit for
 * bit. */
#include "tests/support/slow.h"
#include "tests/unit/kernels/gemm/fixture.h"

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

static void gemm_is_exact_on_integers(void **unused) {
    (void)unused;
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++)
        for (size_t t = 0; t < sizeof(all_types) / sizeof(all_types[0]); t++) {
            uint64_t state = 1000 * (uint64_t)s + t + 1;
            for (int round = 0; round < (t < 2 ? 150 : 40) / slow_step(SLOW_ADDRESS | SLOW_EMULATOR, 4);
                 round++) {
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
    const bool is_slow = slow_step(SLOW_ADDRESS | SLOW_EMULATOR, 2) > 1;
    for (int s = 0; s < n_isas; s++)
        for (size_t i = 0; is_level(isas[s]) && i < sizeof(sizes) / sizeof(sizes[0]); i++)
            for (uint32_t flags = is_slow ? i % 2 : 0; flags < 2; flags += is_slow ? 2 : 1) {
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

/* One to four rows over panels in pairs and alone, with and without what follows the sums. */
static void gemm_of_few_rows_is_exact(void **unused) {
    (void)unused;
    static const int64_t cols[] = {1, 15, 16, 31, 32, 33, 64, 97, 160}, depths[] = {1, 2, 3, 4, 5, 70, 2100};
    enum { COLS = sizeof(cols) / sizeof(cols[0]), DEPTHS = sizeof(depths) / sizeof(depths[0]) };
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++)
        for (int i = 0; is_level(isas[s]) && i < 4 * 2 * COLS * DEPTHS;
             i += slow_step(SLOW_ADDRESS | SLOW_EMULATOR, 5)) {
            uint64_t state = (uint64_t)i + 1;
            const int64_t m = 1 + i % 4, n = cols[i / 8 % COLS], k = depths[i / 8 / COLS];
            fixture f = {.desc = {.dtype_a = SY_ELEMENT_F32,
                             .dtype_b = SY_ELEMENT_F32,
                             .dtype_c = SY_ELEMENT_F32,
                             .dtype_d = SY_ELEMENT_F32,
                             .isa = isas[s],
                             .flags = SY_GEMM_B_CONST,
                             .m = m,
                             .n = n,
                             .k = k,
                             .a_stride = {k, 1},
                             .b_stride = {n, 1},
                             .c_stride = {n, 1},
                             .d_stride = {n, 1},
                             .alpha = 1,
                             .beta = i / 4 % 2}};
            draw_operands(&f, &state, false);
            run(&f, 2);
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
        for (size_t i = 0; is_level(isas[s]) && i < 4 * sizeof(sizes) / sizeof(sizes[0]);
             i += (size_t)slow_step(SLOW_ADDRESS | SLOW_EMULATOR, 3)) {
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
            for (int parts = 2; parts <= 7; parts += slow_step(SLOW_ADDRESS | SLOW_EMULATOR, 5)) {
                memset(f.d.data, GUARD, f.d.bytes);
                run(&f, parts);
                assert_true(f.plan.parts > 1);
                assert_memory_equal(alone, f.d.data, f.d.bytes);
            }
            double *sums = fixture_sums(&f);
            for (int64_t e = 0; e < m * n; e++) {
                const double want = expected(&f, sums[e], e / n, e % n);
                assert_true(fabs((double)alone[e] - want) <= 1e-7 * 8 * sqrt((double)k) * sqrt((double)k));
            }
            free(sums);
            free(alone);
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
        double *sums = fixture_sums(&f);
        for (int64_t e = 0; e < 33 * 70; e++)
            want[e] = (float)expected(&f, sums[e], e / 70, e % 70);
        free(sums);
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
        cmocka_unit_test(gemm_is_exact_beyond_all_blocks), cmocka_unit_test(gemm_of_few_rows_is_exact),
        cmocka_unit_test(gemm_does_not_depend_on_parts), cmocka_unit_test(gemm_works_in_place),
        cmocka_unit_test(gemm_s32_sums_wrap)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
