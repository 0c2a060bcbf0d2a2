/* Calls, faults, the thread's device, counts. */
#include "tests/unit/vendor_sim/common/rig.h"

#include <pthread.h>

static int call(const char *function) {
    return sim_leave(sim_enter(function));
}

static void test_faults(void **state) {
    (void)state;
    sim_configure("fail=f:2:7;fail=g:1:8");
    assert_int_equal(call("f"), 0);
    assert_int_equal(call("f"), 7);
    assert_int_equal(call("f"), 0);
    assert_int_equal(call("h"), 0);
    assert_int_equal(sim_calls("f"), 3);
    assert_int_equal(sim_disarm(), 1);
    assert_int_equal(call("g"), 0);
    sim_fail("any", 2, 9);
    assert_int_equal(call("g"), 0);
    assert_int_equal(call("h"), 9);
}

static void test_lasting_faults(void **state) {
    (void)state;
    sim_configure("fail=f:2+:7;fail=g:1+:8");
    assert_int_equal(call("f"), 0);
    for (int i = 0; i < 5; i++)
        assert_int_equal(call("f"), 7);
    assert_int_equal(call("h"), 0);
    assert_int_equal(sim_leave(sim_enter_apart("g")), 8);
    assert_int_equal(sim_disarm(), 0); /* both have happened */
    assert_int_equal(call("f"), 0);
    assert_int_equal(call("g"), 0);
}

static void test_lost(void **state) {
    (void)state;
    sim_configure("lost=2:46");
    assert_int_equal(call("f"), 0);
    assert_int_equal(sim_leave(sim_enter_apart("free")), 0);
    assert_int_equal(call("f"), 0);
    assert_int_equal(call("f"), 46);
    assert_int_equal(sim_leave(sim_enter_apart("free")), 0);
    assert_int_equal(call("f"), 46);
    sim_disarm();
    assert_int_equal(call("f"), 0);
}

static void *other_thread(void *state) {
    (void)state;
    sim_enter("thread");
    assert_int_equal(sim_thread_device(), -1);
    sim_thread_select(1);
    assert_true(sim_thread_is_on(1));
    sim_leave(0);
    return NULL;
}

static void test_device_of_thread(void **state) {
    (void)state;
    sim_configure("devices=2");
    sim_enter("f");
    assert_int_equal(sim_thread_device(), -1);
    assert_string_equal(sim_function(), "f");
    sim_thread_select(0);
    sim_leave(0);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, other_thread, NULL), 0);
    pthread_join(thread, NULL);
    sim_enter("f");
    assert_false(sim_thread_is_on(1));
    assert_true(sim_thread_is_on(0));
    sim_leave(0);
    assert_int_equal(sim_misuses("wrong_device_on_thread"), 1);
    assert_int_equal(sim_misuses_total(), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_faults), cmocka_unit_test(test_lasting_faults),
        cmocka_unit_test(test_lost), cmocka_unit_test(test_device_of_thread)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
