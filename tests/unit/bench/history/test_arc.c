/* Scans of ranks: against all arcs by hand, and their probability against all orders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "bench/history/arc.h"
#include "runtime/base/random.h"

static void ranks_share_ties(void **state) {
    (void)state;
    const double values[] = {5, 1, 5, 9};
    double scratch[4];
    int32_t ranks[4];
    sy_arc_ranks(values, 4, scratch, ranks);
    /* 1, 2.5, 2.5, 4 less 2.5, twice, by place. */
    assert_int_equal(ranks[0], 0);
    assert_int_equal(ranks[1], -3);
    assert_int_equal(ranks[2], 0);
    assert_int_equal(ranks[3], 3);
}

/* Wilcoxon's statistic of [begin, end), straight from its definition. */
static double z_of(const int32_t *ranks, size_t count, size_t begin, size_t end) {
    double inside = 0, square = 0, k = (double)(end - begin), n = (double)count;
    for (size_t i = 0; i < count; i++) {
        inside += i >= begin && i < end ? ranks[i] : 0;
        square += (double)ranks[i] * ranks[i];
    }
    return fabs(inside) / sqrt(square / (n - 1) * k * (n - k) / n);
}

static bool is_allowed(size_t part) {
    return part == 0 || part >= SY_ARC_LEAST;
}

static void the_best_of_all_arcs_is_found(void **state) {
    (void)state;
    sy_random random;
    sy_random_seed(&random, 11, 0);
    for (size_t count = 0; count < 30; count++) {
        double values[30], scratch[30], best = 0;
        int32_t ranks[30], sums[31];
        for (size_t i = 0; i < count; i++)
            values[i] = (double)sy_random_below(&random, 12);
        sy_arc_ranks(values, count, scratch, ranks);
        sy_arc arc = sy_arc_find(ranks, count, sums);
        for (size_t begin = 0; begin < count; begin++)
            for (size_t end = begin + SY_ARC_LEAST; end <= count; end++)
                if (is_allowed(begin) && is_allowed(count - end) && count - (end - begin) >= SY_ARC_LEAST)
                    best = fmax(best, z_of(ranks, count, begin, end));
        assert_float_equal(arc.z, best, 1e-9);
        if (best > 0)
            assert_float_equal(z_of(ranks, count, arc.begin, arc.end), best, 1e-9);
    }
}

static void equal_values_have_no_arc(void **state) {
    (void)state;
    const double values[12] = {3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3};
    double scratch[12];
    int32_t ranks[12], sums[13];
    sy_arc_ranks(values, 12, scratch, ranks);
    assert_true(sy_arc_find(ranks, 12, sums).z == 0);
    assert_true(sy_arc_p(ranks, 12, 0, 1, sums) == 1);
    assert_true(sy_arc_p(ranks, 7, 3, 1, sums) == 1);
}

static void the_probability_is_that_of_all_orders(void **state) {
    (void)state;
    /* Four low and four high values, apart: of the 70 places of the high ones, those where an arc of four or
     * its complement is theirs alone: [0,4) and [4,8). */
    const double values[8] = {1, 2, 3, 4, 11, 12, 13, 14};
    double scratch[8];
    int32_t ranks[8], sums[9];
    sy_arc_ranks(values, 8, scratch, ranks);
    sy_arc arc = sy_arc_find(ranks, 8, sums);
    assert_int_equal(arc.end - arc.begin, 4);
    double p = sy_arc_p(ranks, 8, arc.z, 1, sums);
    assert_float_equal(p, 2.0 / 70, 0.02);
    sy_arc_ranks(values, 8, scratch, ranks);
    assert_true(sy_arc_p(ranks, 8, arc.z, 1, sums) == p);
}

static void false_alarms_are_as_rare_as_said(void **state) {
    (void)state;
    sy_random random;
    unsigned alarms = 0;
    sy_random_seed(&random, 3, 0);
    for (unsigned turn = 0; turn < 400; turn++) {
        double values[20], scratch[20];
        int32_t ranks[20], sums[21];
        /* Noise that differs from value to value, and wild ones. */
        for (size_t i = 0; i < 20; i++)
            values[i] = sy_random_normal(&random) * (i % 3 == 0 ? 3 : 1) *
                        (sy_random_below(&random, 9) == 0 ? 20 : 1);
        sy_arc_ranks(values, 20, scratch, ranks);
        double z = sy_arc_find(ranks, 20, sums).z;
        alarms += sy_arc_p(ranks, 20, z, turn, sums) <= 0.05;
    }
    /* 20 expected, standard deviation 4.4. */
    assert_true(alarms <= 38);
    assert_true(alarms >= 4);
}

static void what_is_plain_is_settled_without_draws(void **state) {
    (void)state;
    double values[60], scratch[60];
    int32_t ranks[60], sums[61];
    for (size_t i = 0; i < 60; i++)
        values[i] = (double)i + (i >= 30 ? 1000 : 0);
    sy_arc_ranks(values, 60, scratch, ranks);
    sy_arc arc = sy_arc_find(ranks, 60, sums);
    double p = sy_arc_p(ranks, 60, arc.z, 1, sums);
    assert_true(p > 0 && p < 1e-4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_share_ties),
        cmocka_unit_test(the_best_of_all_arcs_is_found),
        cmocka_unit_test(equal_values_have_no_arc),
        cmocka_unit_test(the_probability_is_that_of_all_orders),
        cmocka_unit_test(false_alarms_are_as_rare_as_said),
        cmocka_unit_test(what_is_plain_is_settled_without_draws),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
