/* Early stopping against the numbers that MLPerf's condition gives. */
#include "bench/traffic/early.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void least_queries_are_those_of_the_table(void **state) {
    (void)state;
    static const struct {
        double percentile;
        uint64_t none, one;
    } rows[] = {{0.5, 7, 11}, {0.9, 44, 64}, {0.95, 90, 130}, {0.97, 152, 219}, {0.99, 459, 662},
        {0.999, 4603, 6636}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(rows[i].none, sy_early_queries(0, rows[i].percentile, SY_EARLY_CONFIDENCE));
        assert_int_equal(rows[i].one, sy_early_queries(1, rows[i].percentile, SY_EARLY_CONFIDENCE));
    }
}

/* With enough queries the share that may be late comes close to 1 - p from below. */
static void many_queries_allow_almost_their_share(void **state) {
    (void)state;
    uint64_t over = 0;
    assert_true(sy_early_allowance(1000000, 0.99, SY_EARLY_CONFIDENCE, &over));
    assert_true(over > 9700 && over < 10000);
    assert_true(sy_early_allowance(270336, 0.99, SY_EARLY_CONFIDENCE, &over));
    assert_true(over > 2550 && over < 2703);
}

static void allowance_and_queries_are_inverse(void **state) {
    (void)state;
    for (uint64_t over = 0; over < 60; over++) {
        uint64_t needs = sy_early_queries(over, 0.9, SY_EARLY_CONFIDENCE), allowed = 99;
        assert_true(sy_early_allowance(needs, 0.9, SY_EARLY_CONFIDENCE, &allowed));
        assert_int_equal(over, allowed);
        bool is_any = sy_early_allowance(needs - 1, 0.9, SY_EARLY_CONFIDENCE, &allowed);
        assert_int_equal(over > 0, is_any);
        if (is_any)
            assert_int_equal(over - 1, allowed);
    }
}

static void nonsense_is_no_number(void **state) {
    (void)state;
    uint64_t over = 7;
    assert_int_equal(0, sy_early_queries(0, 0.0, 0.99));
    assert_int_equal(0, sy_early_queries(0, 1.0, 0.99));
    assert_int_equal(0, sy_early_queries(0, 0.9, 1.0));
    assert_int_equal(0, sy_early_queries(0, NAN, 0.99));
    assert_int_equal(0, sy_early_queries(UINT64_MAX, 0.9, 0.99));
    assert_false(sy_early_allowance(0, 0.9, 0.99, &over));
    assert_false(sy_early_allowance(43, 0.9, 0.99, &over));
    assert_false(sy_early_allowance(100, NAN, 0.99, &over));
    assert_int_equal(0, over);
}

static void percentiles_are_told_when_earned(void **state) {
    (void)state;
    double values[1000];
    for (int i = 0; i < 1000; i++)
        values[i] = i;
    sy_percentile p = sy_percentile_of(values, 63, 0.9, SY_EARLY_CONFIDENCE);
    assert_false(p.is_earned);
    assert_true(isnan(p.plain_ns) && isnan(p.estimate_ns));
    p = sy_percentile_of(values, 64, 0.9, SY_EARLY_CONFIDENCE);
    assert_true(p.is_earned);
    assert_true(p.plain_ns == 57.0);    /* floor(64 x 0.9) */
    assert_true(p.estimate_ns == 63.0); /* one may be over: nothing is discarded, the last one is told */
    assert_int_equal(0, p.discarded);
    uint64_t over = 0;
    sy_early_allowance(1000, 0.9, SY_EARLY_CONFIDENCE, &over);
    p = sy_percentile_of(values, 1000, 0.9, SY_EARLY_CONFIDENCE);
    assert_true(p.plain_ns == 900.0);
    assert_true(p.estimate_ns == 1000.0 - (double)over);
    assert_int_equal(over - 1, p.discarded);
    assert_true(p.estimate_ns > p.plain_ns);
}

static void texts_name_percentile_and_numbers(void **state) {
    (void)state;
    char name[SY_PERCENTILE_NAME_MAX], why[SY_PERCENTILE_TEXT_MAX];
    sy_percentile_name(0.999, name);
    assert_string_equal("p99.9", name);
    sy_percentile_name(0.5, name);
    assert_string_equal("p50", name);
    double value = 1.0;
    sy_percentile p = sy_percentile_of(&value, 1, 0.99, SY_EARLY_CONFIDENCE);
    sy_percentile_why(&p, why);
    assert_string_equal("p99 not supported: needs 662 queries, have 1", why);
    p = sy_percentile_of(NULL, 0, 0.9, SY_EARLY_CONFIDENCE);
    assert_false(p.is_earned);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(least_queries_are_those_of_the_table),
        cmocka_unit_test(many_queries_allow_almost_their_share),
        cmocka_unit_test(allowance_and_queries_are_inverse),
        cmocka_unit_test(nonsense_is_no_number),
        cmocka_unit_test(percentiles_are_told_when_earned),
        cmocka_unit_test(texts_name_percentile_and_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
