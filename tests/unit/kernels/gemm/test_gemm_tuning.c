/* What a tuner may ask for: every choice gives the right result, choices that do not fit are refused, and the
 * depth in slices adds up. */
#include "kernels/gemm/gemm.h"
#include "kernels/gemm/gemm_kernel.h"
#include "tests/unit/kernels/gemm/elements.h"

/* A product of small integers, whose result is exact whatever the order of its sums. */
typedef struct fixture {
    sy_gemm_desc desc;
    guarded a, b, d;
} fixture;

static fixture make(
    uint32_t isa, uint32_t dtype, uint32_t dtype_d, int64_t m, int64_t n, int64_t k, uint32_t flags) {
    fixture f = {.desc = {.dtype_a = dtype,
                     .dtype_b = dtype,
                     .dtype_d = dtype_d,
                     .isa = isa,
                     .flags = flags,
                     .m = m,
                     .n = n,
                     .k = k,
                     .a_stride = {k + 3, 1},
                     .b_stride = {n + 1, 1},
                     .d_stride = {n + 2, 1},
                     .alpha = 1}};
    uint64_t state = 77;
    f.a = guarded_create((size_t)(m * (k + 3)), dtype);
    f.b = guarded_create((size_t)(k * (n + 1)), dtype);
    f.d = guarded_create((size_t)(m * (n + 2)), dtype_d);
    for (int64_t i = 0; i < m * (k + 3); i++)
        set_element(dtype, f.a.data, i, small_value(dtype, &state));
    for (int64_t i = 0; i < k * (n + 1); i++)
        set_element(dtype, f.b.data, i, small_value(dtype, &state));
    return f;
}

static void destroy(fixture *f) {
    guarded_destroy(&f->a);
    guarded_destroy(&f->b);
    guarded_destroy(&f->d);
}

/* Plan, pack, run with the last part first, compare every element, return the plan. */
static sy_gemm_plan run(fixture *f, int parts) {
    sy_gemm_desc *desc = &f->desc;
    sy_gemm_plan plan;
    const char *why = sy_gemm_plan_init(desc, parts, &plan);
    if (why)
        fail_msg("m %d n %d k %d: %s", (int)desc->m, (int)desc->n, (int)desc->k, why);
    guarded workspace = guarded_bytes(plan.workspace_bytes, 8), packed = guarded_bytes(plan.weights_bytes, 8);
    sy_gemm_args args = {.a = f->a.data, .b = f->b.data, .d = f->d.data, .workspace = workspace.data};
    if (desc->flags & SY_GEMM_B_CONST) {
        sy_gemm_weights_pack(&plan, f->b.data, 0, 1, packed.data);
        args.b = packed.data;
    }
    memset(f->d.data, 0x7f, f->d.bytes);
    for (int64_t step = 0; step < plan.steps; step++)
        for (int part = plan.parts - 1; part >= 0; part--)
            sy_gemm_step(&plan, &args, step, part);
    for (int64_t i = 0; i < desc->m; i++)
        for (int64_t j = 0; j < desc->n; j++) {
            double sum = 0;
            for (int64_t p = 0; p < desc->k; p++)
                sum += get_element(desc->dtype_a, f->a.data, i * desc->a_stride[0] + p) *
                       get_element(desc->dtype_b, f->b.data, p * desc->b_stride[0] + j);
            const double got = get_element(desc->dtype_d, f->d.data, i * desc->d_stride[0] + j);
            if (got != sum)
                fail_msg("isa %x type %u path %u slices %d at %d,%d: %g, not %g", desc->isa, desc->dtype_a,
                    plan.path, plan.slices, (int)i, (int)j, got, sum);
        }
    guarded_destroy(&workspace);
    guarded_destroy(&packed);
    return plan;
}

/* Few tiles and a long depth: cut in slices, by the same number for any number of threads. */
static void long_depth_is_cut_in_slices(void **unused) {
    (void)unused;
    static const uint32_t types[][2] = {{SY_ELEMENT_F32, SY_ELEMENT_F32}, {SY_ELEMENT_BF16, SY_ELEMENT_F32},
        {SY_ELEMENT_F64, SY_ELEMENT_F64}, {SY_ELEMENT_S8, SY_ELEMENT_S32}};
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    int sliced = 0;
    for (int s = 0; s < n_isas; s++)
        for (size_t t = 0; t < 4; t++)
            for (uint32_t flags = 0; flags <= SY_GEMM_B_CONST; flags++) {
                fixture f = make(isas[s], types[t][0], types[t][1], 13, 19, 9001, flags);
                sy_gemm_plan one = run(&f, 1), five = run(&f, 5);
                assert_int_equal(one.slices, five.slices);
                assert_true(five.slices == 1 || five.parts > 1);
                sliced += one.slices > 1;
                destroy(&f);
            }
    assert_true(sliced > 0);
}

static void slices_keep_the_epilogue(void **unused) {
    (void)unused;
    fixture f = make(SY_ISA_GENERIC, SY_ELEMENT_F32, SY_ELEMENT_F32, 2, 3, 9000, SY_GEMM_B_CONST);
    sy_gemm_plan plain, with;
    assert_null(sy_gemm_plan_init(&f.desc, 3, &plain));
    assert_true(plain.slices > 1);
    const float bias[3] = {1, -2, 1e9f};
    float want[8], got[8];
    f.desc.n_post = 2;
    f.desc.post[0] = (sy_kernel_post){.kind = SY_KERNEL_POST_BIAS, .dtype = SY_ELEMENT_F32, .stride = {0, 1}};
    f.desc.post[1] = (sy_kernel_post){.kind = SY_KERNEL_POST_RELU};
    assert_null(sy_gemm_plan_init(&f.desc, 3, &with));
    void *packed = malloc(with.weights_bytes), *workspace = malloc(with.workspace_bytes);
    assert_non_null(packed);
    assert_non_null(workspace);
    sy_gemm_weights_pack(&with, f.b.data, 0, 1, packed);
    sy_gemm_args args = {.a = f.a.data, .b = packed, .d = want, .workspace = workspace};
    f.desc.d_stride[0] = plain.desc.d_stride[0] = with.desc.d_stride[0] = 4;
    sy_gemm_run(&plain, &args);
    args.d = got;
    args.post_operand[0] = bias;
    sy_gemm_run(&with, &args);
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 3; j++)
            assert_true(got[i * 4 + j] == fmaxf(want[i * 4 + j] + bias[j], 0));
    free(packed);
    free(workspace);
    destroy(&f);
}

/* Every combination of choices that the plan accepts gives the same exact result. */
static void every_choice_is_right(void **unused) {
    (void)unused;
    static const uint32_t types[][2] = {
        {SY_ELEMENT_F32, SY_ELEMENT_F32}, {SY_ELEMENT_BF16, SY_ELEMENT_F32}, {SY_ELEMENT_U8, SY_ELEMENT_S32}};
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    int accepted = 0;
    for (int s = 0; s < n_isas; s++)
        for (int t = 0; t < 3; t++) {
            uint64_t state = 5;
            for (int round = 0; round < 60; round++) {
                fixture f = make(isas[s], types[t][0], types[t][1], pick(&state, 1, 70), pick(&state, 1, 90),
                    pick(&state, 1, 300), (uint32_t)pick(&state, 0, 1));
                f.desc.tuning = (sy_gemm_tuning){.path = (uint32_t)pick(&state, 0, 4),
                    .a_form = (uint32_t)pick(&state, 0, 2),
                    .slices = (int32_t)pick(&state, 0, 3),
                    .block_units = pick(&state, 0, 3) * 17,
                    .block_panels = pick(&state, 0, 2),
                    .block_n = pick(&state, 0, 2) * 32};
                if (pick(&state, 0, 1))
                    f.desc.tuning.parts_m = (int32_t)pick(&state, 1, 3), f.desc.tuning.parts_n = 1;
                sy_gemm_plan plan;
                if (!sy_gemm_plan_init(&f.desc, 4, &plan)) {
                    run(&f, 4);
                    accepted++;
                }
                destroy(&f);
            }
        }
    assert_true(accepted > 30 * n_isas);
}

static void refuse(sy_gemm_tuning tuning, const char *words) {
    fixture f = make(SY_ISA_GENERIC, SY_ELEMENT_F32, SY_ELEMENT_F32, 40, 40, 40, SY_GEMM_B_CONST);
    f.desc.tuning = tuning;
    sy_gemm_plan plan;
    const char *why = sy_gemm_plan_init(&f.desc, 4, &plan);
    assert_non_null(why);
    if (!strstr(why, words))
        fail_msg("\"%s\" does not say \"%s\"", why, words);
    assert_int_equal(plan.steps, 0);
    destroy(&f);
}

static void what_does_not_fit_is_refused(void **unused) {
    (void)unused;
    refuse((sy_gemm_tuning){.path = SY_GEMM_PATH_FUSED}, "does not fit the operands");
    refuse((sy_gemm_tuning){.path = 99}, "does not fit the operands");
    refuse((sy_gemm_tuning){.a_form = 3}, "does not fit the operands");
    refuse((sy_gemm_tuning){.slices = -1}, "negative");
    refuse((sy_gemm_tuning){.parts_m = 2}, "more shares");
    refuse((sy_gemm_tuning){.parts_m = 2, .parts_n = 3}, "more shares");
    refuse((sy_gemm_tuning){.slices = 41}, "so many slices");
    refuse((sy_gemm_tuning){.block_units = 41}, "deeper");
    refuse((sy_gemm_tuning){.block_panels = 11}, "more panels");
    refuse((sy_gemm_tuning){.block_n = 7}, "narrower");
    refuse((sy_gemm_tuning){.block_n = INT64_C(1) << 40}, "narrower");
}

/* Names and numbers of the table's rows: what the tiles assume of their panels. */
static void rows_of_the_table_are_sane(void **unused) {
    (void)unused;
    size_t count = 0;
    for (const gemm_kernel *row; (row = gemm_kernel_at(count)) != NULL; count++) {
        assert_true(row->rows >= 1 && row->rows <= 14 && row->cols >= 1 && row->cols <= 64);
        assert_true(row->block_n % row->cols == 0 && row->block_units > 0 && row->block_panels > 0);
        assert_int_equal(row->a.group, row->b.group);
        assert_int_equal(row->a.header, row->b.header);
        assert_non_null(row->tile);
        assert_non_null(row->finish);
        assert_non_null(row->a.interleave);
        assert_non_null(row->b.interleave);
        for (size_t other = 0; other < count; other++)
            assert_string_not_equal(row->name, gemm_kernel_at(other)->name);
    }
    assert_true(count >= 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(long_depth_is_cut_in_slices),
        cmocka_unit_test(slices_keep_the_epilogue), cmocka_unit_test(every_choice_is_right),
        cmocka_unit_test(what_does_not_fit_is_refused), cmocka_unit_test(rows_of_the_table_are_sane)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
