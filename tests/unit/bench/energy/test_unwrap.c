/* Counters that start again, that are set back, and that are large. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bench/energy/unwrap.h"

static void grows_from_its_first_count(void **state) {
    (void)state;
    sy_energy_unwrap u = {0};
    assert_int_equal(sy_energy_unwrap_next(&u, 5000, NULL), SY_OK);
    assert_true(u.total == 0);
    assert_int_equal(sy_energy_unwrap_next(&u, 5000, NULL), SY_OK);
    assert_int_equal(sy_energy_unwrap_next(&u, 5003, NULL), SY_OK);
    assert_true(u.total == 3);
}

static void wraps_at_its_range_and_again(void **state) {
    (void)state;
    sy_energy_unwrap u = {.range = 1000};
    sy_energy_unwrap_next(&u, 1000, NULL);
    assert_int_equal(sy_energy_unwrap_next(&u, 0, NULL), SY_OK);
    assert_true(u.total == 0);
    for (int i = 1; i <= 100; i++)
        assert_int_equal(sy_energy_unwrap_next(&u, (i * 400) % 1000, NULL), SY_OK);
    assert_true(u.total == 40000);
}

static void a_step_of_half_the_range_back_is_a_reset(void **state) {
    (void)state;
    sy_error err = SY_ERROR_INIT;
    sy_energy_unwrap u = {.range = 1000};
    sy_energy_unwrap_next(&u, 600, NULL);
    assert_int_equal(sy_energy_unwrap_next(&u, 99, NULL), SY_OK);
    assert_true(u.total == 499);
    sy_energy_unwrap_next(&u, 600, NULL);
    assert_int_equal(sy_energy_unwrap_next(&u, 100, &err), SY_INTERNAL);
    assert_non_null(strstr(err.text, "from 600.000000 to 100.000000"));
    assert_true(u.total == 1000);
    assert_int_equal(sy_energy_unwrap_next(&u, 107, NULL), SY_OK);
    assert_true(u.total == 1007);
}

static void without_a_range_every_fall_is_a_reset(void **state) {
    (void)state;
    sy_energy_unwrap u = {0};
    sy_energy_unwrap_next(&u, 7, NULL);
    assert_int_equal(sy_energy_unwrap_next(&u, 6, NULL), SY_INTERNAL);
    assert_int_equal(sy_energy_unwrap_next(&u, 9, NULL), SY_OK);
    assert_true(u.total == 3);
}

static void a_count_above_the_range_is_no_wrap_on_its_way_down(void **state) {
    (void)state;
    sy_energy_unwrap u = {.range = 1000};
    sy_energy_unwrap_next(&u, 5000, NULL);
    assert_int_equal(sy_energy_unwrap_next(&u, 100, NULL), SY_INTERNAL);
}

static void large_counts_keep_their_last_unit(void **state) {
    (void)state;
    sy_energy_unwrap u = {0};
    sy_energy_unwrap_next(&u, (long double)INT64_MAX - 1, NULL);
    assert_int_equal(sy_energy_unwrap_next(&u, (long double)INT64_MAX, NULL), SY_OK);
    assert_true(u.total == 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grows_from_its_first_count),
        cmocka_unit_test(wraps_at_its_range_and_again),
        cmocka_unit_test(a_step_of_half_the_range_back_is_a_reset),
        cmocka_unit_test(without_a_range_every_fall_is_a_reset),
        cmocka_unit_test(a_count_above_the_range_is_no_wrap_on_its_way_down),
        cmocka_unit_test(large_counts_keep_their_last_unit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
