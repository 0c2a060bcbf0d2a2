/* The test of a row, ranks, the correction over rows, and shrunk variances, against closed forms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <math.h>
#include <stdint.h>

#include "bench/compare/ratio.h"
#include "bench/compare/shrink.h"
#include "runtime/base/random.h"
#include "tests/support/near.h"

static sy_ratio test(double apart, double variance, double freedom, double delta) {
    sy_ratio ratio;
    sy_ratio_init(&ratio);
    const sy_ratio_side base = {.mean = 5.0, .variance = variance, .freedom = freedom, .n = 3};
    const sy_ratio_side other = {.mean = 5.0 + apart, .variance = variance, .freedom = freedom, .n = 3};
    sy_ratio_test(&base, &other, delta, 0.0, &ratio);
    return ratio;
}

static void interval_is_that_of_welch(void **state) {
    (void)state;
    sy_ratio ratio = test(log(1.1), 0.5e-4, 2.0, 0.02);
    double half = 2.7764451051977987 * 0.01; /* t(0.975, 4) */
    assert_near(ratio.freedom, 4.0, 1e-9);
    assert_near(ratio.ratio, 1.1, 1e-12);
    assert_near(ratio.low, 1.1 * exp(-half), 1e-8);
    assert_near(ratio.high, 1.1 * exp(half), 1e-8);
    assert_near(ratio.detectable, expm1(half + 0.9409646 * 0.01), 1e-7); /* t(0.8, 4) */
    assert_true(ratio.p > 0.0 && ratio.p < 0.01);
    assert_int_equal(ratio.verdict, SY_VERDICT_SLOWER);
    const sy_ratio_side base = {.mean = 0.0, .variance = 1e-4, .freedom = 2.0, .n = 3};
    const sy_ratio_side known = {.mean = 0.0, .variance = 1e-4, .freedom = INFINITY, .n = 3};
    sy_ratio_test(&base, &known, 0.02, 1e-4, &ratio);
    assert_near(ratio.freedom, 9e-8 / (1e-8 / 2.0), 1e-9);
    assert_near(ratio.error, sqrt(3e-4), 1e-12);
}

static void verdicts_follow_the_interval(void **state) {
    (void)state;
    assert_int_equal(test(0.0, 1e-8, 10.0, 0.02).verdict, SY_VERDICT_SAME);
    assert_int_equal(test(0.005, 1e-8, 10.0, 0.02).verdict, SY_VERDICT_SAME);
    assert_int_equal(test(-0.05, 1e-6, 10.0, 0.02).verdict, SY_VERDICT_FASTER);
    assert_int_equal(test(0.05, 1e-6, 10.0, 0.02).verdict, SY_VERDICT_SLOWER);
    assert_int_equal(test(0.05, 1e-2, 10.0, 0.02).verdict, SY_VERDICT_INCONCLUSIVE);
    assert_int_equal(test(0.019, 1e-6, 10.0, 0.02).verdict, SY_VERDICT_SLOWER);
    assert_int_equal(sy_ratio_judge(NAN, 0.1, 0.02), SY_VERDICT_INCONCLUSIVE);
}

static void rounds_to_go_are_told(void **state) {
    (void)state;
    sy_ratio far = test(0.04, 1e-3, 100.0, 0.02);
    double half = log(far.high / far.low) / 2.0;
    assert_int_equal(far.verdict, SY_VERDICT_INCONCLUSIVE);
    assert_int_equal(far.more_rounds, (size_t)ceil(3.0 * pow(half / 0.04, 2.0)) - 3);
    sy_ratio near = test(0.0, 1e-3, 100.0, 0.02);
    assert_int_equal(near.more_rounds, (size_t)ceil(3.0 * pow(half / log1p(0.02), 2.0)) - 3);
    assert_int_equal(test(0.0, 1e-8, 10.0, 0.02).more_rounds, 0);
    assert_true(test(0.0, 1e8, 10.0, 0.02).more_rounds == SIZE_MAX);
}

static void awkward_values_are_no_verdict(void **state) {
    (void)state;
    sy_ratio none = test(0.1, NAN, 2.0, 0.02), free = test(0.1, 1e-4, 0.0, 0.02);
    assert_int_equal(none.verdict, SY_VERDICT_INCONCLUSIVE);
    assert_near(none.ratio, exp(0.1), 1e-12);
    assert_true(isnan(none.low) && isnan(none.p) && isnan(none.error));
    assert_true(isnan(free.low) && isnan(free.p));
    sy_ratio equal = test(0.0, 0.0, 4.0, 0.02), apart = test(0.1, 0.0, 4.0, 0.02);
    assert_int_equal(equal.verdict, SY_VERDICT_SAME);
    assert_near(equal.p, 1.0, 1e-12);
    assert_int_equal(apart.verdict, SY_VERDICT_SLOWER);
    assert_near(apart.p, 0.0, 1e-12);
    assert_near(apart.low, apart.high, 0.0);
    assert_int_equal(test(NAN, 1e-4, 4.0, 0.02).verdict, SY_VERDICT_INCONCLUSIVE);
    sy_ratio_init(&none);
    assert_int_equal(none.verdict, SY_VERDICT_NOT_COMPARABLE);
    assert_true(isnan(none.ratio) && none.more_rounds == SIZE_MAX);
}

static void names_are_words(void **state) {
    (void)state;
    assert_string_equal(sy_quantity_name(SY_QUANTITY_ENERGY), "energy");
    assert_string_equal(sy_quantity_name(-1), "?");
    assert_string_equal(sy_quantity_name((int)SY_QUANTITY_COUNT), "?");
    assert_string_equal(sy_verdict_name(SY_VERDICT_NOT_COMPARABLE), "not comparable");
    assert_string_equal(sy_verdict_name(99), "?");
}

static void rank_sums_match_tables(void **state) {
    (void)state;
    const double low[] = {1, 2, 3, 4, 5, 6, 7, 8, 9}, high[] = {11, 12, 13, 14, 15, 16, 17, 18, 19};
    assert_near(sy_rank_sum_p(low, 3, high, 3), 0.1, 1e-12);
    assert_near(sy_rank_sum_p(low, 4, high, 4), 2.0 / 70.0, 1e-12);
    assert_near(sy_rank_sum_p(high, 4, low, 4), 2.0 / 70.0, 1e-12);
    const double a[] = {1, 2, 3, 5, 7}, b[] = {4, 6, 8, 9, 10}; /* U = 3 */
    assert_near(sy_rank_sum_p(a, 5, b, 5), 2.0 * 7.0 / 252.0, 1e-12);
    const double c[] = {1, 3}, d[] = {2, 4, 5}; /* U = 1 */
    assert_near(sy_rank_sum_p(c, 2, d, 3), 2.0 * 2.0 / 10.0, 1e-12);
    double z = (40.5 - 0.5) / sqrt(81.0 * 19.0 / 12.0);
    assert_near(sy_rank_sum_p(low, 9, high, 9), erfc(z / sqrt(2.0)), 1e-12);
    const double tied[] = {1, 1, 2}, ties[] = {1, 2, 2}; /* U = 3, two groups of three */
    z = (4.5 - 3.0 - 0.5) / sqrt(9.0 / 12.0 * (7.0 - 48.0 / 30.0));
    assert_near(sy_rank_sum_p(tied, 3, ties, 3), erfc(z / sqrt(2.0)), 1e-12);
    const double equal[] = {1, 1, 1};
    assert_near(sy_rank_sum_p(equal, 3, equal, 3), 1.0, 1e-12);
    assert_true(isnan(sy_rank_sum_p(low, 1, high, 5)) && isnan(sy_rank_sum_p(low, 5, high, 0)));
}

static void discoveries_are_corrected(void **state) {
    (void)state;
    const double p[] = {0.01, NAN, 0.04, 0.03, 0.005, NAN}, expected[] = {0.02, NAN, 0.04, 0.04, 0.02, NAN};
    double q[6];
    sy_ranked_p scratch[6];
    sy_false_discovery(p, 6, scratch, q);
    for (size_t i = 0; i < 6; i++)
        if (isnan(expected[i]))
            assert_true(isnan(q[i]));
        else
            assert_near(q[i], expected[i], 1e-12);
    sy_false_discovery(p, 0, scratch, q);
    const double all[] = {0.9, 0.95};
    sy_false_discovery(all, 2, scratch, q);
    assert_near(q[0], 0.95, 1e-12);
}

/* Chi-squared variates, so that the prior they were drawn from is known. */
static double chi_squared(sy_random *random, int freedom) {
    double sum = 0.0;
    for (int i = 0; i < freedom; i++) {
        double value = sy_random_normal(random);
        sum += value * value;
    }
    return sum;
}

static void the_prior_is_found_again(void **state) {
    (void)state;
    enum { ROWS = 20000, PRIOR = 8, FREEDOM = 2 };
    static sy_variance rows[ROWS];
    sy_random random;
    sy_random_seed(&random, 1, 1);
    for (size_t i = 0; i < ROWS; i++) {
        double variance = 2e-4 * PRIOR / chi_squared(&random, PRIOR);
        rows[i] = (sy_variance){variance * chi_squared(&random, FREEDOM) / FREEDOM, FREEDOM};
    }
    sy_prior prior = sy_prior_of(rows, ROWS);
    assert_true(fabs(prior.value / 2e-4 - 1.0) < 0.05);
    assert_true(fabs(prior.freedom / (SY_SHRINK_TRUST * PRIOR) - 1.0) < 0.1);
    assert_near(prior.total, (double)ROWS * FREEDOM, 0.5);
}

static void few_or_equal_variances_have_a_prior_too(void **state) {
    (void)state;
    sy_variance rows[] = {{3e-4, 2}, {NAN, 2}, {1.0, 0}, {3e-4, 2}, {3e-4, 4}};
    sy_prior prior = sy_prior_of(rows, 5);
    assert_near(prior.freedom, SY_SHRINK_TRUST * 3.0, 1e-12);
    assert_near(prior.value, 3e-4, 1e-15);
    assert_near(prior.total, 8.0, 0.0);
    assert_near(sy_prior_of(rows, 3).freedom, 0.0, 0.0);
    sy_variance zeros[] = {{0, 2}, {0, 2}, {0, 2}};
    prior = sy_prior_of(zeros, 3);
    assert_true(isinf(prior.freedom) && prior.value == 0.0);
    sy_variance one_zero[] = {{0, 2}, {1e-4, 2}, {2e-4, 2}, {1e-4, 2}};
    prior = sy_prior_of(one_zero, 4);
    assert_true(prior.value > 0.0 && prior.freedom > 0.0 && isfinite(prior.freedom));
    assert_true(sy_shrink(one_zero[0], prior).value > 0.0);
}

static void shrinking_adds_degrees_of_freedom(void **state) {
    (void)state;
    const sy_prior prior = {.value = 1e-4, .freedom = 4.0, .total = 100.0}, none = {.value = NAN};
    sy_variance shrunk = sy_shrink((sy_variance){4e-4, 2.0}, prior);
    assert_near(shrunk.value, 2e-4, 1e-15);
    assert_near(shrunk.freedom, 6.0, 1e-12);
    shrunk = sy_shrink((sy_variance){NAN, 0.0}, prior);
    assert_near(shrunk.value, 1e-4, 1e-15);
    assert_near(shrunk.freedom, 4.0, 1e-12);
    shrunk = sy_shrink((sy_variance){4e-4, 2.0}, none);
    assert_near(shrunk.value, 4e-4, 1e-15);
    assert_near(shrunk.freedom, 2.0, 0.0);
    assert_near(sy_shrink((sy_variance){NAN, 0.0}, none).freedom, 0.0, 0.0);
    const sy_prior equal = {.value = 1e-4, .freedom = INFINITY, .total = 8.0};
    assert_near(sy_shrink((sy_variance){4e-4, 2.0}, equal).freedom, 8.0, 0.0);
    const sy_prior small = {.value = 1e-4, .freedom = 40.0, .total = 8.0};
    assert_near(sy_shrink((sy_variance){4e-4, 2.0}, small).freedom, 8.0, 0.0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(interval_is_that_of_welch),
        cmocka_unit_test(verdicts_follow_the_interval),
        cmocka_unit_test(rounds_to_go_are_told),
        cmocka_unit_test(awkward_values_are_no_verdict),
        cmocka_unit_test(names_are_words),
        cmocka_unit_test(rank_sums_match_tables),
        cmocka_unit_test(discoveries_are_corrected),
        cmocka_unit_test(the_prior_is_found_again),
        cmocka_unit_test(few_or_equal_variances_have_a_prior_too),
        cmocka_unit_test(shrinking_adds_degrees_of_freedom),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
