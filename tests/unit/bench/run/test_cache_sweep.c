/* The knee of a read-rate curve: found, absent, disturbed, or not measured. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
// clang-format off
#include <cmocka.h>
// clang-format on
#include <math.h>

#include "bench/run/cache_sweep.h"

static const uint64_t sizes[] = {1 << 20, 2 << 20, 4 << 20, 8 << 20, 16 << 20, 32 << 20};
enum { SIZES = sizeof sizes / sizeof sizes[0] };

static void the_last_fast_size_is_the_cache(void **state) {
    (void)state;
    const double rate[] = {100, 98, 97, 30, 20, 20};
    assert_int_equal(sy_cache_sweep_knee(sizes, rate, SIZES), 8 << 20);
    const double steep[] = {100, 99, 21, 20, 20, 20};
    assert_int_equal(sy_cache_sweep_knee(sizes, steep, SIZES), 2 << 20);
}

static void a_flat_curve_has_no_cache(void **state) {
    (void)state;
    const double rate[] = {20, 21, 22, 20, 19, 20};
    assert_int_equal(sy_cache_sweep_knee(sizes, rate, SIZES), 0);
}

static void one_disturbed_size_does_not_hide_it(void **state) {
    (void)state;
    const double rate[] = {100, 15, 97, 95, 20, 21};
    assert_int_equal(sy_cache_sweep_knee(sizes, rate, SIZES), 8 << 20);
}

static void sizes_that_were_not_measured_do_not_count(void **state) {
    (void)state;
    const double rate[] = {NAN, 100, NAN, 22, 20, NAN};
    assert_int_equal(sy_cache_sweep_knee(sizes, rate, SIZES), 2 << 20);
    const double one[] = {NAN, 100, NAN, NAN, NAN, NAN};
    assert_int_equal(sy_cache_sweep_knee(sizes, one, SIZES), 0);
    assert_int_equal(sy_cache_sweep_knee(sizes, one, 0), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_fast_size_is_the_cache),
        cmocka_unit_test(a_flat_curve_has_no_cache),
        cmocka_unit_test(one_disturbed_size_does_not_hide_it),
        cmocka_unit_test(sizes_that_were_not_measured_do_not_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
