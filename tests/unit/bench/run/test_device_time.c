/* Device times beside host times: what is confirmed, what is impossible, what cannot be told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "bench/run/device_time.h"

/* One visit of three batches of `launches` launches, 1 ms each by the host's clock. */
static bool is_believed(
    double device_ns, uint64_t launches, double resolution_ns, double of_ceiling, const char *says) {
    const double host[] = {1e6, 1e6, 1e6}, device[] = {device_ns, device_ns, device_ns};
    char reason[SY_DEVICE_TIME_REASON_MAX];
    sy_device_time sum = {0};
    sy_device_time_compare(&sum, host, device, 3, launches, resolution_ns);
    bool believed = sy_device_time_believed(&sum, 1e6, device_ns, of_ceiling, reason);
    if ((says == NULL) != (reason[0] == '\0') || (says != NULL && strstr(reason, says) == NULL))
        fail_msg("%g ns: '%s'", device_ns, reason);
    return believed;
}

static void what_agrees_is_believed(void **state) {
    (void)state;
    assert_true(is_believed(1e6, 1, 0.0, NAN, NULL));
    assert_true(is_believed(9.001e5, 1, 0.0, NAN, NULL));
    assert_true(is_believed(1.0049e6, 1, 0.0, NAN, NULL));
    assert_true(is_believed(9.9e5, 4, 0.0, 1.0, NULL));
}

static void longer_than_the_host_saw_is_impossible(void **state) {
    (void)state;
    assert_false(
        is_believed(1.006e6, 1, 0.0, NAN, "longer than the host's time of the same batch in 3 of 3"));
    assert_false(is_believed(3e6, 1, 0.0, NAN, "up to 3 times"));
}

/* A timer of 1 us steps: two of them in a batch, a quarter of that in each of four launches. */
static void steps_of_a_coarse_timer_are_no_lie(void **state) {
    (void)state;
    assert_true(is_believed(1.0069e6, 1, 1000.0, NAN, NULL));
    assert_false(is_believed(1.0071e6, 1, 1000.0, NAN, "longer"));
    assert_true(is_believed(1.0054e6, 4, 1000.0, NAN, NULL));
    assert_false(is_believed(1.0056e6, 4, 1000.0, NAN, "longer"));
    assert_false(is_believed(1.0056e6, 4, -1000.0, NAN, "longer"));
    assert_false(is_believed(1.0056e6, 4, NAN, NAN, "longer"));
}

static void much_shorter_is_not_confirmed(void **state) {
    (void)state;
    assert_false(is_believed(8.99e5, 1, 0.0, NAN, "89.9 % of the host's time"));
    assert_false(is_believed(1.0, 1, 0.0, NAN, "% of the host's time"));
}

static void beyond_the_ceiling_is_not_believed(void **state) {
    (void)state;
    assert_true(is_believed(9.5e5, 1, 0.0, 1.02, NULL));
    assert_false(is_believed(9.5e5, 1, 0.0, 1.05, "105 % of the ceiling"));
}

static void no_time_at_all_is_told(void **state) {
    (void)state;
    const double bad[] = {0.0, -1.0, NAN, INFINITY, -INFINITY};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(is_believed(bad[i], 1, 0.0, NAN, "told no time of 3 of 3 batches"));
}

/* One batch of many that is impossible is enough; one that is short is not, for hosts are interrupted. */
static void batches_are_compared_one_by_one(void **state) {
    (void)state;
    const double host[] = {1e6, 1e6, 1e6, 1e6};
    double device[] = {9.9e5, 9.9e5, 1.1e6, 9.9e5};
    char reason[SY_DEVICE_TIME_REASON_MAX];
    sy_device_time sum = {0};
    sy_device_time_compare(&sum, host, device, 4, 1, 0.0);
    device[2] = 1e5;
    sy_device_time_compare(&sum, host, device, 4, 1, 0.0);
    assert_false(sy_device_time_believed(&sum, 1e6, 9.9e5, NAN, reason));
    assert_string_equal(reason, "longer than the host's time of the same batch in 1 of 8, up to 1.1 times");
    sum = (sy_device_time){0};
    sy_device_time_compare(&sum, host, device, 4, 1, 0.0);
    assert_true(sy_device_time_believed(&sum, 1e6, 9.9e5, NAN, reason));
    sy_device_time_compare(&sum, host, device, 0, 0, 0.0); /* nothing changes nothing */
    assert_int_equal(sum.batches, 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_agrees_is_believed),
        cmocka_unit_test(longer_than_the_host_saw_is_impossible),
        cmocka_unit_test(steps_of_a_coarse_timer_are_no_lie), cmocka_unit_test(much_shorter_is_not_confirmed),
        cmocka_unit_test(beyond_the_ceiling_is_not_believed), cmocka_unit_test(no_time_at_all_is_told),
        cmocka_unit_test(batches_are_compared_one_by_one)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
