/* What is not a number, what is not there: NaN and infinities in every floating type, C that beta = 0 leaves
 * unread, sums over no depth; on every instruction set. */
#include "tests/unit/kernels/gemm/fixture.h"

/* Dense, row-major. */
static sy_gemm_desc dense(const types *of, uint32_t isa, uint32_t flags, int64_t m, int64_t n, int64_t k) {
    return (sy_gemm_desc){.dtype_a = of->a,
        .dtype_b = of->b,
        .dtype_c = of->d,
        .dtype_d = of->d,
        .isa = isa,
        .flags = flags,
        .m = m,
        .n = n,
        .k = k,
        .a_stride = {k, 1},
        .b_stride = {n, 1},
        .c_stride = {n, 1},
        .d_stride = {n, 1},
        .alpha = 1};
}

static bool has_infinity(uint32_t dtype) {
    return dtype != SY_ELEMENT_F8E4M3;
}

/* One in the last row of A and column 3 of B, so that nothing else decides; a zero meets an infinity in
 * column 4, two infinities of opposite signs meet in column 5. */
static void spoil(fixture *f) {
    const int64_t m = f->desc.m, n = f->desc.n, k = f->desc.k;
    const uint32_t a = f->desc.dtype_a, b = f->desc.dtype_b;
    for (int64_t p = 0; p < k; p++) {
        set_element(a, f->a.data, (m - 1) * k + p, p == 9 ? 0 : 1);
        set_element(b, f->b.data, p * n + 3, 1);
    }
    set_element(b, f->b.data, 3 * n + n - 1, (double)NAN);
    if (has_infinity(b)) {
        set_element(b, f->b.data, 3 * n + 2, (double)INFINITY);
        set_element(b, f->b.data, 7 * n, -(double)INFINITY);
        set_element(b, f->b.data, 9 * n + 4, (double)INFINITY);
        set_element(b, f->b.data, 3 * n + 5, (double)INFINITY);
        set_element(b, f->b.data, 8 * n + 5, -(double)INFINITY);
    }
    if (m > 1)
        set_element(a, f->a.data, k - 1, (double)NAN);
    if (m > 2 && has_infinity(a))
        set_element(a, f->a.data, k + k - 1, (double)INFINITY);
}

/* The reference has what it should where it matters: else the comparison proves nothing. */
static void check_last_row(const fixture *f) {
    const int64_t last = f->desc.m - 1, n = f->desc.n;
    const uint32_t d = f->desc.dtype_d;
    const void *out = f->d.data;
    assert_true(isnan(get_element(d, out, last * n + n - 1)));
    assert_true(isfinite(get_element(d, out, last * n + 3)));
    if (has_infinity(f->desc.dtype_b)) {
        assert_true(get_element(d, out, last * n + 2) == (double)INFINITY);
        assert_true(get_element(d, out, last * n) == -9);
        assert_true(isnan(get_element(d, out, last * n + 4)));
        assert_true(isnan(get_element(d, out, last * n + 5)));
    }
    if (last > 0)
        assert_true(isnan(get_element(d, out, 3)));
    if (last > 1 && has_infinity(f->desc.dtype_a))
        assert_true(get_element(d, out, n + 3) == (double)INFINITY);
}

static void check_special(const types *of, uint32_t isa, uint32_t flags, int64_t m) {
    uint64_t state = 5;
    fixture f = {.desc = dense(of, isa, flags, m, 37, 20)};
    f.desc.n_post = 1;
    f.desc.post[0] = (sy_kernel_post){.kind = SY_KERNEL_POST_CLIP, .a = -9, .b = INFINITY};
    draw_operands(&f, &state, false);
    spoil(&f);
    run(&f, 1);
    check_exact(&f);
    check_last_row(&f);
    free_fixture(&f);
}

static void gemm_propagates_nan_and_infinity(void **unused) {
    (void)unused;
    static const types floats[] = {{SY_ELEMENT_F32, SY_ELEMENT_F32, SY_ELEMENT_F32},
        {SY_ELEMENT_F64, SY_ELEMENT_F64, SY_ELEMENT_F64}, {SY_ELEMENT_BF16, SY_ELEMENT_BF16, SY_ELEMENT_BF16},
        {SY_ELEMENT_BF16, SY_ELEMENT_BF16, SY_ELEMENT_F32}, {SY_ELEMENT_F16, SY_ELEMENT_F16, SY_ELEMENT_F16},
        {SY_ELEMENT_F16, SY_ELEMENT_F16, SY_ELEMENT_F32}, {SY_ELEMENT_F32, SY_ELEMENT_BF16, SY_ELEMENT_F32},
        {SY_ELEMENT_F32, SY_ELEMENT_F16, SY_ELEMENT_F16},
        {SY_ELEMENT_F8E5M2, SY_ELEMENT_F8E5M2, SY_ELEMENT_F32},
        {SY_ELEMENT_F8E4M3, SY_ELEMENT_F8E4M3, SY_ELEMENT_BF16}};
    static const int64_t heights[] = {1, 2, 3, 7, 20};
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++)
        for (size_t t = 0; t < sizeof(floats) / sizeof(floats[0]); t++)
            for (size_t h = 0; h < sizeof(heights) / sizeof(heights[0]); h++) {
                check_special(&floats[t], isas[s], 0, heights[h]);
                check_special(&floats[t], isas[s], SY_GEMM_B_CONST, heights[h]);
            }
}

/* The posts that keep NaN and infinity are tested apart (test_gemm_post.c); here relu after a whole product.
 */
static void relu_keeps_nan(void **unused) {
    (void)unused;
    static const types f32 = {SY_ELEMENT_F32, SY_ELEMENT_F32, SY_ELEMENT_F32};
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++)
        for (int64_t m = 1; m <= 20; m += 19) {
            uint64_t state = 6;
            fixture f = {.desc = dense(&f32, isas[s], 0, m, 37, 20)};
            f.desc.n_post = 2;
            f.desc.post[0] = (sy_kernel_post){.kind = SY_KERNEL_POST_RELU};
            f.desc.post[1] = (sy_kernel_post){.kind = SY_KERNEL_POST_CLIP, .a = -9, .b = INFINITY};
            draw_operands(&f, &state, false);
            spoil(&f);
            run(&f, 1);
            check_exact(&f);
            assert_true(isnan(get_element(SY_ELEMENT_F32, f.d.data, (m - 1) * 37 + 36)));
            assert_true(get_element(SY_ELEMENT_F32, f.d.data, (m - 1) * 37 + 2) == (double)INFINITY);
            free_fixture(&f);
        }
}

/* With an address that cannot be read, so that not even a product of zero with it goes unnoticed. */
static void check_without_c(const types *of, uint32_t isa, uint32_t flags, int64_t m, int64_t k) {
    uint64_t state = (uint64_t)(m + k) + 1;
    fixture f = {.desc = dense(of, isa, flags, m, 35, k)};
    draw_operands(&f, &state, false);
    const guarded c = f.c;
    f.c.data = NULL;
    run(&f, 2);
    f.c = c;
    check_exact(&f);
    free_fixture(&f);
}

static void no_beta_no_c(void **unused) {
    (void)unused;
    static const int64_t heights[] = {1, 4, 33}, depths[] = {0, 1, 40, 1100};
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++)
        for (size_t t = 0; t < sizeof(all_types) / sizeof(all_types[0]); t++)
            for (size_t i = 0; i < 3 * 4; i++) {
                check_without_c(&all_types[t], isas[s], 0, heights[i / 4], depths[i % 4]);
                check_without_c(&all_types[t], isas[s], SY_GEMM_B_CONST, heights[i / 4], depths[i % 4]);
            }
}

/* D = posts(beta C), whatever the way. */
static void check_no_depth(const types *of, uint32_t isa, uint32_t flags, int64_t m, int64_t n) {
    for (int i = 0; i < 2; i++) {
        uint64_t state = (uint64_t)(m + n) + 1;
        fixture f = {.desc = dense(of, isa, flags, m, n, 0)};
        f.desc.beta = i == 0 ? 0 : -2;
        f.desc.n_post = 1;
        f.desc.post[0] = (sy_kernel_post){.kind = SY_KERNEL_POST_BIAS, .dtype = SY_ELEMENT_BF16};
        draw_operands(&f, &state, false);
        run(&f, 3);
        check_exact(&f);
        free_fixture(&f);
    }
}

static void sums_of_nothing_are_zero(void **unused) {
    (void)unused;
    static const int64_t sizes[][2] = {{1, 1}, {1, 70}, {5, 17}, {40, 3}, {61, 97}};
    uint32_t isas[MAX_ISAS];
    const int n_isas = usable_isas(isas);
    for (int s = 0; s < n_isas; s++)
        for (size_t t = 0; t < sizeof(all_types) / sizeof(all_types[0]); t++)
            for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
                check_no_depth(&all_types[t], isas[s], 0, sizes[i][0], sizes[i][1]);
                check_no_depth(&all_types[t], isas[s], SY_GEMM_B_CONST, sizes[i][0], sizes[i][1]);
            }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(gemm_propagates_nan_and_infinity),
        cmocka_unit_test(relu_keeps_nan), cmocka_unit_test(no_beta_no_c),
        cmocka_unit_test(sums_of_nothing_are_zero)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
