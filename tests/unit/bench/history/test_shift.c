/* The shift between samples and its interval. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <math.h>

#include "bench/history/shift.h"
#include "runtime/base/random.h"

static double scratch[SY_SHIFT_SCRATCH];

static void by_hand(void **state) {
    (void)state;
    const double before[] = {1, 2, 3}, after[] = {11, 13};
    /* Differences 8 9 10 10 11 12. */
    sy_shift shift = sy_shift_find(before, 3, after, 2, scratch);
    assert_float_equal(shift.size, 10, 1e-12);
    assert_true(isinf(shift.low) && isinf(shift.high));
    assert_true(isnan(sy_shift_find(before, 0, after, 2, scratch).size));
    assert_true(isnan(sy_shift_find(before, 3, after, 0, scratch).low));
}

static void four_and_four_have_the_whole_range(void **state) {
    (void)state;
    const double before[] = {1, 2, 3, 4}, after[] = {11, 12, 13, 14};
    /* Rank floor(8 - 1.96 sqrt(16 * 9 / 12)) = 1: least and greatest difference. */
    sy_shift shift = sy_shift_find(before, 4, after, 4, scratch);
    assert_float_equal(shift.low, 7, 1e-12);
    assert_float_equal(shift.high, 13, 1e-12);
}

static void only_the_nearest_values_count(void **state) {
    (void)state;
    double before[300], after[300];
    for (size_t i = 0; i < 300; i++) {
        before[i] = i < 200 ? 50 : 1;
        after[i] = i < 100 ? 3 : 70;
    }
    sy_shift shift = sy_shift_find(before, 300, after, 300, scratch);
    assert_float_equal(shift.size, 2, 1e-12);
    assert_float_equal(shift.high, 2, 1e-12);
}

static void the_interval_covers(void **state) {
    (void)state;
    sy_random random;
    unsigned covered = 0;
    sy_random_seed(&random, 9, 0);
    for (unsigned turn = 0; turn < 1000; turn++) {
        double before[8], after[8];
        for (size_t i = 0; i < 8; i++) {
            before[i] = sy_random_normal(&random);
            after[i] = 2 + sy_random_normal(&random);
        }
        sy_shift shift = sy_shift_find(before, 8, after, 8, scratch);
        covered += shift.low <= 2 && shift.high >= 2;
    }
    /* 950 expected or somewhat more, standard deviation 7. */
    assert_true(covered > 925 && covered < 995);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_hand),
        cmocka_unit_test(four_and_four_have_the_whole_range),
        cmocka_unit_test(only_the_nearest_values_count),
        cmocka_unit_test(the_interval_covers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
