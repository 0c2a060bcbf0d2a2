/* Settings: the last wins, a device's own goes first. */
#include "tests/unit/vendor_sim/common/rig.h"

static void test_values(void **state) {
    (void)state;
    rig_begin("devices=3;name=A;name@1=B;memory=2K;memory@2=0x10;tflops=1.5;tflops=2.5;big=3G");
    assert_int_equal(sim_devices(), 3);
    assert_string_equal(sim_text(0, "name", "-"), "A");
    assert_string_equal(sim_text(1, "name", "-"), "B");
    assert_string_equal(sim_text(0, "nam", "-"), "-");
    assert_int_equal(sim_number(0, "memory", 7), 2048);
    assert_int_equal(sim_number(2, "memory", 7), 16);
    assert_int_equal(sim_number(2, "absent", 7), 7);
    assert_int_equal(sim_number(2, "big", 7), INT64_C(3) << 30);
    assert_true(sim_real(0, "tflops", 0) == 2.5);
    assert_string_equal(sim_settings_each("tflops", 0), "1.5");
    assert_null(sim_settings_each("tflops", 2));
    rig_end();
}

static void test_nothing_set(void **state) {
    (void)state;
    rig_begin("");
    assert_int_equal(sim_devices(), 1);
    assert_string_equal(sim_text(0, "name", "none"), "none");
    rig_end();
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_values), cmocka_unit_test(test_nothing_set)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
