/* When a device counts as warm. */
#include "bench/measure/warmup.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/near.h"

static void flat_times_are_warm_after_eight_windows(void **state) {
    (void)state;
    sy_warm_up watch = sy_warm_up_start(0.01);
    for (int i = 0; i < 7; i++)
        sy_warm_up_add(&watch, 6000000, 100, NAN);
    assert_false(sy_warm_up_is_flat(&watch));
    sy_warm_up_add(&watch, 6000000, 100, NAN);
    assert_true(sy_warm_up_is_flat(&watch));
    assert_near(60000.0, sy_warm_up_launch_ns(&watch), 1e-9);
}

static void short_batches_are_gathered(void **state) {
    (void)state;
    sy_warm_up watch = sy_warm_up_start(0.01);
    assert_near(0.0, sy_warm_up_launch_ns(&watch), 0.0);
    sy_warm_up_add(&watch, 1000000, 10, NAN);
    assert_int_equal(0, watch.windows);
    assert_near(100000.0, sy_warm_up_launch_ns(&watch), 1e-9);
    for (int i = 1; i < 5; i++)
        sy_warm_up_add(&watch, 1000000, 10, NAN);
    assert_int_equal(1, watch.windows);
    assert_near(100000.0, sy_warm_up_launch_ns(&watch), 1e-9);
}

static void a_ramp_is_not_flat_until_it_ends(void **state) {
    (void)state;
    sy_warm_up watch = sy_warm_up_start(0.01);
    for (int i = 0; i < 40; i++) {
        sy_warm_up_add(&watch, 10000000 - (uint64_t)(i < 30 ? i : 30) * 100000, 1, NAN);
        assert_int_equal(i >= 35, sy_warm_up_is_flat(&watch));
    }
    assert_near(7000000.0, sy_warm_up_launch_ns(&watch), 1e-6);
}

static void one_interruption_does_not_matter(void **state) {
    (void)state;
    sy_warm_up watch = sy_warm_up_start(0.01);
    for (int i = 0; i < 8; i++)
        sy_warm_up_add(&watch, i == 6 ? 90000000 : 6000000, 1, NAN);
    assert_true(sy_warm_up_is_flat(&watch));
}

static void a_flat_clock_is_enough(void **state) {
    (void)state;
    sy_warm_up watch = sy_warm_up_start(0.01), unsteady = watch, unknown = watch;
    for (int i = 0; i < 8; i++) {
        uint64_t noisy_ns = i < 4 ? 6000000 : 7000000;
        sy_warm_up_add(&watch, noisy_ns, 1, i % 2 == 0 ? 1500.0 : 1510.0);
        sy_warm_up_add(&unsteady, noisy_ns, 1, i % 2 == 0 ? 1500.0 : 1530.0);
        sy_warm_up_add(&unknown, noisy_ns, 1, i == 3 ? NAN : 1500.0);
    }
    assert_true(sy_warm_up_is_flat(&watch));
    assert_false(sy_warm_up_is_flat(&unsteady));
    assert_false(sy_warm_up_is_flat(&unknown));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flat_times_are_warm_after_eight_windows),
        cmocka_unit_test(short_batches_are_gathered),
        cmocka_unit_test(a_ramp_is_not_flat_until_it_ends),
        cmocka_unit_test(one_interruption_does_not_matter),
        cmocka_unit_test(a_flat_clock_is_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
