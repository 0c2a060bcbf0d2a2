/* Tails and quantiles against closed forms and tables. */
#include "bench/stats/law.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/near.h"

static void normal_quantiles_match_the_table(void **state) {
    (void)state;
    assert_near(1.959963984540054, sy_normal_quantile(0.975), 1e-12);
    assert_near(-1.959963984540054, sy_normal_quantile(0.025), 1e-12);
    assert_near(0.0, sy_normal_quantile(0.5), 1e-12);
    assert_near(-4.753424308822899, sy_normal_quantile(1e-6), 1e-9);
    assert_true(sy_normal_quantile(0.0) == -INFINITY && sy_normal_quantile(1.0) == INFINITY);
    assert_true(
        isnan(sy_normal_quantile(-0.1)) && isnan(sy_normal_quantile(1.1)) && isnan(sy_normal_quantile(NAN)));
}

static void student_quantiles_match_the_table(void **state) {
    (void)state;
    static const double table[][2] = {{1, 12.706204736432095}, {2, 4.302652729911275}, {3, 3.182446305284263},
        {4, 2.7764451051977987}, {9, 2.2621571627409915}, {1e6, 1.959966}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        assert_near(table[i][1], sy_student_quantile(0.975, table[i][0]), 1e-6);
        assert_near(-table[i][1], sy_student_quantile(0.025, table[i][0]), 1e-6);
    }
    assert_near(4.302652729911275, sy_student_quantile(0.975, 2), 1e-9);
    assert_true(isnan(sy_student_quantile(0.0, 3)) && isnan(sy_student_quantile(0.5, 0.5)));
}

static void student_cdf_matches_closed_forms(void **state) {
    (void)state;
    for (double t = -30.0; t <= 30.0; t += 0.37) {
        assert_near(0.5 + atan(t) / M_PI, sy_student_cdf(t, 1.0), 1e-12);
        assert_near(0.5 + 0.5 * t / sqrt(2.0 + t * t), sy_student_cdf(t, 2.0), 1e-12);
    }
    assert_near(0.5, sy_student_cdf(0.0, 7.5), 1e-15);
    assert_true(isnan(sy_student_cdf(1.0, 0.0)) && isnan(sy_student_cdf(NAN, 3.0)));
}

static void binomial_tails_are_exact(void **state) {
    (void)state;
    assert_near(11.0 / 1024.0, sy_binomial_cdf(1, 10, 0.5), 1e-14);
    assert_near(32.0 / 243.0, sy_binomial_cdf(0, 5, 1.0 / 3.0), 1e-14);
    assert_near(1.0, sy_binomial_cdf(5, 5, 0.3), 0.0);
    assert_near(0.0, sy_binomial_cdf(-1, 5, 0.3), 0.0);
    assert_near(1.0, sy_binomial_cdf(2, 5, 0.0), 0.0);
    assert_near(0.0, sy_binomial_cdf(4, 5, 1.0), 0.0);
    assert_near(1.0, sy_binomial_cdf(0, 0, 0.5), 0.0);
    /* symmetric: P(X <= 4999) + P(X = 5000) / 2 = 1 / 2; no underflow of 2^-10000 */
    double below = sy_binomial_cdf(4999, 10000, 0.5), upto = sy_binomial_cdf(5000, 10000, 0.5);
    assert_near(0.5, 0.5 * (below + upto), 1e-9);
    assert_near(1.0, sy_binomial_cdf(500000, 1000000, 0.01), 0.0); /* nor of what is far above the mean */
    assert_near(1.0 - 1.0 / 1024.0, sy_binomial_cdf(9, 10, 0.5), 1e-14);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normal_quantiles_match_the_table),
        cmocka_unit_test(student_quantiles_match_the_table),
        cmocka_unit_test(student_cdf_matches_closed_forms),
        cmocka_unit_test(binomial_tails_are_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
