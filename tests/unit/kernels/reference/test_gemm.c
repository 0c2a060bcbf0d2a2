/* Reference matrix multiplication: block edges, strides, beta, exactness. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "kernels/reference/gemm.h"

/* Small whole numbers that differ everywhere: every sum is exact. */
static double value_at(int64_t i) {
    return (double)((i * 7919 + 13) % 31 - 15);
}

static double *make(int64_t count) {
    double *values = malloc((size_t)(count + 1) * sizeof *values);
    assert_non_null(values);
    for (int64_t i = 0; i < count; i++)
        values[i] = value_at(i);
    return values;
}

/* Every element against three plain loops; padding of d must survive. */
static void check(int64_t m, int64_t n, int64_t k, int transposed, double alpha, double beta) {
    int64_t lda = k + 3, ldb = n + 1, ldd = n + 2, most = (m + n + k + 5) * (m + n + k + 5);
    double *a = make(most), *b = make(most), *c = make(most), *d = make(most);
    sy_reference_gemm gemm = {.m = m,
        .n = n,
        .k = k,
        .a = a,
        .b = b,
        .c = beta != 0.0 ? c : NULL,
        .d = d,
        .a_stride = {transposed ? 1 : lda, transposed ? m + 1 : 1},
        .b_stride = {transposed ? 1 : ldb, transposed ? k + 2 : 1},
        .c_stride = {n, 1},
        .d_stride = {ldd, 1},
        .alpha = alpha,
        .beta = beta};
    sy_reference_gemm_run(&gemm);
    for (int64_t i = 0; i < m; i++)
        for (int64_t j = 0; j < n; j++) {
            double sum = 0.0;
            for (int64_t l = 0; l < k; l++)
                sum += a[i * gemm.a_stride[0] + l * gemm.a_stride[1]] *
                       b[l * gemm.b_stride[0] + j * gemm.b_stride[1]];
            double expected = alpha * sum + (beta != 0.0 ? beta * c[i * n + j] : 0.0);
            sy_reference_point point;
            sy_reference_gemm_point(&gemm, i, j, &point);
            assert_true(d[i * ldd + j] == expected);
            assert_true(point.sum == sum && point.absolute >= fabs(sum));
        }
    for (int64_t i = 0; i < m; i++)
        assert_true(d[i * ldd + n] == value_at(i * ldd + n));
    free(a);
    free(b);
    free(c);
    free(d);
}

static void gemm_is_exact_around_blocks(void **state) {
    static const int64_t extents[] = {1, 2, 3, 15, 16, 17, 31, 127, 128, 129};
    (void)state;
    for (size_t i = 0; i < sizeof extents / sizeof extents[0]; i++)
        for (size_t j = 0; j < sizeof extents / sizeof extents[0]; j++) {
            check(extents[i], extents[j], 17, (int)(i + j) % 2, 1.0, 0.0);
            check(3, extents[i], extents[j], (int)(i + j) % 2, -2.0, 0.5);
        }
}

static void gemm_of_nothing_is_scaled_c(void **state) {
    (void)state;
    check(3, 5, 0, 0, 1.0, 0.0);
    check(3, 5, 0, 0, 1.0, 2.0);
    check(0, 5, 4, 0, 1.0, 0.0);
    check(3, 0, 4, 0, 1.0, 0.0);
}

static void gemm_beta_zero_ignores_nan_in_c(void **state) {
    double a = 2.0, b = 3.0, c = NAN, d = 0.0;
    sy_reference_gemm gemm = {.m = 1, .n = 1, .k = 1, .a = &a, .b = &b, .c = &c, .d = &d, .alpha = 1.0};
    (void)state;
    sy_reference_gemm_run(&gemm);
    assert_true(d == 6.0);
    gemm.beta = 1.0;
    sy_reference_gemm_run(&gemm);
    assert_true(isnan(d));
}

static void gemm_updates_c_in_place(void **state) {
    double a[2] = {2.0, 3.0}, b[2] = {5.0, 7.0}, d[4] = {1.0, 2.0, 3.0, 4.0};
    sy_reference_gemm gemm = {.m = 2,
        .n = 2,
        .k = 1,
        .a = a,
        .b = b,
        .c = d,
        .d = d,
        .a_stride = {1, 1},
        .b_stride = {2, 1},
        .c_stride = {2, 1},
        .d_stride = {2, 1},
        .alpha = 1.0,
        .beta = 10.0};
    (void)state;
    sy_reference_gemm_run(&gemm);
    const double expected[4] = {20.0, 34.0, 45.0, 61.0};
    for (size_t i = 0; i < 4; i++)
        assert_true(d[i] == expected[i]);
}

static void gemm_shows_sums_beyond_s32(void **state) {
    enum { LENGTH = 140000 };
    double *a = malloc(LENGTH * sizeof *a), d = 0.0;
    (void)state;
    assert_non_null(a);
    for (size_t i = 0; i < LENGTH; i++)
        a[i] = 127.0;
    sy_reference_gemm gemm = {.m = 1,
        .n = 1,
        .k = LENGTH,
        .a = a,
        .b = a,
        .d = &d,
        .a_stride = {LENGTH, 1},
        .b_stride = {1, 1},
        .alpha = 1.0};
    sy_reference_gemm_run(&gemm);
    assert_true(d == 127.0 * 127.0 * LENGTH && d > (double)INT32_MAX);
    free(a);
}

static void nan_and_infinity_reach_their_elements_alone(void **state) {
    double a[6] = {1.0, NAN, 0.0, 1.0, 2.0, 3.0}, b[6] = {1.0, 1.0, 1.0, 1.0, INFINITY, 1.0}, d[4];
    sy_reference_gemm gemm = {.m = 2,
        .n = 2,
        .k = 3,
        .a = a,
        .b = b,
        .d = d,
        .a_stride = {3, 1},
        .b_stride = {2, 1},
        .d_stride = {2, 1},
        .alpha = 1.0};
    (void)state;
    sy_reference_gemm_run(&gemm);
    assert_true(isnan(d[0]) && isnan(d[1]));
    assert_true(d[2] == INFINITY && d[3] == 6.0);
}

static void point_gives_norms(void **state) {
    double a[2] = {3.0, -4.0}, b[2] = {5.0, 12.0};
    sy_reference_gemm gemm = {
        .m = 1, .n = 1, .k = 2, .a = a, .b = b, .a_stride = {2, 1}, .b_stride = {1, 1}, .alpha = 1.0};
    sy_reference_point point;
    (void)state;
    sy_reference_gemm_point(&gemm, 0, 0, &point);
    assert_true(point.sum == -33.0 && point.absolute == 63.0);
    assert_true(point.a_norm == 5.0 && point.b_norm == 13.0);
    assert_true(sy_reference_norm(b, 2, 1) == 13.0 && sy_reference_norm(b, 0, 1) == 0.0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gemm_is_exact_around_blocks),
        cmocka_unit_test(gemm_of_nothing_is_scaled_c),
        cmocka_unit_test(gemm_beta_zero_ignores_nan_in_c),
        cmocka_unit_test(gemm_updates_c_in_place),
        cmocka_unit_test(gemm_shows_sums_beyond_s32),
        cmocka_unit_test(nan_and_infinity_reach_their_elements_alone),
        cmocka_unit_test(point_gives_norms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
