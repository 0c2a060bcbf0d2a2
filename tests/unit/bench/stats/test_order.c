/* Sorting, quantiles, MAD and the interval of a median. */
#include "bench/stats/law.h"
#include "bench/stats/order.h"
#include "runtime/base/random.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/near.h"

enum { MOST = 300 };

static void fill_random(double *values, size_t count, uint64_t seed) {
    sy_random random;
    sy_random_seed(&random, seed, 0);
    for (size_t i = 0; i < count; i++)
        values[i] = (double)sy_random_below(&random, 50); /* many ties */
}

static void sorting_orders_and_keeps_values(void **state) {
    (void)state;
    for (size_t count = 0; count <= MOST; count += count < 20 ? 1 : 47) {
        double values[MOST], sum = 0.0, sorted_sum = 0.0;
        fill_random(values, count, count);
        for (size_t i = 0; i < count; i++)
            sum += values[i] * values[i];
        sy_sort_f64(values, count);
        for (size_t i = 0; i < count; i++) {
            sorted_sum += values[i] * values[i];
            assert_true(i == 0 || values[i - 1] <= values[i]);
        }
        assert_near(sum, sorted_sum, 0.0);
    }
}

static void quantiles_are_linear_between_neighbours(void **state) {
    (void)state;
    const double sorted[] = {1, 2, 4, 8};
    assert_near(1, sy_quantile(sorted, 4, 0.0), 0.0);
    assert_near(8, sy_quantile(sorted, 4, 1.0), 0.0);
    assert_near(3, sy_quantile(sorted, 4, 0.5), 1e-15);
    assert_near(6.8, sy_quantile(sorted, 4, 0.9), 1e-12);
    assert_near(1, sy_quantile(sorted, 1, 0.7), 0.0);
    assert_true(isnan(sy_quantile(sorted, 0, 0.5)) && isnan(sy_quantile(sorted, 4, 1.5)));
}

static void mad_equals_its_definition(void **state) {
    (void)state;
    for (size_t count = 1; count <= 60; count++) {
        double values[60], deviations[60];
        fill_random(values, count, 1000 + count);
        sy_sort_f64(values, count);
        for (size_t i = 0; i < count; i++)
            deviations[i] = fabs(values[i] - sy_quantile(values, count, 0.5));
        sy_sort_f64(deviations, count);
        assert_near(sy_quantile(deviations, count, 0.5), sy_mad(values, count), 1e-12);
    }
    assert_true(isnan(sy_mad(NULL, 0)));
}

static void six_values_are_the_least_for_95_percent(void **state) {
    (void)state;
    const double sorted[] = {1, 2, 3, 4, 5, 6};
    double low = 0, high = 0;
    for (size_t count = 0; count < 6; count++) {
        assert_false(sy_median_interval(sorted, count, 0.95, 1.0, &low, &high));
        assert_true(isnan(low) && isnan(high));
    }
    assert_true(sy_median_interval(sorted, 6, 0.95, 1.0, &low, &high));
    assert_near(1.0 + 0.5 / 1.4, low, 1e-9); /* by hand: I = 0.1, lambda = 5 I / (1 + 4 I) */
    assert_near(6.0 - 0.5 / 1.4, high, 1e-9);
    assert_false(sy_median_interval(sorted, 6, 1.0, 1.0, &low, &high));
    assert_false(sy_median_interval(sorted, 6, 0.95, 0.5, &low, &high));
    assert_false(sy_median_interval(sorted, 6, 0.95, 4.0, &low, &high));
}

/* Whole ranks on either side of the interval must bracket the coverage, for every count. */
static void ranks_bracket_the_coverage(void **state) {
    (void)state;
    static double sorted[3000];
    for (size_t i = 0; i < 3000; i++)
        sorted[i] = (double)(i + 1);
    for (size_t count = 6; count <= 3000; count += count < 100 ? 1 : 271) {
        double low, high;
        assert_true(sy_median_interval(sorted, count, 0.95, 1.0, &low, &high));
        assert_near((double)count + 1.0, low + high, 1e-6);
        long rank = (long)floor(low);
        assert_true(1.0 - 2.0 * sy_binomial_cdf(rank - 1, count, 0.5) >= 0.95 - 1e-9);
        assert_true(1.0 - 2.0 * sy_binomial_cdf(rank, count, 0.5) <= 0.95 + 1e-9);
    }
}

static void dependence_widens_by_its_square_root(void **state) {
    (void)state;
    static double sorted[1001];
    for (size_t i = 0; i < 1001; i++)
        sorted[i] = (double)i;
    double low, high, wide_low, wide_high;
    assert_true(sy_median_interval(sorted, 1001, 0.95, 1.0, &low, &high));
    assert_true(sy_median_interval(sorted, 1001, 0.95, 4.0, &wide_low, &wide_high));
    assert_near(2.0, (wide_high - wide_low) / (high - low), 0.03);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorting_orders_and_keeps_values),
        cmocka_unit_test(quantiles_are_linear_between_neighbours),
        cmocka_unit_test(mad_equals_its_definition),
        cmocka_unit_test(six_values_are_the_least_for_95_percent),
        cmocka_unit_test(ranks_bracket_the_coverage),
        cmocka_unit_test(dependence_widens_by_its_square_root),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
