/* Who goes on in a search, and who has won: by hand-made times. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/verbs/tune_choice.h"

static void the_faster_half_goes_on_in_order(void **state) {
    (void)state;
    const double times[] = {5, 3, 1, 4, 2};
    size_t order[] = {0, 1, 2, 3, 4};
    assert_int_equal(sy_tune_halve(order, 5, times, 2), 3);
    assert_int_equal(order[0], 2);
    assert_int_equal(order[1], 4);
    assert_int_equal(order[2], 1);
    assert_int_equal(sy_tune_halve(order, 3, times, 2), 2);
    assert_int_equal(sy_tune_halve(order, 2, times, 2), 2);
}

static void the_cost_models_choice_is_always_kept(void **state) {
    (void)state;
    const double times[] = {9, 1, 2, 3, 4, 5};
    size_t order[] = {0, 1, 2, 3, 4, 5};
    assert_int_equal(sy_tune_halve(order, 6, times, 0), 4);
    assert_int_equal(order[3], 0);
    assert_int_equal(sy_tune_halve(order, 4, times, 0), 3);
    assert_int_equal(order[2], 0);
    assert_int_equal(sy_tune_halve(order, 3, times, 0), 3);
}

static void who_failed_is_out(void **state) {
    (void)state;
    const double times[] = {2, NAN, NAN, 1};
    size_t order[] = {0, 1, 2, 3};
    assert_int_equal(sy_tune_halve(order, 4, times, 0), 2);
    assert_int_equal(order[0], 3);
    assert_int_equal(order[1], 0);
    const double all[] = {NAN, NAN};
    size_t pair[] = {0, 1};
    assert_int_equal(sy_tune_halve(pair, 2, all, 0), 0);
    assert_int_equal(sy_tune_halve(pair, 0, all, 0), 0);
    const double one[] = {7, NAN};
    assert_int_equal(sy_tune_halve(pair, 2, one, 0), 1);
    assert_int_equal(pair[0], 0);
}

static void who_is_far_behind_is_not_looked_at_again(void **state) {
    (void)state;
    const double times[] = {2.0, 1.0, 1.05, 1.06};
    size_t order[] = {1, 2, 3, 0};
    assert_int_equal(sy_tune_trim(order, 4, times, 0), 3);
    assert_int_equal(order[0], 1);
    assert_int_equal(order[1], 2);
    assert_int_equal(order[2], 0);
    const double best_is_own[] = {1.0, 1.2};
    size_t pair[] = {0, 1};
    assert_int_equal(sy_tune_trim(pair, 2, best_is_own, 0), 1);
    assert_int_equal(sy_tune_trim(pair, 0, best_is_own, 0), 0);
}

static void a_gain_must_be_more_than_a_percent_and_steady(void **state) {
    (void)state;
    double gain = 0.0;
    const double own[] = {100, 100, 100, 100, 100, 100};
    const double better[] = {90, 91, 89, 90, 90, 90};
    assert_true(sy_tune_beats(own, better, 6, &gain));
    assert_true(fabs(gain - 100.0 / 90) < 1e-12);
    const double hardly[] = {99.1, 99.1, 99.1, 99.1, 99.1, 99.1};
    assert_false(sy_tune_beats(own, hardly, 6, &gain));
    assert_true(fabs(gain - 100.0 / 99.1) < 1e-12);
    const double one_bad[] = {90, 90, 120, 90, 90, 90};
    assert_true(sy_tune_beats(own, one_bad, 6, &gain));
    const double two_bad[] = {90, 101, 120, 90, 90, 90};
    assert_false(sy_tune_beats(own, two_bad, 6, &gain));
    const double worse[] = {110, 110, 110, 110, 110, 110};
    assert_false(sy_tune_beats(own, worse, 6, &gain));
}

static void drift_slows_both(void **state) {
    (void)state;
    double gain = 0.0, own[6], other[6];
    for (int i = 0; i < 6; i++) {
        own[i] = 100.0 * (1 + i);
        other[i] = own[i] / 1.03;
    }
    assert_true(sy_tune_beats(own, other, 6, &gain));
    assert_true(fabs(gain - 1.03) < 1e-12);
}

static void who_was_disturbed_most_of_the_time_has_not_lost(void **state) {
    (void)state;
    double gain = 0.0;
    const double own[] = {1800, 1800, 100, 1700, 1800, 1900}, other[] = {100, 100, 100, 100, 100, 100};
    assert_false(sy_tune_beats(own, other, 6, &gain));
    assert_true(gain == 1.0);
    const double better[] = {90, 90, 80, 90, 90, 90};
    assert_true(sy_tune_beats(own, better, 6, &gain));
    assert_true(fabs(gain - 1.25) < 1e-12);
}

static void without_times_nobody_wins(void **state) {
    (void)state;
    double gain = 0.0;
    const double own[] = {100, 100}, missing[] = {1, NAN}, none[] = {0, 0};
    assert_false(sy_tune_beats(own, own, 0, &gain));
    assert_true(isnan(gain));
    assert_false(sy_tune_beats(own, missing, 2, &gain));
    assert_true(isnan(gain));
    assert_false(sy_tune_beats(own, none, 2, &gain));
    assert_false(sy_tune_beats(missing, own, 2, &gain));
    assert_true(sy_tune_beats(own, (const double[]){50, 50}, 1, &gain));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_faster_half_goes_on_in_order),
        cmocka_unit_test(the_cost_models_choice_is_always_kept), cmocka_unit_test(who_failed_is_out),
        cmocka_unit_test(who_is_far_behind_is_not_looked_at_again),
        cmocka_unit_test(a_gain_must_be_more_than_a_percent_and_steady), cmocka_unit_test(drift_slows_both),
        cmocka_unit_test(who_was_disturbed_most_of_the_time_has_not_lost),
        cmocka_unit_test(without_times_nobody_wins)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
