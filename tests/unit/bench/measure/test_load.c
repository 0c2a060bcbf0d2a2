/* The load phase on a virtual clock. */
#include "bench/measure/load.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "device.h"

static test_device steady_device(void) {
    return (test_device){.now_ns = 1000, .launch_ns = 20000, .sync_ns = 5000, .next_index = 17};
}

static sy_status run(test_device *device, uint64_t duration_ns, sy_load_result *out_result, sy_error *err) {
    const sy_work work = device_work(device);
    const sy_clock clock = device_clock(device);
    return sy_measure_load(&work, &clock, 17, duration_ns, out_result, err);
}

static void the_device_is_busy_for_the_time(void **state) {
    (void)state;
    test_device device = steady_device();
    sy_load_result result;
    assert_int_equal(SY_OK, run(&device, 3000000000, &result, NULL));
    assert_in_range(result.elapsed_ns, 3000000000, 3012000000);
    assert_int_equal(device.launches, result.launches);
    assert_int_equal(17 + result.launches, device.next_index);
    assert_false(device.is_out_of_order);
    assert_int_equal(1, device.prepares);
    assert_int_equal(256, device.longest_batch); /* 5 ms: doubling stops at half of 10 ms */
}

static void nothing_asked_nothing_done(void **state) {
    (void)state;
    test_device device = steady_device();
    sy_load_result result;
    assert_int_equal(SY_OK, run(&device, 0, &result, NULL));
    assert_int_equal(0, result.launches);
    assert_int_equal(0, device.launches);
}

static void cancellation_is_seen(void **state) {
    (void)state;
    test_device device = steady_device();
    device.cancel_at = 5;
    sy_load_result result;
    assert_int_equal(SY_OK, run(&device, 3000000000, &result, NULL));
    assert_true(result.is_cancelled);
    assert_int_equal(1 + 2 + 4 + 8, result.launches);
}

static void errors_are_handed_on(void **state) {
    (void)state;
    for (uint64_t k = 1; k < 40; k++) {
        test_device device = steady_device();
        device.fail_at = k;
        sy_load_result result;
        sy_error err = SY_ERROR_INIT;
        assert_int_equal(SY_LOST, run(&device, 3000000000, &result, &err));
        assert_int_equal(k, device.calls);
        assert_int_equal(device.launches, result.launches);
        assert_memory_equal("load: ", err.text, 6);
    }
    for (uint64_t k = 2; k < 20; k += 3) { /* readings that end an interval */
        test_device device = steady_device();
        device.dead_at = k;
        sy_load_result result;
        assert_int_equal(SY_INTERNAL, run(&device, 3000000000, &result, NULL));
    }
    const sy_work no_work = {0};
    const sy_clock no_clock = {0};
    sy_load_result result;
    assert_int_equal(SY_INVALID_ARGUMENT, sy_measure_load(&no_work, &no_clock, 0, 1, &result, NULL));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_device_is_busy_for_the_time),
        cmocka_unit_test(nothing_asked_nothing_done),
        cmocka_unit_test(cancellation_is_seen),
        cmocka_unit_test(errors_are_handed_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
